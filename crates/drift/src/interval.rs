//! Rates with their intervals.

use crate::counts::Counts;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF as _, Normal};

/// An interval for a proportion.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end, 0..=1.
    pub low: f64,
    /// Its upper end, not below `low`.
    pub high: f64,
}

impl Interval {
    /// The interval in which nothing is known.
    pub const ALL: Self = Self {
        low: 0.0,
        high: 1.0,
    };
}

/// Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001) for a
/// proportion `rate` seen in `trials` independent trials, which need not be a
/// whole number, at `z` standard normal deviations.
pub fn wilson_at(rate: f64, trials: f64, z: f64) -> Interval {
    if !(trials > 0.0) || !rate.is_finite() {
        return Interval::ALL;
    }
    let rate = rate.clamp(0.0, 1.0);
    let share = z * z / trials;
    let centre = (rate + share / 2.0) / (1.0 + share);
    let half = z * (rate * (1.0 - rate) / trials + share / (4.0 * trials)).sqrt() / (1.0 + share);
    Interval {
        low: (centre - half).clamp(0.0, rate),
        high: (centre + half).clamp(rate, 1.0),
    }
}

/// Wilson's interval for `passed` of `trials` at a two-sided `confidence`, such
/// as 0.95. A confidence that is none (outside 0..1) gives [`Interval::ALL`].
pub fn wilson(passed: u32, trials: u32, confidence: f64) -> Interval {
    let Some(z) = deviations(confidence).filter(|_| trials > 0 && passed <= trials) else {
        return Interval::ALL;
    };
    wilson_at(f64::from(passed) / f64::from(trials), f64::from(trials), z)
}

/// The interval of the rate in `counts` with *vehicles* as the trials: right
/// however much the people in one vehicle have in common, wider than need be
/// where they have little.
pub fn by_vehicle(counts: &Counts, confidence: f64) -> Interval {
    match (counts.rate(), deviations(confidence)) {
        (Some(rate), Some(z)) => wilson_at(rate, f64::from(counts.vehicles), z),
        _ => Interval::ALL,
    }
}

fn deviations(confidence: f64) -> Option<f64> {
    let inside = confidence > 0.0 && confidence < 1.0;
    inside.then(|| Normal::standard().inverse_cdf(0.5 + confidence / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brown, Cai and DasGupta (2001), and R's `prop.test(correct = FALSE)`.
    #[test]
    fn wilson_as_others_compute_it() {
        let cases = [
            (0, 10, 0.0, 0.277_532_7),
            (10, 10, 0.722_467_2, 1.0),
            (8, 10, 0.490_162_5, 0.943_317_8),
            (95, 100, 0.888_248_2, 0.978_456_0),
            (1, 2, 0.094_531_2, 0.905_468_8),
        ];
        let wrong: Vec<_> = cases
            .into_iter()
            .map(|(passed, trials, low, high)| (wilson(passed, trials, 0.95), low, high))
            .filter(|(got, low, high)| (got.low - low).abs() + (got.high - high).abs() > 2e-5)
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn what_is_no_proportion_says_nothing() {
        for got in [
            wilson(0, 0, 0.95),
            wilson(3, 2, 0.95),
            wilson(1, 2, 1.0),
            wilson(1, 2, f64::NAN),
            wilson_at(f64::NAN, 3.0, 1.0),
            by_vehicle(&Counts::default(), 0.95),
        ] {
            assert_eq!(got, Interval::ALL);
        }
    }
}
