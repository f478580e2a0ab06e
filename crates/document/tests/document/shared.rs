//! The shared test data, which is not part of the repository.

use std::path::{Path, PathBuf};

use rowcall_document::{FaceBox, FaceFinder, NamedFile, PagePicture, PageView};
use rowcall_pki::trust::TrustStore;
use serde_json::Value;

/// The day that the expectations assume.
pub(crate) const AT: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// The folder with the documents, if it is here. Says so where it is not; in
/// CI (`CI=true`) its absence is a failure.
pub(crate) fn documents() -> Option<PathBuf> {
    rowcall_skip::shared("documents")
}

/// What is expected of the shared documents.
pub(crate) fn expected(documents: &Path) -> Value {
    let text = std::fs::read(documents.join("expected.json")).expect("expected.json");
    serde_json::from_slice(&text).expect("JSON")
}

/// The files directly in a folder, sorted by name.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("a folder that can be read")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), std::fs::read(&path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

/// The files directly in a folder, as a presented document.
pub(crate) fn presented(folder: &Path) -> Vec<NamedFile> {
    files(folder)
        .into_iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect()
}

/// A trust store of the files in a folder, which must all be readable.
pub(crate) fn trust(folder: &Path) -> TrustStore {
    let (store, unreadable) = TrustStore::from_files(files(folder));
    assert!(unreadable.is_empty(), "{unreadable:?}");
    store
}

/// Finds a face at this place of the first view of every page, which is the upright one
/// where the page has a zone.
pub(crate) struct FaceAt(pub(crate) FaceBox);

impl FaceFinder for FaceAt {
    type Error = std::convert::Infallible;

    fn face(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Self::Error> {
        Ok(page.views().next().map(|view| (view, self.0)))
    }
}

/// Runs openssl with `arguments`: whether it succeeded, and what it wrote to
/// stdout. `None`, said loudly, where there is no openssl; in CI that is a
/// failure.
pub(crate) fn openssl(arguments: &[&str]) -> Option<(bool, Vec<u8>)> {
    match std::process::Command::new("openssl")
        .args(arguments)
        .output()
    {
        Ok(output) => Some((output.status.success(), output.stdout)),
        Err(e) => {
            rowcall_skip::skip(&format!("openssl can't be run: {e}"));
            None
        }
    }
}

/// The policy that published specimens are held to: most have expired long ago, and that
/// alone says nothing of how they are read.
pub(crate) fn policy() -> rowcall_document::Policy {
    rowcall_document::Policy {
        expired_document: rowcall_document::Leniency::Warn,
        ..rowcall_document::Policy::default()
    }
}
