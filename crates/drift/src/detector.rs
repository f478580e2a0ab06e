//! The test: a Shiryaev-Roberts e-detector over vehicles.
//!
//! For each vehicle and each assumed change the evidence is multiplied by
//!
//! ```text
//! 1 + stake · (mean of the vehicle's outcomes - reference)
//! ```
//!
//! whose expectation is at most 1 as long as a vehicle's mean, given all before
//! it, is expected on the harmless side of the reference: whatever the people in
//! it have in common, and whatever the distribution of vehicles. The sum over
//! all possible beginnings of the change, `R ← (R + 1) · factor` (Shiryaev
//! 1963, Roberts 1966), averaged over the assumed changes, therefore grows by
//! not more than 1 a vehicle in expectation, and reaches a threshold A on
//! average not before A vehicles (Shin, Ramdas and Rinaldo, *E-detectors*,
//! 2023). What that leaves out is that the reference is itself
//! estimated; [`GUARD`] and [`SURENESS`] deal with it, and the threshold's
//! factor is chosen by simulating that too. Where hours vary more than their
//! vehicles explain (a dispersion φ above 1), a vehicle's mean is not harmless
//! given those before it, in a bad hour: stakes are divided by φ, and the
//! reference moves by the share (φ - 1) / 2φ of the assumed change, which is
//! what an hour's own normal deviation adds to the logarithm of its factors'
//! expectation.

use crate::baseline::Expected;
use crate::counts::{Cluster, Counts};
use crate::outcome::Hour;
use serde::{Deserialize, Serialize};

/// The changes that are assumed, as differences of the rate, both ways.
pub const CHANGES: [f64; 5] = [0.02, 0.04, 0.08, 0.16, 0.32];

/// Assumed changes in both directions, falls first.
pub const BETS: usize = 2 * CHANGES.len();

/// The reference lies so many standard errors on the harmless side of the
/// baseline.
pub const GUARD: f64 = 1.0;

/// A change is looked for only where it is so many standard errors of the
/// baseline.
pub const SURENESS: f64 = 3.0;

/// No vehicle takes more than this share of the evidence away.
const BOLDEST: f64 = 0.8;

/// The smallest variance that stakes are made for.
const LEAST_VARIANCE: f64 = 0.005;

/// What is staked on one assumed change in the present hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bet {
    reference: f64,
    /// Negative for a fall, 0 where the bet is not made.
    stake: f64,
}

/// The bets of one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bets([Bet; BETS]);

impl Bets {
    /// What to stake where `expected` is the rate.
    pub fn against(expected: Option<Expected>) -> Self {
        let mut bets = [Bet::default(); BETS];
        let Some(Expected {
            rate,
            error,
            dispersion,
        }) = expected
        else {
            return Self(bets);
        };
        let variance = (rate * (1.0 - rate)).max(LEAST_VARIANCE);
        for (number, bet) in bets.iter_mut().enumerate() {
            let change = CHANGES[number % CHANGES.len()];
            let fall = number < CHANGES.len();
            let guard = GUARD * error + change * (dispersion - 1.0) / (2.0 * dispersion);
            let (room, reference) = match fall {
                true => (rate, rate - guard),
                false => (1.0 - rate, rate + guard),
            };
            if change < SURENESS * error || change > room || !(0.0..=1.0).contains(&reference) {
                continue;
            }
            // Kelly's stake for a change of that size, and what a vehicle that
            // is wholly on the harmless side may cost.
            let worst = if fall { 1.0 - reference } else { reference };
            let stake =
                (change / (variance * dispersion)).min(BOLDEST / worst.max(BOLDEST / 1000.0));
            *bet = Bet {
                reference,
                stake: if fall { -stake } else { stake },
            };
        }
        Self(bets)
    }

    /// Whether any change of this size can be noticed in the present hour.
    pub fn looks_for(&self, change: f64) -> bool {
        let of = CHANGES.iter().position(|c| *c >= change);
        of.is_some_and(|number| self.0[number].stake != 0.0)
    }
}

/// The evidence for one assumed change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    /// Over all beginnings, added up (Shiryaev-Roberts).
    #[serde(with = "crate::bits")]
    sum: f64,
    /// For the likeliest beginning, at least 1 (CUSUM).
    #[serde(with = "crate::bits")]
    run: f64,
    /// That beginning.
    since: Hour,
    /// The vehicles since.
    after: Counts,
}

/// The evidence for every assumed change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detector([Evidence; BETS]);

/// Which way a rate changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It fell.
    Fall,
    /// It rose.
    Rise,
}

