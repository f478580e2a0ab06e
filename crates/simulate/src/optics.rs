//! The lens and the time that the shutter is open.

use image::{Rgb32FImage, imageops};

use crate::{Error, ErrorKind, Linear, error::within};

/// The longest side that a picture may be scaled to.
const MAX_SIDE: f32 = 8_192.0;

/// How the picture is blurred, in pixels of the sensor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Blur {
    /// Radius of the disc that a point becomes out of focus, 0..=32. A lens of
    /// focal length f and f-number N, focused at d, makes of a point at s a disc
    /// of diameter f^2 |s - d| / (N s (d - f)): 25 mm, f/2.8, focused at 3 m,
    /// 3.45 um pixels: a face at 2 m has a radius of 5.5 px (geometry; the lens
    /// is an assumption).
    pub defocus: f32,
    /// Way of the image while the shutter is open, 0..=64: at 5 km/h and 5 ms a
    /// face moves 7 mm, 4.4 px at 40 px between the eyes (63 mm).
    pub motion: f32,
    /// Its direction in degrees, 0 to the right, clockwise.
    pub direction: f32,
}

impl Blur {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("defocus", self.defocus, 0.0, 32.0)?;
        within("motion", self.motion, 0.0, 64.0)?;
        within("the direction of motion", self.direction, -360.0, 360.0)
    }

    pub(crate) fn apply(&self, light: &Linear) -> Linear {
        let mut pixels = light.pixels.clone();
        // A disc of less than half a pixel is within the pixel itself.
        if self.defocus > 0.3 {
            pixels = disc(&pixels, self.defocus);
        }
        if self.motion > 0.3 {
            pixels = line(&pixels, self.motion, self.direction);
        }
        Linear { pixels }
    }
}

/// The picture at `factor` of its size: each pixel gathers the light that falls
/// onto it (Catmull-Rom filter, widened where it shrinks). Radiance above 1 is
/// cut off: what comes from a picture has none.
pub(crate) fn scale(light: &Linear, factor: f32) -> Result<Linear, Error> {
    let (width, height) = light.dimensions();
    let side = |n: u32| (n as f32 * factor).round();
    let (w, h) = (side(width), side(height));
    if !(w >= 8.0 && h >= 8.0 && w.max(h) <= MAX_SIDE) {
        return Err(Error::new(
            ErrorKind::Picture,
            format!(
                "a picture of {width} x {height} pixels can't be scaled by {factor}: its sides must come to 8..={MAX_SIDE} pixels"
            ),
        ));
    }
    if (w as u32, h as u32) == (width, height) {
        return Ok(light.clone());
    }
    let filter = imageops::FilterType::CatmullRom;
    let mut pixels = imageops::resize(&light.pixels, w as u32, h as u32, filter);
    // The filter's lobes can undershoot at edges; light is never negative.
    for pixel in pixels.pixels_mut() {
        pixel.0 = pixel.0.map(|v| v.max(0.0));
    }
    Ok(Linear { pixels })
}

/// Convolution with a disc: rows of it are boxes, which running sums give at
/// any width, fractions of pixels included.
fn disc(pixels: &Rgb32FImage, radius: f32) -> Rgb32FImage {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let reach = radius.floor() as i64;
    let half: Vec<f32> = (-reach..=reach)
        .map(|dy| (radius * radius - (dy * dy) as f32).sqrt())
        .collect();
    // sums[y][x] = everything left of x in row y, the edge's pixel repeated
    // beyond the picture.
    let sums: Vec<[f64; 3]> = (0..height)
        .flat_map(|y| {
            let mut sum = [0.0_f64; 3];
            (0..=width).map(move |x| {
                let before = sum;
                if x < width {
                    let value = pixels.get_pixel(x as u32, y as u32).0;
                    (0..3).for_each(|c| sum[c] += f64::from(value[c]));
                }
                before
            })
        })
        .collect();
    let edge = |y: usize, x: usize| pixels.get_pixel(x as u32, y as u32).0;
    let up_to = |y: usize, x: f64| -> [f64; 3] {
        let row = &sums[y * (width + 1)..(y + 1) * (width + 1)];
        if x <= 0.0 {
            return edge(y, 0).map(|v| x * f64::from(v));
        }
        let whole = (x as usize).min(width);
        let next = edge(y, whole.min(width - 1));
        let rest = x - whole as f64;
        [0, 1, 2].map(|c| row[whole][c] + rest * f64::from(next[c]))
    };
    let area: f64 = half.iter().map(|h| f64::from(2.0 * h)).sum();
    let mut blurred = Rgb32FImage::new(pixels.width(), pixels.height());
    for (x, y, pixel) in blurred.enumerate_pixels_mut() {
        let mut total = [0.0; 3];
        for (i, half) in half.iter().enumerate() {
            let row = (i64::from(y) + i as i64 - reach).clamp(0, height as i64 - 1) as usize;
            let centre = f64::from(x) + 0.5;
            let (a, b) = (
                up_to(row, centre - f64::from(*half)),
                up_to(row, centre + f64::from(*half)),
            );
            (0..3).for_each(|c| total[c] += b[c] - a[c]);
        }
        pixel.0 = total.map(|v| (v / area) as f32);
    }
    blurred
}

