//! What can go wrong, and whose fault it is.

use rowcall_words::fault::Fault;

/// Why an evaluation can't be made: one clear sentence, naming file and line
/// where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The manifest can't be read, or names what isn't there (the operator's).
    Manifest,
    /// A vehicle's truth can't be read, or its vehicle can't be judged (the
    /// operator's).
    Truth,
    /// The set is too small to say anything (the operator's).
    TooFew,
    /// A model fails (ours).
    Inference,
    /// A result can't be written or drawn (ours).
    Output,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Manifest | ErrorKind::Truth | ErrorKind::TooFew => Fault::Operator,
            ErrorKind::Inference | ErrorKind::Output => Fault::Us,
        }
    }
}
