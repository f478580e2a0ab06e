//! Seals: visible digital seals (Doc 9303-13), the ICAO Datastructure for Barcode and
//! seals for non-constrained environments (VDS-NC), all by one signer.

use crate::Issuer;
use crate::certificate::{Use, name};
use crate::der::tlv;

/// Serial number of the seal signer's certificate, which is a seal's reference to it.
pub const SEAL_SIGNER_SERIAL: u64 = 0x5b;

impl Issuer {
    /// The seal signer's certificate, DER.
    pub fn seal_signer_certificate(&self) -> Vec<u8> {
        // Country UT and name TS make the UTTS of a seal's header.
        self.sign_certificate(
            SEAL_SIGNER_SERIAL,
            &name("TS"),
            &self.seal_signer,
            Use::SealSigner,
        )
    }

    /// A visible digital seal of version 4 on a document of this feature and category,
    /// such as `(0x5d, 1)` for a visa, with these messages (tag, value).
    pub fn visible_seal(&self, on: (u8, u8), messages: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let mut seal = vec![0xdc, 3];
        seal.extend(c40("UTO"));
        // Two digits of the reference's length, and the reference.
        seal.extend(c40("UTTS02"));
        seal.extend(c40("5B"));
        // Issued and signed on 1 and 2 March 2024.
        seal.extend(date(3_012_024));
        seal.extend(date(3_022_024));
        seal.extend([on.0, on.1]);
        for (tag, value) in messages {
            seal.extend(tlv(*tag, value));
        }
        let signature = self.seal_signer.sign_plain(&seal);
        seal.extend(tlv(0xff, &signature));
        seal
    }

    /// A signed ICAO Datastructure for Barcode of that country, as text, with these
    /// messages (tag, value) and its signer's certificate.
    pub fn barcode(&self, country: &str, messages: &[(u32, Vec<u8>)]) -> String {
        let certificate = self.seal_signer_certificate();
        let mut payload = c40(country);
        // ECDSA with SHA-256; five bytes for the certificate, which comes along.
        payload.extend([1, 0, 0, 0, 0, 0, 0]);
        payload.extend(date(3_022_024));
        let group: Vec<u8> = messages.iter().flat_map(|(t, v)| tlv(*t, v)).collect();
        payload.extend(tlv(0x61, &group));
        let signature = self.seal_signer.sign_plain(&payload);
        payload.extend(one_byte_tag(0x7e, &certificate));
        payload.extend(one_byte_tag(0x7f, &signature));
        format!("NDB1B{}", text_of_bits(&payload, 5, BASE_32))
    }

    /// A VDS-NC over `data`, which must be canonical JSON (RFC 8785).
    pub fn json_seal(&self, data: &str) -> String {
        let signature = self.seal_signer.sign_plain(data.as_bytes());
        format!(
            r#"{{"data":{data},"sig":{{"alg":"ES256","cer":"{}","sigvl":"{}"}}}}"#,
            text_of_bits(&self.seal_signer_certificate(), 6, BASE_64),
            text_of_bits(&signature, 6, BASE_64)
        )
    }
}

/// C40 (ISO/IEC 16022, 5.2.5) of upper case, digits, spaces and fillers.
pub fn c40(text: &str) -> Vec<u8> {
    let value = |c: &u8| match c {
        b'0'..=b'9' => u32::from(c - b'0') + 4,
        b'A'..=b'Z' => u32::from(c - b'A') + 14,
        _ => 3,
    };
    let mut out = Vec::new();
    for three in text.as_bytes().chunks(3) {
        if let [one] = three {
            out.extend([0xfe, one + 1]);
            continue;
        }
        let values: Vec<u32> = three.iter().map(value).collect();
        let last = values.get(2).copied().unwrap_or(0);
        let packed = values[0] * 1600 + values[1] * 40 + last + 1;
        out.extend([(packed >> 8) as u8, packed as u8]);
    }
    out
}

/// MMDDYYYY in three bytes (Doc 9303-13, 2.3).
fn date(number: u32) -> [u8; 3] {
    let [_, a, b, c] = number.to_be_bytes();
    [a, b, c]
}

/// An element whose tag is one byte, whatever its low bits say.
fn one_byte_tag(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut element = tlv(0x04, value);
    element[0] = tag;
    element
}

const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE_64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 32 or 64 (RFC 4648, 5 and 6) without padding: so many bits a character.
fn text_of_bits(bytes: &[u8], bits: usize, alphabet: &[u8]) -> String {
    let bit = |i: usize| {
        let byte = bytes.get(i / 8).copied().unwrap_or(0);
        usize::from(byte >> (7 - i % 8) & 1)
    };
    (0..bytes.len() * 8)
        .step_by(bits)
        .map(|at| (at..at + bits).fold(0, |value, i| value << 1 | bit(i)))
        .map(|value| char::from(alphabet[value]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{BASE_32, BASE_64, c40, text_of_bits};

    #[test]
    fn encodings_of_the_standards() {
        assert_eq!(text_of_bits(b"foobar", 5, BASE_32), "MZXW6YTBOI");
        assert_eq!(text_of_bits(b"foob", 6, BASE_64), "Zm9vYg");
        assert_eq!(c40("UTO"), [0xd9, 0xc5]);
        assert_eq!(c40("UTTS02"), [0xd9, 0xca, 0xc8, 0xa7]);
    }
}
