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
        if format == ImageFormat::Jpeg && !jpeg_is_whole(file) {
            // The decoder would fill what is missing with grey.
            return Err(Error::new(
                ErrorKind::Picture,
                "the JPEG file is cut off: it has no end-of-image marker",
            ));
        }
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

/// Whether a JPEG file has an end-of-image marker after its first scan. Before
/// that, one may belong to a thumbnail (ITU-T T.81, B.1.1.3 and B.2).
fn jpeg_is_whole(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = file.get(at..at + 4) {
        match marker {
            0xDA => return file[at..].windows(2).any(|pair| pair == [0xFF, 0xD9]),
            // Fill bytes and markers without a length.
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    false
}

fn not_a_picture(file: &[u8]) -> Error {
    let detail = match file {
        [] => "the file is empty".to_owned(),
        _ => "it is neither a JPEG nor a PNG file, whatever its name says".to_owned(),
    };
    Error::new(ErrorKind::Picture, detail)
}

#[cfg(test)]
mod tests {
    use super::PictureLimits;
    use crate::{ErrorKind, Image};

    fn encoded(format: image::ImageFormat) -> Vec<u8> {
        let picture =
            image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, 99]));
        let mut file = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut file, format).expect("encoding");
        file.into_inner()
    }

    #[test]
    fn reads_whole_pictures_only() {
        for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png] {
            let file = encoded(format);
            let picture = Image::decode(&file, &PictureLimits::default()).expect("a whole picture");
            assert_eq!((picture.width(), picture.height()), (40, 30));
            for cut in [0, 1, 20, file.len() / 2, file.len() * 3 / 4] {
                let error = Image::decode(&file[..cut], &PictureLimits::default())
                    .expect_err("a cut picture");
                assert_eq!(
                    error.kind(),
                    ErrorKind::Picture,
                    "{format:?} cut to {cut}: {error}"
                );
            }
        }
    }

    #[test]
    fn refuses_a_bomb_from_its_header() {
        // The PNG header of a picture of 60,000 x 60,000, and the same for JPEG.
        let mut png = encoded(image::ImageFormat::Png);
        png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        let mut jpeg = encoded(image::ImageFormat::Jpeg);
        let frame = jpeg
            .windows(2)
            .position(|m| m == [0xFF, 0xC0])
            .expect("a frame header");
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
        for file in [png, jpeg] {
            let error = Image::decode(&file, &PictureLimits::default()).expect_err("a bomb");
            assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
            assert!(error.to_string().contains("60000 x 60000"), "{error}");
        }
    }

    /// CRC-32 as PNG takes it (ISO/IEC 15948, annex D).
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |c, _| {
                if c & 1 == 1 {
                    0xEDB8_8320 ^ (c >> 1)
                } else {
                    c >> 1
                }
            })
        })
    }

    proptest::proptest! {
        #[test]
        fn never_panics(mut file in proptest::collection::vec(proptest::num::u8::ANY, 0..400), at in 0_usize..4000, value in 0_u8..) {
            let _ = Image::decode(&file, &PictureLimits::default());
            for format in [image::ImageFormat::Jpeg, image::ImageFormat::Png] {
                file = encoded(format);
                let at = at % file.len();
                file[at] = value;
                let _ = Image::decode(&file, &PictureLimits::default());
            }
        }
    }
}
