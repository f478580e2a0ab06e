//! How much later a frame comes than it could: against the quickest of the last
//! minutes, since no camera's clock is ours, and none goes at quite our pace.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::capture::Taken;

/// The quickest frame counts for one to two of these: clocks that differ by 100 parts
/// in a million part by 60 ms in that time.
const REMEMBERED: Duration = Duration::from_secs(300);

#[derive(Default)]
pub(super) struct Lag {
    /// The least delay, in seconds on a scale of its own, of this span and the last.
    least: Option<[f64; 2]>,
    origin: Option<(Instant, Taken)>,
    span_began: Option<Instant>,
}

impl Lag {
    /// How much later than the quickest this frame came.
    pub(super) fn of(&mut self, taken: Taken, arrived: Instant) -> Duration {
        let (began, first) = *self.origin.get_or_insert((arrived, taken));
        let here = arrived.saturating_duration_since(began).as_secs_f64();
        let there = match (first, taken) {
            (Taken::Wall(first), Taken::Wall(taken)) => seconds(first, taken),
            (Taken::Stream(first), Taken::Stream(taken)) => {
                taken.as_secs_f64() - first.as_secs_f64()
            }
            // The camera changed its mind: begin anew.
            _ => {
                *self = Self::default();
                return self.of(taken, arrived);
            }
        };
        let delay = here - there;
        let [mut last, mut current] = self.least.unwrap_or([delay; 2]);
        let span = self.span_began.get_or_insert(arrived);
        if arrived.saturating_duration_since(*span) > REMEMBERED {
            *span = arrived;
            (last, current) = (current, delay);
        }
        current = current.min(delay);
        self.least = Some([last, current]);
        Duration::from_secs_f64((delay - current.min(last)).clamp(0.0, 1e9))
    }
}

fn seconds(from: SystemTime, to: SystemTime) -> f64 {
    match to.duration_since(from) {
        Ok(after) => after.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}
