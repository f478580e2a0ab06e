//! The sensor: how light becomes numbers.

use image::RgbImage;
use rand_chacha::ChaCha8Rng;

use crate::{
    Linear,
    error::{Error, within},
    linear::{encode, to_byte},
    noise::Noise,
};

/// A camera without its lens.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Camera {
    /// The sensor.
    pub sensor: Sensor,
    /// How it is exposed.
    pub exposure: Exposure,
}

/// A linear sensor (EMVA 1288). The default is close to a global-shutter CMOS
/// sensor with pixels of 3.45 um: a camera maker's manual gives 10,700 electrons
/// and 75 dB for a Sony IMX250 at 12 bits; the default is a little worse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensor {
    /// Electrons that a pixel holds, 500..=200,000.
    pub full_well: f32,
    /// Read noise in electrons, 0..=50.
    pub read_noise: f32,
    /// Bits of the converter, 6..=16.
    pub bits: u8,
}

/// How much light is let in, and how much the signal is amplified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exposure {
    /// Set once. At 0 stops and 0 dB the radiance 1 fills the wells; the range is
    /// -12..=8 stops and 0..=48 dB (assumption).
    Fixed {
        /// Light against that, in stops.
        stops: f32,
        /// Gain in decibels, 6.02 a stop.
        gain: f32,
    },
    /// Set by the camera so that the mean of what it meters becomes 18 % of full
    /// scale: first by up to 2 stops more light (longer would blur a moving
    /// vehicle), then by up to 24 dB of gain (both assumptions).
    Metered {
        /// How much of what is metered isn't the face but the outside, 0..=1:
        /// 0 is a camera that meters the seat's zone.
        outside: f32,
        /// Mean luminance of that outside; 0.54, three times mid grey, where
        /// not known better (assumption: a cabin is darker than the lane).
        outside_luminance: f32,
    },
}

/// What metering aims at: the mean of an average scene.
const TARGET: f32 = 0.18;
const MOST_STOPS: f32 = 2.0;
const MOST_GAIN: f32 = 24.0;
/// Decibels of a doubling.
const DOUBLING: f32 = 6.0206;

impl Default for Sensor {
    fn default() -> Self {
        Self {
            full_well: 10_500.0,
            read_noise: 2.3,
            bits: 12,
        }
    }
}

impl Default for Exposure {
    fn default() -> Self {
        Self::Fixed {
            stops: 0.0,
            gain: 0.0,
        }
    }
}

impl Camera {
    pub(crate) fn check(&self) -> Result<(), Error> {
        within("the full well", self.sensor.full_well, 500.0, 200_000.0)?;
        within("the read noise", self.sensor.read_noise, 0.0, 50.0)?;
        within(
            "the converter's bits",
            f32::from(self.sensor.bits),
            6.0,
            16.0,
        )?;
        match self.exposure {
            Exposure::Fixed { stops, gain } => {
                within("the exposure", stops, -12.0, 8.0)?;
                within("the gain", gain, 0.0, 48.0)
            }
            Exposure::Metered {
                outside,
                outside_luminance,
            } => {
                within("the share of the outside", outside, 0.0, 1.0)?;
                within(
                    "the luminance of the outside",
                    outside_luminance,
                    0.0,
                    100.0,
                )
            }
        }
    }

    /// Light and amplification as factors, where the face's zone has this mean
    /// luminance.
    pub(crate) fn settings(&self, zone: f32) -> (f32, f32) {
        match self.exposure {
            Exposure::Fixed { stops, gain } => (stops.exp2(), (gain / DOUBLING).exp2()),
            Exposure::Metered {
                outside,
                outside_luminance,
            } => {
                let metered = outside * outside_luminance + (1.0 - outside) * zone;
                let wanted = TARGET / metered.max(1e-6);
                let light = wanted.min(MOST_STOPS.exp2());
                (light, (wanted / light).min((MOST_GAIN / DOUBLING).exp2()))
            }
        }
    }

    /// The picture that the camera gives, in sRGB. Every channel of every pixel
    /// is read by itself (a colour filter array isn't modelled); of a
    /// monochrome camera one reading stands for all three.
    pub(crate) fn read(
        &self,
        light: &Linear,
        zone: f32,
        monochrome: bool,
        rng: &mut ChaCha8Rng,
    ) -> RgbImage {
        let (exposure, gain) = self.settings(zone);
        let steps = ((1_u32 << self.sensor.bits) - 1) as f32;
        let table: Vec<u8> = (0..=steps as u32)
            .map(|code| to_byte(encode(code as f32 / steps)))
            .collect();
        let mut noise = Noise::new(rng, self.sensor.read_noise);
        let well = self.sensor.full_well;
        let mut value = |radiance: f32| {
            let electrons = noise.read((radiance * exposure * well).min(well)).min(well);
            let code = (electrons * gain / well * steps).round().clamp(0.0, steps);
            table[code as usize]
        };
        let mut picture = RgbImage::new(light.pixels.width(), light.pixels.height());
        for (to, from) in picture.pixels_mut().zip(light.pixels.pixels()) {
            to.0 = if monochrome {
                [value(from.0[1]); 3]
            } else {
                from.0.map(&mut value)
            };
        }
        picture
    }
}
