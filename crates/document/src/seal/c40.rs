//! C40: three characters in two bytes (Doc 9303-13, 2.2; ISO/IEC 16022,
//! 5.2.5), as far as seals use it.

/// The text of `bytes`, where a filler `<` is a space; `None` if they are
/// not C40. A last single character stands as 254 and its code plus one.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    for pair in bytes.chunks(2) {
        let [high, low] = pair else { return None };
        if *high == 0xfe {
            text.push(char::from(low.checked_sub(1)?));
            continue;
        }
        let value = (u32::from(*high) << 8 | u32::from(*low)).checked_sub(1)?;
        for code in [value / 1600, value / 40 % 40, value % 40] {
            match code {
                // Shift to set 1 pads the end.
                0 => {}
                3 => text.push(' '),
                4..=13 => text.push(char::from(b'0' + (code - 4) as u8)),
                14..=39 => text.push(char::from(b'A' + (code - 14) as u8)),
                _ => return None,
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn headers_of_published_seals() {
        assert_eq!(decode(&[0xd9, 0xc5]).as_deref(), Some("UTO"));
        assert_eq!(decode(&[0x6a, 0xbc]).as_deref(), Some("D  "));
        assert_eq!(decode(&[0xd9, 0xca, 0xc8, 0xa7]).as_deref(), Some("UTTS02"));
        // One character that is left over at the end.
        assert_eq!(decode(&[0xfe, 0x42]).as_deref(), Some("A"));
        assert_eq!(decode(&[0, 0]), None);
        assert_eq!(decode(&[0xd9]), None);
    }
}
