//! Exposure, contrast and sharpness of an aligned crop.

use crate::Image;

/// A pixel is nearly black at or below this luminance and nearly white at or
/// above the other (ISO/IEC 29794-5, under- and over-exposure prevention: 0..=25
/// and 247..=255).
const BLACK: f32 = 25.0;
const WHITE: f32 = 247.0;

/// The part of a crop that is face whatever the hair: from beside the eyes to
/// below the mouth, as shares of the side (left, top, right, bottom).
const INNER: [f32; 4] = [0.2, 0.3, 0.8, 0.95];

pub(super) struct Light {
    pub(super) mean: f32,
    pub(super) contrast: f32,
    pub(super) under_exposed: f32,
    pub(super) over_exposed: f32,
    pub(super) sharpness: f32,
    pub(super) dynamic_range: f32,
    pub(super) uniformity: f32,
    pub(super) veil: f32,
    pub(super) glare: f32,
    pub(super) noise: f32,
    pub(super) landmark_detail: f32,
}

impl Light {
    pub(super) fn measure(crop: &Image) -> Self {
        let (width, height) = (crop.width() as usize, crop.height() as usize);
        // ITU-R BT.709 luma, as ISO/IEC 29794-5 takes luminance.
        let luma: Vec<f32> = crop
            .rgb()
            .chunks_exact(3)
            .map(|p| 0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2]))
            .collect();
        let at = |share: f32, side: usize| {
            ((share * side as f32) as usize).clamp(1, side.saturating_sub(1).max(1))
        };
        let (left, top, right, bottom) = (
            at(INNER[0], width),
            at(INNER[1], height),
            at(INNER[2], width),
            at(INNER[3], height),
        );
        let mut counts = [0_u32; 256];
        let mut ripple = 0.0_f64;
        let (mut n, mut sum, mut squares, mut black, mut white, mut detail) =
            (0.0_f32, 0.0_f64, 0.0_f64, 0.0, 0.0, 0.0_f64);
        for y in top..bottom {
            for x in left..right {
                let i = y * width + x;
                let value = luma[i];
                n += 1.0;
                sum += f64::from(value);
                squares += f64::from(value * value);
                black += f32::from(u8::from(value <= BLACK));
                white += f32::from(u8::from(value >= WHITE));
                let around = luma[i - 1] + luma[i + 1] + luma[i - width] + luma[i + width];
                detail += f64::from((around - 4.0 * value).powi(2));
                let corners = luma[i - width - 1]
                    + luma[i - width + 1]
                    + luma[i + width - 1]
                    + luma[i + width + 1];
                ripple += f64::from((corners - 2.0 * around + 4.0 * value).abs());
                counts[value as usize] += 1;
            }
        }
        let n = n.max(1.0);
        let mean = sum / f64::from(n);
        let deviation = (squares / f64::from(n) - mean * mean).max(0.0).sqrt();
        Self {
            mean: (mean / 255.0) as f32,
            contrast: (deviation / 255.0) as f32,
            under_exposed: black / n,
            over_exposed: white / n,
            sharpness: ((detail / f64::from(n)).sqrt() / 4.0 / deviation.max(1.0)) as f32,
            dynamic_range: entropy(&counts, n),
            uniformity: uniformity(&luma, width, height),
            veil: quantile(&counts, n, 0.05) / (mean as f32).max(1.0),
            glare: glare(&counts, n),
            noise: (ripple / f64::from(n) * (std::f64::consts::PI / 2.0).sqrt() / 6.0 / 255.0)
                as f32,
            landmark_detail: landmark_detail(&luma, width, height, deviation as f32),
        }
    }
}

/// Where both eyes and the mouth lie in an aligned crop, as shares of the side
/// (left, top, right, bottom).
const FEATURES: [[f32; 4]; 3] = [
    [0.24, 0.40, 0.45, 0.53],
    [0.55, 0.40, 0.76, 0.53],
    [0.34, 0.76, 0.66, 0.90],
];

