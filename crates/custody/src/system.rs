//! The machine's own clock, randomness and protections: the thin adapter
//! between this crate and the system.

mod harden;
mod locked;
mod protection;
mod silent;

use crate::clock::{Clock, Reading};
use rand_core::{CryptoRng, UnwrapErr};
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

pub use harden::{Hardening, harden};
pub use locked::LockedKey;
pub use protection::Protection;
pub use silent::tell_panics_without_what_they_say;

/// The machine's clocks: `CLOCK_REALTIME` and `CLOCK_BOOTTIME`.
#[derive(Debug)]
pub struct SystemClock {
    boot: [u8; 16],
}

impl SystemClock {
    /// Reads which boot this is from `/proc/sys/kernel/random/boot_id`. Where
    /// there is none, every process counts as a boot of its own, and time
    /// between two processes is taken from the wall clock.
    pub fn new() -> Self {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        let digits: Option<Vec<u8>> = id.map(|id| {
            let hex = id.bytes().filter(u8::is_ascii_hexdigit);
            hex.collect()
        });
        let parsed = digits
            .and_then(|digits| String::from_utf8(digits).ok())
            .and_then(|digits| u128::from_str_radix(&digits, 16).ok());
        let boot = parsed.map(u128::to_be_bytes).unwrap_or_else(|| {
            let mut boot = [0; 16];
            use rand_core::Rng as _;
            system_random().fill_bytes(&mut boot);
            boot
        });
        Self { boot }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let boot = clock_gettime(ClockId::Boottime);
        let nanoseconds = u32::try_from(boot.tv_nsec).unwrap_or(0);
        Reading {
            wall: clock_gettime(ClockId::Realtime).tv_sec,
            boot: self.boot,
            since_boot: Duration::new(boot.tv_sec.unsigned_abs(), nanoseconds),
        }
    }
}

/// The system's source of randomness. It fails only where the system has none,
/// and then the process must not go on: it panics.
pub fn system_random() -> impl CryptoRng + Send {
    UnwrapErr(getrandom::SysRng)
}

/// How deep what touches evidence calls, at most.
const DEEPEST: usize = 512 << 10;

/// Overwrites what finished calls left on this thread's stack: the allocator wipes what is
/// freed, and a machine readable zone is small enough to have lain there. Called by whoever
/// worked on evidence, outside of the function that did.
#[inline(never)]
pub fn wipe_stack() {
    let mut below = [0_u8; DEEPEST];
    // Whoever might look at it or write to it: so it has to lie there, as zeros.
    std::hint::black_box(&mut below);
    zeroize::optimization_barrier(&below);
}
