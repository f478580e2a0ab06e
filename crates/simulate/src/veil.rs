//! What the glass reflects into the camera: a veil over the face.

use rand_chacha::ChaCha8Rng;

use crate::{
    Linear, Pane,
    error::{Error, within},
    noise::uniform,
};

/// Something bright outside that the pane mirrors towards the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Veil {
    /// What it is.
    pub source: Source,
    /// Its luminance as a multiple of that of white inside the cabin, before
    /// the glass, 0..=10,000. An overcast sky has 9 E / (7 pi) cd/m2 at its
    /// zenith (CIE S 011 overcast sky) under a horizontal illuminance E; white
    /// paper in a cabin that gets a tenth of E has E / (10 pi): a ratio of 13.
    /// The tenth, and so the range of 1 to 60 that is swept, is an assumption.
    pub luminance: f32,
}

/// The shape of a reflection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A sky above a dark edge (roof, trees), blurred by the pane's curve; the
    /// edge crosses the picture near the face in a random direction.
    Sky,
    /// A lamp: a round patch about a face wide, somewhere on the face.
    Lamp,
}

/// What the dark side of a reflected sky still has of its luminance.
const DARK_SIDE: f32 = 0.12;

impl Veil {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the reflection's luminance", self.luminance, 0.0, 10_000.0)
    }

    /// Adds what `pane` reflects. The face's centre and eye distance are in
    /// pixels of `light`.
    pub(crate) fn add(
        &self,
        light: &mut Linear,
        pane: &Pane,
        (x, y): (f32, f32),
        eyes: f32,
        rng: &mut ChaCha8Rng,
    ) {
        let level = pane.passage().reflectance * self.luminance;
        let [turn, along, across] = [uniform(rng), uniform(rng), uniform(rng)].map(|u| u as f32);
        let (sine, cosine) = (turn * std::f32::consts::TAU).sin_cos();
        // Neutral daylight, a little blue; a lamp a little warm.
        let (colour, reach) = match self.source {
            Source::Sky => ([0.94, 1.0, 1.10], 0.8 * eyes),
            Source::Lamp => ([1.08, 1.0, 0.86], 0.45 * eyes),
        };
        let (cx, cy) = (
            x + (along - 0.5) * 1.4 * eyes,
            y + (across - 0.5) * 1.4 * eyes,
        );
        for (px, py, pixel) in light.pixels.enumerate_pixels_mut() {
            let (dx, dy) = (px as f32 + 0.5 - cx, py as f32 + 0.5 - cy);
            let share = match self.source {
                Source::Sky => {
                    let beyond = (dx * cosine + dy * sine) / reach;
                    DARK_SIDE + (1.0 - DARK_SIDE) / (1.0 + (-2.0 * beyond).exp())
                }
                Source::Lamp => (-(dx * dx + dy * dy) / (2.0 * reach * reach)).exp(),
            };
            for (value, colour) in pixel.0.iter_mut().zip(colour) {
                *value += level * share * colour;
            }
        }
    }
}
