//! Ways to decide who holds which document.

use rowcall_face::{Calibration, Score};
use rowcall_rollcall::{Match, Policy, match_scores};
use serde::Serialize;

/// A way to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// As it ships: the best one-to-one assignment, with the margin over the
    /// runner-up and the look-alike guard.
    Shipped,
    /// The same assignment with the threshold alone.
    Assignment,
    /// The highest scores first, each occupant and document once.
    Greedy,
    /// Each occupant's best document, whoever else has it.
    Independent,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Shipped,
        Self::Assignment,
        Self::Greedy,
        Self::Independent,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shipped => "shipped: assignment, margin, guard",
            Self::Assignment => "one-to-one assignment",
            Self::Greedy => "greedy",
            Self::Independent => "independent thresholds",
        }
    }
}

/// A method with its parameters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) method: Method,
    /// The vehicle's error budget, which sets the same threshold for every
    /// method.
    pub(super) budget: f64,
    /// The look-alike guard of the shipped method.
    guard: f64,
}

impl Way {
    pub(super) fn new(method: Method, budget: f64) -> Self {
        Self {
            method,
            budget,
            guard: Policy::default().look_alike_guard,
        }
    }

    /// As it ships, but for the guard.
    pub(super) fn guarded(guard: f64) -> Self {
        Self {
            guard,
            ..Self::new(Method::Shipped, super::SHIPPED_BUDGET)
        }
    }

    /// Each occupant's confirmed document.
    pub(super) fn decide(
        self,
        scores: &[Vec<Score>],
        calibration: &Calibration,
    ) -> Vec<Option<usize>> {
        let shipped = |policy: &Policy| -> Vec<Option<usize>> {
            let matches = match_scores(scores, policy, calibration).into_iter();
            matches
                .map(|m| match m {
                    Match::Holder(j) => Some(j),
                    _ => None,
                })
                .collect()
        };
        let count: usize = scores.iter().map(Vec::len).sum();
        let threshold = calibration
            .threshold(self.budget / count.max(1) as f64)
            .score;
        let policy = Policy {
            vehicle_false_confirm_rate: self.budget,
            look_alike_guard: self.guard,
            ..Policy::default()
        };
        match self.method {
            Method::Shipped => shipped(&policy),
            Method::Assignment => shipped(&Policy {
                // A pair may even be worse than another of its row: the total
                // decides.
                ambiguity_margin: f32::NEG_INFINITY,
                look_alike_guard: 0.0,
                ..policy
            }),
            Method::Greedy => greedy(scores, threshold),
            Method::Independent => {
                let best = |row: &Vec<Score>| {
                    let (j, score) = row
                        .iter()
                        .enumerate()
                        .max_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
                    (*score >= threshold).then_some(j)
                };
                scores.iter().map(best).collect()
            }
        }
    }
}

fn greedy(scores: &[Vec<Score>], threshold: Score) -> Vec<Option<usize>> {
    let pairs = scores.iter().enumerate().flat_map(|(i, row)| {
        let reaching = row.iter().enumerate().filter(|(_, s)| **s >= threshold);
        reaching.map(move |(j, s)| (s.0, i, j))
    });
    let mut pairs: Vec<(f32, usize, usize)> = pairs.collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut chosen = vec![None; scores.len()];
    for (_, i, j) in pairs {
        if chosen[i].is_none() && !chosen.contains(&Some(j)) {
            chosen[i] = Some(j);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use rowcall_face::{Calibration, Score};

    use super::{Method, Way};

    const CALIBRATION: &str = include_str!("../../../../models/sface.calibration.json");

    #[test]
    fn methods_differ_where_they_should() {
        let calibration = Calibration::parse(CALIBRATION).expect("the shipped calibration");
        let decide = |method: Method, scores: &[&[f32]]| {
            let scores: Vec<Vec<Score>> = scores
                .iter()
                .map(|row| row.iter().map(|s| Score(*s)).collect())
                .collect();
            Way::new(method, 0.01).decide(&scores, &calibration)
        };
        // Clear to all.
        for method in Method::ALL {
            let clear = decide(method, &[&[0.8, 0.1], &[0.0, 0.7]]);
            assert_eq!(clear, [Some(0), Some(1)], "{method:?}");
            let nobody = decide(method, &[&[0.1, 0.2]]);
            assert_eq!(nobody, [None], "{method:?}");
        }
        // Two people like one document: only independent thresholds give it twice.
        let twice = [&[0.8][..], &[0.7]];
        assert_eq!(decide(Method::Independent, &twice), [Some(0), Some(0)]);
        assert_eq!(decide(Method::Greedy, &twice), [Some(0), None]);
        assert_eq!(decide(Method::Assignment, &twice), [Some(0), None]);
        // The greedy choice costs the better pair of pairs.
        let crossed = [&[0.62, 0.6][..], &[0.58, 0.1]];
        assert_eq!(decide(Method::Greedy, &crossed), [Some(0), None]);
        assert_eq!(decide(Method::Assignment, &crossed), [Some(1), Some(0)]);
        assert_eq!(
            decide(Method::Shipped, &crossed),
            [None, None],
            "too close to call"
        );
    }
}
