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
