//! Developer tasks.
//!
//! - `cargo xtask check`: everything that CI checks, in its order.
//! - `cargo xtask calibrate-renders`: measures the sample vehicles and writes
//!   `models/sface-renders.calibration.json`.
//! - `cargo xtask sample-log`: writes `samples/audit`, a log to verify.
//! - `cargo xtask samples`: writes what the other commands can be tried on.

mod check;
mod renders;
mod sample_log;
mod samples;

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    let done = match task.as_deref() {
        Some("check") => check::run(),
        Some("calibrate-renders") => renders::calibrate(),
        Some("sample-log") => sample_log::make(),
        Some("samples") => samples::make(),
        _ => Err("usage: cargo xtask check | calibrate-renders | sample-log | samples".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the source tree.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    /// The workspace's last test binary: what the others couldn't run is said here once
    /// more, where it isn't scrolled away.
    #[test]
    fn what_was_skipped_is_said_at_the_end() {
        let line = rowcall_skip::closing_line();
        assert!(
            line.is_none() || std::env::var_os("CI").is_none(),
            "CI skips nothing: {line:?}"
        );
        let line = line.unwrap_or_else(|| "No test was skipped.".to_owned());
        // Straight to the terminal: the test harness hides what it captures.
        writeln!(std::io::stderr(), "\n{line}").expect("a terminal");
    }
}
