//! JPEG 2000 (ISO/IEC 15444-1): chips have portraits in it. A picture that is too
//! large is decoded without its last levels of resolution, each of which halves it.

use crate::wiped::Wiped;
use image::metadata::Orientation;

use crate::canvas::{Canvas, Colours};
use crate::probe::{Header, codestream_of};
use crate::{Error, ImageFormat, Limit, Limits};

/// More tiles than any portrait has; each costs the decoder memory.
const MOST_TILES: u64 = 4096;
/// Levels of resolution that are left out at most.
const MOST_LEVELS: u32 = 5;
/// Coefficients and samples are both 32-bit floating point.
const BYTES_OF_SAMPLE: u64 = 8;

pub(crate) fn decode(
    file: &[u8],
    header: &Header,
    colours: Colours,
    limits: &Limits,
) -> Result<Canvas, Error> {
    check(file)?;
    let size = (u64::from(header.width), u64::from(header.height));
    if header.tiles > MOST_TILES {
        let (tiles, most) = (header.tiles, MOST_TILES);
        return Err(Limit::Tiles { tiles, most }.into());
    }
    let fits = |size: (u64, u64)| {
        // Samples of 8 bits stand beside those of the decoder at the end.
        let each = header.components.max(1) * (BYTES_OF_SAMPLE + 1);
        let beside = size.0.saturating_mul(size.1).saturating_mul(each);
        limits.check_kept(size, colours, beside, Orientation::NoTransforms)
    };
    let at = |level: u32| (size.0.div_ceil(1 << level), size.1.div_ceil(1 << level));
    let level = (0..=MOST_LEVELS).find(|level| fits(at(*level)).is_ok());
    let Some(level) = level else {
        fits(at(MOST_LEVELS))?;
        return Err(malformed("it has no size"));
    };
    // The decoder has assertions that crafted boxes can trip (an empty channel
    // definition, for one); here they are the file's fault, not a crash.
    std::panic::catch_unwind(|| inner(file, size, level, colours, fits))
        .unwrap_or_else(|_| Err(malformed("it is malformed")))
}

fn inner(
    file: &[u8],
    size: (u64, u64),
    level: u32,
    colours: Colours,
    fits: impl Fn((u64, u64)) -> Result<(), Limit>,
) -> Result<Canvas, Error> {
    use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
    let reduced = |side: u64| (side >> level).max(1) as u32;
    let settings = DecodeSettings {
        target_resolution: (level > 0).then(|| (reduced(size.0), reduced(size.1))),
        ..DecodeSettings::default()
    };
    let image = Image::new(file, &settings).map_err(malformed)?;
    let (width, height) = (image.width(), image.height());
    let given = (u64::from(width), u64::from(height));
    if level == 0 && given != size {
        return Err(malformed("it declares two different sizes"));
    }
    // It may have fewer levels than are to be left out.
    fits(given)?;
    let channels = usize::from(image.color_space().num_channels());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(malformed)?;
    let stride = decoded.components().len();
    let pixels = Wiped::new(decoded.data_u8());
    let (width, height) = (width as usize, height as usize);
    if stride < channels || stride > 8 || pixels.len() != width * height * stride {
        return Err(malformed("its parts don't fit together"));
    }
    let mut canvas = Canvas::new(width, height, colours);
    let mut row = Wiped::new(vec![0; 3 * width]);
    for line in pixels.chunks_exact(width * stride) {
        let samples = line.chunks_exact(stride);
        for (out, pixel) in row.as_chunks_mut::<3>().0.iter_mut().zip(samples) {
            *out = match channels {
                1 | 2 => [pixel[0]; 3],
                3 => [pixel[0], pixel[1], pixel[2]],
                4 => [0, 1, 2].map(|i| {
                    let light = u32::from(255 - pixel[i]) * u32::from(255 - pixel[3]);
                    (light / 255) as u8
                }),
                _ => return Err(malformed("it has odd colours")),
            };
        }
        canvas.push(&row);
    }
    Ok(canvas)
}

fn malformed(why: impl std::fmt::Display) -> Error {
    Error::damaged(ImageFormat::Jp2, why)
}

/// Whether all of it is there, by its own marks.
pub(crate) fn check(file: &[u8]) -> Result<(), Error> {
    match codestream_of(file) {
        Some(stream) if is_whole(stream) => Ok(()),
        _ => Err(malformed("part of its coded data is missing")),
    }
}

/// Whether every tile-part of a codestream is there as long as it says (ISO/IEC 15444-1,
/// A.4.2). The end-of-codestream marker isn't asked for, which some writers leave out:
/// nothing of the picture is in it.
fn is_whole(stream: &[u8]) -> bool {
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
    use super::is_whole;

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
        assert!(is_whole(&stream(14, true)));
        assert!(is_whole(&stream(14, false)));
        assert!(is_whole(&stream(0, true)));
        assert!(!is_whole(&stream(0, false)));
        assert!(!is_whole(&stream(17, true)));
        for cut in 0..20 {
            assert!(!is_whole(&stream(14, true)[..cut]), "{cut}");
        }
    }
}
