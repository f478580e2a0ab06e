//! Officers' blind judgements, counted so that none can be told from another's; and how
//! long vehicles took, in steps.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_drift::shown::LEAST_OFFICERS;

/// Judgements of a day. Until enough officers judged they are here alone: who judged is
/// never stored, and a day that ends before is forgotten.
#[derive(Default)]
pub(crate) struct Judgements {
    day: i64,
    officers: BTreeSet<String>,
    waiting: BTreeMap<String, u64>,
}

impl Judgements {
    /// Takes one; gives what may be counted now.
    pub(crate) fn take(&mut self, day: i64, officer: &str, what: String) -> Vec<(String, u64)> {
        if self.day != day {
            *self = Self {
                day,
                ..Self::default()
            };
        }
        if self.officers.len() < LEAST_OFFICERS as usize {
            self.officers.insert(officer.to_owned());
        }
        *self.waiting.entry(what).or_default() += 1;
        match self.officers.len() < LEAST_OFFICERS as usize {
            true => Vec::new(),
            false => std::mem::take(&mut self.waiting).into_iter().collect(),
        }
    }
}

/// The steps in which it is counted how long vehicles took, in seconds.
pub(crate) const STEPS: [u64; 13] = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 3600];

/// The step that so many seconds belong to.
pub(crate) fn at_most(seconds: u64) -> u64 {
    let step = STEPS.into_iter().find(|step| seconds <= *step);
    step.unwrap_or(STEPS[STEPS.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::{Judgements, at_most};

    #[test]
    fn a_day_of_two_officers_is_in_no_number() {
        let mut judgements = Judgements::default();
        let mut take = |day, officer| -> u64 {
            let counted = judgements.take(day, officer, "same".into());
            counted.iter().map(|(_, count)| count).sum()
        };
        let counts = [
            take(1, "a"),
            take(1, "b"),
            take(1, "a"),
            take(2, "c"),
            take(2, "a"),
            take(2, "b"),
            take(2, "b"),
        ];
        assert_eq!(counts, [0, 0, 0, 0, 0, 3, 1]);
    }

    #[test]
    fn times_are_rounded_up() {
        let of = [0, 5, 6, 44, 3600, 9000].map(at_most);
        assert_eq!(of, [5, 5, 10, 45, 3600, 3600]);
    }
}
