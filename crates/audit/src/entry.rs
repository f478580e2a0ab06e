//! What the log can say: a closed list, each entry one line of ASCII.
//!
//! `v1 2026-11-24T03:25Z seat transaction=17 row=2 side=left outcome=confirmed
//! stage=match`: the version, the minute, the kind, then every field of that
//! kind in its order. [`Entry::parse`] accepts the one spelling that
//! [`Entry::to_line`] gives and nothing else. docs/audit.md lists the kinds.

mod code;
mod event;
mod field;
mod value;

use crate::Error;
use std::fmt;

pub use event::{Event, KINDS, KindOfEntry};
pub use value::{
    Commitment, Count, Digest, Leniencies, Minute, Minutes, OfficerPseudonym, PublicKey, Row,
    SecondOfficer, SignatureBytes, Subject,
};

/// The most bytes of an entry.
pub const MAX_ENTRY_BYTES: usize = 1024;

/// Bytes before the kind: version and minute, with a space after each.
const HEAD: usize = "v1 2026-11-24T03:25Z ".len();

/// One entry: what happened, and in which minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, coarsened to the minute.
    pub minute: Minute,
    /// What.
    pub event: Event,
}

impl Entry {
    /// The entry's one spelling, without a newline: the bytes of the leaf.
    pub fn to_line(&self) -> String {
        let mut line = format!("v1 {} {}", self.minute, self.event.kind());
        self.event.encode(&mut line);
        line
    }

    /// Reads [`Entry::to_line`].
    ///
    /// # Errors
    /// If the bytes are anything else: another version, kind, order, spelling
    /// or range.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let refuse = |why: &str| Error::log(format!("not an entry of this log's language: {why}"));
        if bytes.len() > MAX_ENTRY_BYTES || !bytes.is_ascii() {
            return Err(refuse("longer than 1,024 bytes, or not ASCII"));
        }
        let line = std::str::from_utf8(bytes).map_err(|_| refuse("not ASCII"))?;
        let mut words = line.split(' ');
        if words.next() != Some("v1") {
            return Err(refuse("its version is not v1"));
        }
        let minute = words
            .next()
            .and_then(Minute::parse)
            .ok_or_else(|| refuse("its second word is no minute"))?;
        let kind = words.next().unwrap_or_default();
        let event = Event::decode(kind, &mut words).map_err(|why| refuse(&why))?;
        if words.next().is_some() {
            return Err(refuse("more fields than its kind has"));
        }
        // Version, minute and kind have one spelling each; the fields are held
        // against theirs.
        let mut fields = String::with_capacity(line.len());
        event.encode(&mut fields);
        line.ends_with(&fields)
            .then_some(Self { minute, event })
            .filter(|_| line.len() == HEAD + kind.len() + fields.len())
            .ok_or_else(|| refuse("not in its canonical spelling"))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_line())
    }
}

#[cfg(test)]
mod tests;
