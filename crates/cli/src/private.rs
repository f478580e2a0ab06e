//! What may show people is its owner's alone, whatever the process's umask: folders of
//! mode 0700, files of mode 0600.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// Makes a folder and those above it that aren't there.
///
/// # Errors
/// If it can't be made.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a file, in the place of one that is there.
///
/// # Errors
/// If it can't be written.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    // One that was there keeps its mode.
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(content)
}

/// Writes a file that must not be there yet.
///
/// # Errors
/// If it is there, or can't be written.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(path)?.write_all(content)
}

/// A folder that results are written to: made and tried before the work whose result
/// it is to hold.
pub(crate) struct ReportFolder {
    path: PathBuf,
}

impl ReportFolder {
    /// Makes the folder, if it isn't there, and sees whether files can be made in it.
    ///
    /// # Errors
    /// That it can't be made or written to.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        let trial = path.join(format!(".rowcall-{}", std::process::id()));
        make_folder(path)
            .and_then(|()| write(&trial, b"\n"))
            .and_then(|()| fs::remove_file(&trial))
            .map_err(|e| {
                let why = format!("no report can be written here: {e}; name another folder");
                Failure::file(path, &why)
            })?;
        Ok(Self { path: path.into() })
    }

    /// Makes it, where one was asked for.
    ///
    /// # Errors
    /// As [`prepare`](Self::prepare).
    pub(crate) fn asked(path: Option<&PathBuf>) -> Result<Option<Self>, Failure> {
        path.map(|path| Self::prepare(path)).transpose()
    }

    /// Writes one of its files.
    ///
    /// # Errors
    /// That it can't be written.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<(), Failure> {
        let path = self.path.join(name);
        write(&path, content.as_ref()).map_err(|e| Failure::file(&path, &e))
    }

    /// A line that says where its page is.
    pub(crate) fn line(&self) -> String {
        format!("report: {}\n", self.path.join("index.html").display())
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::ReportFolder;

    #[test]
    fn what_is_written_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/report");
        let report = ReportFolder::prepare(&path).expect("it can be made");
        fs::write(path.join("old.html"), "old").expect("written");
        fs::set_permissions(path.join("old.html"), fs::Permissions::from_mode(0o644)).expect("set");
        report.write("old.html", "new").expect("written");
        report.write("new.html", "new").expect("written");
        let mode =
            |name: &str| fs::metadata(path.join(name)).map(|m| m.permissions().mode() & 0o777);
        assert_eq!(mode(".").ok(), Some(0o700));
        assert_eq!(mode("old.html").ok(), Some(0o600));
        assert_eq!(mode("new.html").ok(), Some(0o600));
        assert_eq!(fs::read_dir(&path).map(Iterator::count).ok(), Some(2));
    }

    #[test]
    fn a_place_that_cannot_be_written_is_told_before_the_work() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let Err(failure) = ReportFolder::prepare(&file.join("report")) else {
            panic!("a folder within a file");
        };
        assert!(
            failure
                .to_string()
                .contains("no report can be written here"),
            "{failure}"
        );
    }
}
