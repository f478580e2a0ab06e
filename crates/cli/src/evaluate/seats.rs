//! `rowcall evaluate seats`.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};
use rowcall_evaluate::{CONDITIONS, Condition, Proportion, SeatsLevel, SeatsReport, StressSet};

use crate::{evaluate::set::Set, failure::Failure, output};

/// Make seats of the frames of one person and of two, under the conditions of the
/// stress test: are two people on one seat told from one, at every share, and is
/// one person left alone?
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: Set,
    /// How many people with three pictures or more; every pair of them is mixed.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    subjects: u32,
    /// Frames a seat.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=8))]
    frames: u8,
    /// Take all frames of a person from one photograph, as a lane takes them within
    /// a minute [default: from photographs of different days].
    #[arg(long)]
    one_photograph: bool,
    /// Write the result as JSON into this file.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// The false match rate of one comparison that a probe is confirmed at: that of a
/// vehicle of one person.
const FMR: f64 = 1e-3;

/// Measures and prints.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    let (models, manifest) = args.set.calibrated()?;
    let set = StressSet::load(
        &models.analyser,
        &manifest,
        args.set.images(),
        args.subjects as usize,
        usize::from(args.frames),
    )
    .map_err(failed)?;
    let set = if args.one_photograph {
        set.of_one_photograph()
    } else {
        set
    };
    // Of each condition the middle of its values, and the one before the worst.
    let conditions: Vec<(&'static Condition, f32)> = CONDITIONS
        .iter()
        .flat_map(|c| {
            let n = c.values.len();
            let mut own = vec![n / 2, n.saturating_sub(2)];
            own.dedup();
            own.into_iter().map(move |i| (c, c.values[i]))
        })
        .collect();
    let photographs = (1 + conditions.len()) * set.photographs_a_level();
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} photographs {elapsed}, {eta} left");
    let bar = ProgressBar::new(photographs as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let report = set.seats(
        &models.analyser,
        &models.calibration,
        &conditions,
        FMR,
        || {
            bar.inc(1);
        },
    );
    bar.finish_and_clear();
    let mut report = report.map_err(failed)?;
    report.seconds = started.elapsed().as_secs_f64();
    let printed = match args.json {
        true => output::result(&report),
        false => output::print(&table(&report)),
    };
    if let Some(path) = &args.output {
        let json = output::pretty_json(&report)?;
        std::fs::write(path, json).map_err(|e| Failure::file(path, &e))?;
    }
    printed.map(|()| ExitCode::SUCCESS)
}

fn table(report: &SeatsReport) -> String {
    let rate = |p: &Proportion| {
        let percent = p
            .rate
            .map_or_else(|| "-".into(), |r| format!("{:.3} %", 100.0 * r));
        format!("{percent} ({} of {})", p.k, p.n)
    };
    let photographs = if report.one_photograph {
        "one photograph"
    } else {
        "photographs of different days"
    };
    let mut text = format!(
        "{} people, {} frames a seat of {photographs}; parts below {:.3} are two people; {:.0} s\n\n",
        report.people, report.frames, report.threshold, report.seconds
    );
    let mut line = |level: &SeatsLevel, name: &str| {
        let unseen: Vec<String> = level.mixed_unseen.iter().map(&rate).collect();
        text += &format!(
            "{name}: honest referred {}; mixtures confirmed {} (by place alone {}); unseen by strangers' frames {}\n",
            rate(&level.honest_referred),
            rate(&level.mixed_confirmed),
            rate(&level.mixed_confirmed_by_place_alone),
            unseen.join(", ")
        );
    };
    line(&report.total, "all");
    for level in &report.levels {
        line(level, &format!("{} {}", level.condition, level.value));
    }
    text += "\nthreshold  honest referred  mixtures unseen  mixtures confirmed\n";
    for p in &report.curve {
        text += &format!(
            "{:.3}  {}  {}  {}\n",
            p.threshold,
            rate(&p.honest_referred),
            rate(&p.mixed_unseen),
            rate(&p.mixed_confirmed)
        );
    }
    text
}
