//! One error for the crate, with whose fault it is.

use std::fmt;

use rowcall_words::fault::Fault;

/// Why custody refused or failed, in a sentence for the person who has to act
/// on it. No message holds anything of a person.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// Whose fault an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The transaction or the hold has ended; nothing of it is left.
    Ended,
    /// Something is in use: it ends when that use does.
    InUse,
    /// The policy does not allow it, or what was given is wrong.
    Operator,
    /// The machine failed: a disk, a file, the audit log.
    Device,
    /// A mistake of the calling program.
    Us,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Ended | ErrorKind::InUse => Fault::Caller,
            ErrorKind::Operator => Fault::Operator,
            ErrorKind::Device => Fault::Device,
            ErrorKind::Us => Fault::Us,
        }
    }

    pub(crate) fn ended(what: &str) -> Self {
        Self::new(
            ErrorKind::Ended,
            format_args!("the {what} has ended, and what it held is destroyed"),
        )
    }

    pub(crate) fn stopped() -> Self {
        Self::new(ErrorKind::Ended, "custody has been shut down")
    }

    pub(crate) fn in_use(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InUse, message)
    }

    pub(crate) fn operator(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Operator, message)
    }

    pub(crate) fn device(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Device, message)
    }

    pub(crate) fn us(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Us, message)
    }

    fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            message: message.to_string(),
        }
    }
}

impl From<rowcall_audit::Error> for Error {
    fn from(error: rowcall_audit::Error) -> Self {
        let kind = match error.kind() {
            rowcall_audit::ErrorKind::Operator => ErrorKind::Operator,
            rowcall_audit::ErrorKind::Us => ErrorKind::Us,
            _ => ErrorKind::Device,
        };
        Self::new(kind, format_args!("audit log: {error}"))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(ErrorKind::Device, format_args!("custody's store: {error}"))
    }
}
