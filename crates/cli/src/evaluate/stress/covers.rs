//! `rowcall evaluate stress --covers-on-both`.

use std::{process::ExitCode, time::Instant};

use askama::Template as _;
use rowcall_evaluate::{COVERS_WORN, Compared, CoverLevel, Covers, Proportion, StressSet, Worn};

use super::{
    Args, progress,
    report::{png, strip},
};
use crate::{evaluate::deliver::deliver, failure::Failure, private::ReportFolder};

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(super) fn run(args: &Args, started: Instant) -> Result<ExitCode, Failure> {
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    let (models, manifest) = args.set.calibrated()?;
    let set = StressSet::load(
        &models.analyser,
        &manifest,
        args.set.images(),
        args.subjects as usize,
        1,
    )
    .map_err(failed)?;
    let bar = progress(set.pictures_of_covers() as u64);
    let measured = set.covers(
        &models.analyser,
        &models.calibration,
        args.set.bootstrap(),
        || bar.inc(1),
    );
    bar.finish_and_clear();
    let mut measured = measured.map_err(failed)?;
    measured.seconds = started.elapsed().as_secs_f64();
    let text = table(&measured);
    deliver(
        args.json,
        folder.as_ref(),
        &measured,
        &text,
        |folder, json| {
            let title = format!("{} on {}", args.set.model, args.set.name());
            write(folder, &title, json, &measured, &set)
        },
    )
}

#[derive(askama::Template)]
#[template(path = "stress-covers.html")]
struct Page<'a> {
    title: &'a str,
    measured: &'a Covers,
    css: &'static str,
}

impl Page<'_> {
    fn levels<'a>(&self, curve: &'a rowcall_evaluate::CoverCurve) -> &'a [CoverLevel] {
        &curve.levels
    }

    fn cells(&self, level: &CoverLevel) -> Vec<String> {
        cells(level)
    }
}

fn write(
    folder: &ReportFolder,
    title: &str,
    json: &str,
    measured: &Covers,
    set: &StressSet,
) -> Result<(), Failure> {
    let failed = |e: rowcall_evaluate::Error| Failure::new(e.to_string());
    for condition in &COVERS_WORN {
        let mut pictures = set.portrait_examples(condition).map_err(failed)?;
        pictures.extend(set.examples(condition).map_err(failed)?);
        folder.write(&format!("{}.png", condition.name), png(&strip(&pictures))?)?;
    }
    let page = Page {
        title,
        measured,
        css: include_str!("../../../templates/stress.css"),
    };
    let html = page
        .render()
        .map_err(|e| Failure::new(format!("the report can't be made: {e}")))?;
    folder.write("index.html", html)?;
    folder.write("covers.json", json)
}

fn worn(worn: Worn) -> &'static str {
    match worn {
        Worn::Nowhere => "nowhere",
        Worn::InTheLane => "in the lane",
        Worn::OnThePortrait => "on the portrait",
        Worn::OnBoth => "on both",
    }
}

fn share(p: &Proportion) -> String {
    let [low, high] = p.ci95.map(|end| 100.0 * end);
    p.rate.map_or_else(
        || "-".to_owned(),
        |rate| format!("{:.1} ({low:.1}-{high:.1})", 100.0 * rate),
    )
}

fn fmr(c: &Compared) -> String {
    c.fmr[0].map_or_else(
        || "no comparison".to_owned(),
        |(rate, [low, high])| {
            format!(
                "{:.2} ({:.2}-{:.2}), {} of {}",
                100.0 * rate,
                100.0 * low,
                100.0 * high,
                c.false_matches[0],
                c.strangers
            )
        },
    )
}

/// The value, where it is worn, and for both gates what is missed and falsely
/// matched at the first threshold, and what the gate refuses.
fn cells(level: &CoverLevel) -> Vec<String> {
    let (open, gated) = (&level.hidden_passes, &level.gated);
    vec![
        format!("{}", (f64::from(level.value) * 100.0).round() / 100.0),
        worn(level.worn).to_owned(),
        share(&open.missed[0]),
        fmr(open),
        share(&gated.probes_refused),
        share(&gated.portraits_refused),
        share(&gated.missed[0]),
        fmr(gated),
    ]
}

const HEAD: [&str; 8] = [
    "value",
    "worn",
    "missed, hidden passes",
    "FMR, hidden passes",
    "probes refused",
    "portraits refused",
    "missed, gated",
    "FMR, gated",
];

fn table(m: &Covers) -> String {
    let line = |cells: &[String]| {
        let widths = [6, 16, 22, 34, 19, 19, 19, 0];
        let padded = cells.iter().zip(widths);
        let padded: Vec<String> = padded.map(|(c, w)| format!("{c:<w$}")).collect();
        padded.join(" ").trim_end().to_owned() + "\n"
    };
    let mut text = format!(
        "{} subjects, a portrait and a probe each; calibration {}, FMR {:e} (threshold {}); {:.1} s\n\
         all in % with 95 % intervals: missed = own document doesn't confirm, of all; FMR = of comparisons of strangers\n\
         that the gate lets through, by a bootstrap over people\n",
        m.subjects, m.calibration, m.fmr[0], m.thresholds[0], m.seconds
    );
    for curve in &m.curves {
        text += &format!("\n{}: {} ({})\n", curve.name, curve.title, curve.parameter);
        text += &line(&HEAD.map(str::to_owned));
        for level in &curve.levels {
            text += &line(&cells(level));
        }
    }
    text
}
