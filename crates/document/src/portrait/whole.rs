//! Whether an encoded image goes on to its end.

use super::ImageFormat;
use super::probe::codestream_of;

/// Whether a JPEG or JPEG 2000 image isn't cut off, by its own marks; of others their
/// decoder tells.
pub(crate) fn is_whole(format: ImageFormat, encoded: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_is_whole(encoded),
        ImageFormat::Jp2 | ImageFormat::J2k => {
            codestream_of(encoded).is_some_and(codestream_is_whole)
        }
        ImageFormat::Png => true,
    }
}

/// Whether a JPEG has an end-of-image marker after its first scan. The decoder
/// would fill what is missing with grey, and a face half grey is nobody's.
pub(super) fn jpeg_is_whole(encoded: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xff, marker, high, low]) = encoded.get(at..at + 4) {
        match marker {
            0xda => return encoded[at..].windows(2).any(|pair| pair == [0xff, 0xd9]),
            // Fill bytes, and markers without a length (ITU-T T.81, B.1.1.2).
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

/// Whether every tile-part of a codestream is there as long as it says (ISO/IEC 15444-1,
/// A.4.2). The end-of-codestream marker isn't asked for, which some writers leave out:
/// nothing of the picture is in it.
fn codestream_is_whole(stream: &[u8]) -> bool {
    let be16 = |at: usize| Some(u16::from_be_bytes(stream.get(at..at + 2)?.try_into().ok()?));
    let be32 = |at: usize| Some(u32::from_be_bytes(stream.get(at..at + 4)?.try_into().ok()?));
    let (mut at, mut parts) = (2_usize, 0);
    while let Some(marker) = be16(at) {
        at = match marker {
            0xffd9 => break,
            // A tile-part: its length is from its marker on.
            0xff90 => {
                let Some(length) = be32(at + 6) else {
                    return false;
                };
                parts += 1;
                match length as usize {
                    // The last one, up to the end of the codestream.
                    0 => return stream[at..].windows(2).any(|pair| pair == [0xff, 0xd9]),
                    length => at.saturating_add(length.max(12)),
                }
            }
            _ => match be16(at + 2) {
                Some(length) => at + 2 + usize::from(length),
                None => return false,
            },
        };
    }
    parts > 0 && at <= stream.len()
}

#[cfg(test)]
mod tests {
    use super::codestream_is_whole;

    /// SOC, a segment of four bytes, and a tile-part that says it has `says` bytes and
    /// has 14.
    fn stream(says: u8, end: bool) -> Vec<u8> {
        let mut stream = vec![0xff, 0x4f, 0xff, 0x52, 0, 4, 0, 0];
        stream.extend([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, says, 0, 1, 0xff, 0x93]);
        stream.extend(if end { &[0xff, 0xd9][..] } else { &[] });
        stream
    }

    #[test]
    fn a_tile_part_is_as_long_as_it_says() {
        assert!(codestream_is_whole(&stream(14, true)));
        assert!(codestream_is_whole(&stream(14, false)));
        assert!(codestream_is_whole(&stream(0, true)));
        assert!(!codestream_is_whole(&stream(0, false)));
        assert!(!codestream_is_whole(&stream(17, true)));
        for cut in 0..20 {
            assert!(!codestream_is_whole(&stream(14, true)[..cut]), "{cut}");
        }
    }
}
