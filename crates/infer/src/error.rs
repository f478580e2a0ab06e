//! What can go wrong with a model file, and whose fault it is.

/// A model that can't be used, or a run that failed.
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
    /// The operator's: the file isn't the one that its manifest names.
    HashMismatch,
    /// The operator's: the file isn't ONNX, or breaks ONNX's own rules.
    NotOnnx,
    /// The operator's choice of model, or ours: valid ONNX that uses what this
    /// crate doesn't execute.
    Unsupported,
    /// Ours: an input whose shape the network doesn't take, or a failure inside
    /// the arithmetic.
    Run,
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
