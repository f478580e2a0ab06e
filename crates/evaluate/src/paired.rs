//! Two ways held against each other on the same people.

use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF as _};

/// Where one way succeeds and another fails, on the same trials.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Paired {
    /// Trials that only the new way gets right.
    pub gained: u64,
    /// Trials that only the old way gets right.
    pub lost: u64,
    /// People of whom the new way gets more trials right ...
    pub people_gained: u64,
    /// ... and those of whom it gets fewer right.
    pub people_lost: u64,
    /// The two-sided exact sign test over these people (McNemar's where each has
    /// one trial): how likely so uneven a split is if neither way is better. One
    /// person's trials aren't independent, so people are what is counted.
    pub p: f64,
}

impl Paired {
    /// From what was gained and what was lost of each person.
    pub fn of(people: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut paired = Self {
            gained: 0,
            lost: 0,
            people_gained: 0,
            people_lost: 0,
            p: 1.0,
        };
        for (gained, lost) in people {
            paired.gained += gained;
            paired.lost += lost;
            paired.people_gained += u64::from(gained > lost);
            paired.people_lost += u64::from(lost > gained);
        }
        paired.p = sign_test(paired.people_gained, paired.people_lost);
        paired
    }
}

fn sign_test(a: u64, b: u64) -> f64 {
    let tail = Binomial::new(0.5, a + b).map_or(1.0, |even| even.cdf(a.min(b)));
    // Both tails overlap where the split is even.
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Paired, sign_test};

    #[test]
    fn people_count_once_however_many_trials_they_have() {
        let paired = Paired::of([(5, 0), (0, 1), (2, 2), (0, 0)]);
        assert_eq!((paired.gained, paired.lost), (7, 3));
        assert_eq!((paired.people_gained, paired.people_lost), (1, 1));
        assert_eq!(paired.p, 1.0);
    }

    #[test]
    fn the_sign_test_is_exact() {
        for (a, b, p) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 0, 2.0 / 32.0),
            (0, 6, 2.0 / 64.0),
            // 2 (1 + 10 + 45) / 1024
            (8, 2, 0.109375),
            (3, 3, 1.0),
        ] {
            assert!((sign_test(a, b) - p).abs() < 1e-12, "{a} {b}");
        }
    }
}
