//! A lane file on disk: read, and replaced as a whole.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rowcall_audit::entry::Digest;

use crate::{Error, config::file::read_text, random_id::random_id};

/// A lane file, as it was read or as it is to be.
#[derive(Clone, Debug)]
pub(crate) struct LaneFile {
    path: PathBuf,
    pub(crate) text: String,
}

impl LaneFile {
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        // A link stays one: what it points to is replaced.
        let path = path
            .canonicalize()
            .map_err(|e| Error::operator(format_args!("{}: {e}", path.display())))?;
        Ok(Self {
            text: read_text(&path)?,
            path,
        })
    }

    /// The same file with another text.
    pub(super) fn with(&self, text: String) -> Self {
        Self {
            path: self.path.clone(),
            text,
        }
    }

    pub(super) fn is_as(&self, other: &Self) -> bool {
        self.text == other.text
    }

    /// SHA-256 of the text.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(self.text.as_bytes())
    }

    /// The same in hexadecimal.
    pub(crate) fn hex(&self) -> String {
        base16ct::lower::encode_string(self.digest().bytes())
    }

    /// Replaces the file: whoever reads it finds the old one or the new one, whole, and
    /// so does the next start after the power failed.
    pub(super) fn write(&self) -> Result<(), Error> {
        let failed =
            |e: std::io::Error| Error::device(format_args!("{}: {e}", self.path.display()));
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        let mode = std::fs::metadata(&self.path).map_err(failed)?;
        let mode = mode.permissions().mode() & 0o777;
        let new = folder.join(format!(".lane-{}.toml", random_id()));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&new)
            .and_then(|mut file| {
                file.write_all(self.text.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| std::fs::rename(&new, &self.path));
        if let Err(error) = written {
            let _ = std::fs::remove_file(&new);
            return Err(failed(error));
        }
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(failed)
    }
}
