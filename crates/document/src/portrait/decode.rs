//! Encoded image to pixels, within limits that are checked before allocating.

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageReader, Limits};
use zeroize::Zeroizing;

use super::ImageFormat;
use super::colour;
use super::orient;
use super::probe::{Probe, probe};
use super::whole::jpeg_is_whole;
use crate::error::Error;

/// What decoding may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Bytes of the encoded image.
    pub max_encoded: usize,
    /// Pixels of the image.
    pub max_pixels: u64,
    /// Pixels for every byte of the encoded image, which bounds time by what was
    /// sent; a million are always allowed.
    pub max_pixels_per_byte: u64,
    /// Bytes that decoding may hold at once beside the encoded image, by what the
    /// headers declare: pixels as they are encoded and as 8-bit RGB; the
    /// coefficients that a JPEG of several scans keeps; 32-bit samples of
    /// JPEG 2000; room to turn the picture.
    pub max_memory: u64,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self {
            max_encoded: 16 << 20,
            max_pixels: 20_000_000,
            max_pixels_per_byte: 16,
            max_memory: 60_000_000,
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
/// Pixels that an image may have however few bytes it has.
const ALWAYS_ALLOWED: u64 = 1_000_000;
/// Bytes that a decoder may take for what isn't pixels.
const MOST_BESIDE: u64 = 4 << 20;
/// Rows of pixels that decoders of JPEG and PNG work on, at most, in rows of
/// the pixels that they give: sixteen of three samples in 16 bits, twice.
const ROWS_OF_DECODER: u64 = 64;

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
    check_size(&header, RGB, encoded.len(), limits)?;
    match format {
        ImageFormat::Jpeg if !jpeg_is_whole(encoded) => Err(Error::document(
            "the JPEG image is cut off: it has no end-of-image marker",
        )),
        ImageFormat::Jpeg => with_image(encoded, image::ImageFormat::Jpeg, &header, limits),
        ImageFormat::Png => with_image(encoded, image::ImageFormat::Png, &header, limits),
        ImageFormat::Jp2 | ImageFormat::J2k => jpeg_2000(encoded, &header),
    }
}

/// What the header alone says; at least the pixels that are wanted are held with
/// the rest.
pub(super) fn check_size(
    header: &Probe,
    wanted: u64,
    encoded: usize,
    limits: &ImageLimits,
) -> Result<(), Error> {
    let pixels = u64::from(header.width) * u64::from(header.height);
    let by_bytes = limits.max_pixels_per_byte.saturating_mul(encoded as u64);
    let most = limits.max_pixels.min(by_bytes.max(ALWAYS_ALLOWED));
    if pixels == 0 {
        return Err(Error::document("the image has no pixels"));
    }
    if pixels > most || header.tiles > MOST_TILES {
        return Err(Error::document(format!(
            "the image declares {} x {} pixels in {} tiles, more than the {most} pixels or {MOST_TILES} tiles allowed in {encoded} bytes",
            header.width,
            header.height,
            header.tiles.max(1)
        )));
    }
    let held = match header.format {
        ImageFormat::Jp2 | ImageFormat::J2k => header.working.saturating_add(wanted * pixels),
        // Grey pixels are fewer bytes while coefficients are kept.
        ImageFormat::Jpeg | ImageFormat::Png => wanted * pixels,
    };
    check_memory(held, (header.width, header.height), limits)
}

fn check_memory(held: u64, (width, height): (u32, u32), limits: &ImageLimits) -> Result<(), Error> {
    if held > limits.max_memory {
        return Err(Error::document(format!(
            "decoding the image of {width} x {height} pixels would take {held} bytes of memory, more than the {} allowed",
            limits.max_memory
        )));
    }
    Ok(())
}

fn with_image(
    encoded: &[u8],
    format: image::ImageFormat,
    header: &Probe,
    limits: &ImageLimits,
) -> Result<Raster, Error> {
    let (picture, orientation) = native(encoded, format, header, RGB, limits)?;
    Ok(orient::upright(colour::rgb(picture), orientation))
}

/// Bytes of a pixel that is wanted.
const RGB: u64 = 3;
pub(super) const LUMA: u64 = 1;

/// The picture in its own colours, and how it has to be turned; `wanted` bytes of
/// each pixel will be held beside it unless they are its own.
pub(super) fn native(
    encoded: &[u8],
    format: image::ImageFormat,
    header: &Probe,
    wanted: u64,
    limits: &ImageLimits,
) -> Result<(DynamicImage, Orientation), Error> {
    let damaged = |e: image::ImageError| Error::document(format!("the image is damaged: {e}"));
    let mut reader = ImageReader::with_format(std::io::Cursor::new(encoded), format);
    let mut allowed = Limits::default();
    // For what stands beside the pixels, such as a zipped colour profile.
    allowed.max_alloc = Some(MOST_BESIDE);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if (width, height) != (header.width, header.height) {
        return Err(Error::document("the image declares two different sizes"));
    }
    let pixels = u64::from(width) * u64::from(height);
    let native = decoder.total_bytes();
    let rows = native / u64::from(height.max(1)) * ROWS_OF_DECODER;
    let held = [
        native.saturating_add(header.working).saturating_add(rows),
        match (decoder.color_type(), wanted) {
            (ColorType::Rgb8, RGB) | (ColorType::L8, LUMA) => native,
            _ => native.saturating_add(wanted * pixels),
        },
        if orient::is_quarter(orientation) {
            (wanted + 1) * pixels
        } else {
            wanted * pixels
        },
    ];
    let held = held.into_iter().max().unwrap_or(u64::MAX);
    check_memory(held, (width, height), limits)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok((picture, orientation))
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
