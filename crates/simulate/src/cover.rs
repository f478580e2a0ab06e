//! Something opaque before a part of the face: a hand, a visor, a pillar.

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

/// Of the cover, in linear light.
fn colour(light: &Linear, face: Face, rng: &mut ChaCha8Rng) -> [f32; 3] {
    let level = light.mean_near(face.x, face.y, face.eye_distance);
    // Evenly over the logarithm.
    let bright = level * (9.0_f32.powf(uniform(rng) as f32) / 6.0);
    let warm = 0.8 + 0.4 * uniform(rng) as f32;
    let tone = [warm, 1.0, 2.0 - warm];
    tone.map(|t| t * bright / luminance(tone))
}
