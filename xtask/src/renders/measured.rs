//! What is measured of the rendered people, and the scores that follow from it.

use std::collections::BTreeMap;

use super::normal::round;

/// Look-alikes of one another.
pub(super) const SIBLINGS: [&str; 2] = ["p15", "p16"];

/// What the calibration is made of.
pub(super) struct Measured {
    pub(super) scores: Vec<Score>,
    pub(super) agreements: Vec<Agreement>,
}

/// A fused probe with a portrait.
#[derive(Clone)]
pub(super) struct Score {
    pub(super) who: String,
    pub(super) portrait: String,
    pub(super) value: f64,
}

impl Score {
    pub(super) fn is_mated(&self) -> bool {
        self.who == self.portrait
    }

    pub(super) fn is_of_siblings(&self) -> bool {
        !self.is_mated()
            && SIBLINGS.contains(&self.who.as_str())
            && SIBLINGS.contains(&self.portrait.as_str())
    }
}

/// How the sightings of a seat agree among themselves.
#[derive(Clone)]
pub(super) struct Agreement {
    pub(super) who: String,
    /// Somebody else of whom one sighting is among them.
    pub(super) stranger: Option<String>,
    pub(super) value: f64,
}

impl Measured {
    /// What would have been measured if somebody, or several, weren't in the set.
    pub(super) fn without(&self, left_out: &[&str]) -> Self {
        let is_out = |who: &str| left_out.contains(&who);
        let scores = self.scores.iter().cloned();
        let agreements = self.agreements.iter().cloned();
        Self {
            scores: scores
                .filter(|s| !is_out(&s.who) && !is_out(&s.portrait))
                .collect(),
            agreements: agreements
                .filter(|a| !is_out(&a.who) && !a.stranger.as_deref().is_some_and(is_out))
                .collect(),
        }
    }

    pub(super) fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.scores.iter().map(|s| s.who.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    fn sorted(&self, is: impl Fn(&Score) -> bool) -> Vec<f64> {
        let of = self.scores.iter().filter(|s| is(s));
        let mut values: Vec<f64> = of.map(|s| s.value).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    pub(super) fn mated(&self) -> Vec<f64> {
        self.sorted(Score::is_mated)
    }

    pub(super) fn non_mated(&self) -> Vec<f64> {
        self.sorted(|s| !s.is_mated() && !s.is_of_siblings())
    }

    /// The score that no occupant reaches with the document of whoever is most like
    /// them, siblings included.
    pub(super) fn guard(&self) -> f64 {
        let others = self.sorted(|s| !s.is_mated());
        round(others.last().copied().unwrap_or(0.0)) + 1e-3
    }

    /// The least agreement of each person's seats, in rising order.
    pub(super) fn least_agreements(&self) -> Vec<f64> {
        let mut least: BTreeMap<&str, f64> = BTreeMap::new();
        for a in self.agreements.iter().filter(|a| a.stranger.is_none()) {
            let own = least.entry(&a.who).or_insert(a.value);
            *own = own.min(a.value);
        }
        let mut least: Vec<f64> = least.into_values().collect();
        least.sort_by(f64::total_cmp);
        least
    }

    /// The agreement that is one person's: as far below the least of all people as
    /// the next person's least lies above it. So no seat falls below the score that
    /// is set without its person.
    pub(super) fn one_person(&self) -> f64 {
        match self.least_agreements()[..] {
            [first, second, ..] => round(first - (second - first)),
            _ => 0.0,
        }
    }
}
