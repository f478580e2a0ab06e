//! What a rate is held against: its own past, by hour of the day.
//!
//! An hour of the day has the mean of its vehicles and those of its neighbours,
//! drawn towards the whole day's as far as there are few of them: hours are
//! taken to lie about the day's mean with a standard deviation of [`BETWEEN`].
//! How uncertain it is counts every vehicle as one trial, as if its people
//! always failed together, which is the worst that they can do.
//!
//! Hours differ too, by weather and low sun, beyond what their vehicles explain.
//! By how much is learnt as a dispersion (Wedderburn 1974, *Quasi-likelihood
//! functions*): the mean square of hours' deviations from what was expected of
//! them, over what vehicles alone would give.

use crate::counts::{Cluster, UNITS};
use serde::{Deserialize, Serialize};

/// How far the hours of a day lie from its mean before anything is known of
/// them: a standard deviation of 5 points.
pub const BETWEEN: f64 = 0.05;

/// After so many hours with vehicles in them a baseline is learnt and stays: 14
/// whole days. A slow decline is not followed.
pub const LEARNING_HOURS: u32 = 14 * 24;

/// An hour of fewer vehicles says nothing of the dispersion.
const LEAST_OF_AN_HOUR: u32 = 5;

/// No hour's squared deviation counts for more: what went wrong once is not the
/// weather.
const MOST_SQUARE: f64 = 25.0;

/// Weights of an hour of the day and its neighbours on both sides.
const KERNEL: [f64; 5] = [1.0, 2.0, 3.0, 2.0, 1.0];

/// Vehicles of one hour of the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourOfDay {
    /// How many.
    pub vehicles: u32,
    /// Their means, added up, in [`UNITS`].
    pub means: u64,
}

impl HourOfDay {
    /// Adds one vehicle.
    pub fn add(&mut self, cluster: Cluster) {
        if cluster.people > 0 {
            self.vehicles = self.vehicles.saturating_add(1);
            self.means = self.means.saturating_add(u64::from(cluster.mean_units()));
        }
    }

    fn is_sound(&self) -> bool {
        self.means <= u64::from(self.vehicles) * u64::from(UNITS)
    }
}

/// A rate and how uncertain it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The vehicles' mean, strictly within 0..1.
    pub rate: f64,
    /// Its standard error.
    pub error: f64,
    /// How much more hours vary than their vehicles alone would have them, at
    /// least 1.
    pub dispersion: f64,
}

/// A baseline while it is learnt and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    hours: [HourOfDay; 24],
    learnt: u32,
    /// Hours' squared deviations, and of how many hours.
    #[serde(with = "crate::bits")]
    squares: f64,
    squared: u32,
}

impl Baseline {
    /// Adds an hour's vehicles, unless the baseline is learnt.
    pub fn learn(&mut self, hour_of_day: usize, of: HourOfDay) {
        let before = self.expected(hour_of_day);
        let learning = of.vehicles > 0 && self.learnt < LEARNING_HOURS;
        let Some(hour) = self.hours.get_mut(hour_of_day).filter(|_| learning) else {
            return;
        };
        hour.vehicles = hour.vehicles.saturating_add(of.vehicles);
        hour.means = hour.means.saturating_add(of.means);
        self.learnt += 1;
        let before = before.filter(|_| of.vehicles >= LEAST_OF_AN_HOUR);
        if let Some(Expected { rate, error, .. }) = before {
            let vehicles = f64::from(of.vehicles);
            let mean = of.means as f64 / f64::from(UNITS) / vehicles;
            let variance = rate * (1.0 - rate) / vehicles + error * error;
            self.squares += ((mean - rate).powi(2) / variance).min(MOST_SQUARE);
            self.squared += 1;
        }
    }

    /// Four standard errors (of a mean of squares) above what was seen, and not
    /// below 1.
    fn dispersion(&self) -> f64 {
        let hours = f64::from(self.squared);
        match self.squared {
            0 => 1.0,
            _ => (self.squares / hours * (1.0 + 4.0 * (2.0 / hours).sqrt())).max(1.0),
        }
    }

    /// How many hours were learnt from, of [`LEARNING_HOURS`].
    pub fn learnt_hours(&self) -> u32 {
        self.learnt
    }

