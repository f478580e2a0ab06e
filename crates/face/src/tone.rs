//! Tone: a crop's brightness and contrast brought to what a model was trained
//! on.
//!
//! What each does to the error rates stands in docs/evaluation.md, "Exposure".

use crate::Image;

/// How the tone of an aligned crop is changed before it is embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tone {
    /// Not at all.
    #[default]
    AsIs,
    /// Multiplied in linear light, so that the face's mean comes to mid grey:
    /// what a longer exposure would have done.
    Gain,
    /// A power of sRGB's value, so that the face's median comes to the middle.
    Gamma,
    /// The values between the 1 % and 99 % quantiles stretched to the scale:
    /// takes off a veil.
    Stretch,
    /// Histogram equalisation of the luminance.
    Equalise,
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994), 4 x 4
    /// fields, limit 2.
    AdaptiveEqualise,
}

/// Linear light and sRGB value that a face's mean or median is brought to.
const MID_GREY: f32 = 0.18;
const MIDDLE: f32 = 0.45;
/// The most that a gain raises: six stops.
const MOST_GAIN: f32 = 64.0;
const FIELDS: usize = 4;
const CLIP: f32 = 2.0;

/// A face darker than this in the mean, 0..=1 of sRGB's scale, is lit up before
/// it is embedded: some two and a half stops under mid grey.
const DARK: f32 = 0.2;

impl Tone {
    /// The tone that an aligned crop whose face has this mean luminance (0..=1 of
    /// sRGB's scale) gets: [`Tone::Gain`] in the dark, otherwise none.
    pub fn in_force(luminance: f32) -> Self {
        if luminance < DARK {
            Self::Gain
        } else {
            Self::AsIs
        }
    }

    /// The picture in this tone, its face taken to be its middle.
    pub fn apply(self, image: &Image) -> Image {
        let luma = luma(image);
        match self {
            Self::AsIs => map(image, |_, v| v),
            Self::Gain => {
                let inner = inner(image, &luma);
                let light = inner.iter().map(|v| decode(*v)).sum::<f32>() / inner.len() as f32;
                let gain = (MID_GREY / light.max(1e-5)).min(MOST_GAIN);
                let table: Vec<f32> = (0..=255_u8)
                    .map(|v| encode(gain * decode(f32::from(v) / 255.0)))
                    .collect();
                map(image, |_, v| table[(v * 255.0) as usize])
            }
            Self::Gamma => {
                let mut inner = inner(image, &luma);
                inner.sort_by(f32::total_cmp);
                let median = inner[inner.len() / 2].clamp(0.01, 0.99);
                let power = (MIDDLE.ln() / median.ln()).clamp(0.15, 2.0);
                let table: Vec<f32> = (0..=255_u8)
                    .map(|v| (f32::from(v) / 255.0).powf(power))
                    .collect();
                map(image, |_, v| table[(v * 255.0) as usize])
            }
            Self::Stretch => {
                let mut inner = inner(image, &luma);
                inner.sort_by(f32::total_cmp);
                let at = |q: f32| inner[(q * (inner.len() - 1) as f32) as usize];
                let (low, high) = (at(0.01), at(0.99));
                let range = (high - low).max(0.02);
                map(image, |_, v| 0.05 + 0.85 * (v - low) / range)
            }
            Self::Equalise => {
                let table = equalised(&histogram(luma.iter().copied()), f32::INFINITY);
                relight(image, &luma, |_, _, v| table[(v * 255.0) as usize])
            }
            Self::AdaptiveEqualise => adaptive(image, &luma),
        }
    }
}

