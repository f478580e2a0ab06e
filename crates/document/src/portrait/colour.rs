//! Pixels in the colours that are wanted: RGB, or grey for what has no colour.

use image::{DynamicImage, GrayImage, RgbImage};

use super::ImageFormat;
use super::decode::{ImageLimits, LUMA, check_size, native};
use super::probe::probe;
use crate::error::Error;

/// A JPEG or PNG as grey: Rec. 601 luma, what is transparent on white. It takes a
/// third of the memory of [`decode`], and of the time where the picture is grey.
pub(crate) fn decode_luma(encoded: &[u8], limits: &ImageLimits) -> Result<GrayImage, Error> {
    let header =
        probe(encoded).ok_or_else(|| Error::document("the image's header cannot be read"))?;
    let format = match header.format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Jp2 | ImageFormat::J2k => {
            return Err(Error::document("JPEG 2000 is not decoded to grey"));
        }
    };
    check_size(&header, LUMA, encoded.len(), limits)?;
    let (picture, orientation) = native(encoded, format, &header, LUMA, limits)?;
    let mut picture = DynamicImage::ImageLuma8(luma(picture));
    picture.apply_orientation(orientation);
    Ok(picture.into_luma8())
}

/// 8-bit RGB, what is transparent on white.
pub(super) fn rgb(picture: DynamicImage) -> RgbImage {
    let (width, height) = (picture.width(), picture.height());
    let rgb: Vec<u8> = match picture {
        DynamicImage::ImageLuma8(grey) => grey.iter().flat_map(|v| [*v; 3]).collect(),
        DynamicImage::ImageLumaA8(grey) => {
            let pixels = grey.chunks_exact(2);
            pixels.flat_map(|p| [on_white(p[0], p[1]); 3]).collect()
        }
        DynamicImage::ImageRgba8(rgba) => {
            let pixels = rgba.chunks_exact(4);
            pixels
                .flat_map(|p| [p[0], p[1], p[2]].map(|v| on_white(v, p[3])))
                .collect()
        }
        other => return other.into_rgb8(),
    };
    RgbImage::from_raw(width, height, rgb).unwrap_or_default()
}

fn luma(picture: DynamicImage) -> GrayImage {
    let (width, height) = (picture.width(), picture.height());
    let grey: Vec<u8> = match picture {
        DynamicImage::ImageLuma8(grey) => return grey,
        DynamicImage::ImageLumaA8(grey) => {
            let pixels = grey.chunks_exact(2);
            pixels.map(|p| on_white(p[0], p[1])).collect()
        }
        DynamicImage::ImageRgb8(rgb) => rgb.chunks_exact(3).map(rec_601).collect(),
        DynamicImage::ImageRgba8(rgba) => {
            let pixels = rgba.chunks_exact(4);
            pixels.map(|p| on_white(rec_601(&p[..3]), p[3])).collect()
        }
        other => return other.into_luma8(),
    };
    GrayImage::from_raw(width, height, grey).unwrap_or_default()
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// Luma of R, G, B (ITU-R BT.601).
pub(crate) fn rec_601(rgb: &[u8]) -> u8 {
    let sum = 299 * u32::from(rgb[0]) + 587 * u32::from(rgb[1]) + 114 * u32::from(rgb[2]);
    (sum / 1000) as u8
}
