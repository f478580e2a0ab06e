//! What a vehicle costs, against its frames, cameras and occupants: `rowcall check` on parts
//! of the sample minivan, in processor time, so that a busy machine counts little. Then what
//! loading the models costs.
//!
//!   cargo bench -p rowcall --bench cost -- docs/check-cost.svg
//!
//! Without a file's name the figures alone are printed. The time of a child is read from
//! /proc, in steps of 10 ms.

mod children;
mod plot;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use rowcall_pipeline::models::Models;
use serde_json::Value;

use plot::{Panel, svg};

/// Each point is the median of so many runs, which take turns.
const RUNS: usize = 7;
const CAMERAS: [&str; 3] = ["front", "left", "right"];

/// A part of the minivan.
struct Part {
    cameras: usize,
    /// Frames of each camera; beyond the five that there are they come round again.
    frames: usize,
    /// How many are looked at; the others opted out, with their documents.
    occupants: usize,
}

fn main() {
    // `cargo test` builds and starts benchmarks too; it wants none measured.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let file = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let part = |cameras, frames, occupants| Part {
        cameras,
        frames,
        occupants,
    };
    let curves: [(&str, Vec<(f64, Part)>); 3] = [
        (
            "frames, of 3 cameras",
            [1, 3, 5, 10, 15, 20]
                .map(|n| (3.0 * n as f64, part(3, n, 6)))
                .into(),
        ),
        (
            "cameras, of 5 frames each",
            [1, 2, 3].map(|n| (n as f64, part(n, 5, 6))).into(),
        ),
        (
            "occupants, in 15 frames",
            [1, 2, 3, 4, 5, 6].map(|n| (n as f64, part(3, 5, n))).into(),
        ),
    ];
    let panels = curves.map(|(title, parts)| measure(title, &parts));
    for panel in &panels {
        let (start, each) = panel.line();
        println!("{}: {start:.2} s and {each:.3} s for each", panel.title);
        for (x, y) in &panel.points {
            println!("  {x:4} {y:6.2} s");
        }
    }
    start_up();
    if let Some(file) = file {
        // Benchmarks run in their package's folder.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::write(root.join(file), svg(&panels)).expect("the plot is written");
    }
}

fn measure(title: &'static str, parts: &[(f64, Part)]) -> Panel {
    let folders: Vec<_> = parts
        .iter()
        .map(|(_, part)| {
            let folder = tempfile::tempdir().expect("a folder");
            part.make(folder.path());
            folder
        })
        .collect();
    let mut times = vec![Vec::new(); parts.len()];
    for _ in 0..RUNS {
        for (folder, times) in folders.iter().zip(&mut times) {
            times.push(check(folder.path()));
        }
    }
    let points = parts.iter().zip(&mut times).map(|((x, _), times)| {
        times.sort_by(f64::total_cmp);
        (*x, times[times.len() / 2])
    });
    Panel {
        title,
        points: points.collect(),
    }
}

/// The processor time that `rowcall check` takes, in seconds.
fn check(vehicle: &Path) -> f64 {
    let before = children::processor_seconds();
    let status = Command::new(env!("CARGO_BIN_EXE_rowcall"))
        .arg("check")
        .arg(vehicle)
        .args(["--json", "--at", "2026-11-23"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("rowcall starts");
    assert!(matches!(status.code(), Some(0 | 3)), "{status}");
    children::processor_seconds() - before
}

impl Part {
    fn make(&self, folder: &Path) {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
        let minivan = samples.join("vehicles/minivan");
        let text = std::fs::read(minivan.join("truth.json")).expect("the truth");
        let truth: Value = serde_json::from_slice(&text).expect("the truth is JSON");
        let seats = truth["seats"].as_array().expect("seats");
        // Documents are in the order of the seats of their holders.
        let documents = list(&minivan.join("documents"));
        let both = seats.iter().zip(&documents).skip(self.occupants);
        let out = both.flat_map(|(seat, document)| {
            let (row, side) = (&seat["seat"]["row"], &seat["seat"]["position"]);
            let document = document.file_name().expect("a name").to_string_lossy();
            [
                format!("{row}-{}", side.as_str().expect("a side")),
                document.into_owned(),
            ]
        });
        let lane = samples.join("lanes/three-row.toml");
        let lane = lane.canonicalize().expect("the lane");
        let vehicle = format!(
            "lane = {lane:?}\nopted_out = {:?}\n",
            out.collect::<Vec<_>>()
        );
        std::fs::write(folder.join("vehicle.toml"), vehicle).expect("written");
        for document in &documents {
            let name = document.file_name().expect("a name");
            copy(document, &folder.join("documents").join(name), None);
        }
        for camera in &CAMERAS[..self.cameras] {
            let (from, to) = (minivan.join("frames").join(camera), folder.join("frames"));
            copy(&from, &to.join(camera), Some(self.frames));
        }
    }
}

/// Copies a folder's files; of pictures so many, round and round.
fn copy(from: &Path, to: &Path, count: Option<usize>) {
    std::fs::create_dir_all(to).expect("a folder");
    let files = list(from);
    for i in 0..count.unwrap_or(files.len()) {
        let file = &files[i % files.len()];
        let name = match count {
            Some(_) => format!("{i:04}.jpg").into(),
            None => file.file_name().expect("a name").to_owned(),
        };
        std::fs::copy(file, to.join(name)).expect("copied");
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of the samples");
    let mut all: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    all.sort();
    all
}

/// What it takes before the first picture: both models, read, checked and planned.
fn start_up() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let mut times: Vec<f64> = (0..=RUNS)
        .map(|_| {
            let start = Instant::now();
            Models::load(&folder, "sface", None).expect("the models");
            start.elapsed().as_secs_f64() * 1e3
        })
        .skip(1)
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "both models loaded: {:.0} ms (median of {RUNS}, wall; least {:.0})",
        times[RUNS / 2],
        times[0]
    );
}
