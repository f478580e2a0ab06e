//! What makes a command impossible: one clear line, exit status 2.

use std::{fmt::Display, path::Path};

/// Why a command can't be carried out, for a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// A failure with a file or folder, which the line starts with.
    pub(crate) fn file(path: &Path, why: &dyn Display) -> Self {
        // Errors of parsers have several lines; a log has one for each event.
        let why = why
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Self(format!("{}: {why}", path.display()))
    }
}

impl From<rowcall_evaluate::Error> for Failure {
    fn from(error: rowcall_evaluate::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<rowcall_pipeline::Error> for Failure {
    fn from(error: rowcall_pipeline::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<rowcall_lane::Error> for Failure {
    fn from(error: rowcall_lane::Error) -> Self {
        Self(error.to_string())
    }
}
