//! `rowcall evaluate stress`.

mod covers;
mod fusion;
mod report;

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use indicatif::{ProgressBar, ProgressStyle};
use rowcall_evaluate::{
    CONDITIONS, COVERS_WORN, Condition, Point, Sample, Stress, StressSet, Treatment,
};
use rowcall_face::Tone;

use super::deliver::deliver;
use crate::{evaluate::set::Set, failure::Failure, private::ReportFolder};

/// Put the same faces behind tinted and reflecting glass, far away, out of
/// focus, in the dark ... one condition at a time, and measure where they are
/// no longer found or recognised. References stay as they are. A photometric
/// model shows what breaks a pipeline, not how often it happens at a lane.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: Set,
    /// A condition to measure; may be given several times [default: all].
    #[arg(long, value_name = "NAME", value_parser = names())]
    condition: Vec<String>,
    /// How many subjects with two pictures, spread evenly over the set: the
    /// default takes some 9,100 photographs, 7 minutes on two cores.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    subjects: u32,
    /// See each subject in so many frames, 2 to 8, and tell what one of them, the
    /// best shot alone and their fusion give. Takes subjects with three pictures or
    /// more, so that frames aren't one photograph: the first is the reference, the
    /// others take turns [default: one frame, no fusion].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=8))]
    frames: Option<u8>,
    /// Instead of all that, put dark glasses, a cap and a mask on the lane's side, on
    /// the document's portrait and on both: people missed beside strangers alike,
    /// with the gates and with gates that let hidden eyes and mouths pass.
    #[arg(long, conflicts_with_all = ["condition", "frames", "tone", "picture_tone", "single_look", "samples"])]
    covers_on_both: bool,
    /// Change the tone of each aligned crop before it is embedded: what would that
    /// gain? [default: what is in force: a gain in the dark, otherwise none]
    #[arg(long, value_name = "TONE", value_parser = tones())]
    tone: Option<String>,
    /// Change the tone of each photograph before faces are looked for in it.
    #[arg(long, value_name = "TONE", default_value = "as-is", value_parser = tones())]
    picture_tone: String,
    /// Don't look a second time where no face was found: what does it gain?
    #[arg(long)]
    single_look: bool,
    /// Write a line for each probe that was found: its quality components and its
    /// score with its own reference, as CSV. `evaluate quality` reads it.
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// Write index.html, stress.json, the plots and example pictures (evaluation
    /// material: they show a person of the set) into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

const TONES: [(&str, Tone); 6] = [
    ("as-is", Tone::AsIs),
    ("gain", Tone::Gain),
    ("gamma", Tone::Gamma),
    ("stretch", Tone::Stretch),
    ("equalise", Tone::Equalise),
    ("adaptive-equalise", Tone::AdaptiveEqualise),
];

fn tones() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(TONES.map(|(name, _)| name))
}

fn tone(name: &str) -> Tone {
    let found = TONES.iter().find(|(n, _)| *n == name);
    found.map_or(Tone::AsIs, |(_, tone)| *tone)
}

fn names() -> clap::builder::PossibleValuesParser {
    let all = CONDITIONS.iter().chain(&COVERS_WORN);
    clap::builder::PossibleValuesParser::new(all.map(|c| c.name))
}

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    if args.covers_on_both {
        return covers::run(args, started);
    }
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let conditions: Vec<&'static Condition> = if args.condition.is_empty() {
        CONDITIONS.iter().collect()
    } else {
        let all = CONDITIONS.iter().chain(&COVERS_WORN);
        all.filter(|c| args.condition.iter().any(|n| n == c.name))
            .collect()
    };
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    let (models, manifest) = args.set.calibrated()?;
    let set = StressSet::load(
        &models.analyser,
        &manifest,
        args.set.images(),
        args.subjects as usize,
        args.frames.map_or(1, usize::from),
    )
    .map_err(failed)?;
    let levels = 1 + conditions.iter().map(|c| c.values.len()).sum::<usize>();
    let bar = progress((levels * set.photographs_a_level()) as u64);
    let measured = set.measure(
        &models.analyser,
        &models.calibration,
        &conditions,
        Treatment {
            detection: tone(&args.picture_tone),
            embedding: args.tone.as_deref().map(tone),
            second_look: !args.single_look,
        },
        args.set.bootstrap(),
        || bar.inc(1),
    );
    bar.finish_and_clear();
    let (mut measured, samples) = measured.map_err(failed)?;
    if let Some(path) = &args.samples {
        let text = Sample::to_csv(&samples).map_err(failed)?;
        fs::write(path, text).map_err(|e| Failure::file(path, &e))?;
    }
    measured.seconds = started.elapsed().as_secs_f64();
    let text = format!("{}{}", table(&measured), fusion::text(&measured));
    deliver(
        args.json,
        folder.as_ref(),
        &measured,
        &text,
        |folder, json| {
            let title = format!("{} on {}", args.set.model, args.set.name());
            report::write(folder, &title, json, &measured, &set, &conditions)
        },
    )
}

fn progress(photographs: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} photographs {elapsed}, {eta} left");
    ProgressBar::new(photographs).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |r| format!("{:.1}", 100.0 * r))
}

fn table(m: &Stress) -> String {
    let mut text = format!(
        "{} subjects, one probe each ({} left out); calibration {}; {:.1} s\n\
         all in %: FTA not found; missed = not found or below the threshold of FMR 1e-3, 1e-4;\n\
         FMR = strangers at or above that of 1e-3; gated = found but refused by the quality gate\n",
        m.subjects, m.left_out, m.calibration, m.seconds
    );
    let line = |p: &Point| {
        format!(
            "{:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9}\n",
            (f64::from(p.value) * 100.0).round() / 100.0,
            percent(p.fta.rate),
            percent(p.missed[0].rate),
            percent(p.missed[1].rate),
            p.fmr[0].map_or_else(|| "-".to_owned(), |r| format!("{:.2}", 100.0 * r)),
            percent(p.eer.map(|e| e.0)),
            percent(p.gated.rate),
            p.luminance
                .map_or_else(|| "-".to_owned(), |l| format!("{l:.2}")),
        )
    };
    let head = format!(
        "{:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9}\n",
        "value", "FTA", "missed", "m. 1e-4", "FMR", "EER", "gated", "luminance"
    );
    text += &format!("\nbase: 40 px between the eyes, no glass, JPEG 85\n{head}");
    text += &line(&m.base);
    for curve in &m.curves {
        text += &format!("\n{}: {}\n{head}", curve.name, curve.title);
        curve.points.iter().for_each(|p| text += &line(p));
    }
    text
}
