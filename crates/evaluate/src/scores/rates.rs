//! Error rates of a set in which subjects count with weights: all one for the
//! measurement itself, how often each was drawn for a bootstrap replicate.

use super::Scores;

/// Error rates (ISO/IEC 19795-1): match means a score of the threshold or more.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// The rate at which false matches and false non-matches are as frequent.
    pub eer: f64,
    /// For each false match rate asked for, the least threshold that keeps it.
    pub thresholds: Vec<f32>,
    /// The false non-match rate at each of these thresholds.
    pub fnmr: Vec<f64>,
}

impl Scores {
    /// The rates of the set at these false match rates.
    pub fn rates(&self, fmr: &[f64]) -> Rates {
        // The set itself has comparisons of both kinds (Scores::collect).
        self.weighted(&vec![1; self.sizes.len()], fmr)
            .unwrap_or_else(|| Rates {
                eer: f64::NAN,
                thresholds: vec![f32::NAN; fmr.len()],
                fnmr: vec![f64::NAN; fmr.len()],
            })
    }

    /// Non-mated comparisons where each subject counts as often as its weight:
    /// copies of one subject are never compared as strangers.
    pub(super) fn non_mated_weight(&self, weights: &[u32]) -> u64 {
        if let Some(references) = &self.references {
            let (mut probes, mut others, mut own) = (0_u64, 0_u64, 0_u64);
            for ((&p, &r), &w) in self.sizes.iter().zip(references).zip(weights) {
                let w = u64::from(w);
                probes += p * w;
                others += r * w;
                own += p * r * w * w;
            }
            return probes * others - own;
        }
        let (mut sum, mut squares) = (0_u64, 0_u64);
        for (&n, &w) in self.sizes.iter().zip(weights) {
            sum += n * u64::from(w);
            squares += (n * u64::from(w)).pow(2);
        }
        (sum * sum - squares) / 2
    }

    /// Mated comparisons where each subject counts as often as its weight.
    pub(super) fn mated_weight(&self, weights: &[u32]) -> u64 {
        let pairs = |s: usize| match (&self.references, self.sizes[s]) {
            (Some(references), probes) => probes * references[s],
            (None, n) => n * n.saturating_sub(1) / 2,
        };
        let weighted = |(s, &w): (usize, &u32)| pairs(s) * u64::from(w);
        weights.iter().enumerate().map(weighted).sum()
    }

    /// The rates under these weights; `None` if nothing mated or nothing
    /// non-mated has any.
    pub(super) fn weighted(&self, weights: &[u32], fmr: &[f64]) -> Option<Rates> {
        let non_mated = self.non_mated_weight(weights) as f64;
        let mated = self.mated_weight(weights) as f64;
        if non_mated == 0.0 || mated == 0.0 {
            return None;
        }
        let mut walk = Walk {
            scores: self,
            weights,
            below: mated as u64,
            next: self.mated.len(),
        };
        let mut thresholds = vec![None; fmr.len()];
        let mut eer = None;
        let mut above = 0_u64;
        let mut start = 0;
        // From the highest non-mated score down, equal scores together.
        while start < self.tail.len() {
            let score = self.tail[start].0;
            let mut end = start;
            let mut step = 0;
            while end < self.tail.len() && self.tail[end].0 == score {
                let (_, a, b) = self.tail[end];
                step += u64::from(weights[a as usize]) * u64::from(weights[b as usize]);
                end += 1;
            }
            start = end;
            if step == 0 {
                continue;
            }
            let just_above = score.next_up();
            let fnmr = walk.below(just_above) as f64 / mated;
            let (before, after) = (above as f64 / non_mated, (above + step) as f64 / non_mated);
            for (threshold, &rate) in thresholds.iter_mut().zip(fmr) {
                if threshold.is_none() && after > rate {
                    *threshold = Some((just_above, fnmr));
                }
            }
            // Both rates are stairs: they cross on a tread of one of them.
            if eer.is_none() && before >= fnmr {
                eer = Some(before);
            } else if eer.is_none() && after >= fnmr {
                eer = Some(fnmr);
            }
            above += step;
            if eer.is_some() && thresholds.iter().all(Option::is_some) {
                break;
            }
        }
        // What the tail doesn't reach lies at its end: its floor was chosen so
        // that this is so for no rate of interest.
        let end = self.tail.last().map_or(-1.0, |t| t.0);
        let last = (end, walk.below(end) as f64 / mated);
        let points: Vec<(f32, f64)> = thresholds.into_iter().map(|t| t.unwrap_or(last)).collect();
        Some(Rates {
            eer: eer.unwrap_or(last.1),
            thresholds: points.iter().map(|p| p.0).collect(),
            fnmr: points.iter().map(|p| p.1).collect(),
        })
    }

    /// False match and false non-match rate at a fixed threshold under these
    /// weights.
    pub(super) fn weighted_at(&self, weights: &[u32], threshold: f32) -> Option<(f64, f64)> {
        let (non_mated, mated) = (self.non_mated_weight(weights), self.mated_weight(weights));
        if non_mated == 0 || mated == 0 {
            return None;
        }
        let weight = |s: u32| u64::from(weights[s as usize]);
        let false_matches: u64 = self
            .tail
            .iter()
            .take_while(|t| t.0 >= threshold)
            .map(|&(_, a, b)| weight(a) * weight(b))
            .sum();
        let false_non_matches: u64 = self
            .mated
            .iter()
            .take_while(|m| m.0 < threshold)
            .map(|&(_, s)| weight(s))
            .sum();
        Some((
            false_matches as f64 / non_mated as f64,
            false_non_matches as f64 / mated as f64,
        ))
    }
}

/// The mated weight below a threshold that only ever falls.
struct Walk<'a> {
    scores: &'a Scores,
    weights: &'a [u32],
    below: u64,
    next: usize,
}

impl Walk<'_> {
    fn below(&mut self, threshold: f32) -> u64 {
        while let Some(&(score, subject)) = self.next.checked_sub(1).map(|i| &self.scores.mated[i])
            && score >= threshold
        {
            self.below -= u64::from(self.weights[subject as usize]);
            self.next -= 1;
        }
        self.below
    }
}
