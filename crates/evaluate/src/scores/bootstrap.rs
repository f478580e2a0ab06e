//! Uncertainty by resampling subjects (ISO/IEC 19795-1, 7.2 and its references
//! on the bootstrap): comparisons that share a subject aren't independent, so
//! whole subjects are drawn, with all their comparisons.
//!
//! A subject drawn w times weighs w in its mated comparisons and w·v in those
//! with a subject drawn v times. It is never compared with its own copy, which
//! would pass for a stranger of the same face.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::{Rates, Scores, on_every_core};

/// How the bootstrap is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// How often subjects are drawn anew.
    pub replicates: usize,
    /// What the draws start from: the same seed gives the same intervals.
    pub seed: u64,
}

/// A central 95 % interval, lower and upper end.
pub type Interval = [f64; 2];

impl Default for Bootstrap {
    fn default() -> Self {
        Self {
            replicates: 1_000,
            seed: 19_795,
        }
    }
}

impl Bootstrap {
    /// The intervals of the equal error rate, and of threshold and false
    /// non-match rate at each false match rate. The threshold is set anew in
    /// each replicate: its own uncertainty is part of the interval.
    pub fn rates(self, scores: &Scores, fmr: &[f64]) -> RateIntervals {
        let replicates: Vec<Rates> = self.each(scores, |w| scores.weighted(w, fmr));
        let of = |value: &dyn Fn(&Rates) -> f64| interval(replicates.iter().map(value).collect());
        RateIntervals {
            eer: of(&|r| r.eer),
            thresholds: (0..fmr.len())
                .map(|i| of(&|r| f64::from(r.thresholds[i])))
                .collect(),
            fnmr: (0..fmr.len()).map(|i| of(&|r| r.fnmr[i])).collect(),
        }
    }

    /// The intervals of false match rate and false non-match rate at a fixed
    /// threshold.
    pub fn at(self, scores: &Scores, threshold: f32) -> (Interval, Interval) {
        let replicates = self.each(scores, |w| scores.weighted_at(w, threshold));
        (
            interval(replicates.iter().map(|r| r.0).collect()),
            interval(replicates.iter().map(|r| r.1).collect()),
        )
    }

    fn each<T: Send>(
        self,
        scores: &Scores,
        statistic: impl Fn(&[u32]) -> Option<T> + Sync,
    ) -> Vec<T> {
        let parts = on_every_core(self.replicates, Vec::new, |own, replicate| {
            let weights = self.draw(scores, replicate as u64);
            own.extend(statistic(&weights).map(|value| (replicate, value)));
        });
        let mut all: Vec<(usize, T)> = parts.into_iter().flatten().collect();
        all.sort_by_key(|(replicate, _)| *replicate);
        all.into_iter().map(|(_, value)| value).collect()
    }

    /// How often each subject is drawn. Each replicate has a stream of its own,
    /// so that the draws don't depend on the number of cores.
    fn draw(self, scores: &Scores, replicate: u64) -> Vec<u32> {
        let present: Vec<usize> = (0..scores.sizes.len())
            .filter(|&s| scores.is_present(s))
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(replicate);
        let mut weights = vec![0; scores.sizes.len()];
        for _ in 0..present.len() {
            // The high half of the product: even to within 2^-64 · subjects.
            let drawn = (u128::from(rng.next_u64()) * present.len() as u128) >> 64;
            weights[present[drawn as usize]] += 1;
        }
        weights
    }
}

/// What [`Bootstrap::rates`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct RateIntervals {
    /// Of the equal error rate.
    pub eer: Interval,
    /// Of each threshold.
    pub thresholds: Vec<Interval>,
    /// Of each false non-match rate.
    pub fnmr: Vec<Interval>,
}

/// The 2.5 % and 97.5 % quantiles; all of 0..=1 if nothing could be drawn.
fn interval(mut values: Vec<f64>) -> Interval {
    values.sort_by(f64::total_cmp);
    let at = |q: f64| {
        let place = q * values.len().saturating_sub(1) as f64;
        values.get(place.round() as usize).copied()
    };
    match (at(0.025), at(0.975)) {
        (Some(low), Some(high)) => [low, high],
        _ => [0.0, 1.0],
    }
}
