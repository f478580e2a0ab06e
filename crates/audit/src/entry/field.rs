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
    pub(in super::super) fn encode(bytes: &[u8], line: &mut String) {
        line.push_str(&base16ct::lower::encode_string(bytes));
    }

    pub(in super::super) fn decode(text: &str) -> Option<Vec<u8>> {
        base16ct::lower::decode_vec(text).ok()
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