fn adaptive(image: &Image, luma: &[f32]) -> Image {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let edge = |i: usize, side: usize| i * side / FIELDS;
    let tables: Vec<Vec<f32>> = (0..FIELDS * FIELDS)
        .map(|field| {
            let (fx, fy) = (field % FIELDS, field / FIELDS);
            let rows = edge(fy, height)..edge(fy + 1, height).max(edge(fy, height) + 1).min(height);
            let own = rows.flat_map(|y| {
                let columns = edge(fx, width)..edge(fx + 1, width);
                columns.map(move |x| luma[y * width + x])
            });
            equalised(&histogram(own), CLIP)
        })
        .collect();
    // Between the middles of the fields, bilinearly: the two fields of each column and row,
    // and how far from the first it lies.
    let places = |side: usize| -> Vec<(usize, usize, f32)> {
        let place = |i: usize| {
            let place = (i as f32 + 0.5) / side as f32 * FIELDS as f32 - 0.5;
            let place = place.clamp(0.0, (FIELDS - 1) as f32);
            let first = place as usize;
            (first, (first + 1).min(FIELDS - 1), place - first as f32)
        };
        (0..side).map(place).collect()
    };
    let (columns, rows) = (places(width), places(height));
    relight(image, luma, |x, y, v| {
        let ((left, right, u), (top, bottom, w)) = (columns[x], rows[y]);
        let at = |fx: usize, fy: usize| tables[fy * FIELDS + fx][(v * 255.0) as usize];
        let upper = at(left, top) + u * (at(right, top) - at(left, top));
        let lower = at(left, bottom) + u * (at(right, bottom) - at(left, bottom));
        upper + w * (lower - upper)
    })
}

/// Luminance in 0..=1 of sRGB's scale (ITU-R BT.709 weights).
fn luma(image: &Image) -> Vec<f32> {
    let of =
        |p: &[u8]| 0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2]);
    image
        .rgb()
        .chunks_exact(3)
        .map(|p| (of(p) / 255.0).min(1.0))
        .collect()
}

/// The luminance of the middle, where the face is; never empty.
fn inner(image: &Image, luma: &[f32]) -> Vec<f32> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let rows = height * 3 / 10..(height * 95 / 100).max(height * 3 / 10 + 1);
    let columns = width / 5..(width * 4 / 5).max(width / 5 + 1);
    rows.flat_map(|y| columns.clone().map(move |x| luma[y * width + x]))
        .collect()
}

fn histogram(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut counts = vec![0.0_f32; 256];
    values.for_each(|v| counts[(v * 255.0) as usize] += 1.0);
    counts
}

/// Where each value goes so that all become equally frequent; `clip` limits a
/// value's frequency to so many times the mean, the rest is spread.
fn equalised(counts: &[f32], clip: f32) -> Vec<f32> {
    let total = counts.iter().sum::<f32>().max(1.0);
    let most = clip * total / 256.0;
    let spare: f32 = counts.iter().map(|c| (c - most).max(0.0)).sum::<f32>() / 256.0;
    let mut sum = 0.0;
    let step = |c: &f32| {
        sum += c.min(most) + spare;
        (sum / total).min(1.0)
    };
    counts.iter().map(step).collect()
}

/// Every channel by `value`, given the pixel's place and the channel in 0..=1.
fn map(image: &Image, value: impl Fn(usize, f32) -> f32) -> Image {
    let rgb = image.rgb().iter().enumerate();
    finish(image, rgb.map(|(i, &v)| value(i / 3, f32::from(v) / 255.0)))
}

/// Every pixel's luminance by `value`, its colour kept.
fn relight(image: &Image, luma: &[f32], value: impl Fn(usize, usize, f32) -> f32) -> Image {
    let width = image.width() as usize;
    let rows = image
        .rgb()
        .chunks_exact(3 * width)
        .zip(luma.chunks_exact(width));
    let values = rows.enumerate().flat_map(|(y, (row, luma))| {
        let pixels = row.chunks_exact(3).zip(luma).enumerate();
        let value = &value;
        pixels.flat_map(move |(x, (pixel, &own))| {
            let (to, from) = (value(x, y, own), own.max(1.0 / 255.0));
            [pixel[0], pixel[1], pixel[2]].map(|v| f32::from(v) / 255.0 * to / from)
        })
    });
    finish(image, values)
}

fn finish(image: &Image, values: impl Iterator<Item = f32>) -> Image {
    // Room from the start: growing would leave copies behind.
    let mut bytes = Vec::with_capacity(image.rgb().len());
    bytes.extend(values.map(|v| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8));
    let made = Image::from_rgb(image.width(), image.height(), bytes);
    made.unwrap_or_else(|| unreachable!("as many pixels as there were"))
}

/// From sRGB's value to linear light and back (IEC 61966-2-1).
fn decode(value: f32) -> f32 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn encode(light: f32) -> f32 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 {
        12.92 * light
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}
