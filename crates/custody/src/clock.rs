//! Time as an argument, from a clock that may be wrong.

use std::time::Duration;

/// One look at the machine's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock: seconds since 1970-01-01T00:00:00Z. Anybody may set it.
    pub wall: i64,
    /// Which boot of the machine this is.
    pub boot: [u8; 16],
    /// Time since that boot, time asleep included. Nobody can set it.
    pub since_boot: Duration,
}

/// A source of [`Reading`]s.
pub trait Clock: Send + Sync {
    /// Looks at the clocks.
    fn read(&self) -> Reading;
}

/// How far apart the two clocks may drift before the wall clock counts as set.
const STEP_SECONDS: i64 = 30;

/// Custody's own time: seconds that only ever go forward, by the clock that
/// nobody can set, across restarts of the process. Limits are counted on it.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    /// Seconds on custody's own time line.
    pub(crate) now: i64,
    pub(crate) last: Reading,
    /// What the wall clock shows at the moment of boot, as of its last setting.
    base: i64,
}

/// What a reading says about the wall clock.
pub(crate) struct Step {
    /// What the wall clock would say had it not been set.
    pub(crate) expected: i64,
}

/// A time line taken up again.
pub(crate) struct Resumed {
    pub(crate) line: Timeline,
    /// Whether the wall clock was set while nobody looked.
    pub(crate) step: Option<Step>,
    /// Whether nobody knows how much time has passed: the machine was booted
    /// anew, and its wall clock is behind where it was.
    pub(crate) uncertain: bool,
}

impl Timeline {
    /// Takes up a stored time line.
    pub(crate) fn resume(now: i64, last: Reading, reading: Reading) -> Resumed {
        let same_boot = last.boot == reading.boot && reading.since_boot >= last.since_boot;
        let passed = match same_boot {
            true => seconds(reading.since_boot) - seconds(last.since_boot),
            false => reading.wall - last.wall,
        };
        let line = Self {
            now: now + passed.max(0),
            last: reading,
            base: base(reading),
        };
        let expected = last.wall + passed;
        Resumed {
            line,
            step: ((reading.wall - expected).abs() >= STEP_SECONDS).then_some(Step { expected }),
            uncertain: passed < 0,
        }
    }

    /// Goes on to `reading`; a step if the wall clock was set since the last.
    pub(crate) fn advance(&mut self, reading: Reading) -> Option<Step> {
        let passed = seconds(reading.since_boot) - seconds(self.last.since_boot);
        self.now += passed.max(0);
        self.last = reading;
        let expected = self.base + seconds(reading.since_boot);
        if (reading.wall - expected).abs() < STEP_SECONDS {
            return None;
        }
        self.base = base(reading);
        Some(Step { expected })
    }
}

/// The same point of the same time line moved back to a whole minute since boot,
/// which is what is written down: a reader goes on from it as from the exact one
/// and does not learn in which second anything happened.
pub(crate) fn coarse(now: i64, last: Reading) -> (i64, Reading) {
    let back = seconds(last.since_boot) % 60;
    let reading = Reading {
        wall: last.wall - back,
        boot: last.boot,
        since_boot: Duration::from_secs((seconds(last.since_boot) - back).unsigned_abs()),
    };
    (now - back, reading)
}

fn base(reading: Reading) -> i64 {
    reading.wall - seconds(reading.since_boot)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
