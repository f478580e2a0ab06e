//! What can go wrong, and whose fault it is.

/// A picture that can't be simulated.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter outside its range (the operator's).
    Parameter,
    /// A picture that is too small or too large for what is asked (the
    /// operator's).
    Picture,
    /// The picture can't be compressed (ours).
    Encoding,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// Checks that a parameter lies in its range.
pub(crate) fn within(name: &str, value: f32, low: f32, high: f32) -> Result<(), Error> {
    if value >= low && value <= high {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Parameter,
        format!("{name} is {value}; it must lie in {low}..={high}"),
    ))
}
