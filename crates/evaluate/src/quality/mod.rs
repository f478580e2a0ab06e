//! What quality is worth: components and scores against the failures that they
//! should foretell.
//!
//! The probes of a stress test are split by subject. On one half a unified score
//! is fitted to predict whether the mated comparison succeeds; on the other half
//! it, the score in force and each component are held against the failures.

mod edc;
mod fit;
mod naming;

pub use edc::Discard;
pub use naming::{NamedCondition, Naming};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use rowcall_face::Quality;
use serde::Serialize;

use crate::{Error, ErrorKind, Interval, Sample};
use fit::Logistic;

/// How often subjects are drawn anew for the intervals.
const REPLICATES: usize = 500;

/// What each way to rank probes by quality is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QualityReport {
    /// The score from which a mated comparison succeeds.
    pub threshold: f32,
    /// Probes and subjects that the score was fitted to.
    pub fitted_to: (usize, usize),
    /// Probes and subjects that everything is measured on.
    pub measured_on: (usize, usize),
    /// The score in force, the one that was in force when the probes were looked
    /// at, one fitted to the chosen components, to all, and to all without each.
    pub scores: Vec<Worth>,
    /// Each component alone.
    pub components: Vec<Worth>,
    /// Coefficients of the score fitted to the chosen components.
    pub coefficients: Vec<(String, f64)>,
    /// Where a gate would stand: the least score kept, from lax to strict.
    pub gates: Vec<GatePoint>,
    /// What all probes are told, whatever was fitted to them.
    pub naming: Naming,
}

/// The worth of one way to rank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// What is ranked by.
    pub name: String,
    /// Error versus discard.
    pub discard: Discard,
    /// By how much the mean of that curve lies above the first score's (worse is
    /// above 0), with its 95 % interval from a bootstrap over subjects.
    pub worse_by: (f64, Interval),
}

/// A gate at a least score in force, and what it does on the measured half.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GatePoint {
    /// The least score that passes.
    pub least: f64,
    /// Share of all probes that it refuses.
    pub refused: f64,
    /// Of those whose comparison would have failed, the share it refuses.
    pub failures_caught: f64,
    /// Of those whose comparison would have succeeded, the share it refuses.
    pub successes_lost: f64,
    /// False non-match rate among those it lets pass.
    pub fnmr: f64,
}

/// The components that the shipped score is made of: without any of the others
/// nothing is lost.
const CHOSEN: [&str; 4] = ["sharpness", "dynamic-range", "noise", "detector-confidence"];

type Feature = fn(&Quality) -> f64;

/// What the fit looks at: native values bent so that more is better, roughly
/// evenly spread.
const FEATURES: [(&str, Feature); 14] = [
    ("inter-eye-distance", |q| {
        f64::from((q.inter_eye_distance / 40.0).clamp(0.1, 1.5)).ln()
    }),
    ("head-pose-yaw", |q| {
        -f64::from(q.pose.yaw.abs() / 45.0).powi(2).min(4.0)
    }),
    ("head-pose-pitch", |q| {
        -f64::from(q.pose.pitch.abs() / 45.0).powi(2).min(4.0)
    }),
    ("sharpness", |q| {
        f64::from(q.sharpness.clamp(0.005, 0.5)).ln()
    }),
    ("under-exposure-prevention", |q| -f64::from(q.under_exposed)),
    ("over-exposure-prevention", |q| -f64::from(q.over_exposed)),
    ("contrast", |q| f64::from(q.contrast.clamp(0.003, 0.3)).ln()),
    ("dynamic-range", |q| f64::from(q.dynamic_range) / 8.0),
    ("illumination-uniformity", |q| {
        f64::from(q.illumination_uniformity)
    }),
    ("veil", |q| -f64::from(q.veil)),
    ("glare", |q| -f64::from(q.glare)),
    ("noise", |q| -f64::from(q.noise.clamp(0.002, 0.3)).ln()),
    ("landmark-detail", |q| {
        f64::from(q.landmark_detail.clamp(0.02, 2.0)).ln()
    }),
    ("detector-confidence", |q| {
        let p = f64::from(q.confidence.clamp(0.5, 0.99));
        (p / (1.0 - p)).ln()
    }),
];

