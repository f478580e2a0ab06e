//! Random numbers for sensors, from one stream a picture.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// From here a Poisson distribution is taken for a normal one: its skew is then
/// less than what read noise hides.
const NORMAL_FROM: f64 = 12.0;

/// The stream of a seed.
pub(crate) fn stream(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Evenly between 0 and 1, never 0.
pub(crate) fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Electrons that a pixel reads: Poisson noise of the light, normal noise of
/// the reading.
pub(crate) struct Noise<'a> {
    rng: &'a mut ChaCha8Rng,
    read: f64,
    spare: Option<f64>,
}

impl<'a> Noise<'a> {
    pub(crate) fn new(rng: &'a mut ChaCha8Rng, read: f32) -> Self {
        Self {
            rng,
            read: f64::from(read),
            spare: None,
        }
    }

    /// What is read where `expected` electrons are expected.
    pub(crate) fn read(&mut self, expected: f32) -> f32 {
        let expected = f64::from(expected.max(0.0));
        if expected >= NORMAL_FROM {
            let deviation = (expected + self.read * self.read).sqrt();
            return (expected + deviation * self.normal()) as f32;
        }
        (self.poisson(expected) + self.read * self.normal()) as f32
    }

    /// Knuth's method, for small means.
    fn poisson(&mut self, mean: f64) -> f64 {
        let end = (-mean).exp();
        let (mut product, mut count) = (uniform(self.rng), 0.0);
        while product > end {
            product *= uniform(self.rng);
            count += 1.0;
        }
        count
    }

    /// Standard normal (Box and Muller 1958).
    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * uniform(self.rng).ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * uniform(self.rng)).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

#[cfg(test)]
mod tests {
    use super::{Noise, stream};

    #[test]
    fn has_the_mean_and_variance_of_poisson_and_reading() {
        for (case, expected, read) in [
            ("dark", 0.0, 2.5_f32),
            ("few electrons", 3.0, 1.0),
            ("normal", 400.0, 2.5),
        ] {
            let mut rng = stream(1);
            let mut noise = Noise::new(&mut rng, read);
            let n = 40_000;
            let values: Vec<f64> = (0..n).map(|_| f64::from(noise.read(expected))).collect();
            let mean = values.iter().sum::<f64>() / f64::from(n);
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n);
            let truth = f64::from(expected + read * read);
            assert!(
                (mean - f64::from(expected)).abs() < 5.0 * (truth / f64::from(n)).sqrt(),
                "{case}: {mean}"
            );
            assert!((variance / truth - 1.0).abs() < 0.05, "{case}: {variance}");
        }
    }
}
