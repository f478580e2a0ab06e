//! A decoded picture turned as its metadata say, in little more than its own
//! memory.

use image::imageops::{flip_horizontal_in_place, flip_vertical_in_place, rotate180_in_place};
use image::{RgbImage, metadata::Orientation};
use zeroize::Zeroizing;

use super::Raster;

/// Whether width and height change places; one byte a pixel more is needed then.
pub(super) fn is_quarter(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The picture upright. A quarter turn is the picture's transpose, mirrored.
pub(super) fn upright(rgb: RgbImage, orientation: Orientation) -> Raster {
    let mut rgb = if is_quarter(orientation) {
        transposed(rgb)
    } else {
        rgb
    };
    match orientation {
        Orientation::NoTransforms | Orientation::Rotate90FlipH => {}
        Orientation::FlipHorizontal | Orientation::Rotate90 => flip_horizontal_in_place(&mut rgb),
        Orientation::FlipVertical | Orientation::Rotate270 => flip_vertical_in_place(&mut rgb),
        Orientation::Rotate180 | Orientation::Rotate270FlipH => rotate180_in_place(&mut rgb),
    }
    let (width, height) = rgb.dimensions();
    Raster {
        width,
        height,
        rgb: Zeroizing::new(rgb.into_raw()),
    }
}

/// Rows that are turned at once: few enough to stay in a core's cache.
const BAND: usize = 64;

/// Rows to columns, one channel after the other, so that only one is held twice.
fn transposed(rgb: RgbImage) -> RgbImage {
    let (width, height) = rgb.dimensions();
    let mut bytes = rgb.into_raw();
    let (w, h) = (width as usize, height as usize);
    let mut plane = Zeroizing::new(vec![0_u8; w * h]);
    for channel in 0..3 {
        for rows in (0..h).step_by(BAND).map(|y| y..(y + BAND).min(h)) {
            for (x, column) in plane.chunks_exact_mut(h).enumerate() {
                for y in rows.clone() {
                    column[y] = bytes[3 * (y * w + x) + channel];
                }
            }
        }
        for (pixel, value) in bytes.chunks_exact_mut(3).zip(plane.iter()) {
            pixel[channel] = *value;
        }
    }
    RgbImage::from_raw(height, width, bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use image::DynamicImage;

    use super::*;

    #[test]
    fn every_orientation_is_the_image_crates() {
        let picture = RgbImage::from_fn(5, 150, |x, y| image::Rgb([x as u8, y as u8, 77]));
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).expect("1 to 8");
            let mut expected = DynamicImage::from(picture.clone());
            expected.apply_orientation(orientation);
            let ours = upright(picture.clone(), orientation);
            assert_eq!(
                (ours.width, ours.height, ours.rgb.as_slice()),
                (expected.width(), expected.height(), expected.as_bytes()),
                "{orientation:?}"
            );
        }
    }
}