    /// What to expect in an hour of the day; `None` before the first vehicle.
    pub fn expected(&self, hour_of_day: usize) -> Option<Expected> {
        let day = self.pooled((0..24).map(|hour| (hour, 1.0)))?;
        let near = KERNEL
            .iter()
            .enumerate()
            .map(|(offset, weight)| ((hour_of_day + 22 + offset) % 24, *weight));
        let near = self.pooled(near);
        let variance = |rate: f64| rate * (1.0 - rate);
        let (near_rate, near_information) = match near {
            Some(pooled) => (pooled.rate, pooled.trials / variance(day.rate)),
            None => (day.rate, 0.0),
        };
        let prior_information = 1.0 / (BETWEEN * BETWEEN);
        let information = prior_information + near_information;
        let rate = (day.rate * prior_information + near_rate * near_information) / information;
        let day_error = variance(day.rate) / day.trials;
        // The day's own error comes in as far as the hour leans on it.
        let lean = prior_information / information;
        let error = (1.0 / information + lean * lean * day_error).sqrt();
        let dispersion = self.dispersion();
        Some(Expected {
            rate,
            error: error * dispersion.sqrt(),
            dispersion,
        })
    }

    /// The weighted mean, half a vehicle of either kind added (so that no rate
    /// is 0 or 1), and to how many equally weighted vehicles that amounts.
    fn pooled(&self, weights: impl Iterator<Item = (usize, f64)>) -> Option<Pooled> {
        let (mut sum, mut square, mut mean) = (0.0, 0.0, 0.0);
        for (hour, weight) in weights {
            let of = &self.hours[hour];
            let vehicles = f64::from(of.vehicles);
            sum += weight * vehicles;
            square += weight * weight * vehicles;
            mean += weight * of.means as f64 / f64::from(UNITS);
        }
        (sum > 0.0).then(|| {
            let trials = sum * sum / square;
            Pooled {
                rate: (mean / sum * trials + 0.5) / (trials + 1.0),
                trials,
            }
        })
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.learnt <= LEARNING_HOURS
            && self.hours.iter().all(HourOfDay::is_sound)
            && self.squared <= self.learnt
            && (0.0..=MOST_SQUARE * f64::from(LEARNING_HOURS)).contains(&self.squares)
    }
}

struct Pooled {
    rate: f64,
    trials: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vehicles(count: u32, passed: u32) -> HourOfDay {
        let mut hour = HourOfDay::default();
        for number in 0..count {
            hour.add(Cluster {
                people: 1,
                passed: u32::from(number < passed),
            });
        }
        hour
    }

    #[test]
    fn an_hour_leans_on_the_day_until_it_is_known() {
        let mut baseline = Baseline::default();
        assert_eq!(baseline.expected(3), None);
        for hour in 8..20 {
            baseline.learn(hour, vehicles(100, 95));
        }
        let (noon, night) = (
            baseline.expected(12).unwrap(),
            baseline.expected(2).unwrap(),
        );
        assert!((noon.rate - 0.95).abs() < 0.003, "{noon:?}");
        assert!(noon.error < 0.015, "{noon:?}");
        // Nothing is known of the night but the day.
        assert!((night.rate - 0.95).abs() < 0.003, "{night:?}");
        assert!(night.error > 0.04, "{night:?}");
        for _ in 0..10 {
            for hour in 0..6 {
                baseline.learn(hour, vehicles(60, 51));
            }
        }
        let night = baseline.expected(2).unwrap();
        assert!((night.rate - 0.85).abs() < 0.01, "{night:?}");
        assert!(night.error < 0.012, "{night:?}");
    }

    #[test]
    fn hours_that_differ_by_themselves_are_known_to() {
        let learnt = |odd: u32| {
            let mut baseline = Baseline::default();
            for hour in 0..LEARNING_HOURS {
                let passed = if hour % 2 == 0 { 95 - odd } else { 95 + odd };
                baseline.learn(hour as usize % 24, vehicles(100, passed));
            }
            baseline.expected(12).unwrap()
        };
        assert_eq!(learnt(1).dispersion, 1.0);
        assert!(learnt(4).dispersion > 2.5, "{:?}", learnt(4));
        assert!(learnt(4).error > 1.6 * learnt(1).error);
    }

    #[test]
    fn a_rate_is_never_certain() {
        for passed in [0, 20] {
            let mut baseline = Baseline::default();
            baseline.learn(0, vehicles(20, passed));
            let expected = baseline.expected(0).unwrap();
            assert!(expected.rate > 0.0 && expected.rate < 1.0 && expected.error > 0.0);
        }
    }

    #[test]
    fn what_is_learnt_stays() {
        let mut baseline = Baseline::default();
        for hour in 0..LEARNING_HOURS as usize {
            baseline.learn(hour % 24, vehicles(10, 9));
        }
        let learnt = baseline.clone();
        baseline.learn(0, vehicles(1000, 0));
        assert_eq!(baseline, learnt);
        // An hour without vehicles taught nothing and counts for nothing.
        let mut empty = Baseline::default();
        empty.learn(0, HourOfDay::default());
        assert_eq!(empty, Baseline::default());
    }
}
