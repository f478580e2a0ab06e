//! One error for the crate: what was wrong, whose fault it is, what to do.

use std::fmt;

use rowcall_words::fault::Fault;

/// Why a camera gives nothing, in a sentence for the person who has to act on it.
/// No message holds a password, or a byte of a picture.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration can't be meant.
    Configuration,
    /// A file, a folder or a program that the configuration needs isn't there.
    NotThere,
    /// Nobody answers at the address.
    Unreachable,
    /// The camera answers, and refuses: user and password, path, rights.
    Refused,
    /// The camera doesn't keep to the protocol.
    Protocol,
    /// The camera sends what isn't read.
    Unsupported,
    /// It is more than a limit allows.
    TooLarge,
    /// A picture, or what it builds on, is damaged.
    Damaged,
    /// Nothing came within the time allowed.
    Silent,
    /// The camera ended the stream.
    Ended,
    /// A mistake of this program.
    Internal,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, detail: impl fmt::Display) -> Self {
        Self {
            kind,
            detail: one_line(&detail.to_string()),
            source: None,
        }
    }

    pub(crate) fn because(
        self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            source: Some(source.into()),
            ..self
        }
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self.kind {
            ErrorKind::Configuration
            | ErrorKind::NotThere
            | ErrorKind::Refused
            | ErrorKind::Unsupported => Fault::Operator,
            ErrorKind::Internal => Fault::Us,
            _ => Fault::Device,
        }
    }

    /// Whether trying again soon is no use: somebody has to change something first.
    pub fn needs_somebody(&self) -> bool {
        self.fault() == Fault::Operator
    }
}

/// What a camera or a library says may have lines of its own and bytes that steer a
/// terminal; one line of what is shown as a character stays, of bounded length.
pub(crate) fn one_line(text: &str) -> String {
    const MOST: usize = 400;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = String::new();
    for word in words.filter(|w| !w.is_empty()) {
        if line.len() + word.len() > MOST {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
