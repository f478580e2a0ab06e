//! What makes a check impossible.

use std::{fmt::Display, path::Path};

use rowcall_words::fault::Fault;

/// Why a vehicle can't be checked, in one line for a person.
#[derive(Debug, thiserror::Error)]
#[error("{}{line}", about.as_ref().map(|what| format!("{what}: ")).unwrap_or_default())]
pub struct Error {
    kind: ErrorKind,
    /// The picture or document, by the name that whoever brought it gave it.
    about: Option<String>,
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
            about: None,
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

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Operator => Fault::Operator,
            ErrorKind::Us => Fault::Us,
        }
    }

    /// The same error, about this picture or document.
    #[must_use]
    pub fn of(mut self, what: &str) -> Self {
        self.about = Some(match self.about {
            Some(part) => format!("{what}: {part}"),
            None => what.to_owned(),
        });
        self
    }

    /// What is wrong, without what it is about: that is a name of the caller's, which
    /// can say anything and has no business in a log.
    pub fn unnamed(&self) -> &str {
        &self.line
    }
}

impl From<rowcall_face::Error> for Error {
    fn from(error: rowcall_face::Error) -> Self {
        Self {
            kind: match error.kind() {
                rowcall_face::ErrorKind::Model => ErrorKind::Operator,
                _ => ErrorKind::Us,
            },
            about: None,
            line: error.to_string(),
        }
    }
}
