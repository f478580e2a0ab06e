//! What the process asks of the system at start-up.

use super::protection::Protection;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use std::{fmt, path::Path};

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
    /// Nothing else can be swapped out either: the machine has no swap, or the service's
    /// control group may use none (`memory.swap.max`, which systemd's `MemorySwapMax=0`
    /// sets).
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
        no_swap: granted(no_swap(
            std::fs::read_to_string("/proc/swaps"),
            &swap_limits(),
        )),
    }
}

/// Whether nothing can be swapped out, by what `/proc/swaps` says and the limits of the
/// process's control groups. A hardened unit doesn't see the former.
fn no_swap(swaps: std::io::Result<String>, limits: &[String]) -> Result<(), String> {
    if limits.iter().any(|limit| limit.trim() == "0") {
        return Ok(());
    }
    match swaps {
        // A heading, and a line for each.
        Ok(swaps) if swaps.lines().count() <= 1 => Ok(()),
        Ok(_) => Err("the machine has swap: pictures in memory could be written to it".into()),
        Err(e) => Err(format!(
            "/proc/swaps cannot be read ({e}), and no control group forbids swap"
        )),
    }
}

/// `memory.swap.max` of the process's control group and of those around it (cgroups(7),
/// version 2): what one forbids, none within may do. Empty where there are none.
fn swap_limits() -> Vec<String> {
    let own = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("0::/"));
    let own = own.map(|path| Path::new("/sys/fs/cgroup").join(path));
    let groups = own.iter().flat_map(|path| path.ancestors());
    groups
        .take_while(|path| path.starts_with("/sys/fs/cgroup"))
        .filter_map(|path| std::fs::read_to_string(path.join("memory.swap.max")).ok())
        .collect()
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

#[cfg(test)]
mod tests {
    use super::no_swap;
    use std::io::{Error, ErrorKind, Result};

    #[test]
    fn swap_is_told_by_the_machine_or_by_the_limit_of_a_group() {
        let heading = "Filename\tType\tSize\tUsed\tPriority\n";
        let none = || -> Result<String> { Ok(heading.to_owned()) };
        let some =
            || -> Result<String> { Ok(format!("{heading}/dev/vda2 partition 1048572 0 -2\n")) };
        let hidden = || -> Result<String> { Err(Error::from(ErrorKind::NotFound)) };
        type Swaps<'a> = &'a dyn Fn() -> Result<String>;
        let cases: [(&str, Swaps<'_>, &[&str], bool); 7] = [
            ("a machine without", &none, &[], true),
            ("a machine with", &some, &[], false),
            (
                "one with, and a group that may use it",
                &some,
                &["max\n"],
                false,
            ),
            (
                "one with, and a group that may use none",
                &some,
                &["0\n"],
                true,
            ),
            (
                "the group around it may use none",
                &some,
                &["max\n", "0\n"],
                true,
            ),
            ("a hardened unit", &hidden, &["0\n"], true),
            ("nobody says", &hidden, &["1048576\n"], false),
        ];
        for (case, swaps, limits, expected) in cases {
            let limits: Vec<String> = limits.iter().map(|&l| l.to_owned()).collect();
            assert_eq!(no_swap(swaps(), &limits).is_ok(), expected, "{case}");
        }
    }
}
