//! The ciphertexts of holds, a file each: written before the log has the hold,
//! by whoever makes it, so that neither the database nor its write-ahead log ever
//! holds one.

use super::seal::{MAX_PAIR_BYTES, PAIR_HEAD};
use crate::Error;
use crate::store::file_time;
use rowcall_audit::entry::Minute;
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Bytes of a name before it is spelled in hexadecimal.
pub(crate) const NAME: usize = 16;

const END: &str = ".hold";

/// The folder of ciphertexts, its owner's alone.
#[derive(Clone, Debug)]
pub(crate) struct HoldFiles(PathBuf);

impl HoldFiles {
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let fail = |e| failure("make", folder, &e);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(fail)?;
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(fail)?;
        Ok(Self(folder.to_owned()))
    }

    /// The name that random bytes make.
    pub(crate) fn name(random: &[u8; NAME]) -> String {
        base16ct::lower::encode_string(random) + END
    }

    /// Writes a new one; durable when this returns.
    pub(crate) fn write(&self, name: &str, ciphertext: &[u8], minute: Minute) -> Result<(), Error> {
        let path = self.0.join(name);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| {
                file.write_all(ciphertext)?;
                file.set_modified(file_time(minute))?;
                file.sync_all()
            })
            .and_then(|()| self.sync(minute));
        written.map_err(|e| {
            let _ = fs::remove_file(&path);
            failure("write", &path, &e)
        })
    }

    /// Reads one; `None` if it is not there, or larger than any.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let path = self.0.join(name);
        let fail = |e| failure("read", &path, &e);
        // Somebody may have put a pipe in its place, which would be waited for.
        let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed();
        let file = match File::options().read(true).custom_flags(flags).open(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => return Ok(None),
            other => other.map_err(fail)?,
        };
        let found = file.metadata().map_err(fail)?;
        let length = found.len();
        let limit = (MAX_PAIR_BYTES + PAIR_HEAD) as u64;
        if length > limit || !found.is_file() {
            return Ok(None);
        }
        // Room for it from the start: it is decrypted in place.
        let room = usize::try_from(length).unwrap_or(0) + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        file.take(length).read_to_end(&mut bytes).map_err(fail)?;
        Ok(Some(bytes))
    }

    pub(crate) fn remove(&self, name: &str, minute: Minute) -> Result<(), Error> {
        let path = self.0.join(name);
        let removed = match fs::remove_file(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(e) => Err(e),
            Ok(()) => self.sync(minute),
        };
        removed.map_err(|e| failure("remove", &path, &e))
    }

    /// Removes those that `known` does not know: their process ended before the
    /// log had a hold.
    pub(crate) fn retain(&self, known: impl Fn(&str) -> bool, minute: Minute) -> Result<(), Error> {
        let fail = |e| failure("list", &self.0, &e);
        for item in fs::read_dir(&self.0).map_err(fail)? {
            let name = item.map_err(fail)?.file_name();
            let name = name.to_string_lossy();
            let ours = name.strip_suffix(END).is_some_and(|n| n.len() == 2 * NAME);
            if ours && !known(&name) {
                self.remove(&name, minute)?;
            }
        }
        Ok(())
    }

    fn sync(&self, minute: Minute) -> std::io::Result<()> {
        let folder = File::open(&self.0)?;
        folder.set_modified(file_time(minute))?;
        folder.sync_all()
    }
}

fn failure(doing: &str, path: &Path, e: &std::io::Error) -> Error {
    Error::device(format!(
        "cannot {doing} the hold in {}: {e}",
        path.display()
    ))
}
