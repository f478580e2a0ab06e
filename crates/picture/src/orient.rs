//! A picture turned as its metadata or its camera's mounting say, in little more
//! than its own memory.

use crate::wiped::Wiped;
use image::metadata::Orientation;

use crate::canvas::Canvas;

/// Whether width and height change places; one byte a pixel more is needed then.
pub(crate) fn is_quarter(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The picture upright. A quarter turn is the picture's transpose, mirrored.
pub(crate) fn turn(canvas: &mut Canvas, orientation: Orientation) {
    if is_quarter(orientation) {
        transpose(canvas);
    }
    match orientation {
        Orientation::NoTransforms | Orientation::Rotate90FlipH => {}
        Orientation::FlipHorizontal | Orientation::Rotate90 => mirror(canvas),
        Orientation::FlipVertical | Orientation::Rotate270 => flip(canvas),
        Orientation::Rotate180 | Orientation::Rotate270FlipH => {
            mirror(canvas);
            flip(canvas);
        }
    }
}

/// Left to right.
fn mirror(canvas: &mut Canvas) {
    let channels = canvas.colours.channels();
    for row in canvas.bytes.chunks_exact_mut(canvas.width * channels) {
        row.reverse();
        // The channels of each pixel the right way round again.
        row.chunks_exact_mut(channels).for_each(<[u8]>::reverse);
    }
}

/// Top to bottom.
fn flip(canvas: &mut Canvas) {
    let length = canvas.width * canvas.colours.channels();
    let middle = canvas.height / 2 * length;
    let (upper, lower) = canvas.bytes.split_at_mut(middle);
    for (a, b) in upper
        .chunks_exact_mut(length)
        .zip(lower.rchunks_exact_mut(length))
    {
        a.swap_with_slice(b);
    }
}

/// Rows that are turned at once: few enough to stay in a core's cache.
const BAND: usize = 64;

/// Rows to columns, one channel after the other, so that only one is held twice.
fn transpose(canvas: &mut Canvas) {
    let (w, h, channels) = (canvas.width, canvas.height, canvas.colours.channels());
    let mut plane = Wiped::new(vec![0_u8; w * h]);
    for channel in 0..channels {
        for rows in (0..h).step_by(BAND).map(|y| y..(y + BAND).min(h)) {
            for (x, column) in plane.chunks_exact_mut(h).enumerate() {
                for y in rows.clone() {
                    column[y] = canvas.bytes[channels * (y * w + x) + channel];
                }
            }
        }
        let pixels = canvas.bytes.chunks_exact_mut(channels);
        for (pixel, value) in pixels.zip(plane.iter()) {
            pixel[channel] = *value;
        }
    }
    (canvas.width, canvas.height) = (h, w);
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, metadata::Orientation};

    use super::turn;
    use crate::canvas::{Canvas, Colours};

    #[test]
    fn every_orientation_is_the_image_crates() {
        let colour = image::RgbImage::from_fn(5, 150, |x, y| image::Rgb([x as u8, y as u8, 77]));
        let grey = image::GrayImage::from_fn(70, 3, |x, y| image::Luma([(x * 3 + y) as u8]));
        let mut wrong = Vec::new();
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).expect("1 to 8");
            for (picture, colours) in [
                (DynamicImage::from(colour.clone()), Colours::Rgb),
                (DynamicImage::from(grey.clone()), Colours::Luma),
            ] {
                let mut expected = picture.clone();
                expected.apply_orientation(orientation);
                let (width, height) = (picture.width() as usize, picture.height() as usize);
                let mut ours = Canvas::new(width, height, colours);
                ours.bytes.extend_from_slice(picture.as_bytes());
                turn(&mut ours, orientation);
                let size = (expected.width() as usize, expected.height() as usize);
                if (ours.width, ours.height) != size || *ours.bytes != expected.as_bytes() {
                    wrong.push((orientation, colours));
                }
            }
        }
        assert_eq!(wrong, []);
    }
}
