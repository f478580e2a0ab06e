//! Tag-length-value as documents have it: DER, BER, and the chip's variety of
//! BER (ISO/IEC 7816-4), over borrowed bytes.
//!
//! Nothing here recurses: a caller descends by its own fixed schema, so input
//! nested 3,000 deep costs one level. The `cms` and `x509-cert` crates read the
//! same structures, and re-encode them; signatures here are verified over the
//! bytes as they stood in the file, which also gives findings their offsets.

use std::borrow::Cow;

/// Indefinite lengths inside one another; real SODs have at most eight.
const DEEPEST_INDEFINITE: usize = 32;

/// Elements inside one another that are looked at for their encoding.
const DEEPEST_LOOKED_AT: usize = 12;

/// Pieces of strings inside one another.
const DEEPEST_PIECES: usize = 4;

/// One element.
#[derive(Clone, Copy, Debug)]
pub struct Tlv<'a> {
    /// The tag's bytes, big-endian: `0x30`, `0x7f61`.
    pub tag: u32,
    /// The whole element, tag and length included.
    pub raw: &'a [u8],
    /// The contents; for an indefinite length without the end mark.
    pub value: &'a [u8],
    /// Where the element begins, in bytes from the start of the file.
    pub offset: usize,
    /// Where the contents begin.
    pub value_offset: usize,
}

/// Why bytes are not an element, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BerError {
    /// In bytes from the start of the file.
    pub offset: usize,
    /// What is wrong there, for a person.
    pub what: &'static str,
}

impl std::fmt::Display for BerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at offset {}", self.what, self.offset)
    }
}

/// What reading gives: a value, or where and why there is none.
pub type Result<T> = std::result::Result<T, BerError>;

/// The error that `what` is wrong at `offset`.
pub fn fail<T>(offset: usize, what: &'static str) -> Result<T> {
    Err(BerError { offset, what })
}

/// Bytes of tag and length in DER.
fn shortest_header(element: &Tlv<'_>) -> usize {
    let significant = |n: usize| (usize::BITS - n.leading_zeros()).div_ceil(8) as usize;
    let length = match element.value.len() {
        0..=0x7f => 1,
        more => 1 + significant(more),
    };
    significant(element.tag as usize).max(1) + length
}

struct Header {
    tag: u32,
    header_len: usize,
    /// `None`: indefinite.
    len: Option<usize>,
}

/// How many bytes a tag may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tags {
    /// As X.690, 8.1.2 has it, up to four.
    #[default]
    Ber,
    /// Two where the first byte asks for more, whatever the second says.
    Two,
}

fn header(bytes: &[u8], offset: usize, tags: Tags) -> Result<Header> {
    let mut at = 0;
    let mut next = || -> Result<u8> {
        let byte = bytes.get(at).copied();
        at += 1;
        byte.ok_or(BerError {
            offset: offset + at - 1,
            what: "the data end inside a tag or length",
        })
    };
    let first = next()?;
    let mut tag = u32::from(first);
    if first & 0x1f == 0x1f {
        loop {
            let byte = next()?;
            if tag > 0xff_ffff {
                return fail(offset, "a tag longer than four bytes");
            }
            tag = tag << 8 | u32::from(byte);
            if byte & 0x80 == 0 || tags == Tags::Two {
                break;
            }
        }
    }
    let first_len = next()?;
    let len = match first_len {
        0..=0x7f => Some(usize::from(first_len)),
        0x80 if first & 0x20 != 0 => None,
        0x81..=0x84 => {
            let mut len = 0_usize;
            for _ in 0..first_len & 0x7f {
                len = len << 8 | usize::from(next()?);
            }
            Some(len)
        }
        _ => return fail(offset, "a length that is not allowed"),
    };
    Ok(Header {
        tag,
        header_len: at,
        len,
    })
}

/// Length of the contents of an indefinite-length element, end mark excluded.
fn indefinite_len(bytes: &[u8], offset: usize) -> Result<usize> {
    let mut open = 1_usize;
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(&[0, 0]) {
            open -= 1;
            if open == 0 {
                return Ok(at);
            }
            at += 2;
            continue;
        }
        let h = header(rest, offset + at, Tags::Ber)?;
        match h.len {
            Some(len) if len <= rest.len() - h.header_len => at += h.header_len + len,
            Some(_) => return fail(offset + at, "a length beyond the end of the data"),
            None => {
                open += 1;
                at += h.header_len;
                if open > DEEPEST_INDEFINITE {
                    return fail(offset + at, "indefinite lengths nested too deeply");
                }
            }
        }
    }
}

/// Elements one after another.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    tags: Tags,
}

