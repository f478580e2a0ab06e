//! What can go wrong with models, and whose fault it is.

/// A model that can't be used.
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
