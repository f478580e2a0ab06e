//! The wall clock as an argument. What must not jump is counted on
//! [`tokio::time::Instant`], which tests can pause.

use std::time::SystemTime;

/// Tells the date and time, which anybody may set.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn wall(&self) -> SystemTime;
}

/// The machine's.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }
}
