//! Writing DER (ITU-T X.690): just what an issuer needs.

/// One element: a tag of one to four bytes, the length in as few bytes as it
/// takes, the contents.
pub fn tlv(tag: u32, contents: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = tag
        .to_be_bytes()
        .into_iter()
        .skip_while(|b| *b == 0)
        .collect();
    let len = contents.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let bytes: Vec<u8> = len
            .to_be_bytes()
            .into_iter()
            .skip_while(|b| *b == 0)
            .collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend(bytes);
    }
    out.extend_from_slice(contents);
    out
}

/// A constructed element with these parts in it.
pub(crate) fn nest(tag: u32, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// SEQUENCE.
pub(crate) fn seq(parts: &[&[u8]]) -> Vec<u8> {
    nest(0x30, parts)
}

/// SET OF, in DER order.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(0x31, &parts.concat())
}

/// INTEGER from a big-endian magnitude.
pub(crate) fn uint(magnitude: &[u8]) -> Vec<u8> {
    let start = magnitude
        .iter()
        .position(|b| *b != 0)
        .unwrap_or(magnitude.len());
    let mut contents = magnitude[start..].to_vec();
    if contents.first().is_none_or(|b| *b >= 0x80) {
        contents.insert(0, 0);
    }
    tlv(0x02, &contents)
}

/// INTEGER from a small number.
pub(crate) fn small(n: u64) -> Vec<u8> {
    uint(&n.to_be_bytes())
}

/// OBJECT IDENTIFIER from its arcs.
pub(crate) fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut contents = Vec::new();
    let first = arcs.first().copied().unwrap_or_default() * 40;
    let head = first + arcs.get(1).copied().unwrap_or_default();
    for arc in std::iter::once(head).chain(arcs.iter().skip(2).copied()) {
        let mut groups = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        contents.extend(groups.into_iter().rev());
    }
    tlv(0x06, &contents)
}

/// BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    nest(0x03, &[&[0], bytes])
}

/// OCTET STRING.
pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}
