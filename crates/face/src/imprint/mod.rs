//! The fine structure of a face, to tell a picture of a portrait from a person.
//!
//! A person never looks twice as on one photograph: pose, expression and light
//! differ. A print, a page or a screen that shows the portrait does. Registered
//! onto it, its detail agrees far better than a live face's ever does. So does
//! any flat picture with itself, seen from another side, which a head doesn't.
//! And what is flat has a border, unless it was cut out.

mod border;
mod known;
mod register;

use std::sync::atomic::{AtomicU64, Ordering};

pub use border::border_around;
pub use known::Registrations;
use rowcall_picture::Wiped;

use crate::Image;

/// The side of an imprint, in pixels: half of what models usually take, since
/// finer detail of a face across a vehicle is noise.
const SIDE: usize = 56;

/// A small grey copy of an aligned face. It is a biometric sample and treated
/// as a template is: zeroized on drop, no `Clone`, no `Serialize`, no getter,
/// no telling `Debug`.
pub struct Imprint {
    luma: Wiped<f32>,
    /// No other imprint of this process has it; [`Registrations`] knows them by it.
    id: u64,
}

/// The next imprint's. A digest of its content would be one of a face.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Imprint {
    /// Of an aligned crop, as [`crate::Embedder::align`] gives it.
    pub fn of(crop: &Image) -> Self {
        let (width, height) = (crop.width() as usize, crop.height() as usize);
        let mut luma = Wiped::new(vec![0.0; SIDE * SIDE]);
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
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { luma, id }
    }

    /// How far the detail of this face is that of `picture`, after the affine
    /// registration that a flat picture seen from anywhere needs: the
    /// correlation of both without their coarse shading, −1..=1. 1 is a copy;
    /// 0 where the two can't be registered or either is blank.
    pub fn agreement(&self, picture: &Self) -> f32 {
        self.registration(picture).map_or(0.0, |r| r.agreement)
    }

    /// As [`Imprint::agreement`], with what the map did; `None` where the two
    /// can't be registered. Of two views of a flat picture, however it was
    /// turned between them, the detail agrees; of two views of a head from
    /// different sides it doesn't, since a head has depth.
    pub fn registration(&self, other: &Self) -> Option<Registration> {
        register::register(&self.luma, &other.luma, SIDE)
    }
}

/// One imprint mapped affinely onto another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Registration {
    /// The correlation of their fine detail, −1..=1.
    pub agreement: f32,
    /// How much more the map shortens one direction than another, 0..=1: 1 less
    /// the ratio of its singular values. 0 is a similarity: the same face from
    /// the same side, or nearly.
    pub foreshortening: f32,
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

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            cases: 32,
            failure_persistence: None,
            ..Default::default()
        })]

        /// However a plane is turned between two views, they agree; and the
        /// foreshortening is the turn's.
        #[test]
        fn a_plane_is_flat_from_every_side(
            seed in 1_u64..50, cosine in 0.78_f32..0.98, axis in 0.0_f32..3.1,
        ) {
            let (sin, cos) = axis.sin_cos();
            // Shortened along the axis.
            let (stretch, shear) = (1.0 / cosine - 1.0, (1.0 / cosine - 1.0) * sin * cos);
            let map = [
                1.0 + stretch * cos * cos, shear, 1.0, shear, 1.0 + stretch * sin * sin, -1.0,
            ];
            let front = blobs(seed, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0], 1.0);
            let side = blobs(seed, map, 0.7);
            let found = front.registration(&side).expect("one plane");
            proptest::prop_assert!(found.agreement > 0.94, "{found:?}");
            let expected = 1.0 - cosine;
            proptest::prop_assert!((found.foreshortening - expected).abs() < 0.04, "{found:?}");
        }

        /// A face with depth, turned by so much that a plane would be
        /// foreshortened, doesn't agree with itself as a plane does.
        #[test]
        fn a_head_is_not_flat(seed in 1_u64..50, degrees in 25.0_f32..45.0) {
            let (front, side) = (head(seed, 0.0), head(seed, degrees));
            let flat = front.registration(&side).is_some_and(|r| {
                r.foreshortening >= 0.10 && r.agreement >= 0.94
            });
            proptest::prop_assert!(!flat, "{:?}", front.registration(&side));
        }
    }

    #[test]
    fn a_face_held_still_says_nothing() {
        for seed in 1..20 {
            let again = head(seed, 0.0).registration(&head(seed, 1.0));
            let again = again.expect("the same head");
            assert!(again.agreement > 0.94, "{again:?}");
            assert!(again.foreshortening < 0.05, "{again:?}");
        }
    }

    /// Blobs on an ellipsoid (half as deep as wide, with a nose) that is turned
    /// about its height, seen from afar.
    fn head(seed: u64, degrees: f32) -> Imprint {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f32 / (1 << 24) as f32
        };
        let (sin, cos) = degrees.to_radians().sin_cos();
        let blobs: Vec<[f32; 4]> = (0..60)
            .map(|_| {
                let (x, y) = (100.0 * (next() - 0.5), 110.0 * (next() - 0.5));
                let out = 1.0 - (x / 56.0).powi(2) - (y / 64.0).powi(2);
                let nose = 16.0 * (-(x * x + y * y) / 200.0).exp();
                let depth = 40.0 * out.max(0.0).sqrt() + nose - 25.0;
                let (radius, height) = (3.0 + 4.0 * next(), 120.0 * (next() - 0.5));
                [56.0 + x * cos + depth * sin, 56.0 + y, radius, height]
            })
            .collect();
        let pixel = |i: usize| {
            let (x, y) = ((i % 112) as f32, (i / 112) as f32);
            let value: f32 = blobs
                .iter()
                .map(|[cx, cy, r, h]| {
                    h * (-((x - cx).powi(2) + (y - cy).powi(2)) / (2.0 * r * r)).exp()
                })
                .sum();
            [(110.0 + value).clamp(0.0, 255.0) as u8; 3]
        };
        let rgb = (0..112 * 112).flat_map(pixel).collect();
        Imprint::of(&Image::from_rgb(112, 112, rgb).expect("the size"))
    }
}
