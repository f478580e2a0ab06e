//! One error for the room, with whose fault it is.

use std::fmt;

use rowcall_words::fault::Fault;

/// Why the lane refused or failed, in a sentence for the person who has to act on
/// it. No message holds anything of a person.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    /// After how many seconds it may go.
    seconds: Option<u64>,
}

/// What went wrong; `http::problem` maps it to a status in one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked can't be: a field, a file or an order is wrong.
    Request,
    /// There is no such thing, or no more.
    Gone,
    /// It isn't done that way.
    Method,
    /// It took too long.
    Slow,
    /// It conflicts with what there is.
    Conflict,
    /// Too much at once: it may go later.
    Busy,
    /// It is too large.
    TooLarge,
    /// Who asks hasn't said who they are.
    Unknown,
    /// Who asks may not.
    Forbidden,
    /// The configuration is wrong.
    Operator,
    /// The machine failed: a disk, a camera, the audit log.
    Device,
    /// A mistake of this program.
    Us,
}

impl ErrorKind {
    /// Whose fault it is.
    pub fn fault(self) -> Fault {
        match self {
            Self::Request
            | Self::Gone
            | Self::Method
            | Self::Slow
            | Self::Conflict
            | Self::Busy
            | Self::TooLarge
            | Self::Unknown
            | Self::Forbidden => Fault::Caller,
            Self::Operator => Fault::Operator,
            Self::Device => Fault::Device,
            Self::Us => Fault::Us,
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        Self {
            kind,
            message: message.to_string(),
            seconds: None,
        }
    }

    pub(crate) fn request(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Request, message)
    }

    pub(crate) fn gone(what: &str) -> Self {
        Self::new(
            ErrorKind::Gone,
            format_args!("there is no such {what}, or no more: what it held is destroyed"),
        )
    }

    pub(crate) fn conflict(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    pub(crate) fn busy(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Busy, message)
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

    /// It may go after so many seconds.
    pub(crate) fn after(self, seconds: u64) -> Self {
        Self {
            seconds: Some(seconds),
            ..self
        }
    }

    /// After how many seconds it may go, where that is known.
    pub fn seconds(&self) -> Option<u64> {
        self.seconds
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        self.kind.fault()
    }
}

impl From<rowcall_custody::Error> for Error {
    fn from(error: rowcall_custody::Error) -> Self {
        use rowcall_custody::ErrorKind as Of;
        let kind = match error.kind() {
            Of::Ended => ErrorKind::Gone,
            Of::InUse => ErrorKind::Busy,
            Of::Operator => ErrorKind::Request,
            Of::Device => ErrorKind::Device,
            _ => ErrorKind::Us,
        };
        Self::new(kind, error)
    }
}

impl From<rowcall_pipeline::Error> for Error {
    fn from(error: rowcall_pipeline::Error) -> Self {
        let kind = match error.kind() {
            rowcall_pipeline::ErrorKind::Operator => ErrorKind::Operator,
            _ => ErrorKind::Us,
        };
        // Callers name their documents as they like.
        Self::new(kind, error.unnamed())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::device(format_args!("the lane's store: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_calls_a_document_is_in_no_message() {
        let fault = rowcall_pipeline::Error::new("a model can't be used");
        let fault = fault.of("passport.jpg").of("ERIKSSON L898902C3");
        assert_eq!(
            fault.to_string(),
            "ERIKSSON L898902C3: passport.jpg: a model can't be used"
        );
        let error = Error::from(fault);
        assert_eq!(error.to_string(), "a model can't be used");
        assert!(!format!("{error:?}").contains("ERIKSSON"));
    }
}
