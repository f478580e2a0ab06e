//! The database's files: their owner's alone, and dated by the minute.

use crate::Error;
use rowcall_audit::entry::Minute;
use std::fs::{File, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The database, its write-ahead log, and that one's index.
fn files(path: &Path) -> impl Iterator<Item = PathBuf> {
    ["", "-wal", "-shm"].into_iter().map(move |end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// Makes the database's file, which SQLite would make readable by others. Those
/// beside it get its mode.
pub(super) fn make(path: &Path) -> Result<(), Error> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(|e| failure(path, &e))?;
    keep(path)
}

/// Takes the right to read and write them from everybody else, whoever gave it.
pub(super) fn keep(path: &Path) -> Result<(), Error> {
    for file in files(path) {
        match std::fs::set_permissions(&file, Permissions::from_mode(0o600)) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(failure(&file, &e)),
            _ => {}
        }
    }
    Ok(())
}

/// Dates them, as far as that can be done.
pub(super) fn date(path: &Path, minute: Minute) {
    for file in files(path) {
        let _ = File::options()
            .write(true)
            .open(file)
            .and_then(|file| file.set_modified(time(minute)));
    }
}

/// A minute as a file's date.
pub(crate) fn time(minute: Minute) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(60 * u64::from(minute.since_1970()))
}

fn failure(path: &Path, e: &std::io::Error) -> Error {
    Error::device(format!("custody's store {}: {e}", path.display()))
}
