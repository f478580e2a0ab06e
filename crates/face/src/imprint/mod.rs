//! The fine structure of a face, to tell a picture of a portrait from a person.
//!
//! A person never looks twice as on one photograph: pose, expression and light
//! differ. A print, a page or a screen that shows the portrait does. Registered
//! onto it, its detail agrees far better than a live face's ever does. Only
//! pictures of the very same photograph are found so; another photograph of the
//! holder isn't.

mod register;

use zeroize::Zeroizing;

use crate::Image;

/// The side of an imprint, in pixels: half of what models usually take, since
/// finer detail of a face across a vehicle is noise.
const SIDE: usize = 56;

/// A small grey copy of an aligned face. It is a biometric sample and treated
/// as a template is: zeroized on drop, no `Clone`, no `Serialize`, no getter,
/// no telling `Debug`.
pub struct Imprint {
    luma: Zeroizing<Vec<f32>>,
}

impl Imprint {
    /// Of an aligned crop, as [`crate::Embedder::align`] gives it.
    pub fn of(crop: &Image) -> Self {
        let (width, height) = (crop.width() as usize, crop.height() as usize);
        let mut luma = Zeroizing::new(vec![0.0; SIDE * SIDE]);
        for y in 0..SIDE {
            for x in 0..SIDE {
                let span = |at: usize, side: usize| {
                    let start = at * side / SIDE;
                    start..((at + 1) * side / SIDE).clamp(start + 1, side.max(start + 1))
                };
                let (mut sum, mut count) = (0.0, 0.0);
                for sy in span(y, height) {
                    for sx in span(x, width) {
                        let i = 3 * (sy.min(height - 1) * width + sx.min(width - 1));
                        let p = &crop.rgb()[i..i + 3];
                        // ITU-R BT.709 luma, as the quality measures take it.
                        sum += 0.2126 * f32::from(p[0])
                            + 0.7152 * f32::from(p[1])
                            + 0.0722 * f32::from(p[2]);
                        count += 1.0;
                    }
                }
                luma[y * SIDE + x] = sum / count;
            }
        }
        Self { luma }
    }

    /// How far the detail of this face is that of `picture`, after the affine
    /// registration that a flat picture seen from anywhere needs: the
    /// correlation of both without their coarse shading, −1..=1. 1 is a copy;
    /// 0 where the two can't be registered or either is blank.
    pub fn agreement(&self, picture: &Self) -> f32 {
        register::agreement(&self.luma, &picture.luma, SIDE)
    }
}

impl std::fmt::Debug for Imprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Imprint({SIDE} x {SIDE}, withheld)")
    }
}

#[cfg(test)]
mod tests {
    use super::Imprint;
    use crate::Image;

    /// Blobs at places that a seed draws, seen through an affine map.
    fn blobs(seed: u64, map: [f32; 6], gain: f32) -> Imprint {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f32 / (1 << 24) as f32
        };
        let blobs: Vec<[f32; 4]> = (0..40)
            .map(|_| {
                [
                    112.0 * next(),
                    112.0 * next(),
                    4.0 + 6.0 * next(),
                    120.0 * (next() - 0.5),
                ]
            })
            .collect();
        let mut rgb = Vec::new();
        for y in 0..112 {
            for x in 0..112 {
                let (x, y) = (x as f32 - 56.0, y as f32 - 56.0);
                let (u, v) = (
                    map[0] * x + map[1] * y + map[2] + 56.0,
                    map[3] * x + map[4] * y + map[5] + 56.0,
                );
                let value: f32 = blobs
                    .iter()
                    .map(|[cx, cy, r, h]| {
                        h * (-((u - cx).powi(2) + (v - cy).powi(2)) / (2.0 * r * r)).exp()
                    })
                    .sum();
                rgb.extend([(110.0 + gain * value).clamp(0.0, 255.0) as u8; 3]);
            }
        }
        Imprint::of(&Image::from_rgb(112, 112, rgb).expect("the size"))
    }

    #[test]
    fn a_picture_seen_askew_and_dimly_is_the_picture() {
        let straight = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
        let picture = blobs(7, straight, 1.0);
        for (case, map, gain, least) in [
            ("itself", straight, 1.0, 0.999),
            ("dim", straight, 0.3, 0.97),
            ("shifted", [1.0, 0.0, 4.0, 0.0, 1.0, -3.0], 1.0, 0.95),
            ("askew", [1.08, 0.05, 2.0, -0.04, 0.94, 3.0], 0.6, 0.95),
        ] {
            let found = blobs(7, map, gain).agreement(&picture);
            assert!(found >= least, "{case}: {found}");
        }
        for other in 8..14 {
            let found = blobs(other, straight, 1.0).agreement(&picture);
            assert!(found < 0.5, "{other}: {found}");
        }
    }

    #[test]
    fn what_is_blank_agrees_with_nothing() {
        let blank = Imprint::of(&Image::from_rgb(2, 3, vec![90; 18]).expect("the size"));
        let picture = blobs(7, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0], 1.0);
        assert_eq!(blank.agreement(&picture), 0.0);
        assert_eq!(picture.agreement(&blank), 0.0);
    }
}
