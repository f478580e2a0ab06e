//! One error for the crate, with whose fault it is.

use std::fmt;
use std::path::Path;

use rowcall_words::fault::Fault;

/// What went wrong with an audit log, in a sentence for the person who has to
/// act on it, and a [`ErrorKind`] for the program that has to branch on it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    #[source]
    source: Option<std::io::Error>,
}

/// Whose fault an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The log's files are not what its signatures say: tampering, a damaged
    /// disk, or a copy taken while the log was being written.
    Log,
    /// The machine failed to read or write (disk full, permissions).
    Device,
    /// What the operator gave is wrong: a key, a folder, an entry number.
    Operator,
    /// A mistake of the calling program.
    Us,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is. A log that isn't what it was is a file's.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Log => Fault::Document,
            ErrorKind::Device => Fault::Device,
            ErrorKind::Operator => Fault::Operator,
            ErrorKind::Us => Fault::Us,
        }
    }

    pub(crate) fn log(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Log, message)
    }

    pub(crate) fn operator(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Operator, message)
    }

    pub(crate) fn us(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Us, message)
    }

    pub(crate) fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        Self {
            kind: ErrorKind::Device,
            message: format!("cannot {doing} {}: {source}", path.display()),
            source: Some(source),
        }
    }

    /// The same error with where it was found in front.
    pub(crate) fn context(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            message: message.to_string(),
            source: None,
        }
    }
}
