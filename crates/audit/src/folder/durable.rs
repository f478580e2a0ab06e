//! Writing so that a power cut leaves the old file or the new one.

use super::TEMPORARY;
use crate::Error;
use crate::entry::Minute;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What the files of one change are dated by: copies keep a file's date, and the
/// exact one would undo the coarseness of the entries' own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Date {
    /// The last entry's minute: the date of tiles, and of folders.
    pub(crate) minute: Minute,
    /// How many entries there are. `checkpoint` and `partials` have this in place
    /// of seconds, so that tools that copy what has changed notice that they
    /// have, and nobody reads a time from it.
    pub(crate) size: u64,
}

impl Date {
    fn of_tiles(self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(60 * u64::from(self.minute.since_1970()))
    }

    fn of_file(self, path: &str) -> SystemTime {
        match path.contains('/') {
            true => self.of_tiles(),
            false => {
                let below = (self.size / 60 % 1_000_000_000) as u32;
                self.of_tiles() + Duration::new(self.size % 60, below)
            }
        }
    }
}

/// Files of one folder that are to be replaced together: written and synced
/// under `tmp/` at once, moved to their places by [`Batch::place`].
pub(crate) struct Batch<'a> {
    folder: &'a Path,
    date: Date,
    staged: Vec<(PathBuf, PathBuf)>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(folder: &'a Path, date: Date) -> Self {
        Self {
            folder,
            date,
            staged: Vec::new(),
        }
    }

    /// Writes `bytes`, to be moved to `path` under the folder.
    pub(crate) fn stage(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let temporary = self.folder.join(temporary(self.staged.len(), path));
        let fail = |e| Error::io("write", &temporary, e);
        let mut file = File::create(&temporary).map_err(fail)?;
        file.write_all(bytes).map_err(fail)?;
        file.set_modified(self.date.of_file(path)).map_err(fail)?;
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
            sync_folder(folder, self.date)?;
        }
        // Nothing in it is worth a sync.
        date_folder(&self.folder.join(TEMPORARY), self.date);
        Ok(())
    }
}

/// Where the file that is to be `path` is written: `tmp/0003-tile_0_000.p_7`.
fn temporary(number: usize, path: &str) -> String {
    format!("{TEMPORARY}/{number:04}-{}", path.replace('/', "_"))
}

/// The path that a file under `tmp/` is to be moved to, if it has the form that a
/// writer gives it.
pub(crate) fn target_of(temporary_path: &str) -> Option<String> {
    let name = temporary_path.strip_prefix(TEMPORARY)?.strip_prefix('/')?;
    let (number, rest) = name.split_once('-')?;
    let path = rest.replace('_', "/");
    (temporary(number.parse().ok()?, &path) == temporary_path).then_some(path)
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

/// Makes a folder's list of names durable.
pub(crate) fn sync_folder(folder: &Path, date: Date) -> Result<(), Error> {
    let sync = |file: File| {
        file.set_modified(date.of_tiles())?;
        file.sync_all()
    };
    File::open(folder)
        .and_then(sync)
        .map_err(|e| Error::io("sync the folder", folder, e))
}

/// Dates a folder, if that can be done.
pub(crate) fn date_folder(folder: &Path, date: Date) {
    let _ = File::open(folder).and_then(|file| file.set_modified(date.of_tiles()));
}
