//! Registrations that were made before.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Imprint, Registration};

/// Two imprints, by what only they have.
type Pair = (u64, u64);

/// Registrations of imprints on one another, remembered: a decision that is made anew with
/// every frame would else register the same faces again and again. What it gives is what
/// [`Imprint::registration`] does. It holds no picture, but how alike two are: it belongs to
/// whoever has the imprints in custody, and ends with them.
#[derive(Default)]
pub struct Registrations(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Of the decision before, as far as this one hasn't asked for them.
    before: HashMap<Pair, Option<Registration>>,
    now: HashMap<Pair, Option<Registration>>,
}

impl Registrations {
    /// A decision begins: what the last one didn't ask for is forgotten.
    pub fn begin(&self) {
        let mut known = self.lock();
        known.before = std::mem::take(&mut known.now);
    }

    /// [`Imprint::registration`] of `face` on `picture`.
    pub fn between(&self, face: &Imprint, picture: &Imprint) -> Option<Registration> {
        let pair = (face.id, picture.id);
        let found = {
            let mut known = self.lock();
            match known.now.get(&pair).copied() {
                Some(found) => return found,
                None => known.before.remove(&pair),
            }
        };
        // Nobody waits for the lock meanwhile: it takes a quarter of a millisecond.
        let found = found.unwrap_or_else(|| face.registration(picture));
        self.lock().now.insert(pair, found);
        found
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Registrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Registrations({} pairs, withheld)",
            self.lock().now.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Imprint, Registrations};
    use crate::Image;

    fn imprint(seed: u8) -> Imprint {
        let value = |i: usize| (i as u8).wrapping_mul(seed) / 2;
        let rgb = (0..112 * 112 * 3).map(value).collect();
        Imprint::of(&Image::from_rgb(112, 112, rgb).expect("the size"))
    }

    #[test]
    fn what_is_remembered_is_what_is_measured_and_goes_with_the_decision_after_next() {
        let (a, b, c) = (imprint(3), imprint(7), imprint(11));
        let known = Registrations::default();
        let pairs = [(&a, &b), (&b, &a), (&a, &c), (&a, &a)];
        for _ in 0..3 {
            known.begin();
            for (one, other) in pairs {
                assert_eq!(known.between(one, other), one.registration(other));
            }
            assert_eq!(known.lock().now.len(), pairs.len());
            assert!(
                known.lock().before.is_empty(),
                "every one was asked for again"
            );
        }
        known.begin();
        known.between(&a, &b);
        known.begin();
        assert_eq!(known.lock().before.len(), 1, "only what the last asked for");
        assert!(!format!("{known:?}").contains("agreement"));
    }
}
