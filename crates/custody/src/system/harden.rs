//! What the process asks of the system at start-up.

use super::protection::Protection;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::fmt;

/// What the system granted, to be written to the start-up log: the
/// [`fmt::Display`] form is one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardening {
    /// No core dumps: `RLIMIT_CORE` is 0.
    pub core_dumps_off: Protection,
    /// Other processes of the same user cannot read this one's memory, and the
    /// kernel writes no dump of it: `PR_SET_DUMPABLE` is 0.
    pub not_dumpable: Protection,
    /// Pages that hold keys can be kept out of swap.
    pub keys_locked: Protection,
    /// Nothing else can be swapped out either: the machine has no swap.
    pub no_swap: Protection,
}

/// Switches core dumps off for this process and finds out what the system
/// grants. Call it before any key or picture is in memory.
pub fn harden() -> Hardening {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let granted = |result: Result<(), String>| match result {
        Ok(()) => Protection::InForce,
        Err(why) => Protection::Missing(why),
    };
    let probe = super::LockedKey::new([0; 32]);
    Hardening {
        core_dumps_off: granted(setrlimit(Resource::Core, none).map_err(|e| e.to_string())),
        not_dumpable: granted(
            set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|e| e.to_string()),
        ),
        keys_locked: probe.protection().clone(),
        no_swap: granted(match std::fs::read_to_string("/proc/swaps") {
            Ok(swaps) if swaps.lines().count() <= 1 => Ok(()),
            Ok(_) => Err("the machine has swap: pictures in memory could be written to it".into()),
            Err(e) => Err(format!("/proc/swaps cannot be read: {e}")),
        }),
    }
}

impl fmt::Display for Hardening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, protection) in [
            ("core dumps off", &self.core_dumps_off),
            ("memory not readable by others", &self.not_dumpable),
            ("key pages locked in memory", &self.keys_locked),
            ("no swap", &self.no_swap),
        ] {
            match protection {
                Protection::InForce => writeln!(f, "{name}: yes")?,
                Protection::Missing(why) => writeln!(f, "{name}: NO ({why})")?,
            }
        }
        Ok(())
    }
}