/// A change that the evidence suffices for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Which way.
    pub direction: Direction,
    /// Its likeliest beginning.
    pub since: Hour,
    /// The vehicles since.
    pub after: Counts,
}

impl Detector {
    /// Without evidence, at `hour`.
    pub fn new(hour: Hour) -> Self {
        Self(
            [Evidence {
                sum: 0.0,
                run: 1.0,
                since: hour,
                after: Counts::default(),
            }; BETS],
        )
    }

    /// Takes one vehicle; a change, if the evidence reaches `threshold`.
    pub fn take(
        &mut self,
        hour: Hour,
        cluster: Cluster,
        bets: &Bets,
        threshold: f64,
    ) -> Option<Change> {
        if cluster.people == 0 {
            return None;
        }
        let mean = cluster.mean();
        for (evidence, bet) in self.0.iter_mut().zip(&bets.0) {
            if bet.stake == 0.0 {
                continue;
            }
            let factor = 1.0 + bet.stake * (mean - bet.reference);
            evidence.sum = (evidence.sum + 1.0) * factor;
            evidence.run *= factor;
            evidence.after.add(cluster);
            if evidence.run <= 1.0 {
                (evidence.run, evidence.since) = (1.0, hour);
                evidence.after = Counts::default();
            }
        }
        (self.evidence() >= threshold).then(|| self.change())
    }

    /// The evidence: reaches a threshold A by chance not before A vehicles on
    /// average.
    pub fn evidence(&self) -> f64 {
        self.0.iter().map(|evidence| evidence.sum).sum::<f64>() / BETS as f64
    }

    fn change(&self) -> Change {
        let sum = |of: &[Evidence]| of.iter().map(|e| e.sum).sum::<f64>();
        let (falls, rises) = self.0.split_at(CHANGES.len());
        let (direction, of) = match sum(falls) >= sum(rises) {
            true => (Direction::Fall, falls),
            false => (Direction::Rise, rises),
        };
        let best = of.iter().max_by(|a, b| a.run.total_cmp(&b.run));
        let (since, after) = best.map_or_else(Default::default, |e| (e.since, e.after));
        Change {
            direction,
            since,
            after,
        }
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.0.iter().all(|evidence| {
            (0.0..1e300).contains(&evidence.sum)
                && (1.0..1e300).contains(&evidence.run)
                && evidence.after.is_sound()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURE: Expected = Expected {
        rate: 0.95,
        error: 0.001,
        dispersion: 1.0,
    };

    /// The factors' expectation is at most 1 wherever the mean is harmless: the
    /// ground on which the false alarms stand.
    #[test]
    fn no_bet_pays_on_the_harmless_side() {
        let mut paying = Vec::new();
        for rate in [0.05, 0.3, 0.61, 0.9, 0.95, 0.999] {
            for error in [0.001, 0.005, 0.02] {
                let bets = Bets::against(Some(Expected {
                    rate,
                    error,
                    dispersion: 1.0 + 100.0 * error,
                }));
                for (number, bet) in bets.0.iter().enumerate() {
                    // A vehicle's factor is linear in its mean, so that of the
                    // expectation is that at the mean, and the worst one is at
                    // the edge of what a vehicle can have.
                    let at = |mean: f64| 1.0 + bet.stake * (mean - bet.reference);
                    if at(rate) > 1.0 || at(0.0).min(at(1.0)) < 0.19 {
                        paying.push((rate, error, number));
                    }
                }
            }
        }
        assert!(paying.is_empty(), "{paying:?}");
    }

    #[test]
    fn an_unsure_baseline_is_not_bet_against() {
        let of = |error| Bets::against(Some(Expected { error, ..SURE }));
        assert!(of(0.001).looks_for(0.02));
        assert!(!of(0.02).looks_for(0.04));
        assert!(of(0.02).looks_for(0.08));
        assert!(!of(0.2).looks_for(0.32));
        assert!(!Bets::against(None).looks_for(0.32));
    }

    #[test]
    fn a_fall_and_a_rise_are_told_apart() {
        let bets = Bets::against(Some(SURE));
        let run = |people, passed| {
            let mut detector = Detector::new(Hour(0));
            (1..2000).find_map(|hour| {
                let cluster = Cluster { people, passed };
                detector.take(Hour(hour), cluster, &bets, 1e6)
            })
        };
        let fall = run(2, 1).unwrap();
        assert_eq!((fall.direction, fall.since), (Direction::Fall, Hour(0)));
        assert_eq!(fall.after.people, 2 * fall.after.vehicles);
        assert_eq!(run(2, 2).unwrap().direction, Direction::Rise);
        assert_eq!(run(20, 19), None);
        assert_eq!(run(0, 0), None);
    }
}
