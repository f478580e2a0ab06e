//! Developer tasks.
//!
//! - `cargo xtask check`: everything that CI checks, in its order.
//! - `cargo xtask calibrate-renders`: measures the sample vehicles and writes
//!   `models/sface-renders.calibration.json`.

mod check;
mod renders;

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    let done = match task.as_deref() {
        Some("check") => check::run(),
        Some("calibrate-renders") => renders::calibrate(),
        _ => Err("usage: cargo xtask check | calibrate-renders".to_owned()),
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
