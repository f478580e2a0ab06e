//! What makes a check impossible.

use std::{fmt::Display, path::Path};

/// Why a vehicle can't be checked, in one line for a person.
#[derive(Debug, thiserror::Error)]
#[error("{line}")]
pub struct Error {
    kind: ErrorKind,
    line: String,
}

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operator's: a file, folder, lane or model that can't be used.
    Operator,
    /// Ours: arithmetic that failed on a picture that was well formed.
    Us,
}

impl Error {
    /// Something that the operator has to mend.
    pub fn new(line: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Operator,
            line: line.into(),
        }
    }

    /// Something about a file or folder, which the line starts with.
    pub fn file(path: &Path, why: &dyn Display) -> Self {
        // Errors of parsers have several lines; a log has one for each event.
        let why: Vec<String> = why
            .to_string()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Self::new(format!("{}: {}", path.display(), why.join(" ")))
    }

    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The same error, about this picture or document.
    #[must_use]
    pub fn of(mut self, what: &str) -> Self {
        self.line = format!("{what}: {}", self.line);
        self
    }
}

impl From<rowcall_face::Error> for Error {
    fn from(error: rowcall_face::Error) -> Self {
        Self {
            kind: match error.kind() {
                rowcall_face::ErrorKind::Model => ErrorKind::Operator,
                _ => ErrorKind::Us,
            },
            line: error.to_string(),
        }
    }
}
