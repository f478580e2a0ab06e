//! The crate's one error: opaque, with a kind that says whose fault it was.

use std::fmt;

use rowcall_words::fault::Fault;

/// Whose fault an [`Error`] was, which is also who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The document's bytes: present it again, or have it looked at.
    Document,
    /// Configuration, trust files or arguments: the operator's to mend.
    Operator,
    /// A defect of Rowcall: report it.
    Us,
}

/// Why something could not be read or decoded.
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it was.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Document => Fault::Document,
            ErrorKind::Operator => Fault::Operator,
            ErrorKind::Us => Fault::Us,
        }
    }

    pub(crate) fn document(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Document,
            message: message.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {})", self.kind, self.message)
    }
}

impl std::error::Error for Error {}
