//! Histograms of qualities and scores: counts by fixed bins.

use crate::outcome::{Camera, Row, Score, SeatOutcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bins of quality: five points each, 100 in the last.
pub const QUALITY_BINS: usize = 20;

/// Bins of scores: half a unit each from `-SCORE_EDGE` to `SCORE_EDGE`, what
/// lies beyond in the first and the last.
pub const SCORE_BINS: usize = 32;

/// Where the bins of scores end: a likelihood ratio of ten to the 8th.
pub const SCORE_EDGE: f64 = 8.0;

/// How often each bin was met, and in how many vehicles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Vehicles that put something into it.
    pub vehicles: u32,
    /// Occupants by bin.
    pub bins: Vec<u32>,
}

impl Histogram {
    fn add(&mut self, size: usize, bin: usize) {
        self.bins.resize(size, 0);
        if let Some(count) = self.bins.get_mut(bin) {
            *count = count.saturating_add(1);
        }
    }
}

/// Both histograms of a row and camera.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histograms {
    /// Of the best pictures' quality: [`QUALITY_BINS`] bins, or none yet.
    pub quality: Histogram,
    /// Of the best scores: [`SCORE_BINS`] bins, or none yet.
    pub score: Histogram,
}

/// Adds one vehicle to the histograms of its rows and cameras.
pub(crate) fn add(all: &mut BTreeMap<(Row, Camera), Histograms>, vehicle: &[SeatOutcome]) {
    let mut seen: BTreeMap<(Row, Camera), (bool, bool)> = BTreeMap::new();
    for seat in vehicle {
        let key = (seat.place.row, seat.place.camera);
        let of = all.entry(key).or_default();
        let had = seen.entry(key).or_default();
        if let Some(quality) = seat.quality {
            let bin = (usize::from(quality) * QUALITY_BINS / 100).min(QUALITY_BINS - 1);
            of.quality.add(QUALITY_BINS, bin);
            had.0 = true;
        }
        if let Some(bin) = seat.score.and_then(score_bin) {
            of.score.add(SCORE_BINS, bin);
            had.1 = true;
        }
    }
    for (key, (quality, score)) in seen {
        let of = all.entry(key).or_default();
        of.quality.vehicles = of.quality.vehicles.saturating_add(u32::from(quality));
        of.score.vehicles = of.score.vehicles.saturating_add(u32::from(score));
    }
}

fn score_bin(Score(score): Score) -> Option<usize> {
    let at = (score + SCORE_EDGE) / (2.0 * SCORE_EDGE) * SCORE_BINS as f64;
    // A cast of a float holds it to the range of the integer.
    (!at.is_nan()).then(|| (at.floor().max(0.0) as usize).min(SCORE_BINS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_fall_into_their_bins() {
        let cases = [
            (f64::NEG_INFINITY, Some(0)),
            (-8.0, Some(0)),
            (-7.5, Some(1)),
            (-0.001, Some(15)),
            (0.0, Some(16)),
            (7.99, Some(31)),
            (8.0, Some(31)),
            (f64::INFINITY, Some(31)),
            (f64::NAN, None),
        ];
        for (score, bin) in cases {
            assert_eq!(score_bin(Score(score)), bin, "{score}");
        }
    }
}
