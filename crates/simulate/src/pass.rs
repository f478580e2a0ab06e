//! A vehicle that goes past a camera: its picture moved across an empty lane.
//!
//! The picture of the standing vehicle is moved as a whole, as a camera far enough away
//! would see it; what near and far parts of a cabin do against each other isn't modelled.
//! While the shutter is open the vehicle moves on, the lane behind it doesn't.

use image::{Rgb, Rgb32FImage};
use rand_chacha::ChaCha8Rng;

use crate::{
    Linear,
    compose::smooth,
    error::{Error, within},
    noise::{stream, uniform},
};

/// Where a vehicle is in one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passing {
    /// How far its picture is moved to the right, in pixels, -8,192..=8,192: in the middle
    /// of the exposure.
    pub shift: f32,
    /// How far it moves while the shutter is open, in pixels, 0..=64.
    pub way: f32,
}

/// Patches of an empty lane are so many pixels wide.
const PATCH: f32 = 70.0;
/// How much of its width a vehicle's front and back lean above the sill, at the top.
const LEAN: f32 = 0.12;
/// Where the lean begins, from above.
const WAIST: f32 = 0.30;

/// An empty lane of this size: what is behind where vehicles pass, in patches of light and
/// dark without an edge. The same seed gives the same lane.
pub fn empty_lane(width: u32, height: u32, seed: u64) -> Linear {
    let mut rng = stream(seed);
    let (columns, rows) = (patches(width), patches(height));
    let mut level = |_| 0.03 + 0.16 * uniform(&mut rng) as f32;
    let grid: Vec<f32> = (0..columns * rows).map(&mut level).collect();
    let at = |column: usize, row: usize| grid[row * columns + column];
    let pixels = Rgb32FImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / PATCH, y as f32 / PATCH);
        let (column, row) = (u as usize, v as usize);
        let (fu, fv) = (smooth(0.0, 1.0, u.fract()), smooth(0.0, 1.0, v.fract()));
        let mix = |a: f32, b: f32, f: f32| a + f * (b - a);
        let upper = mix(at(column, row), at(column + 1, row), fu);
        let lower = mix(at(column, row + 1), at(column + 1, row + 1), fu);
        Rgb([mix(upper, lower, fv); 3])
    });
    Linear { pixels }
}

fn patches(side: u32) -> usize {
    (side as f32 / PATCH) as usize + 2
}

/// The vehicle of one picture before the lane of another of the same size.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] for a value outside its range, or pictures of two
/// sizes.
pub fn pass(lane: &Linear, vehicle: &Linear, passing: &Passing) -> Result<Linear, Error> {
    within("the shift", passing.shift, -8192.0, 8192.0)?;
    within("the way while the shutter is open", passing.way, 0.0, 64.0)?;
    let (width, height) = lane.dimensions();
    if vehicle.dimensions() != (width, height) {
        return Err(Error::new(
            crate::ErrorKind::Parameter,
            "the lane and the vehicle have pictures of two sizes".to_owned(),
        ));
    }
    let steps = (2.0 * passing.way).ceil().max(1.0) as u32;
    let mut pixels = lane.pixels.clone();
    let right = width as f32;
    for (x, y, pixel) in pixels.enumerate_pixels_mut() {
        let behind = pixel.0;
        let lean = LEAN * right * (1.0 - (y as f32 / height as f32) / WAIST).max(0.0);
        let (mut total, mut seen) = ([0.0_f32; 3], false);
        for step in 0..steps {
            let along = ((step as f32 + 0.5) / steps as f32 - 0.5) * passing.way;
            let u = x as f32 - passing.shift - along;
            let is_vehicle = (lean..=right - 1.0 - lean).contains(&u);
            seen |= is_vehicle;
            let value = match is_vehicle {
                true => beside(&vehicle.pixels, u, y),
                false => behind,
            };
            (0..3).for_each(|c| total[c] += value[c]);
        }
        if seen {
            pixel.0 = total.map(|v| v / steps as f32);
        }
    }
    Ok(Linear { pixels })
}

/// Between two pixels of a row.
fn beside(pixels: &Rgb32FImage, x: f32, y: u32) -> [f32; 3] {
    let left = (x as u32).min(pixels.width() - 1);
    let right = (left + 1).min(pixels.width() - 1);
    let part = x - left as f32;
    let (a, b) = (pixels.get_pixel(left, y).0, pixels.get_pixel(right, y).0);
    [0, 1, 2].map(|c| a[c] + part * (b[c] - a[c]))
}

/// What differs from pass to pass, from a seed.
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(stream(seed))
    }

    /// The next one, evenly from `from` to `to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * uniform(&mut self.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgb32FImage};

    use super::{Passing, empty_lane, pass};
    use crate::Linear;

    fn vehicle() -> Linear {
        let pixels = Rgb32FImage::from_fn(320, 200, |x, _| {
            Rgb([if (100..110).contains(&x) { 9.0 } else { 0.5 }; 3])
        });
        Linear { pixels }
    }

    #[test]
    fn a_vehicle_moves_and_the_lane_does_not() {
        let lane = empty_lane(320, 200, 3);
        assert_eq!(lane, empty_lane(320, 200, 3));
        assert_ne!(lane, empty_lane(320, 200, 4));
        let at = |shift, way| pass(&lane, &vehicle(), &Passing { shift, way }).expect("in range");
        let row = |light: &Linear| -> Vec<f32> {
            (0..320)
                .map(|x| light.pixels.get_pixel(x, 150).0[1])
                .collect()
        };
        let still = row(&at(0.0, 0.0));
        assert!(still[105] > 8.9 && still[0] == 0.5 && still[319] == 0.5);
        let moved = row(&at(-60.0, 0.0));
        assert!(moved[45] > 8.9);
        let own: Vec<f32> = row(&lane);
        assert_eq!(moved[270..], own[270..], "what it leaves is the lane");
        // The light of a stripe is spread, and none is lost.
        let smeared = row(&at(0.0, 12.0));
        let total = |row: &[f32]| row[80..130].iter().sum::<f32>();
        assert!((total(&smeared) / total(&still) - 1.0).abs() < 0.01);
        assert!(smeared[97] > 0.6 && still[97] == 0.5);
    }

    #[test]
    fn what_can_not_be_is_refused() {
        let lane = empty_lane(320, 200, 1);
        for (shift, way) in [(f32::NAN, 0.0), (9000.0, 0.0), (0.0, 65.0), (0.0, -1.0)] {
            assert!(pass(&lane, &vehicle(), &Passing { shift, way }).is_err());
        }
        let other = empty_lane(300, 200, 1);
        let still = Passing {
            shift: 0.0,
            way: 0.0,
        };
        assert!(pass(&other, &vehicle(), &still).is_err());
    }
}
