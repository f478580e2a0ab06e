//! A flat print held up before a seat: an attack that presents a picture.

use super::smooth;
use crate::{
    Error, ErrorKind, Linear,
    noise::{stream, uniform},
    optics::{at, scale},
};

/// Where a print is held, in pixels of the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Print {
    /// The middle of the sheet, x.
    pub x: f32,
    /// The middle of the sheet, y.
    pub y: f32,
    /// The width of the sheet, 8 pixels at least.
    pub width: f32,
    /// Luminance of white paper there, relative to the frame's white: some
    /// three times that of a face in the same light.
    pub white: f32,
}

/// The white border, as a share of the width.
const BORDER: f32 = 0.05;
/// A print has no deeper black than this share of its white, and no detail in
/// the light that falls on it.
const INK: f32 = 0.03;
/// The furthest that the sheet is tilted or turned, in radians.
const TILT: f32 = 0.25;

/// Holds a print of `portrait` before the frame: a flat sheet, tilted by a hand
/// (from the seed), with a white border, evenly lit but for a gentle fall-off.
///
/// # Errors
/// [`ErrorKind::Picture`] if the sheet is narrower than 8 pixels.
pub fn put_print(
    frame: &mut Linear,
    portrait: &Linear,
    print: &Print,
    seed: u64,
) -> Result<(), Error> {
    if !(print.width >= 8.0 && print.width <= 8_192.0) {
        return Err(Error::new(
            ErrorKind::Picture,
            format!(
                "a print of {} pixels' width is too narrow or too wide",
                print.width
            ),
        ));
    }
    let mut rng = stream(seed);
    let [turn, yaw, pitch, fall] = [(); 4].map(|()| 2.0 * uniform(&mut rng) as f32 - 1.0);
    let (width, height) = portrait.dimensions();
    let inner = print.width * (1.0 - 2.0 * BORDER);
    let source = scale(portrait, (inner / width as f32).min(1.0))?;
    let sheet_height = inner * height as f32 / width as f32 + 2.0 * BORDER * print.width;
    let (sine, cosine) = (0.5 * TILT * turn).sin_cos();
    let (yaw, pitch) = (TILT * yaw, TILT * pitch);
    // Seen from five widths away, the near side of a tilted sheet is larger.
    let (depth_x, depth_y) = (yaw.sin() / 5.0, pitch.sin() / 5.0);
    let reach = print.width.max(sheet_height);
    let low = |v: f32| (v - reach).max(0.0) as u32;
    let high = |v: f32, side: u32| ((v + reach).max(0.0) as u32).min(side);
    let (columns, rows) = frame.dimensions();
    for y in low(print.y)..high(print.y, rows) {
        for x in low(print.x)..high(print.x, columns) {
            let (dx, dy) = (x as f32 + 0.5 - print.x, y as f32 + 0.5 - print.y);
            let (across, down) = (dx * cosine + dy * sine, dy * cosine - dx * sine);
            let depth = 1.0 - (depth_x * across + depth_y * down) / print.width;
            // In sheet pixels from its middle.
            let u = across / (yaw.cos() * depth.max(0.2));
            let v = down / (pitch.cos() * depth.max(0.2));
            let edge = (print.width / 2.0 - u.abs()).min(sheet_height / 2.0 - v.abs());
            let weight = smooth(-0.7, 0.7, edge);
            if weight <= 0.0 {
                continue;
            }
            let border = BORDER * print.width;
            let reflected = if edge < border {
                [0.95; 3]
            } else {
                let place = |v: f32, half: f32, side: u32, length: f32| {
                    (v + half - border) / length * side as f32 - 0.5
                };
                let (w, h) = source.dimensions();
                let sx = place(u, print.width / 2.0, w, inner);
                let sy = place(v, sheet_height / 2.0, h, sheet_height - 2.0 * border);
                at(&source.pixels, sx, sy).map(|v| INK + (1.0 - INK) * v)
            };
            let light =
                print.white * (1.0 + 0.2 * fall * u / print.width + 0.12 * pitch * v / print.width);
            let pixel = frame.pixels.get_pixel_mut(x, y);
            for (value, share) in pixel.0.iter_mut().zip(reflected) {
                *value += weight * (share * light - *value);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgb32FImage};

    use super::{Print, put_print};
    use crate::Linear;

    #[test]
    fn a_print_is_a_bright_sheet_with_its_picture() {
        let plain = |value, side| Linear {
            pixels: Rgb32FImage::from_pixel(side, side, Rgb([value; 3])),
        };
        let mut frame = plain(0.02, 120);
        let print = Print {
            x: 60.0,
            y: 60.0,
            width: 60.0,
            white: 0.5,
        };
        put_print(&mut frame, &plain(0.4, 300), &print, 7).expect("wide enough");
        let at = |x, y| frame.pixels.get_pixel(x, y).0[0];
        assert!((at(60, 60) - 0.21).abs() < 0.06, "{}", at(60, 60));
        assert!(at(60, 32) > 0.35, "the border is white: {}", at(60, 32));
        assert_eq!(at(5, 5), 0.02);
        let narrow = Print {
            width: 3.0,
            ..print
        };
        assert!(put_print(&mut frame, &plain(0.4, 300), &narrow, 7).is_err());
    }
}
