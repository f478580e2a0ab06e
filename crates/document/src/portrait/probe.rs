//! Format and size of an encoded image, from its header alone.

use super::ImageFormat;

/// What an image's header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// Components of a JPEG 2000 codestream; 0 for the others.
    pub components: u16,
    /// Tiles of a JPEG 2000 codestream; 0 for the others.
    pub tiles: u64,
}

/// Recognises JPEG, PNG, JP2 and JPEG 2000 codestreams; `None` for anything
/// else, or where the header is cut.
pub(crate) fn probe(bytes: &[u8]) -> Option<Probe> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let width = be32(bytes, 16)?;
        let height = be32(bytes, 20)?;
        Some(plain(ImageFormat::Png, width, height))
    } else if bytes.starts_with(&[0xff, 0x4f, 0xff, 0x51]) {
        codestream(bytes, ImageFormat::J2k)
    } else if bytes.starts_with(b"\x00\x00\x00\x0cjP  ") {
        jp2(bytes)
    } else {
        None
    }
}

fn plain(format: ImageFormat, width: u32, height: u32) -> Probe {
    Probe {
        format,
        width,
        height,
        components: 0,
        tiles: 0,
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(two.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Walks the markers to the frame header (ISO/IEC 10918-1, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<Probe> {
    let mut at = 2;
    loop {
        while *bytes.get(at)? != 0xff {
            at += 1;
        }
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            0xd9 | 0xda => return None,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let height = be16(bytes, at + 3)?;
                let width = be16(bytes, at + 5)?;
                return Some(plain(ImageFormat::Jpeg, width.into(), height.into()));
            }
            _ => at += usize::from(be16(bytes, at)?).max(2),
        }
    }
}

/// The SIZ marker segment (ISO/IEC 15444-1, A.5.1).
fn codestream(bytes: &[u8], format: ImageFormat) -> Option<Probe> {
    if !bytes.starts_with(&[0xff, 0x4f, 0xff, 0x51]) {
        return None;
    }
    let field = |i: usize| be32(bytes, 8 + 4 * i);
    let (x, y, x0, y0) = (field(0)?, field(1)?, field(2)?, field(3)?);
    let (tile_x, tile_y, tile_x0, tile_y0) = (field(4)?, field(5)?, field(6)?, field(7)?);
    let tiles = |end: u32, first: u32, step: u32| {
        let span = u64::from(end.saturating_sub(first));
        (step > 0).then(|| span.div_ceil(u64::from(step)))
    };
    Some(Probe {
        format,
        width: x.checked_sub(x0)?,
        height: y.checked_sub(y0)?,
        components: be16(bytes, 40)?,
        tiles: tiles(x, tile_x0, tile_x)?.checked_mul(tiles(y, tile_y0, tile_y)?)?,
    })
}

/// Boxes until the contiguous codestream (ISO/IEC 15444-1, I.4).
fn jp2(bytes: &[u8]) -> Option<Probe> {
    let mut at = 0_usize;
    loop {
        let len = be32(bytes, at)?;
        let kind = bytes.get(at + 4..at + 8)?;
        let (header, len) = match len {
            0 => (8, bytes.len() - at),
            1 => (16, usize::try_from(be32(bytes, at + 12)?).ok()?),
            n => (8, usize::try_from(n).ok()?),
        };
        if kind == b"jp2c" {
            return codestream(bytes.get(at + header..)?, ImageFormat::Jp2);
        }
        if len < header {
            return None;
        }
        at = at.checked_add(len)?;
    }
}
