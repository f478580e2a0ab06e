//! What can go wrong with pictures and models, and whose fault it is.

/// A picture or a model that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
}

/// What kind of failure, and thereby whose fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The device's (or whoever sent the file): the bytes aren't a picture of a
    /// format that is read, or are cut off.
    Picture,
    /// The device's: the picture is larger than the limits allow.
    TooLarge,
    /// The operator's: a model, its manifest or its calibration can't be used.
    Model,
    /// Ours: the arithmetic failed on a picture that was well formed.
    Inference,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl From<rowcall_infer::Error> for Error {
    fn from(error: rowcall_infer::Error) -> Self {
        let kind = match error.kind() {
            rowcall_infer::ErrorKind::Run => ErrorKind::Inference,
            _ => ErrorKind::Model,
        };
        Self::new(kind, error.to_string())
    }
}
