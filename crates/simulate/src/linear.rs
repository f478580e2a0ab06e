//! Pictures in linear light.

use image::{Rgb32FImage, RgbImage};

/// A picture of relative radiance: 1 is what the camera of the original showed
/// as full white, on the linear scale of IEC 61966-2-1 (sRGB). Three channels,
/// rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    pub(crate) pixels: Rgb32FImage,
}

/// The weights of the channels in luminance (ITU-R BT.709).
pub(crate) const LUMINANCE: [f32; 3] = [0.2126, 0.7152, 0.0722];

impl Linear {
    /// The radiance that a picture in sRGB stands for.
    pub fn from_srgb(picture: &RgbImage) -> Self {
        let table: Vec<f32> = (0..=255_u8).map(|v| decode(f32::from(v) / 255.0)).collect();
        let mut pixels = Rgb32FImage::new(picture.width(), picture.height());
        for (to, from) in pixels.pixels_mut().zip(picture.pixels()) {
            to.0 = from.0.map(|v| table[usize::from(v)]);
        }
        Self { pixels }
    }

    /// The picture in sRGB, clipped to 0..=1 and rounded, without noise.
    pub fn to_srgb(&self) -> RgbImage {
        let mut picture = RgbImage::new(self.pixels.width(), self.pixels.height());
        for (to, from) in picture.pixels_mut().zip(self.pixels.pixels()) {
            to.0 = from.0.map(|v| to_byte(encode(v)));
        }
        picture
    }

    /// Width and height in pixels.
    pub fn dimensions(&self) -> (u32, u32) {
        self.pixels.dimensions()
    }

    /// Mean luminance over the pixels whose centres lie within `radius` of
    /// (`x`, `y`); of the whole picture if none does.
    pub fn mean_near(&self, x: f32, y: f32, radius: f32) -> f32 {
        let (mut sum, mut n, mut whole) = (0.0_f64, 0_u32, 0.0_f64);
        for (px, py, pixel) in self.pixels.enumerate_pixels() {
            let value = f64::from(luminance(pixel.0));
            whole += value;
            if (px as f32 + 0.5 - x).hypot(py as f32 + 0.5 - y) <= radius {
                sum += value;
                n += 1;
            }
        }
        let count = (self.pixels.width() * self.pixels.height()).max(1);
        let mean = if n > 0 {
            sum / f64::from(n)
        } else {
            whole / f64::from(count)
        };
        mean as f32
    }
}

pub(crate) fn luminance(rgb: [f32; 3]) -> f32 {
    rgb.iter().zip(LUMINANCE).map(|(v, w)| v * w).sum()
}

/// From sRGB's value to linear light (IEC 61966-2-1).
pub(crate) fn decode(value: f32) -> f32 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// From linear light to sRGB's value (IEC 61966-2-1).
pub(crate) fn encode(light: f32) -> f32 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 {
        12.92 * light
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

pub(crate) fn to_byte(value: f32) -> u8 {
    (value * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::{Linear, decode, encode};

    #[test]
    fn srgb_and_light_are_each_others_inverse() {
        for v in 0..=255_u8 {
            let picture = RgbImage::from_pixel(1, 1, Rgb([v, 0, 255]));
            assert_eq!(Linear::from_srgb(&picture).to_srgb(), picture, "{v}");
        }
        // Half of sRGB's scale is about a fifth of the light.
        assert!((decode(0.5) - 0.2140).abs() < 1e-4);
        assert!((encode(0.18) - 0.4613).abs() < 1e-3);
    }
}
