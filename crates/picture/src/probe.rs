//! Format and size of an encoded image, from its header alone.

use serde::Serialize;

/// How a picture is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImageFormat {
    /// JPEG (ISO/IEC 10918-1).
    #[serde(rename = "jpg")]
    Jpeg,
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG 2000 in its file format (ISO/IEC 15444-1, Annex I).
    Jp2,
    /// A JPEG 2000 codestream without boxes (ISO/IEC 15444-1, Annex A).
    J2k,
}

impl ImageFormat {
    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Jp2 => "jp2",
            Self::J2k => "j2k",
        }
    }
}

impl std::fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Jp2 | Self::J2k => "JPEG 2000",
        })
    }
}

/// What a picture's header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The compression.
    pub format: ImageFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether a JPEG 2000 codestream needs the high-throughput decoder of ISO/IEC
    /// 15444-15.
    pub is_high_throughput: bool,
    /// Components of a JPEG 2000 codestream; 0 for the others.
    pub(crate) components: u64,
    /// Its tiles; 0 for the others.
    pub(crate) tiles: u64,
}

/// Recognises JPEG, PNG, JP2 and JPEG 2000 codestreams; `None` for anything
/// else, or where the header is cut.
pub fn probe(bytes: &[u8]) -> Option<Header> {
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

fn plain(format: ImageFormat, width: u32, height: u32) -> Header {
    Header {
        format,
        width,
        height,
        is_high_throughput: false,
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
fn jpeg(bytes: &[u8]) -> Option<Header> {
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            0xd9 | 0xda => break,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (be16(bytes, at + 3)?, be16(bytes, at + 5)?);
                return Some(plain(ImageFormat::Jpeg, width.into(), height.into()));
            }
            _ => at += usize::from(be16(bytes, at)?).max(2),
        }
    }
    None
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

/// The SIZ marker segment (ISO/IEC 15444-1, A.5.1).
fn codestream(bytes: &[u8], format: ImageFormat) -> Option<Header> {
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
    Some(Header {
        format,
        width,
        height,
        is_high_throughput: is_high_throughput(bytes),
        components: be16(bytes, 40)?.into(),
        tiles: tiles(x, tile_x0, tile_x)?.checked_mul(tiles(y, tile_y0, tile_y)?)?,
    })
}

/// By the CAP marker segment after SIZ, as Rsiz announces it (ISO/IEC 15444-1, A.5.1 and
/// A.5.2; 15444-15, A.3: bit 15 of Pcap).
fn is_high_throughput(stream: &[u8]) -> bool {
    let announced = be16(stream, 6).is_some_and(|rsiz| rsiz & 0x4000 != 0);
    let next = be16(stream, 4).map(|length| 4 + usize::from(length));
    let part_15 = next.is_some_and(|at| {
        be16(stream, at) == Some(0xff50)
            && be32(stream, at + 4).is_some_and(|pcap| pcap & (1 << (32 - 15)) != 0)
    });
    announced && part_15
}

fn jp2(bytes: &[u8]) -> Option<Header> {
    codestream(codestream_of(bytes)?, ImageFormat::Jp2)
}

/// The codestream of a JPEG 2000 image: bare, or after the boxes before the contiguous
/// codestream (ISO/IEC 15444-1, I.4).
pub(crate) fn codestream_of(bytes: &[u8]) -> Option<&[u8]> {
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

#[cfg(test)]
mod tests {
    use super::{ImageFormat, probe};

    #[test]
    fn a_header_is_read_as_far_as_it_goes() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0, 0, 0x1, 0, 0, 0, 0, 9, 8, 2, 0, 0, 0]);
        let jpeg = [
            0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff, 0xff, 0xc2, 0, 17, 8, 0, 9, 1, 0, 3,
        ];
        for (file, format) in [(&png[..], ImageFormat::Png), (&jpeg[..], ImageFormat::Jpeg)] {
            let header = probe(file).expect("a header");
            assert_eq!(
                (header.format, header.width, header.height),
                (format, 256, 9)
            );
            for cut in 0..file.len() - 5 {
                if let Some(header) = probe(&file[..cut]) {
                    assert_eq!((header.width, header.height), (256, 9), "{format} {cut}");
                }
            }
        }
        assert_eq!(probe(b"GIF89a"), None);
    }
}
