//! How a value is spelt in an entry's line.

use std::fmt::Write as _;

/// One spelling per value: [`Field::encode`] never writes a space, and what
/// [`Field::decode`] accepts beyond that spelling is caught by the entry.
pub(super) trait Field: Sized {
    fn encode(&self, line: &mut String);
    fn decode(text: &str) -> Option<Self>;
}

impl Field for u64 {
    fn encode(&self, line: &mut String) {
        let _ = write!(line, "{self}");
    }
    fn decode(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

pub(super) mod hex {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    pub(in super::super) fn encode(bytes: &[u8], line: &mut String) {
        for byte in bytes {
            line.push(DIGITS[usize::from(byte >> 4)].into());
            line.push(DIGITS[usize::from(byte & 15)].into());
        }
    }

    pub(in super::super) fn decode(text: &str) -> Option<Vec<u8>> {
        let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return None;
        };
        pairs
            .iter()
            .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
            .collect()
    }
}

pub(super) mod b64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    pub(in super::super) fn encode(bytes: &[u8], line: &mut String) {
        STANDARD.encode_string(bytes, line);
    }

    pub(in super::super) fn decode(text: &str) -> Option<Vec<u8>> {
        STANDARD.decode(text).ok()
    }
}