impl QualityReport {
    /// Fits and measures. `threshold` is the score that a mated comparison must
    /// reach.
    ///
    /// # Errors
    /// [`ErrorKind::TooFew`] if there are no failures, or nothing else, in either
    /// half.
    pub fn measure(samples: &[Sample], threshold: f32) -> Result<Self, Error> {
        let mut subjects: Vec<u32> = samples.iter().map(|s| s.subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        // Every second subject, in the order of their names.
        let is_fitted = |s: &Sample| {
            subjects
                .binary_search(&s.subject)
                .is_ok_and(|i| i.is_multiple_of(2))
        };
        let (fitted, measured): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().partition(|s| is_fitted(s));
        let all: Vec<usize> = (0..FEATURES.len()).collect();
        let too_few = || {
            Error::new(
                ErrorKind::TooFew,
                "no failures, or nothing else, among the probes: take more subjects or harder conditions",
            )
        };
        let full = fit(&fitted, &all, threshold).ok_or_else(too_few)?;
        if measured.iter().all(|s| s.mated >= threshold) {
            return Err(too_few());
        }
        let chosen: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| CHOSEN.contains(&FEATURES[*i].0))
            .collect();
        let shipped = fit(&fitted, &chosen, threshold).ok_or_else(too_few)?;
        let of = |value: &dyn Fn(&Sample) -> f32| -> Vec<f64> {
            measured.iter().map(|s| f64::from(value(s))).collect()
        };
        let mut ways: Vec<(String, Vec<f64>)> = vec![
            ("unified, in force".into(), of(&|s| s.quality.unified())),
            ("unified, when sampled".into(), of(&|s| s.unified)),
            (
                "fitted, chosen components".into(),
                predict(&shipped, &chosen, &measured),
            ),
            (
                "fitted, all components".into(),
                predict(&full, &all, &measured),
            ),
        ];
        for left_out in &all {
            let some: Vec<usize> = all.iter().copied().filter(|i| i != left_out).collect();
            if let Some(fit) = fit(&fitted, &some, threshold) {
                ways.push((
                    format!("fitted, all without {}", FEATURES[*left_out].0),
                    predict(&fit, &some, &measured),
                ));
            }
        }
        let single = FEATURES.iter().map(|(name, value)| {
            (
                (*name).to_owned(),
                measured.iter().map(|s| value(&s.quality)).collect(),
            )
        });
        let single: Vec<(String, Vec<f64>)> = single.collect();
        let fails: Vec<bool> = measured.iter().map(|s| s.mated < threshold).collect();
        let draws = draws(&measured);
        let base = &ways[0].1;
        let worth = |(name, ranks): &(String, Vec<f64>)| worth(name, ranks, base, &fails, &draws);
        let names = std::iter::once("constant").chain(chosen.iter().map(|i| FEATURES[*i].0));
        Ok(Self {
            threshold,
            fitted_to: (fitted.len(), subjects.len().div_ceil(2)),
            measured_on: (measured.len(), subjects.len() / 2),
            scores: ways.iter().map(worth).collect(),
            components: single.iter().map(worth).collect(),
            coefficients: names.map(str::to_owned).zip(shipped.weights).collect(),
            gates: gates(base, &fails),
            naming: Naming::of(samples, threshold),
        })
    }
}

fn row(sample: &Sample, features: &[usize]) -> Vec<f64> {
    features
        .iter()
        .map(|&i| FEATURES[i].1(&sample.quality))
        .collect()
}

fn fit(samples: &[&Sample], features: &[usize], threshold: f32) -> Option<Logistic> {
    let rows: Vec<Vec<f64>> = samples.iter().map(|s| row(s, features)).collect();
    let success: Vec<bool> = samples.iter().map(|s| s.mated >= threshold).collect();
    Logistic::fit(&rows, &success)
}

fn predict(fit: &Logistic, features: &[usize], samples: &[&Sample]) -> Vec<f64> {
    samples
        .iter()
        .map(|s| fit.probability(&row(s, features)))
        .collect()
}

/// Which samples each bootstrap replicate is made of: whole subjects.
fn draws(samples: &[&Sample]) -> Vec<Vec<usize>> {
    let mut subjects: Vec<u32> = samples.iter().map(|s| s.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let own: Vec<Vec<usize>> = subjects
        .iter()
        .map(|s| {
            (0..samples.len())
                .filter(|&i| samples[i].subject == *s)
                .collect()
        })
        .collect();
    (0..REPLICATES)
        .map(|replicate| {
            let mut rng = ChaCha8Rng::seed_from_u64(29_794);
            rng.set_stream(replicate as u64);
            (0..own.len())
                .flat_map(|_| {
                    let drawn = (u128::from(rng.next_u64()) * own.len() as u128) >> 64;
                    own[drawn as usize].iter().copied()
                })
                .collect()
        })
        .collect()
}

fn worth(name: &str, ranks: &[f64], base: &[f64], fails: &[bool], draws: &[Vec<usize>]) -> Worth {
    let curve = |ranks: &[f64], of: &mut dyn Iterator<Item = usize>| {
        Discard::of(&of.map(|i| (ranks[i], fails[i])).collect::<Vec<_>>())
    };
    let whole = |ranks: &[f64]| curve(ranks, &mut (0..fails.len()));
    let mut differences: Vec<f64> = draws
        .iter()
        .map(|d| {
            curve(ranks, &mut d.iter().copied()).mean - curve(base, &mut d.iter().copied()).mean
        })
        .collect();
    differences.sort_by(f64::total_cmp);
    let at = |q: f64| differences[(q * (differences.len() - 1) as f64).round() as usize];
    let discard = whole(ranks);
    Worth {
        name: name.to_owned(),
        worse_by: (discard.mean - whole(base).mean, [at(0.025), at(0.975)]),
        discard,
    }
}

fn gates(scores: &[f64], fails: &[bool]) -> Vec<GatePoint> {
    let share = |k: usize, n: usize| k as f64 / n.max(1) as f64;
    let failures = fails.iter().filter(|f| **f).count();
    [
        0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]
    .map(|least| {
        let refused = |fail: bool| {
            let both = scores.iter().zip(fails);
            both.filter(|(s, f)| **s < least && **f == fail).count()
        };
        let (caught, lost) = (refused(true), refused(false));
        let passed = scores.len() - caught - lost;
        GatePoint {
            least,
            refused: share(caught + lost, scores.len()),
            failures_caught: share(caught, failures),
            successes_lost: share(lost, scores.len() - failures),
            fnmr: share(failures - caught, passed),
        }
    })
    .to_vec()
}
