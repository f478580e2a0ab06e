//! The bytes in the codewords of a DataMatrix (ISO/IEC 16022, 5.2). The library gives
//! the text, in which it takes bytes above 127 that stand in ASCII encodation behind a
//! Base 256 segment for broken UTF-8, and the Base 256 segments, which lack what is
//! written in ASCII. Encoders mix the two within one seal, the last byte often.

const PAD: u8 = 129;
const TWO_DIGITS: u8 = 130;
const BASE_256: u8 = 231;
const UPPER_SHIFT: u8 = 235;
const EXTENDED_CHANNEL: u8 = 241;
const UNLATCH: u8 = 254;

/// What is in the codewords; `None` where other encodations are used, which are for
/// text (C40, Text, X12, EDIFACT) and which the library's text has right.
pub(super) fn bytes(codewords: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(codewords.len());
    let (mut at, mut shift) = (0, 0);
    while let Some(codeword) = codewords.get(at) {
        at += 1;
        match *codeword {
            PAD => break,
            ascii @ 1..=128 => {
                bytes.push(ascii - 1 + shift);
                shift = 0;
            }
            digits @ TWO_DIGITS..=229 => {
                let number = digits - TWO_DIGITS;
                bytes.extend([b'0' + number / 10, b'0' + number % 10]);
            }
            BASE_256 => at = base_256(codewords, at, &mut bytes)?,
            UPPER_SHIFT => shift = 128,
            // Which characters bytes stand for is no matter here (5.4.1).
            EXTENDED_CHANNEL => {
                at += match codewords.get(at)? {
                    0..=127 => 1,
                    128..=191 => 2,
                    _ => 3,
                }
            }
            UNLATCH if at == codewords.len() => break,
            _ => return None,
        }
    }
    Some(bytes)
}

/// A segment whose length is at `at`; the place behind it (5.2.9).
fn base_256(codewords: &[u8], at: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    let plain = |at: usize| Some(unrandomised(*codewords.get(at)?, at + 1));
    let (from, length) = match usize::from(plain(at)?) {
        0 => (at + 1, codewords.len() - at - 1),
        short @ 1..=249 => (at + 1, short),
        long => (at + 2, 250 * (long - 249) + usize::from(plain(at + 1)?)),
    };
    for at in from..from + length {
        bytes.push(plain(at)?);
    }
    Some(from + length)
}

/// The 255-state algorithm backwards; positions count from one (Annex B.2).
fn unrandomised(codeword: u8, position: usize) -> u8 {
    let random = (149 * position % 255 + 1) as u8;
    codeword.wrapping_sub(random)
}

#[cfg(test)]
mod tests {
    use super::{bytes, unrandomised};

    /// The inverse of what is read.
    fn segment(at: usize, plain: &[u8]) -> Vec<u8> {
        let length = plain.len() as u8;
        let values = std::iter::once(&length).chain(plain);
        (at + 1..)
            .zip(values)
            .map(|(position, value)| value.wrapping_sub(unrandomised(0, position)))
            .collect()
    }

    #[test]
    fn base_256_and_ascii_are_one_run_of_bytes() {
        // ECI 899, a segment, then DC with an upper shift, `A`, 07, padding.
        let mut codewords = vec![241, 131, 12, 231];
        codewords.extend(segment(4, &[0xdc, 3, 0, 255]));
        codewords.extend([235, 0x5d, 66, 137, 129, 70]);
        let expected = [0xdc, 3, 0, 255, 0xdc, b'A', b'0', b'7'];
        assert_eq!(bytes(&codewords).as_deref(), Some(&expected[..]));
    }

    #[test]
    fn what_is_cut_or_of_another_encodation_is_left_to_the_library() {
        assert_eq!(bytes(&[231]), None);
        assert_eq!(bytes(&[231, 44 + 9, 1]), None);
        assert_eq!(bytes(&[230, 1, 2]), None);
        assert_eq!(bytes(&[241]), None);
        assert_eq!(bytes(&[]).as_deref(), Some(&[][..]));
    }
}
