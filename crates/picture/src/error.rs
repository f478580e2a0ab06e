//! Why a file gives no picture.

/// A picture that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
}

/// What is wrong with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes aren't a picture of a format that is read, or are cut off.
    Picture,
    /// The picture is larger than the limits allow.
    TooLarge,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// What is wrong with the file.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}
