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
    pub(super) eyes: [f32; 2],
    pub(super) forehead_detail: f32,
    pub(super) directional_blur: f32,
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
        let (mut across, mut down) = (0.0_f64, 0.0_f64);
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
                across += f64::from((luma[i + 1] - luma[i - 1]).powi(2));
                down += f64::from((luma[i + width] - luma[i - width]).powi(2));
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
            directional_blur: (across.min(down) / across.max(down).max(1.0)) as f32,
            eyes: eyes(&luma, width, height, deviation as f32),
            forehead_detail: forehead_detail(&luma, width, height, deviation as f32),
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

/// Beneath each eye, where a cheek is whatever the beard, likewise.
const CHEEKS: [[f32; 4]; 2] = [[0.23, 0.59, 0.40, 0.72], [0.60, 0.59, 0.77, 0.72]];
/// Between brows and hair, beside the middle, likewise.
const FOREHEAD: [[f32; 4]; 2] = [[0.226, 0.145, 0.494, 0.325], [0.512, 0.145, 0.780, 0.325]];

/// The middles of both eyes.
const EYES: [[f32; 2]; 2] = [[0.342, 0.461], [0.656, 0.461]];
/// Half the width and height of what a lens would cover at least, and by how much it
/// may lie off the eye: landmarks are found less exactly behind glasses.
const LENS: [f32; 2] = [0.08, 0.054];
const OFF_ACROSS: [f32; 5] = [-0.036, -0.018, 0.0, 0.018, 0.036];
const OFF_DOWN: [f32; 4] = [-0.018, 0.0, 0.018, 0.036];
/// Half the width and height of an eye with its lids.
const LIDS: [f32; 2] = [0.107, 0.067];

/// How much brightness and detail of an eye say of whether it is there, and their
/// weighted geometric mean where it just is. By logistic regression on 160 people
/// with and without dark glasses, every second of them left out in turn; the limit
/// is that of 0.5 % of 3,453 plain photographs (docs/evaluation.md, "Covers on both
/// sides").
const BRIGHTNESS: f32 = 0.61;
const DETAIL: f32 = 0.39;
const THERE: f32 = 0.485;

/// A part of the crop.
struct Field {
    values: Vec<f32>,
}

impl Field {
    fn of(luma: &[f32], width: usize, height: usize, [left, top, right, bottom]: [f32; 4]) -> Self {
        let at = |share: f32, side: usize| (share * side as f32) as usize;
        let rows = at(top, height)..at(bottom, height);
        let row = |y: usize| &luma[y * width + at(left, width)..y * width + at(right, width)];
        let mut values: Vec<f32> = rows.flat_map(row).copied().collect();
        values.sort_by(f32::total_cmp);
        Self { values }
    }

    fn deviation(&self) -> f32 {
        let n = self.values.len().max(1) as f32;
        let mean = self.values.iter().sum::<f32>() / n;
        let squares = self.values.iter().map(|v| v * v).sum::<f32>();
        (squares / n - mean * mean).max(0.0).sqrt()
    }

    fn quantile(&self, share: f32) -> f32 {
        let i = (share * self.values.len() as f32) as usize;
        self.values.get(i).copied().unwrap_or(0.0)
    }
}

/// The least deviation of luminance within an eye or the mouth, over `whole`,
/// that of the face.
fn landmark_detail(luma: &[f32], width: usize, height: usize, whole: f32) -> f32 {
    let deviation = |field| Field::of(luma, width, height, field).deviation();
    let least = FEATURES.map(deviation).into_iter().fold(f32::MAX, f32::min);
    least / whole.max(1.0)
}

/// How plainly each eye is there, the picture's left one first: 1 where it just is,
/// less behind something dark or plain. What is dark must cover an eye to be before
/// it, so that the darkest place near the eye counts, and there its brighter part:
/// an eye in deep shade still has lids and white.
fn eyes(luma: &[f32], width: usize, height: usize, whole: f32) -> [f32; 2] {
    let field = |place| Field::of(luma, width, height, place);
    let cheek = CHEEKS.map(|c| field(c).quantile(0.5));
    let cheek = ((cheek[0] + cheek[1]) / 2.0).max(1.0);
    EYES.map(|[x, y]| {
        let places = OFF_ACROSS
            .iter()
            .flat_map(|dx| OFF_DOWN.map(|dy| around([x + dx, y + dy], LENS)));
        let bright = places.map(|place| field(place).quantile(0.85));
        let bright = bright.fold(f32::MAX, f32::min).max(1.0) / cheek;
        let detail = field(around([x, y], LIDS)).deviation().max(0.3) / whole.max(1.0);
        bright.powf(BRIGHTNESS) * detail.powf(DETAIL) / THERE
    })
}

/// The place around a middle.
fn around([x, y]: [f32; 2], [across, down]: [f32; 2]) -> [f32; 4] {
    [x - across, y - down, x + across, y + down]
}

/// The deviation of luminance on both sides of the forehead over `whole`, that of
/// the face, their geometric mean.
fn forehead_detail(luma: &[f32], width: usize, height: usize, whole: f32) -> f32 {
    let [a, b] = FOREHEAD.map(|place| Field::of(luma, width, height, place).deviation());
    (a * b).sqrt() / whole.max(1.0)
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
    fn an_eye_behind_something_is_hidden_and_one_in_shadow_is_not() {
        // Skin, with eyes of a dark middle and bright corners, in what light; and a
        // lens of that value before the picture's left eye, so far off it.
        let face = |shade: f32, lens: Option<(u8, i32)>| {
            Light::measure(&picture(move |x, y| {
                let near = |left: i32, width: i32, top: i32, bottom: i32| {
                    (left..left + width).contains(&(x as i32))
                        && (top..bottom).contains(&(y as i32))
                };
                if let Some((value, off)) = lens
                    && near(27 + off, 24, 43 + off, 61 + off)
                {
                    return value;
                }
                let is_eye = near(27, 24, 46, 58) || near(61, 24, 46, 58);
                let value = match () {
                    () if near(40, 32, 86, 98) => 60.0,
                    () if !is_eye => 150.0,
                    () if near(35, 7, 46, 58) || near(70, 7, 46, 58) => 40.0 * shade,
                    () => 140.0 * shade,
                };
                value as u8 + (x * 7 + y * 3) as u8 % 5
            }))
            .eyes
        };
        for (case, found) in [
            ("plain to see", face(1.0, None)[0]),
            ("in the shade of a brim", face(0.6, None)[0]),
            ("beside a hidden one", face(1.0, Some((12, 0)))[1]),
        ] {
            assert!(found >= 1.0, "{case}: {found}");
        }
        for (case, found) in [
            ("a dark lens", face(1.0, Some((12, 0)))[0]),
            ("a little off", face(1.0, Some((12, 3)))[0]),
            (
                "a lens that lets some light pass",
                face(1.0, Some((50, 0)))[0],
            ),
            ("a bandage", face(1.0, Some((150, 0)))[0]),
        ] {
            assert!(found < 1.0, "{case}: {found}");
        }
    }

    #[test]
    fn a_forehead_behind_something_plain_has_no_detail() {
        let from = |row: u32| {
            let skin = |x: u32, y: u32| 120 + ((x * 13 + y * 29) % 40) as u8;
            let value = move |x, y| if y < row { 60 } else { skin(x, y) };
            Light::measure(&picture(value)).forehead_detail
        };
        assert!(from(0) > 0.5, "{}", from(0));
        assert!(from(12) > 0.5, "hair: {}", from(12));
        assert_eq!(from(42), 0.0, "a cap down to the brows");
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
