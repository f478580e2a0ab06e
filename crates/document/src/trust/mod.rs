//! Whom to trust: CSCA certificates, master lists, revocation lists
//! (Doc 9303-12).

use crate::ber::Reader;

/// Certificates and revocation lists against which signatures are checked.
#[derive(Debug, Default)]
pub struct TrustStore {
    files: Vec<Vec<u8>>,
}

/// A file that was offered to a [`TrustStore`] and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// The file's name as it was given.
    pub name: String,
    /// What was wrong with it.
    pub why: String,
}

impl TrustStore {
    /// Trusts nobody.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A store of the certificates, master lists and revocation lists in
    /// `files` (name, contents), and the files that could not be read.
    pub fn from_files<N: Into<String>>(
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> (Self, Vec<UnreadableFile>) {
        let mut store = Self::empty();
        let mut unreadable = Vec::new();
        for (name, bytes) in files {
            match Reader::new(&bytes, 0).read() {
                Ok(_) => store.files.push(bytes),
                Err(e) => unreadable.push(UnreadableFile {
                    name: name.into(),
                    why: e.to_string(),
                }),
            }
        }
        (store, unreadable)
    }
}
