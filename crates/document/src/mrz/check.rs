//! Check digits: modulus 10 with weights 7, 3, 1 (Doc 9303-3, 4.9).

use serde::Serialize;

/// Each character's value; 255 where it may not stand in an MRZ.
const VALUES: [u8; 256] = {
    let mut v = [255_u8; 256];
    let mut i = 0;
    while i < 10 {
        v[b'0' as usize + i] = i as u8;
        i += 1;
    }
    let mut i = 0;
    while i < 26 {
        v[b'A' as usize + i] = 10 + i as u8;
        i += 1;
    }
    v[b'<' as usize] = 0;
    v
};

/// Whether the byte may stand in an MRZ: `A`-`Z`, `0`-`9`, `<`
/// (Doc 9303-3, 4.3).
pub(crate) fn is_mrz_byte(byte: u8) -> bool {
    VALUES[usize::from(byte)] != 255
}

/// The check digit, as an ASCII digit, over the characters of `parts` in
/// order. Characters outside the MRZ's set count as zero.
pub fn check_digit(parts: &[&[u8]]) -> u8 {
    const WEIGHTS: [u32; 3] = [7, 3, 1];
    let mut sum = 0_u32;
    let mut i = 0;
    for part in parts {
        for byte in *part {
            let value = VALUES[usize::from(*byte)];
            sum += u32::from(if value == 255 { 0 } else { value }) * WEIGHTS[i];
            i = if i == 2 { 0 } else { i + 1 };
        }
    }
    b'0' + (sum % 10) as u8
}

/// Which check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// Of the document number.
    DocumentNumber,
    /// Of the date of birth.
    BirthDate,
    /// Of the date of expiry.
    ExpiryDate,
    /// Of the personal number (TD3 only, Doc 9303-4, 4.2.2).
    PersonalNumber,
    /// Over the fields together (not in visas).
    Composite,
}

/// Which check digits were right. A `None` is not in the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// Document number.
    pub document_number: bool,
    /// Date of birth.
    pub birth_date: bool,
    /// Date of expiry.
    pub expiry_date: bool,
    /// Personal number: TD3 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<bool>,
    /// Composite: TD1, TD2, TD3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composite: Option<bool>,
}

impl Checks {
    /// Whether every check digit of the format was right.
    pub fn all_right(&self) -> bool {
        self.failed().next().is_none()
    }

    /// The check digits that were wrong, in the order of the fields.
    pub fn failed(&self) -> impl Iterator<Item = CheckDigit> {
        [
            (CheckDigit::DocumentNumber, self.document_number),
            (CheckDigit::BirthDate, self.birth_date),
            (CheckDigit::ExpiryDate, self.expiry_date),
            (
                CheckDigit::PersonalNumber,
                self.personal_number.unwrap_or(true),
            ),
            (CheckDigit::Composite, self.composite.unwrap_or(true)),
        ]
        .into_iter()
        .filter_map(|(which, right)| (!right).then_some(which))
    }
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    #[test]
    fn worked_examples_of_doc_9303_3() {
        // Doc 9303-3, 4.9: examples 1 and 2.
        assert_eq!(check_digit(&[b"520727"]), b'3');
        assert_eq!(check_digit(&[b"AB2134<<<"]), b'5');
        // Doc 9303-3, 4.9: example 3, composite of a TD3 in parts.
        assert_eq!(
            check_digit(&[b"HA672242<6", b"5802254", b"9601086", b"<<<<<<<<<<<<<<0"]),
            b'8'
        );
    }
}