/// The mean along a straight way of this length, two samples a pixel.
fn line(pixels: &Rgb32FImage, length: f32, direction: f32) -> Rgb32FImage {
    let steps = (2.0 * length).ceil().max(2.0) as u32;
    let (sine, cosine) = direction.to_radians().sin_cos();
    let mut blurred = Rgb32FImage::new(pixels.width(), pixels.height());
    for (x, y, pixel) in blurred.enumerate_pixels_mut() {
        let mut total = [0.0_f32; 3];
        for step in 0..steps {
            let along = ((step as f32 + 0.5) / steps as f32 - 0.5) * length;
            let value = at(pixels, x as f32 + along * cosine, y as f32 + along * sine);
            (0..3).for_each(|c| total[c] += value[c]);
        }
        pixel.0 = total.map(|v| v / steps as f32);
    }
    blurred
}

/// Bilinear, counted from pixel centres; the edge goes on beyond the picture.
pub(crate) fn at(pixels: &Rgb32FImage, x: f32, y: f32) -> [f32; 3] {
    let x = x.clamp(0.0, pixels.width() as f32 - 1.0);
    let y = y.clamp(0.0, pixels.height() as f32 - 1.0);
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = (
        (left + 1).min(pixels.width() - 1),
        (top + 1).min(pixels.height() - 1),
    );
    let (fx, fy) = (x - left as f32, y - top as f32);
    let value = |x, y| pixels.get_pixel(x, y).0;
    let (a, b) = (value(left, top), value(right, top));
    let (c, d) = (value(left, bottom), value(right, bottom));
    [0, 1, 2].map(|i| {
        let (upper, lower) = (a[i] + fx * (b[i] - a[i]), c[i] + fx * (d[i] - c[i]));
        upper + fy * (lower - upper)
    })
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgb32FImage};

    use super::{Blur, scale};
    use crate::Linear;

    fn point() -> Linear {
        let mut pixels = Rgb32FImage::new(41, 41);
        pixels.put_pixel(20, 20, Rgb([100.0; 3]));
        Linear { pixels }
    }

    fn total(light: &Linear) -> f32 {
        light.pixels.pixels().map(|p| p.0[1]).sum()
    }

    #[test]
    fn a_point_becomes_a_disc_or_a_line_and_keeps_its_light() {
        let blur = |defocus, motion, direction| {
            Blur {
                defocus,
                motion,
                direction,
            }
            .apply(&point())
        };
        for (case, blurred, inside, outside) in [
            ("disc", blur(5.0, 0.0, 0.0), (24, 22), (24, 25)),
            ("across", blur(0.0, 9.0, 0.0), (24, 20), (20, 24)),
            ("down", blur(0.0, 9.0, 90.0), (20, 24), (24, 20)),
        ] {
            let at = |(x, y): (u32, u32)| blurred.pixels.get_pixel(x, y).0[1];
            assert!(at(inside) > 0.5 && at(outside) < 1e-3, "{case}");
            assert!(
                (total(&blurred) - 100.0).abs() < 2.0,
                "{case}: {}",
                total(&blurred)
            );
        }
        let disc = blur(5.0, 0.0, 0.0);
        let density = disc.pixels.get_pixel(20, 20).0[1];
        let area = std::f32::consts::PI * 25.0;
        assert!((density * area / 100.0 - 1.0).abs() < 0.05, "{density}");
    }

    #[test]
    fn blur_leaves_a_plain_surface_alone() {
        let plain = Linear {
            pixels: Rgb32FImage::from_pixel(20, 12, Rgb([0.25, 0.5, 0.75])),
        };
        let blur = Blur {
            defocus: 3.3,
            motion: 4.0,
            direction: 30.0,
        };
        for (a, b) in blur
            .apply(&plain)
            .pixels
            .pixels()
            .zip(plain.pixels.pixels())
        {
            assert!(
                a.0.iter().zip(b.0).all(|(a, b)| (a - b).abs() < 1e-5),
                "{a:?}"
            );
        }
    }

    #[test]
    fn scaling_keeps_the_mean_and_refuses_what_leaves_nothing() {
        let patch = Rgb32FImage::from_fn(40, 40, |x, y| {
            Rgb([if (12..28).contains(&x) && (12..28).contains(&y) {
                0.8
            } else {
                0.1
            }; 3])
        });
        let patch = Linear { pixels: patch };
        let half = scale(&patch, 0.5).expect("large enough");
        assert_eq!(half.dimensions(), (20, 20));
        let (before, after) = (total(&patch) / 1600.0, total(&half) / 400.0);
        assert!((after / before - 1.0).abs() < 0.02, "{before} {after}");
        assert!(scale(&point(), 0.1).is_err());
        assert!(scale(&point(), f32::NAN).is_err());
    }
}
