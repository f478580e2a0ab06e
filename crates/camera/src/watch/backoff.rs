//! How long to wait before the next attempt: longer each time, and never in step with
//! the other cameras that lost the same switch.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(30);
/// Cameras lock users out that fail too often.
const FIRST_IF_REFUSED: Duration = Duration::from_secs(30);
const MOST_IF_REFUSED: Duration = Duration::from_secs(300);

/// Doubles, with an even jitter over the upper half.
pub(super) struct Backoff {
    random: fastrand::Rng,
    attempts: u32,
}

impl Backoff {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            attempts: 0,
        }
    }

    /// It went well: the next failure is the first one again.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
    }

    pub(super) fn next(&mut self, needs_somebody: bool) -> Duration {
        let (first, most) = match needs_somebody {
            true => (FIRST_IF_REFUSED, MOST_IF_REFUSED),
            false => (FIRST, MOST),
        };
        let whole = (first * 2_u32.pow(self.attempts.min(10))).min(most);
        self.attempts = self.attempts.saturating_add(1);
        whole / 2 + whole.mul_f64(self.random.f64() / 2.0)
    }
}
