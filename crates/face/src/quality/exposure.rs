//! By how much a camera should expose a seat differently.

use super::Quality;

/// The luminance of a well exposed face in linear light: mid grey. Skin lies
/// about it, the darkest a stop or two below, the lightest one above.
const WANTED: f32 = 0.18;
/// Nearer than this nothing is gained: it is also what skin itself varies by.
const TOLERANCE: f32 = 1.5;
/// More can't be told from 8 bits.
const MOST: f32 = 6.0;

impl Quality {
    /// Stops by which the exposure of this face's zone should be raised (above
    /// 0) or lowered; 0 where it is near enough. For a camera that can set it for
    /// a zone: by light first, since gain adds noise.
    pub fn exposure_advice(&self) -> f32 {
        advice(self.luminance)
    }
}

/// From a face's mean luminance, 0..=1 of sRGB's scale.
fn advice(luminance: f32) -> f32 {
    // The mean of the values stands for the value of the mean.
    let light = if luminance <= 0.040_45 {
        luminance / 12.92
    } else {
        ((luminance + 0.055) / 1.055).powf(2.4)
    };
    let stops = (WANTED / light.max(1e-6)).log2().clamp(-MOST, MOST);
    if stops.abs() < TOLERANCE {
        return 0.0;
    }
    // To the third of a stop, as cameras are set.
    (3.0 * stops).round() / 3.0
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn asks_for_the_stops_that_are_missing() {
        for (luminance, stops) in [
            (0.461, 0.0),
            (0.30, 0.0),
            (0.65, 0.0),
            // A sixteenth of the light is four stops.
            (0.1072, 4.0),
            (0.02, 6.0),
            (0.0, 6.0),
            (0.95, -2.333_333_3),
        ] {
            let found = advice(luminance);
            assert!((found - stops).abs() < 0.01, "{luminance}: {found}");
        }
    }
}
