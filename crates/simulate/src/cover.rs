//! Something before a part of the face: a hand, a visor, a pillar, dark glasses.

use rand_chacha::ChaCha8Rng;

use crate::{
    Error, Face, Linear,
    compose::smooth,
    error::within,
    linear::luminance,
    noise::{stream, uniform},
};

/// Something opaque that hides a part of a face from one side on: everything
/// beyond a straight edge. It is plain but for a gentle fall-off of light, from
/// a sixth to one and a half times as bright as the face, a little reddish to a
/// little bluish, and its edge leans by up to 15 degrees (assumptions).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// From where it reaches over the face.
    pub from: Side,
    /// How much of the face it hides, as a share of its height from brow to chin
    /// or of its width, 0..=1.
    pub share: f32,
}

/// A side of a face, as the camera sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From the chin up: a hand, a mask, the dashboard.
    Below,
    /// From the brow down: a visor, a cap.
    Above,
    /// From either side, as the seed has it: a pillar, a headrest, a neighbour.
    Beside,
}

/// Brow and chin, and the sides, from the middle between eyes and mouth, in eye
/// distances.
const BROW: f32 = -0.9;
const CHIN: f32 = 1.1;
const SIDE: f32 = 0.95;
/// The edge is as soft as this many eye distances.
const EDGE: f32 = 0.06;
/// A cover's numbers are drawn beside the sensor's, which so stay as they are
/// without it.
const STREAM: u64 = 0x636f_7665;

impl Cover {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the share that is covered", self.share, 0.0, 1.0)
    }

    pub(crate) fn hide(&self, light: &mut Linear, face: Face, seed: u64) {
        if self.share == 0.0 {
            return;
        }
        let mut rng = stream(seed ^ STREAM);
        let colour = colour(light, face, &mut rng);
        let lean = ((uniform(&mut rng) - 0.5) * std::f64::consts::PI / 6.0) as f32;
        let hand = if uniform(&mut rng) < 0.5 { -1.0 } else { 1.0 };
        // Outwards, and how far out the edge lies.
        let ((ox, oy), edge) = match self.from {
            Side::Below => ((0.0, 1.0), CHIN - self.share * (CHIN - BROW)),
            Side::Above => ((0.0, -1.0), -BROW - self.share * (CHIN - BROW)),
            Side::Beside => ((hand, 0.0), SIDE - self.share * 2.0 * SIDE),
        };
        let (sine, cosine) = lean.sin_cos();
        let (ox, oy) = (cosine * ox - sine * oy, sine * ox + cosine * oy);
        for (x, y, pixel) in light.pixels.enumerate_pixels_mut() {
            let (dx, dy) = (x as f32 + 0.5 - face.x, y as f32 + 0.5 - face.y);
            let out = (dx * ox + dy * oy) / face.eye_distance - edge;
            let share = smooth(-EDGE / 2.0, EDGE / 2.0, out);
            let fall = 1.0 - 0.12 * out.clamp(0.0, 3.0);
            for (value, colour) in pixel.0.iter_mut().zip(colour) {
                *value += share * (fall * colour - *value);
            }
        }
    }
}

/// Dark glasses: two lenses and what holds them, straight before the eyes. Light
/// passes a lens twice, and a lens reflects a little of what is before the face.
/// How large, how round and how far from grey they are, and how bright the frame
/// is, comes from the seed (assumptions): no two people wear the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glasses {
    /// The share of light that passes a lens once, 0.03..=1: 0.18 to 0.08 are those
    /// for bright sun (ISO 12312-1, category 3), 0.43 to 0.18 those for some
    /// (category 2).
    pub transmission: f32,
}

/// The eyes, from the middle between eyes and mouth, in eye distances.
const EYES: f32 = -0.55;
/// Half the width and half the height of a lens, the least of both and the greatest
/// over the least, in eye distances.
const LENS: [f32; 2] = [0.34, 0.22];
const LENS_GROWTH: [f32; 2] = [1.3, 1.45];
/// How broad the frame around a lens and the bridge between both are, in eye
/// distances.
const FRAME: f32 = 0.05;
/// A lens reflects this share of light like that on the face from before it.
const REFLECTED: f32 = 0.04;
/// As [`STREAM`], of glasses.
const GLASSES_STREAM: u64 = 0x0067_6c61_7373_6573;

/// Of one pair of glasses.
struct Shape {
    half: [f32; 2],
    /// 2 is an ellipse, more is nearer to a rectangle.
    power: f32,
}

impl Shape {
    /// How far out a place lies from the middle of a lens: 1 is its edge.
    fn out(&self, dx: f32, dy: f32) -> f32 {
        let part = |v: f32, half: f32| (v.abs() / half).powf(self.power);
        (part(dx, self.half[0]) + part(dy, self.half[1])).powf(1.0 / self.power)
    }
}

impl Glasses {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the lenses' transmission", self.transmission, 0.03, 1.0)
    }

    pub(crate) fn put_on(&self, light: &mut Linear, face: Face, seed: u64) {
        if self.transmission == 1.0 {
            return;
        }
        let mut rng = stream(seed ^ GLASSES_STREAM);
        let level = light.mean_near(face.x, face.y, face.eye_distance);
        let mut between = |low: f32, high: f32| low + (high - low) * uniform(&mut rng) as f32;
        let size = [between(0.0, 1.0), between(0.0, 1.0)];
        let shape = Shape {
            half: [0, 1].map(|k| LENS[k] * (1.0 + size[k] * (LENS_GROWTH[k] - 1.0))),
            power: between(2.0, 5.0),
        };
        let tint = between(0.85, 1.15);
        let holder = level * between(0.05, 0.6);
        // Light passes twice, so that the tint counts twice.
        let passed = [tint, 1.0, 2.0 - tint].map(|t| (t * self.transmission).min(1.0).powi(2));
        let mirrored = REFLECTED * level;
        for (x, y, pixel) in light.pixels.enumerate_pixels_mut() {
            let dx = (x as f32 + 0.5 - face.x) / face.eye_distance;
            let dy = (y as f32 + 0.5 - face.y) / face.eye_distance - EYES;
            let edge = EDGE / shape.half[1];
            let out = shape.out(dx.abs() - 0.5, dy);
            let rim = 1.0 + FRAME / shape.half[1];
            let lens = 1.0 - smooth(1.0 - edge / 2.0, 1.0 + edge / 2.0, out);
            let bridge = dx.abs() < 0.5 && (dy + 0.5 * shape.half[1]).abs() < FRAME;
            let held = if bridge && out > 1.0 {
                1.0
            } else {
                1.0 - smooth(rim - edge / 2.0, rim + edge / 2.0, out)
            };
            for (value, passed) in pixel.0.iter_mut().zip(passed) {
                let behind = *value * passed + mirrored;
                let before = lens * behind + (1.0 - lens) * holder;
                *value += held * (before - *value);
            }
        }
    }
}

/// Of the cover, in linear light.
fn colour(light: &Linear, face: Face, rng: &mut ChaCha8Rng) -> [f32; 3] {
    let level = light.mean_near(face.x, face.y, face.eye_distance);
    // Evenly over the logarithm.
    let bright = level * (9.0_f32.powf(uniform(rng) as f32) / 6.0);
    let warm = 0.8 + 0.4 * uniform(rng) as f32;
    let tone = [warm, 1.0, 2.0 - warm];
    tone.map(|t| t * bright / luminance(tone))
}
