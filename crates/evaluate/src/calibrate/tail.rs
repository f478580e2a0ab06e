//! The upper tail of the non-mated scores as a distribution.

use serde::Serialize;

use crate::{Error, ErrorKind, Scores};

/// The tail is fitted to what lies above the threshold of this rate.
const START: f64 = 1e-3;
const LEAST_EXCESSES: usize = 50;

/// A generalised Pareto distribution of excesses over a threshold, which the
/// tails of all common distributions tend to (Pickands 1975). Shape 0 is an
/// exponential tail, below 0 one that ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tail {
    /// Where it starts.
    pub start: f64,
    /// The false match rate there.
    pub fmr_at_start: f64,
    /// How many scores it was fitted to.
    pub excesses: usize,
    /// Shape.
    pub shape: f64,
    /// Scale, in units of the score.
    pub scale: f64,
}

impl Tail {
    /// Fits by probability-weighted moments (Hosking and Wallis 1987).
    pub(crate) fn fit(scores: &Scores) -> Result<Self, Error> {
        let start = f64::from(scores.rates(&[START]).thresholds[0]);
        let mut excesses: Vec<f64> = scores
            .tail()
            .map(f64::from)
            .take_while(|s| *s >= start)
            .map(|s| s - start)
            .collect();
        excesses.reverse();
        if excesses.len() < LEAST_EXCESSES {
            return Err(Error::new(
                ErrorKind::TooFew,
                format!(
                    "{} non-mated scores lie above the threshold of FMR 1e-3; a tail needs {LEAST_EXCESSES}",
                    excesses.len()
                ),
            ));
        }
        let (shape, scale) = moments(&excesses);
        Ok(Self {
            start: round(start),
            fmr_at_start: excesses.len() as f64 / scores.non_mated().total() as f64,
            excesses: excesses.len(),
            shape: round(shape),
            scale: (scale * 1e5).round() / 1e5,
        })
    }

    /// The threshold of a rarer false match rate than that at the start.
    pub fn threshold(&self, fmr: f64) -> Option<f64> {
        let ratio = fmr / self.fmr_at_start;
        (ratio > 0.0 && ratio <= 1.0).then(|| {
            let excess = if self.shape.abs() < 1e-6 {
                -ratio.ln()
            } else {
                (ratio.powf(-self.shape) - 1.0) / self.shape
            };
            self.start + self.scale * excess
        })
    }
}

/// Shape and scale from excesses in ascending order.
fn moments(excesses: &[f64]) -> (f64, f64) {
    let n = excesses.len() as f64;
    let mean = excesses.iter().sum::<f64>() / n;
    let weighted = excesses
        .iter()
        .enumerate()
        .map(|(i, x)| x * (n - 1.0 - i as f64) / (n - 1.0))
        .sum::<f64>()
        / n;
    let d = mean - 2.0 * weighted;
    (2.0 - mean / d, 2.0 * mean * weighted / d)
}

fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::moments;

    #[test]
    fn finds_the_distribution_it_was_given() {
        for (shape, scale) in [(0.2, 0.03), (-0.2, 0.05), (1e-9, 0.02)] {
            let n = 20_000;
            let quantile = |i: i32| {
                let p = (f64::from(i) + 0.5) / f64::from(n);
                scale * ((1.0 - p).powf(-shape) - 1.0) / shape
            };
            let excesses: Vec<f64> = (0..n).map(quantile).collect();
            let (found_shape, found_scale) = moments(&excesses);
            assert!(
                (found_shape - shape).abs() < 0.01 && (found_scale / scale - 1.0).abs() < 0.01,
                "{shape} {scale}: {found_shape} {found_scale}"
            );
        }
    }
}
