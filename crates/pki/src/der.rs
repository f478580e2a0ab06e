//! BER once more in DER (X.690, 10 and 11), for what was signed in DER and stands
//! in BER.

use crate::ber::Tlv;

/// Elements inside one another; signed attributes have six.
const DEEPEST: usize = 12;

/// The element in DER: shortest definite lengths, strings in one piece, sets in
/// order. `None` if it is malformed or nested too deeply.
pub(crate) fn der(tlv: &Tlv<'_>) -> Option<Vec<u8>> {
    encoded(tlv, DEEPEST)
}

/// Tag and length, and the contents.
pub(crate) fn element(tag: u32, contents: &[u8]) -> Vec<u8> {
    let significant = |n: u32| n.to_be_bytes().into_iter().skip_while(|b| *b == 0);
    let mut out: Vec<u8> = significant(tag).collect();
    match contents.len() {
        len @ 0..=0x7f => out.push(len as u8),
        len => {
            let len: Vec<u8> = significant(len as u32).collect();
            out.push(0x80 | len.len() as u8);
            out.extend(len);
        }
    }
    out.extend_from_slice(contents);
    out
}

fn encoded(tlv: &Tlv<'_>, deeper: usize) -> Option<Vec<u8>> {
    const CONSTRUCTED: u32 = 0x20;
    const SET: u32 = 0x31;
    const STRING_IN_PIECES: u32 = 0x24;
    if tlv.tag > 0xff || tlv.tag & CONSTRUCTED == 0 {
        return Some(element(tlv.tag, tlv.value));
    }
    if tlv.tag == STRING_IN_PIECES {
        return Some(element(0x04, &tlv.octets().ok()?));
    }
    let deeper = deeper.checked_sub(1)?;
    let mut parts = Vec::new();
    for part in tlv.contents() {
        parts.push(encoded(&part.ok()?, deeper)?);
    }
    if tlv.tag == SET {
        parts.sort_unstable();
    }
    Some(element(tlv.tag, &parts.concat()))
}

#[cfg(test)]
mod tests {
    use super::der;
    use crate::ber::Reader;

    #[test]
    fn lengths_become_definite_and_short_pieces_one_and_sets_sorted() {
        let ber = [
            0x31, 0x80, 0x04, 0x81, 0x01, 0xbb, 0x24, 0x80, 0x04, 0x01, 0xaa, 0, 0, 0, 0,
        ];
        let tlv = Reader::new(&ber, 0).read().expect("reads");
        let wanted = [0x31, 0x06, 0x04, 0x01, 0xaa, 0x04, 0x01, 0xbb];
        assert_eq!(der(&tlv).expect("encodes"), wanted);
        let deep = [0x30, 0x80].repeat(20);
        let deep = [deep, vec![0; 40]].concat();
        let tlv = Reader::new(&deep, 0).read().expect("reads");
        assert_eq!(der(&tlv), None);
    }
}
