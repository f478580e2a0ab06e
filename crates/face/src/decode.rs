//! Camera frames from their files: JPEG and PNG, nothing else.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};

use crate::{Error, ErrorKind, Image};

/// What a picture may cost. The default takes any camera that a lane has and
/// refuses a decompression bomb before memory is given to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// The largest file, in bytes.
    pub max_bytes: usize,
    /// The largest width and height, in pixels.
    pub max_side: u32,
    /// The largest number of pixels.
    pub max_pixels: u64,
}

impl Default for PictureLimits {
    fn default() -> Self {
        Self {
            max_bytes: 32 << 20,
            max_side: 8192,
            max_pixels: 24_000_000,
        }
    }
}

impl Image {
    /// Decodes a JPEG or PNG file, turned upright as its Exif orientation says.
    /// Grey pictures become RGB; transparency is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] beyond `limits`, found from the header alone;
    /// [`ErrorKind::Picture`] for anything that isn't a whole picture.
    pub fn decode(file: &[u8], limits: &PictureLimits) -> Result<Self, Error> {
        if file.len() > limits.max_bytes {
            let detail = format!(
                "the file has {} bytes, {} are allowed",
                file.len(),
                limits.max_bytes
            );
            return Err(Error::new(ErrorKind::TooLarge, detail));
        }
        let format = match image::guess_format(file) {
            Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => format,
            _ => return Err(not_a_picture(file)),
        };
        let mut decoder = ImageReader::with_format(Cursor::new(file), format)
            .into_decoder()
            .map_err(|e| undecodable(&e))?;
        let (width, height) = decoder.dimensions();
        let pixels = u64::from(width) * u64::from(height);
        if width.max(height) > limits.max_side || pixels > limits.max_pixels {
            let detail = format!(
                "it declares {width} x {height} pixels; at most {} on a side and {} in all are allowed",
                limits.max_side, limits.max_pixels
            );
            return Err(Error::new(ErrorKind::TooLarge, detail));
        }
        // 16-bit RGBA is the most that a pixel can need; the file is in memory already.
        let mut memory = Limits::default();
        memory.max_alloc = Some(8 * limits.max_pixels + (64 << 20));
        decoder.set_limits(memory).map_err(|e| undecodable(&e))?;
        let orientation = decoder.orientation().map_err(|e| undecodable(&e))?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| undecodable(&e))?;
        picture.apply_orientation(orientation);
        let rgb = picture.into_rgb8();
        let (width, height) = rgb.dimensions();
        Self::from_rgb(width, height, rgb.into_raw())
            .ok_or_else(|| Error::new(ErrorKind::Picture, "it has no pixels"))
    }
}

fn undecodable(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::new(
            ErrorKind::TooLarge,
            format!("it needs too much memory: {error}"),
        ),
        _ => Error::new(
            ErrorKind::Picture,
            format!("it can't be decoded, it may be cut off: {error}"),
        ),
    }
}

fn not_a_picture(file: &[u8]) -> Error {
    let detail = match file {
        [] => "the file is empty".to_owned(),
        _ => "it is neither a JPEG nor a PNG file, whatever its name says".to_owned(),
    };
    Error::new(ErrorKind::Picture, detail)
}
