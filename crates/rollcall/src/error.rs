//! Why a roll call can't be taken at all.

use rowcall_words::fault::Fault;

/// A lane or a presentation that can't be used. Always the operator's to mend:
/// a defect of a document or a frame is an outcome, not an error.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
}

/// What kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The lane file is wrong.
    Lane,
    /// More people or documents than one vehicle can hold (64).
    TooMany,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Lane => Fault::Operator,
            ErrorKind::TooMany => Fault::Caller,
        }
    }
}
