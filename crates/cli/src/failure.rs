//! How a command ends that doesn't end well: one clear line, and an exit status.

use std::{fmt::Display, path::Path};

use rowcall_words::fault::Fault;
use serde::Serialize;

/// Why a command doesn't end well, for a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It can't be carried out, and whose fault that is: exit status 2.
    #[error("{line}{}", aside(*fault))]
    Impossible { line: String, fault: Fault },
    /// It was carried out, and what was asked about doesn't hold: exit status 1.
    #[error("{0}")]
    DoesNotHold(String),
    /// Every line of it was told already: exit status 2.
    #[error("some of it could not be done")]
    Told,
    /// Whoever read standard output has seen enough: nothing is told. Exit status 141,
    /// as a shell has it for who is ended by a closed pipe, so that nobody takes what
    /// wasn't read to its end for a success.
    #[error("standard output was closed")]
    ClosedPipe,
}

impl Failure {
    /// What an argument or a file of the operator's makes impossible.
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self::by(Fault::Operator, line.into())
    }

    /// What somebody's fault makes impossible.
    fn by(fault: Fault, line: impl Display) -> Self {
        Self::Impossible {
            line: line.to_string(),
            fault,
        }
    }

    /// What was asked about doesn't hold.
    pub(crate) fn finding(what: impl Display) -> Self {
        Self::DoesNotHold(what.to_string())
    }

    /// A failure with a file or folder, which the line starts with.
    pub(crate) fn file(path: &Path, why: &dyn Display) -> Self {
        // Errors of parsers have several lines; a log has one for each event.
        let why = why
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        Self::new(format!("{}: {why}", path.display()))
    }

    /// The exit status that it ends with.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::DoesNotHold(_) => 1,
            Self::Impossible { .. } | Self::Told => 2,
            Self::ClosedPipe => 141,
        }
    }

    /// Whether a line is still to be told.
    pub(crate) fn is_told(&self) -> bool {
        matches!(self, Self::Told | Self::ClosedPipe)
    }

    /// The failure as an object, for commands whose standard output is JSON.
    pub(crate) fn to_object(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Object {
            error: Error,
        }
        #[derive(Serialize)]
        struct Error {
            message: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            fault: Option<Fault>,
            exit_status: u8,
        }
        Object {
            error: Error {
                message: self.to_string(),
                fault: match self {
                    Self::Impossible { fault, .. } => Some(*fault),
                    _ => None,
                },
                exit_status: self.status(),
            },
        }
    }
}

/// What a reader can't know by the line alone: that nothing of theirs is wrong.
fn aside(fault: Fault) -> &'static str {
    match fault {
        Fault::Us => " (a mistake of Rowcall's own: please report it)",
        _ => "",
    }
}

impl From<rowcall_evaluate::Error> for Failure {
    fn from(error: rowcall_evaluate::Error) -> Self {
        Self::by(error.fault(), error)
    }
}

impl From<rowcall_pipeline::Error> for Failure {
    fn from(error: rowcall_pipeline::Error) -> Self {
        Self::by(error.fault(), error)
    }
}

impl From<rowcall_lane::Error> for Failure {
    fn from(error: rowcall_lane::Error) -> Self {
        Self::by(error.fault(), error)
    }
}

impl From<rowcall_audit::Error> for Failure {
    fn from(error: rowcall_audit::Error) -> Self {
        match error.kind() {
            rowcall_audit::ErrorKind::Log => Self::finding(error),
            _ => Self::by(error.fault(), error),
        }
    }
}

impl From<rowcall_custody::Error> for Failure {
    fn from(error: rowcall_custody::Error) -> Self {
        Self::by(error.fault(), error)
    }
}
