//! Distinguished names, compared as people would: without regard to string
//! type, case and spacing (RFC 5280, 7.1), since issuers write the same name
//! in one certificate as PrintableString and in the next as UTF8String.

use crate::ber::{Result, Tlv};

/// A name in a form that can be compared, and one to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Attributes in order, folded, for comparison only.
    pub canonical: String,
    /// Attributes sorted and folded: those who write the same name in another
    /// order have the same.
    unordered: Vec<String>,
    /// The country attribute as written; empty if there is none.
    pub country: String,
    /// For a person: `CN=…, C=…`.
    pub shown: String,
}

impl Name {
    /// Reads an RDNSequence.
    pub fn read(tlv: &Tlv<'_>) -> Result<Self> {
        let mut name = Self::default();
        for set in tlv.contents() {
            let set = set?;
            let mut attributes = Vec::new();
            for attribute in set.contents() {
                let mut parts = attribute?.contents();
                let oid = parts.expect(0x06, "no type of a name's attribute")?;
                let text = text(&parts.read()?);
                if oid.value == [0x55, 0x04, 0x06] {
                    name.country.clone_from(&text);
                }
                if !name.shown.is_empty() {
                    name.shown.push_str(", ");
                }
                name.shown.push_str(label(oid.value));
                name.shown.push_str(&text);
                attributes.push(format!("{:02x?}={}", oid.value, folded(&text)));
            }
            attributes.sort();
            for attribute in attributes {
                name.canonical.push_str(&attribute);
                name.canonical.push(';');
                name.unordered.push(attribute);
            }
            name.canonical.push('/');
        }
        name.unordered.sort();
        Ok(name)
    }

    /// Whether both have the same attributes, in whatever order.
    pub fn has_same_attributes(&self, other: &Self) -> bool {
        self.unordered == other.unordered
    }

    /// Whether both are of one country, in whatever case.
    pub fn is_of_same_country(&self, other: &Self) -> bool {
        !self.country.is_empty() && self.country.eq_ignore_ascii_case(&other.country)
    }
}

fn label(oid: &[u8]) -> &'static str {
    match oid {
        [0x55, 0x04, 0x03] => "CN=",
        [0x55, 0x04, 0x05] => "serialNumber=",
        [0x55, 0x04, 0x06] => "C=",
        [0x55, 0x04, 0x07] => "L=",
        [0x55, 0x04, 0x08] => "ST=",
        [0x55, 0x04, 0x0a] => "O=",
        [0x55, 0x04, 0x0b] => "OU=",
        _ => "",
    }
}

/// A string of any of the types that names use.
pub fn text(tlv: &Tlv<'_>) -> String {
    match tlv.tag {
        // T61String: Latin-1 in practice.
        0x14 => tlv.value.iter().map(|b| char::from(*b)).collect(),
        // UniversalString: UTF-32.
        0x1c => {
            let units = tlv.value.chunks_exact(4);
            let units = units.map(|p| u32::from_be_bytes([p[0], p[1], p[2], p[3]]));
            units
                .map(|u| char::from_u32(u).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        0x1e => {
            let units: Vec<u16> = tlv
                .value
                .chunks_exact(2)
                .map(|p| u16::from_be_bytes([p[0], p[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(tlv.value).into_owned(),
    }
}

/// Lower case, single spaces.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}
