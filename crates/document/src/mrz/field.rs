//! Short text without allocation.

use serde::{Serialize, Serializer};
use std::fmt;

/// Up to 44 bytes of ASCII: no line of an MRZ, and no field in it, is longer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field {
    len: u8,
    bytes: [u8; 44],
}

impl Field {
    /// The text of ASCII `bytes`; what does not fit or is not ASCII is left
    /// out, which no caller's input has.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut field = Self {
            len: 0,
            bytes: [0; 44],
        };
        field.push(bytes);
        field
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().filter(|b| b.is_ascii()) {
            if let Some(slot) = self.bytes.get_mut(usize::from(self.len)) {
                *slot = *byte;
                self.len += 1;
            }
        }
    }

    /// A copy with every filler `<` as a space.
    pub(crate) fn with_spaces(mut self) -> Self {
        for byte in &mut self.bytes[..usize::from(self.len)] {
            if *byte == b'<' {
                *byte = b' ';
            }
        }
        self
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Without the fillers at its end.
pub(crate) fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|b| *b != b'<').map_or(0, |i| i + 1);
    &bytes[..end]
}

/// Without the fillers at either end.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    let bytes = trim_end(bytes);
    let start = bytes.iter().position(|b| *b != b'<').unwrap_or(bytes.len());
    &bytes[start..]
}