impl<'a> Reader<'a> {
    /// Over `bytes`, which begin at `offset` of their file.
    pub fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self {
            rest: bytes,
            offset,
            tags: Tags::Ber,
        }
    }

    /// The same with tags of two bytes at most, which are all that a chip's files
    /// have: of a second byte that says that the tag goes on (5F85 is seen) the chip
    /// that wrote it knew nothing.
    pub fn with_two_byte_tags(self) -> Self {
        Self {
            tags: Tags::Two,
            ..self
        }
    }

    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Where in the file the next element begins.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The tag of the next element, `None` at the end.
    pub fn peek(&self) -> Option<u32> {
        header(self.rest, self.offset, self.tags)
            .ok()
            .map(|h| h.tag)
    }

    /// The next element.
    pub fn read(&mut self) -> Result<Tlv<'a>> {
        let h = header(self.rest, self.offset, self.tags)?;
        let body = &self.rest[h.header_len..];
        let (len, trailer) = match h.len {
            Some(len) => (len, 0),
            None => (indefinite_len(body, self.offset + h.header_len)?, 2),
        };
        let Some(value) = body.get(..len) else {
            return fail(self.offset, "a length beyond the end of the data");
        };
        let end = h.header_len + len + trailer;
        let tlv = Tlv {
            tag: h.tag,
            raw: &self.rest[..end],
            value,
            offset: self.offset,
            value_offset: self.offset + h.header_len,
        };
        self.rest = &self.rest[end..];
        self.offset += end;
        Ok(tlv)
    }

    /// The next element, which must have the tag.
    pub fn expect(&mut self, tag: u32, what: &'static str) -> Result<Tlv<'a>> {
        let offset = self.offset;
        match self.read() {
            Ok(tlv) if tlv.tag == tag => Ok(tlv),
            Ok(_) => fail(offset, what),
            Err(e) => Err(e),
        }
    }

    /// The next element if it has the tag.
    pub fn optional(&mut self, tag: u32) -> Result<Option<Tlv<'a>>> {
        match self.peek() {
            Some(t) if t == tag => self.read().map(Some),
            _ => Ok(None),
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Tlv<'a>>;

    /// Every element to the end; stops after an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let item = self.read();
        if item.is_err() {
            self.rest = &[];
        }
        Some(item)
    }
}

impl<'a> Tlv<'a> {
    /// A reader over the contents.
    pub fn contents(&self) -> Reader<'a> {
        Reader::new(self.value, self.value_offset)
    }

    /// Whether the element and those in it, as deep as signed data go, are in DER as
    /// far as lengths and strings tell (X.690, 10.1 and 10.2): lengths definite and
    /// as short as can be, strings in one piece.
    pub fn is_der(&self) -> bool {
        let mut open = vec![Reader::new(self.raw, self.offset)];
        while let Some(elements) = open.last_mut() {
            let Some(element) = elements.next() else {
                open.pop();
                continue;
            };
            // What is inside of strings and of what can't be read isn't looked at.
            let Ok(element) = element else { return true };
            let is_short = element.raw.len() - element.value.len() == shortest_header(&element);
            if !is_short || matches!(element.tag, 0x23 | 0x24) {
                return false;
            }
            if element.tag & 0x20 != 0 && element.tag <= 0xff && open.len() < DEEPEST_LOOKED_AT {
                open.push(element.contents());
            }
        }
        true
    }

    /// An OCTET STRING's bytes, also where BER has it in pieces, and these in
    /// pieces again (X.690, 8.7.3).
    pub fn octets(&self) -> Result<Cow<'a, [u8]>> {
        if self.tag & 0x20 == 0 || self.tag > 0xff {
            return Ok(Cow::Borrowed(self.value));
        }
        let mut joined = Vec::new();
        let mut open = vec![self.contents()];
        while let Some(pieces) = open.last_mut() {
            if pieces.is_empty() {
                open.pop();
                continue;
            }
            let piece = pieces.read()?;
            match piece.tag {
                0x04 => joined.extend_from_slice(piece.value),
                0x24 if open.len() < DEEPEST_PIECES => open.push(piece.contents()),
                _ => return fail(piece.offset, "a piece of a string that is no string"),
            }
        }
        Ok(Cow::Owned(joined))
    }

    /// A small non-negative INTEGER or ENUMERATED.
    pub fn small_uint(&self) -> Option<u32> {
        match self.value {
            [] => None,
            [first, ..] if *first >= 0x80 => None,
            bytes => {
                let start = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
                let bytes = &bytes[start..];
                (bytes.len() <= 4).then(|| bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b)))
            }
        }
    }

    /// An INTEGER's magnitude without leading zeros; `None` if negative.
    pub fn uint_bytes(&self) -> Option<&'a [u8]> {
        match self.value {
            [] => None,
            [first, ..] if *first >= 0x80 => None,
            bytes => {
                let start = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
                Some(&bytes[start..])
            }
        }
    }

    /// A BIT STRING's bytes where no bit is unused.
    pub fn bits(&self) -> Result<&'a [u8]> {
        match self.value {
            [0, bytes @ ..] => Ok(bytes),
            _ => fail(self.offset, "a bit string that is no whole number of bytes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[test]
    fn reads_indefinite_lengths_and_strings_in_pieces() {
        let bytes = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0xaa, 0x04, 0x02, 0xbb, 0xcc, 0, 0, 0, 0, 0x05, 0,
        ];
        let mut reader = Reader::new(&bytes, 0);
        let outer = reader.expect(0x30, "a sequence").expect("reads");
        assert_eq!(outer.raw.len(), 15);
        let string = outer
            .contents()
            .expect(0x24, "a constructed string")
            .expect("reads");
        assert_eq!(string.octets().expect("joins").as_ref(), [0xaa, 0xbb, 0xcc]);
        assert_eq!(reader.offset(), 15);
        assert_eq!(reader.peek(), Some(0x05));
    }

    #[test]
    fn refuses_what_is_cut_or_nested_too_deeply() {
        let deep = [0x30, 0x80].repeat(40);
        let cases: [&[u8]; 6] = [
            &[],
            &[0x30],
            &[0x30, 0x05, 0x00],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x1f, 0x81, 0x81, 0x81, 0x81, 0x01, 0x00],
            &deep,
        ];
        for case in cases {
            assert!(Reader::new(case, 0).read().is_err(), "{case:02x?}");
        }
    }
}
