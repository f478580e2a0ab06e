//! Writing so that a power cut leaves the old file or the new one.

use super::TEMPORARY;
use crate::Error;
use crate::entry::Minute;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Files of one folder that are to be replaced together: written and synced
/// under `tmp/` at once, moved to their places by [`Batch::place`].
///
/// Tiles, and the folders that they lie in, get `minute` as their modification
/// time: copies keep it, and the exact one would undo the coarseness of the
/// entries' own. `checkpoint` and `partials` keep theirs, by which tools that
/// copy what has changed notice that they have.
pub(crate) struct Batch<'a> {
    folder: &'a Path,
    minute: Option<Minute>,
    staged: Vec<(PathBuf, PathBuf)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(folder: &'a Path, minute: Option<Minute>) -> Self {
        Self {
            folder,
            minute,
            staged: Vec::new(),
        }
    }

    /// Writes `bytes`, to be moved to `path` under the folder.
    pub(crate) fn stage(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let name = format!("{:04}-{}", self.staged.len(), path.replace('/', "_"));
        let temporary = self.folder.join(TEMPORARY).join(name);
        let fail = |e| Error::io("write", &temporary, e);
        let mut file = File::create(&temporary).map_err(fail)?;
        file.write_all(bytes).map_err(fail)?;
        if let Some(minute) = self.minute.filter(|_| path.contains('/')) {
            file.set_modified(time(minute)).map_err(fail)?;
        }
        file.sync_data().map_err(fail)?;
        self.staged.push((temporary, self.folder.join(path)));
        Ok(())
    }

    /// Moves everything to its place and syncs every folder that changed.
    pub(crate) fn place(self) -> Result<(), Error> {
        let mut changed = BTreeSet::new();
        for (temporary, target) in &self.staged {
            let parent = target.parent().unwrap_or(self.folder);
            make_folders(self.folder, parent, &mut changed)?;
            fs::rename(temporary, target).map_err(|e| Error::io("put in place", target, e))?;
            changed.insert(parent.to_owned());
        }
        for folder in &changed {
            sync_folder(folder, self.minute.filter(|_| folder != self.folder))?;
        }
        Ok(())
    }
}

/// Makes `folder` and what is missing above it, down from `top`; the folders in
/// which something was made are added to `changed`.
fn make_folders(top: &Path, folder: &Path, changed: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    if folder.is_dir() || folder == top {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(top);
    make_folders(top, parent, changed)?;
    fs::create_dir(folder).map_err(|e| Error::io("make the folder", folder, e))?;
    changed.insert(parent.to_owned());
    Ok(())
}

/// Makes a folder's list of names durable, last changed in `minute` if one is
/// given.
pub(crate) fn sync_folder(folder: &Path, minute: Option<Minute>) -> Result<(), Error> {
    let sync = |file: File| {
        if let Some(minute) = minute {
            file.set_modified(time(minute))?;
        }
        file.sync_all()
    };
    File::open(folder)
        .and_then(sync)
        .map_err(|e| Error::io("sync the folder", folder, e))
}

fn time(minute: Minute) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(60 * u64::from(minute.since_1970()))
}
