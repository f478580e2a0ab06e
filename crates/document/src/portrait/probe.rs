//! Format and size of an encoded image, from its header alone.

use super::ImageFormat;

/// What an image's header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub format: ImageFormat,
    pub width: u32,
    pub height: u32,
    /// Bytes that a decoder keeps until the end beside the pixels that it gives.
    pub working: u64,
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
        working: 0,
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

/// Walks the markers to the first scan (ISO/IEC 10918-1, B.2.2 and B.2.3). Where
/// that is missing, the decoder is thought to keep what it may keep.
fn jpeg(bytes: &[u8]) -> Option<Probe> {
    let mut at = 2;
    let mut frame: Option<(Probe, u8, bool)> = None;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            0xda => {
                let (probe, components, progressive) = frame?;
                let in_scan = bytes.get(at + 2).copied();
                // All components in one scan are turned into pixels at once.
                let at_once = !progressive && in_scan == Some(components);
                let working = if at_once { 0 } else { probe.working };
                return Some(Probe { working, ..probe });
            }
            0xd9 => break,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                if frame.is_none() {
                    let probe = jpeg_frame(bytes, at)?;
                    frame = Some((probe, *bytes.get(at + 7)?, marker == 0xc2));
                }
                at += usize::from(be16(bytes, at)?).max(2);
            }
            _ => match be16(bytes, at) {
                Some(length) => at += usize::from(length).max(2),
                None => break,
            },
        }
    }
    frame.map(|(probe, ..)| probe)
}

fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    while *bytes.get(*at)? != 0xff {
        *at += 1;
    }
    while *bytes.get(*at)? == 0xff {
        *at += 1;
    }
    *at += 1;
    bytes.get(*at - 1).copied()
}

/// The frame header at its length field. A decoder that keeps coefficients until
/// the last scan has two bytes for each, in whole units of eight by eight.
fn jpeg_frame(bytes: &[u8], at: usize) -> Option<Probe> {
    let (height, width) = (be16(bytes, at + 3)?, be16(bytes, at + 5)?);
    let mut probe = plain(ImageFormat::Jpeg, width.into(), height.into());
    let (mut most, mut blocks) = ((1, 1), 0);
    for component in 0..usize::from(*bytes.get(at + 7)?) {
        // A component that the header lacks is one that no decoder reads.
        let sampling = bytes.get(at + 9 + 3 * component).copied().unwrap_or(0x11);
        let (across, down) = (u64::from(sampling >> 4), u64::from(sampling & 15));
        most = (most.0.max(across), most.1.max(down));
        blocks += across * down;
    }
    let units = |side: u16, most: u64| u64::from(side).div_ceil(8 * most);
    probe.working = units(width, most.0) * units(height, most.1) * blocks * 64 * 2;
    Some(probe)
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
    let (width, height) = (x.checked_sub(x0)?, y.checked_sub(y0)?);
    // Coefficients and samples, both in 32-bit floating point.
    let pixels = u64::from(width) * u64::from(height);
    let working = pixels.saturating_mul(8 * u64::from(be16(bytes, 40)?));
    Some(Probe {
        format,
        width,
        height,
        working,
        tiles: tiles(x, tile_x0, tile_x)?.checked_mul(tiles(y, tile_y0, tile_y)?)?,
    })
}

fn jp2(bytes: &[u8]) -> Option<Probe> {
    codestream(codestream_of(bytes)?, ImageFormat::Jp2)
}

/// The codestream of a JPEG 2000 image: bare, or after the boxes before the contiguous
/// codestream (ISO/IEC 15444-1, I.4).
pub(super) fn codestream_of(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(&[0xff, 0x4f]) {
        return Some(bytes);
    }
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
            return bytes.get(at + header..);
        }
        if len < header {
            return None;
        }
        at = at.checked_add(len)?;
    }
}
