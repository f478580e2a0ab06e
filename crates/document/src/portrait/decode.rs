//! Encoded image to pixels, within limits that are checked before allocating.

use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use zeroize::Zeroizing;

use super::ImageFormat;
use super::probe::{Probe, probe};
use crate::error::Error;

/// What decoding may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Bytes of the encoded image.
    pub max_encoded: usize,
    /// Bytes of memory for pixels: three a pixel, for JPEG 2000 eight more for
    /// each component, because its decoder works in 32-bit floating point.
    pub max_pixel_bytes: u64,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self {
            max_encoded: 16 << 20,
            max_pixel_bytes: 60_000_000,
        }
    }
}

/// Decoded pixels: 8-bit RGB, rows from the top, no padding, zeroized on drop.
pub struct Raster {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `3 · width · height` bytes: R, G, B.
    pub rgb: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Raster({} x {}, pixels withheld)",
            self.width, self.height
        )
    }
}

/// More tiles than any portrait has; each costs the decoder memory.
const MOST_TILES: u64 = 4096;

pub(crate) fn decode(
    format: ImageFormat,
    encoded: &[u8],
    limits: &ImageLimits,
) -> Result<Raster, Error> {
    if encoded.len() > limits.max_encoded {
        return Err(Error::document(format!(
            "the image is {} bytes long, more than the {} allowed",
            encoded.len(),
            limits.max_encoded
        )));
    }
    let header = probe(encoded)
        .filter(|p| p.format == format)
        .ok_or_else(|| Error::document("the image's header cannot be read"))?;
    check_size(&header, limits)?;
    match format {
        ImageFormat::Jpeg if !jpeg_is_whole(encoded) => Err(Error::document(
            "the JPEG image is cut off: it has no end-of-image marker",
        )),
        ImageFormat::Jpeg => with_image(encoded, image::ImageFormat::Jpeg, limits),
        ImageFormat::Png => with_image(encoded, image::ImageFormat::Png, limits),
        ImageFormat::Jp2 | ImageFormat::J2k => jpeg_2000(encoded, &header),
    }
}

/// Whether a JPEG has an end-of-image marker after its first scan. The decoder
/// would fill what is missing with grey, and a face half grey is nobody's.
fn jpeg_is_whole(encoded: &[u8]) -> bool {
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

fn check_size(header: &Probe, limits: &ImageLimits) -> Result<(), Error> {
    let pixels = u64::from(header.width) * u64::from(header.height);
    let bytes_a_pixel = if header.components > 0 {
        3 + 8 * u64::from(header.components)
    } else {
        3
    };
    if pixels == 0 {
        return Err(Error::document("the image has no pixels"));
    }
    if pixels.saturating_mul(bytes_a_pixel) > limits.max_pixel_bytes || header.tiles > MOST_TILES {
        return Err(Error::document(format!(
            "the image declares {} x {} pixels, more than the limit of {} bytes of memory allows",
            header.width, header.height, limits.max_pixel_bytes
        )));
    }
    Ok(())
}

fn with_image(
    encoded: &[u8],
    format: image::ImageFormat,
    limits: &ImageLimits,
) -> Result<Raster, Error> {
    let damaged = |e: image::ImageError| Error::document(format!("the image is damaged: {e}"));
    let mut reader = ImageReader::with_format(std::io::Cursor::new(encoded), format);
    let mut allowed = Limits::default();
    // A 16-bit RGBA PNG of the same pixels takes eight bytes a pixel.
    allowed.max_alloc = Some(limits.max_pixel_bytes.saturating_mul(3));
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    let rgb = picture.into_rgb8();
    let (width, height) = rgb.dimensions();
    Ok(Raster {
        width,
        height,
        rgb: Zeroizing::new(rgb.into_raw()),
    })
}

/// The decoder has assertions that crafted boxes can trip (an empty channel
/// definition, for one); here they are the document's fault, not a crash.
fn jpeg_2000(encoded: &[u8], header: &Probe) -> Result<Raster, Error> {
    std::panic::catch_unwind(|| jpeg_2000_inner(encoded, header))
        .unwrap_or_else(|_| Err(Error::document("the JPEG 2000 image is malformed")))
}

fn jpeg_2000_inner(encoded: &[u8], header: &Probe) -> Result<Raster, Error> {
    use hayro_jpeg2000::{DecodeError, DecodeSettings, DecoderContext, Image};
    let damaged = |e: DecodeError| Error::document(format!("the JPEG 2000 image is damaged: {e}"));
    let settings = DecodeSettings::default();
    let image = Image::new(encoded, &settings).map_err(damaged)?;
    if (image.width(), image.height()) != (header.width, header.height) {
        return Err(Error::document(
            "the JPEG 2000 image declares two different sizes",
        ));
    }
    let colours = usize::from(image.color_space().num_channels());
    let (width, height) = (image.width(), image.height());
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(damaged)?;
    let stride = decoded.components().len();
    let pixels = Zeroizing::new(decoded.data_u8());
    let count = width as usize * height as usize;
    if stride < colours || stride > 8 || pixels.len() != count * stride {
        return Err(Error::document("the JPEG 2000 image is inconsistent"));
    }
    let mut rgb = Zeroizing::new(Vec::with_capacity(3 * count));
    for pixel in pixels.chunks_exact(stride) {
        match colours {
            1 | 2 => rgb.extend_from_slice(&[pixel[0]; 3]),
            3 => rgb.extend_from_slice(&pixel[..3]),
            4 => {
                let ink = |c: u8| (u32::from(255 - c) * u32::from(255 - pixel[3]) / 255) as u8;
                rgb.extend_from_slice(&[ink(pixel[0]), ink(pixel[1]), ink(pixel[2])]);
            }
            _ => return Err(Error::document("the JPEG 2000 image has odd colours")),
        }
    }
    Ok(Raster { width, height, rgb })
}