/// The least deviation of luminance within an eye or the mouth, over `whole`,
/// that of the face.
fn landmark_detail(luma: &[f32], width: usize, height: usize, whole: f32) -> f32 {
    let deviation = |[left, top, right, bottom]: [f32; 4]| {
        let at = |share: f32, side: usize| (share * side as f32) as usize;
        let (mut n, mut sum, mut squares) = (0.0_f32, 0.0, 0.0);
        for y in at(top, height)..at(bottom, height) {
            for value in &luma[y * width + at(left, width)..y * width + at(right, width)] {
                n += 1.0;
                sum += value;
                squares += value * value;
            }
        }
        let n = n.max(1.0);
        (squares / n - (sum / n).powi(2)).max(0.0).sqrt()
    };
    let least = FEATURES.map(deviation).into_iter().fold(f32::MAX, f32::min);
    least / whole.max(1.0)
}

/// Entropy of the luminance histogram in bits, 0..=8 (ISO/IEC 29794-5, dynamic
/// range).
fn entropy(counts: &[u32; 256], n: f32) -> f32 {
    let shares = counts.iter().filter(|c| **c > 0).map(|c| *c as f32 / n);
    -shares.map(|p| p * p.log2()).sum::<f32>()
}

/// How much the luminance histograms of both cheeks have in common, 0..=1
/// (ISO/IEC 29794-5, illumination uniformity).
fn uniformity(luma: &[f32], width: usize, height: usize) -> f32 {
    const LEVELS: usize = 64;
    let side = |left: f32| {
        let mut counts = [0.0_f32; LEVELS];
        let (rows, columns) = (
            (0.50 * height as f32) as usize..(0.80 * height as f32) as usize,
            (left * width as f32) as usize..((left + 0.22) * width as f32) as usize,
        );
        let n = (rows.len() * columns.len()).max(1) as f32;
        for y in rows {
            for x in columns.clone() {
                counts[(luma[y * width + x] as usize * LEVELS / 256).min(LEVELS - 1)] += 1.0 / n;
            }
        }
        counts
    };
    let (one, other) = (side(0.22), side(0.56));
    one.iter().zip(other).map(|(a, b)| a.min(b)).sum()
}

/// The luminance below which a share of the pixels lies.
fn quantile(counts: &[u32; 256], n: f32, share: f32) -> f32 {
    let mut sum = 0.0;
    let reached = |c: &u32| {
        sum += *c as f32;
        sum >= share * n
    };
    counts.iter().position(reached).unwrap_or(255) as f32
}

/// The share of pixels with more than four times the light of the median.
fn glare(counts: &[u32; 256], n: f32) -> f32 {
    // Four times in light is 4^(1/2.2) in sRGB's value, nearly.
    let from = (1.88 * quantile(counts, n, 0.5).max(4.0)) as usize;
    counts.iter().skip(from.min(256)).sum::<u32>() as f32 / n
}

#[cfg(test)]
mod tests {
    use super::Light;
    use crate::Image;

    fn picture(value: impl Fn(u32, u32) -> u8) -> Image {
        let rgb = (0..112 * 112)
            .flat_map(|i| [value(i % 112, i / 112); 3])
            .collect();
        Image::from_rgb(112, 112, rgb).expect("size")
    }

    #[test]
    fn a_feature_without_detail_is_hidden() {
        // Stripes everywhere but in a plain band from some row on.
        let from = |row: u32| {
            let value = move |x, y| match x / 4 % 2 {
                _ if y >= row => 90,
                0 => 60,
                _ => 180,
            };
            Light::measure(&picture(value)).landmark_detail
        };
        assert!(from(112) > 0.8, "{}", from(112));
        assert!(from(104) > 0.8, "only the chin: {}", from(104));
        assert_eq!(from(84), 0.0, "the mouth");
        assert_eq!(from(40), 0.0, "all");
    }

    #[test]
    fn measures_what_it_is_shown() {
        let (black, white) = (
            Light::measure(&picture(|_, _| 10)),
            Light::measure(&picture(|_, _| 250)),
        );
        assert_eq!((black.under_exposed, black.over_exposed), (1.0, 0.0));
        assert_eq!((white.under_exposed, white.over_exposed), (0.0, 1.0));
        assert!(black.contrast < 1e-3 && black.sharpness < 1e-3);
        let stripes = |period| {
            Light::measure(&picture(
                move |x, _| if x / period % 2 == 0 { 60 } else { 180 },
            ))
        };
        let (fine, coarse) = (stripes(1), stripes(16));
        assert!(
            fine.sharpness > 3.0 * coarse.sharpness,
            "{} {}",
            fine.sharpness,
            coarse.sharpness
        );
        assert!(
            (coarse.contrast - 60.0 / 255.0).abs() < 0.02,
            "{}",
            coarse.contrast
        );
    }
}
