//! Why a file gives no picture.

use crate::{ImageFormat, Limit};

/// A picture that can't be used: always the fault of the file, or of whoever or
/// whatever made it.
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
    /// It isn't a picture, or of a format or kind that isn't read.
    Unsupported,
    /// It is cut off, or damaged otherwise.
    Damaged,
    /// It is larger than is allowed.
    TooLarge(Limit),
}

impl Error {
    pub(crate) fn damaged(format: ImageFormat, why: impl std::fmt::Display) -> Self {
        Self {
            kind: ErrorKind::Damaged,
            detail: format!("the {format} is damaged or cut off: {why}"),
        }
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Unsupported,
            detail: detail.into(),
        }
    }

    /// What is wrong with the file.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whether the file is a picture, but not all of it is there.
    pub fn is_damaged(&self) -> bool {
        self.kind == ErrorKind::Damaged
    }

    /// The limit that it met, if it is too large.
    pub fn limit(&self) -> Option<Limit> {
        match self.kind {
            ErrorKind::TooLarge(limit) => Some(limit),
            _ => None,
        }
    }
}

impl From<Limit> for Error {
    fn from(limit: Limit) -> Self {
        Self {
            kind: ErrorKind::TooLarge(limit),
            detail: limit.to_string(),
        }
    }
}
