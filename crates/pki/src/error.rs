//! The crate's one error: opaque, with a kind that says whose fault it was.

use std::fmt;

/// Whose fault an [`Error`] was, which is also who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A trust or revocation file: the operator's to mend.
    Operator,
}

/// Why a file of trust could not be read.
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    /// Whose fault it was.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(crate) fn operator(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Operator,
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
