//! All comparisons of one transaction, and what the assignment made of them.

use rowcall_face::{Calibration, Score, Threshold};

use crate::{Policy, assign::assign, holder::Holder, occupant::Occupant};
use rowcall_words::outcome::Ambiguity;

/// N occupants against M holders of the same vehicle, and nobody else.
pub(crate) struct Comparisons {
    /// Scores by occupant and holder; `None` where either can't be compared.
    scores: Vec<Vec<Option<Score>>>,
    /// What the scores say, in nats; minus infinity where there is none.
    llrs: Vec<Vec<f64>>,
    /// The holder assigned to each occupant.
    assigned: Vec<Option<usize>>,
    pub(crate) threshold: Threshold,
    pub(crate) look_alike_below: Option<Score>,
    /// N · M, of those that can be compared.
    pub(crate) count: usize,
}

/// What the match stage says of an occupant; holders by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// This holder, beyond doubt.
    Holder(usize),
    /// This holder more than any other, but not beyond doubt.
    Doubtful(usize, Ambiguity),
    /// Nobody.
    Nobody,
}

/// The match stage alone, on the scores of N occupants (rows) with the M holders
/// of their vehicle, all rows of one length: what [`crate::call`] makes of them.
/// For measuring it with many made-up parties.
pub fn match_scores(
    scores: &[Vec<Score>],
    policy: &Policy,
    calibration: &Calibration,
) -> Vec<Match> {
    let count = scores.iter().map(Vec::len).sum();
    let scores = scores
        .iter()
        .map(|row| row.iter().map(|s| Some(*s)).collect())
        .collect();
    let comparisons = Comparisons::of_scores(scores, count, policy, calibration);
    (0..comparisons.scores.len())
        .map(|i| comparisons.decide(i, |_| false, policy))
        .collect()
}

impl Comparisons {
    pub(crate) fn make(
        occupants: &[Occupant<'_>],
        holders: &[Holder<'_>],
        policy: &Policy,
        calibration: &Calibration,
    ) -> Self {
        let compared = |occupant: &Occupant<'_>, holder: &Holder<'_>| {
            let probe = occupant.probe.as_ref().ok()?;
            if holder.is_comparable() {
                holder.compare(probe)
            } else {
                None
            }
        };
        let scores: Vec<Vec<Option<Score>>> = occupants
            .iter()
            .map(|o| holders.iter().map(|h| compared(o, h)).collect())
            .collect();
        let probes = occupants.iter().filter(|o| o.probe.is_ok()).count();
        let references = holders.iter().filter(|h| h.is_comparable()).count();
        Self::of_scores(scores, probes * references, policy, calibration)
    }

    /// Of scores by occupant and holder, `count` of which were to be made.
    fn of_scores(
        scores: Vec<Vec<Option<Score>>>,
        count: usize,
        policy: &Policy,
        calibration: &Calibration,
    ) -> Self {
        let nats = |score: &Option<Score>| {
            score.map_or(f64::NEG_INFINITY, |s| f64::from(calibration.llr(s).0))
        };
        let llrs: Vec<Vec<f64>> = scores
            .iter()
            .map(|row| row.iter().map(nats).collect())
            .collect();
        let threshold =
            calibration.threshold(policy.vehicle_false_confirm_rate / count.max(1) as f64);
        let quantile = (policy.look_alike_guard > 0.0)
            .then(|| calibration.look_alike(policy.look_alike_guard))
            .flatten();
        let look_alike_below = quantile.filter(|q| *q > threshold.score);
        Self {
            assigned: assign(&llrs),
            scores,
            llrs,
            threshold,
            look_alike_below,
            count,
        }
    }

    /// The score of an occupant with a holder.
    pub(crate) fn score(&self, occupant: usize, holder: usize) -> Option<Score> {
        self.scores[occupant][holder]
    }

    /// The best score of an occupant with any holder.
    pub(crate) fn best(&self, occupant: usize) -> Option<Score> {
        self.scores[occupant].iter().flatten().copied().reduce(max)
    }

    /// The best other score in the pair's row and column.
    pub(crate) fn runner_up(&self, occupant: usize, holder: usize) -> Option<Score> {
        self.rivals(occupant, holder)
            .filter_map(|(i, j)| self.scores[i][j])
            .reduce(max)
    }

    /// What the match stage says of an occupant.
    /// `portraits_differ` tells a holder whose documents show different people.
    pub(crate) fn decide(
        &self,
        occupant: usize,
        portraits_differ: impl Fn(usize) -> bool,
        policy: &Policy,
    ) -> Match {
        let reaches =
            |j: usize| self.scores[occupant][j].is_some_and(|s| s >= self.threshold.score);
        let Some(holder) = self.assigned[occupant].filter(|&j| reaches(j)) else {
            // Somebody else took the document that this occupant is like.
            let like = (0..self.scores[occupant].len()).filter(|&j| reaches(j));
            let best =
                like.max_by(|&a, &b| self.llrs[occupant][a].total_cmp(&self.llrs[occupant][b]));
            return best.map_or(Match::Nobody, |j| {
                Match::Doubtful(j, Ambiguity::RunnerUpClose)
            });
        };
        let own = self.llrs[occupant][holder];
        let rival = self
            .rivals(occupant, holder)
            .map(|(i, j)| self.llrs[i][j])
            .fold(f64::NEG_INFINITY, f64::max);
        let is_below = |limit: Option<Score>| {
            limit.is_some_and(|l| self.scores[occupant][holder].is_some_and(|s| s < l))
        };
        if portraits_differ(holder) {
            Match::Doubtful(holder, Ambiguity::PortraitsDiffer)
        } else if own - rival < f64::from(policy.ambiguity_margin) {
            Match::Doubtful(holder, Ambiguity::RunnerUpClose)
        } else if is_below(self.look_alike_below) {
            Match::Doubtful(holder, Ambiguity::LookAlikePossible)
        } else {
            Match::Holder(holder)
        }
    }

    fn rivals(&self, occupant: usize, holder: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let row = (0..self.scores[occupant].len())
            .filter(move |&j| j != holder)
            .map(move |j| (occupant, j));
        let column = (0..self.scores.len())
            .filter(move |&i| i != occupant)
            .map(move |i| (i, holder));
        row.chain(column)
    }
}

fn max(a: Score, b: Score) -> Score {
    if b > a { b } else { a }
}
