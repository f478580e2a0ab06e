//! Error versus discard (Grother and Tabassi 2007; ISO/IEC 29794-1): what a
//! quality score is worth as a gate.

use serde::Serialize;

/// The largest share that is discarded: nobody turns away more at a lane.
pub(super) const MOST: f64 = 0.3;
const STEPS: usize = 60;

/// False non-match rate over the share of the worst probes that are discarded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discard {
    /// Share discarded and rate among the rest, from 0 to 0.3 in steps of 0.005.
    pub points: Vec<(f64, f64)>,
    /// Mean rate over these shares: less is better.
    pub mean: f64,
}

impl Discard {
    /// The curve of these probes, each with its quality and whether its mated
    /// comparison fails. Probes of equal quality fail alike: the mean of their
    /// group stands for each, so that ties help nobody.
    pub(super) fn of(probes: &[(f64, bool)]) -> Self {
        let mut sorted: Vec<(f64, f64)> = probes
            .iter()
            .map(|&(q, f)| (q, f64::from(u8::from(f))))
            .collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut start = 0;
        while start < sorted.len() {
            let end = start + sorted[start..].partition_point(|p| p.0 <= sorted[start].0);
            let mean = sorted[start..end].iter().map(|p| p.1).sum::<f64>() / (end - start) as f64;
            sorted[start..end].iter_mut().for_each(|p| p.1 = mean);
            start = end;
        }
        let mut sums = vec![0.0; sorted.len() + 1];
        for (i, probe) in sorted.iter().enumerate().rev() {
            sums[i] = sums[i + 1] + probe.1;
        }
        let n = sorted.len();
        let points: Vec<(f64, f64)> = (0..=STEPS)
            .map(|step| {
                let share = MOST * step as f64 / STEPS as f64;
                let discarded = ((share * n as f64).round() as usize).min(n.saturating_sub(1));
                (share, sums[discarded] / (n - discarded).max(1) as f64)
            })
            .collect();
        let mean = points.iter().map(|p| p.1).sum::<f64>() / points.len() as f64;
        Self { points, mean }
    }

    /// The rate where this share is discarded.
    pub fn at(&self, share: f64) -> f64 {
        let step = (share / MOST * STEPS as f64).round() as usize;
        self.points[step.min(STEPS)].1
    }
}

#[cfg(test)]
mod tests {
    use super::Discard;

    #[test]
    fn a_perfect_score_discards_failures_first_and_a_blind_one_helps_nobody() {
        let fails = |i: usize| i.is_multiple_of(10);
        let curve = |quality: &dyn Fn(usize) -> f64| {
            Discard::of(
                &(0..1000)
                    .map(|i| (quality(i), fails(i)))
                    .collect::<Vec<_>>(),
            )
        };
        let perfect = curve(&|i| if fails(i) { 0.1 } else { 0.9 });
        assert!((perfect.at(0.0) - 0.1).abs() < 1e-9 && perfect.at(0.1) < 1e-9);
        assert!((perfect.at(0.05) - 50.0 / 950.0).abs() < 1e-9);
        let blind = curve(&|_| 0.5);
        assert!((blind.at(0.3) - 0.1).abs() < 1e-9);
        let wrong = curve(&|i| if fails(i) { 0.9 } else { 0.1 });
        assert!(wrong.at(0.3) > 0.14 && wrong.mean > blind.mean && blind.mean > perfect.mean);
    }
}
