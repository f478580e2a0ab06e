//! The main job as a user runs it: `rowcall check` on a sample, whole process, wall and
//! processor time and peak memory. `cargo bench -p rowcall --bench check`.
//!
//! A process is measured from outside, so this is a program of its own rather
//! than a criterion benchmark: medians over several runs, after one to warm up.

#[path = "cost/children.rs"]
mod children;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const RUNS: usize = 7;

fn main() {
    // `cargo test` builds and starts benchmarks too; it wants none measured.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/vehicles");
    println!(
        "{:12} {:>9} {:>9} {:>9}  {:>9}  {:>11}",
        "vehicle", "min", "median", "max", "processor", "peak memory"
    );
    for vehicle in ["couple", "family", "minivan"] {
        measure(&samples.join(vehicle));
        let before = children::processor_seconds();
        let mut runs: Vec<(Duration, Option<u64>)> =
            (0..RUNS).map(|_| measure(&samples.join(vehicle))).collect();
        let processor = (children::processor_seconds() - before) / RUNS as f64;
        runs.sort();
        let ms = |i: usize| runs[i].0.as_millis();
        let memory = runs.iter().filter_map(|r| r.1).max();
        let memory = memory.map_or("unknown".into(), |kb| format!("{} MB", kb / 1000));
        println!(
            "{vehicle:12} {:>6} ms {:>6} ms {:>6} ms  {:>6.0} ms  {memory:>11}",
            ms(0),
            ms(RUNS / 2),
            ms(RUNS - 1),
            1e3 * processor,
        );
    }
}

/// Wall time and, where the system tells it, peak memory in kB.
fn measure(vehicle: &Path) -> (Duration, Option<u64>) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .arg("check")
        .arg(vehicle)
        .args(["--json", "--at", "2026-11-23"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("rowcall starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    loop {
        // The kernel keeps the high-water mark; the last look before the end
        // is within 10 ms of it.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = mark
            .and_then(|m| m.trim().trim_end_matches(" kB").parse().ok())
            .max(peak);
        if child.try_wait().expect("rowcall ends").is_some() {
            return (started.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
