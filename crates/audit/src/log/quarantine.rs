//! Where a log's files go that its checkpoint does not cover.

use crate::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A folder beside a log's, made when the first file is put into it: for the log
/// `lane3` at 500 entries `lane3.quarantine/500-0`, where every file keeps the
/// path that it had.
pub(super) struct Quarantine<'a> {
    log: &'a Path,
    size: u64,
    folder: Option<PathBuf>,
}

impl<'a> Quarantine<'a> {
    pub(super) fn of(log: &'a Path, size: u64) -> Self {
        Self {
            log,
            size,
            folder: None,
        }
    }

    /// Moves `file`, a path under the log's folder, here.
    pub(super) fn take(&mut self, file: &str) -> Result<(), Error> {
        let folder = match &self.folder {
            Some(folder) => folder,
            None => {
                let made = self.make()?;
                self.folder.insert(made)
            }
        };
        let (from, to) = (self.log.join(file), folder.join(file));
        let fail = |e| Error::io("put aside", &from, e);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        match fs::rename(&from, &to) {
            // The log's folder may be a file system of its own.
            Err(e) if e.kind() == std::io::ErrorKind::CrossesDevices => fs::copy(&from, &to)
                .and_then(|_| File::open(&to)?.sync_all())
                .and_then(|()| fs::remove_file(&from))
                .map_err(fail),
            other => other.map_err(fail),
        }
    }

    /// Makes it durable; where it is, if anything was put into it.
    pub(super) fn close(self) -> Result<Option<PathBuf>, Error> {
        let Some(folder) = self.folder else {
            return Ok(None);
        };
        let mut pending = vec![folder.clone()];
        while let Some(path) = pending.pop() {
            let fail = |e| Error::io("sync the folder", &path, e);
            for item in fs::read_dir(&path).map_err(fail)? {
                let item = item.map_err(fail)?;
                if item.file_type().map_err(fail)?.is_dir() {
                    pending.push(item.path());
                }
            }
            File::open(&path)
                .and_then(|file| file.sync_all())
                .map_err(fail)?;
        }
        Ok(Some(folder))
    }

    fn make(&self) -> Result<PathBuf, Error> {
        let mut name = self.log.file_name().unwrap_or_default().to_owned();
        name.push(".quarantine");
        let all = self.log.with_file_name(name);
        let fail = |e| Error::io("make the folder", &all, e);
        fs::create_dir_all(&all).map_err(fail)?;
        for number in 0_u32.. {
            let folder = all.join(format!("{}-{number}", self.size));
            match fs::create_dir(&folder) {
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                other => return other.map(|()| folder).map_err(fail),
            }
        }
        Err(Error::us("no name is left for a quarantine"))
    }
}
