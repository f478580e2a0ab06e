//! The file of hold keys: fixed slots, overwritten in place.
//!
//! It lies outside the database, so that neither a write-ahead log nor a
//! back-up of the database ever holds a copy of a key. A slot without a hold is
//! random bytes, like one with a key.

use super::seal::WRAPPED;
use crate::Error;
use crate::store::file_time;
use rand_core::CryptoRng;
use rowcall_audit::entry::Minute;
use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The open key file.
pub(crate) struct KeyFile {
    file: File,
    path: PathBuf,
    slots: u16,
}

impl KeyFile {
    /// Opens the file, or makes it with `slots` slots of random bytes, readable
    /// by its owner alone whatever it was before. More slots than it has are
    /// added at its end.
    pub(crate) fn open(path: &Path, slots: u16, random: &mut dyn CryptoRng) -> Result<Self, Error> {
        let fail = |e| failure("open", path, &e);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(fail)?;
        file.set_permissions(Permissions::from_mode(0o600))
            .map_err(fail)?;
        let present = file.metadata().map_err(fail)?.len() / WRAPPED as u64;
        let present = u16::try_from(present).unwrap_or(u16::MAX);
        let keys = Self {
            file,
            path: path.to_owned(),
            slots: slots.max(present),
        };
        for slot in present..keys.slots {
            keys.shred(slot, random)?;
        }
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(folder)
                .and_then(|f| f.sync_all())
                .map_err(fail)?;
        }
        Ok(keys)
    }

    /// Adds slots until there are `slots`.
    pub(crate) fn grow(&mut self, slots: u16, random: &mut dyn CryptoRng) -> Result<(), Error> {
        for slot in self.slots..slots {
            self.shred(slot, random)?;
            self.slots = slot + 1;
        }
        Ok(())
    }

    /// Dates the file by a whole minute, as far as that can be done: the exact
    /// one would say when a hold was made.
    pub(crate) fn date(&self, minute: Minute) {
        let _ = self.file.set_modified(file_time(minute));
    }

    /// How many slots the file has.
    pub(crate) fn slots(&self) -> u16 {
        self.slots
    }

    pub(crate) fn read(&self, slot: u16) -> Result<[u8; WRAPPED], Error> {
        let mut wrapped = [0; WRAPPED];
        self.file
            .read_exact_at(&mut wrapped, place(slot))
            .map_err(|e| failure("read", &self.path, &e))?;
        Ok(wrapped)
    }

    pub(crate) fn write(&self, slot: u16, wrapped: &[u8; WRAPPED]) -> Result<(), Error> {
        self.file
            .write_all_at(wrapped, place(slot))
            .and_then(|()| self.file.sync_all())
            .map_err(|e| failure("write", &self.path, &e))
    }

    /// Overwrites a slot, which destroys what its key encrypted, and reads it
    /// back.
    pub(crate) fn shred(&self, slot: u16, random: &mut dyn CryptoRng) -> Result<(), Error> {
        let mut noise = [0; WRAPPED];
        random.fill_bytes(&mut noise);
        self.write(slot, &noise)?;
        if self.read(slot)? != noise {
            return Err(Error::device(format!(
                "{} does not keep what is written to it: a hold's key may still be there",
                self.path.display()
            )));
        }
        Ok(())
    }
}

fn place(slot: u16) -> u64 {
    u64::from(slot) * WRAPPED as u64
}

fn failure(doing: &str, path: &Path, e: &std::io::Error) -> Error {
    Error::device(format!(
        "cannot {doing} the hold keys in {}: {e}",
        path.display()
    ))
}
