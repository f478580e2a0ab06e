//! `rowcall evaluate verification`.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use rowcall_evaluate::{Scores, Verification, det, distributions};

use super::deliver::deliver;
use crate::{evaluate::set::Set, failure::Failure, private::ReportFolder};

/// Compare all pictures of a set with each other. No template and no picture
/// is written anywhere.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: Set,
    /// Write index.html, verification.json and the plots into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let loaded = args.set.load()?;
    let (mut measured, scores) =
        Verification::measure(&loaded.manifest, &loaded.templates, args.set.bootstrap())
            .map_err(|e| Failure::new(e.to_string()))?;
    measured.seconds = started.elapsed().as_secs_f64();
    let text = table(&measured);
    deliver(
        args.json,
        folder.as_ref(),
        &measured,
        &text,
        |folder, json| {
            let title = format!("{} on {}", args.set.model, args.set.name());
            write(folder, &title, json, &text, &measured, &scores)
        },
    )
}

fn table(m: &Verification) -> String {
    let percent = |rate: f64| format!("{:.2} %", 100.0 * rate);
    let between = |[low, high]: [f64; 2]| format!("{:.2}..{:.2} %", 100.0 * low, 100.0 * high);
    let mut text = format!(
        "{} pictures of {} subjects; {} mated, {} non-mated comparisons; {:.1} s\n\
         failure to acquire  {} ({} pictures)\n\
         equal error rate    {} (95 %: {})\n\n\
         FMR      FNMR     95 % interval    threshold\n",
        m.pictures,
        m.subjects,
        m.mated,
        m.non_mated,
        m.seconds,
        percent(m.fta),
        m.failures.len(),
        percent(m.eer),
        between(m.eer_ci95)
    );
    for p in &m.points {
        text += &format!(
            "{:<8e} {:<8} {:<16} {:.4}\n",
            p.fmr,
            percent(p.fnmr),
            between(p.ci95),
            p.threshold
        );
    }
    for g in &m.groups {
        let rate = |value: &Option<(f64, [f64; 2])>| match value {
            Some((rate, ci)) => format!("{:.3} % ({})", 100.0 * rate, between(*ci)),
            None => "no comparison".to_owned(),
        };
        text += &format!(
            "{} = {}: {} subjects, FMR {}, FNMR {}, FTA {} of {}, {:.1} pictures/s a core\n",
            g.label,
            g.value,
            g.subjects,
            rate(&g.fmr),
            rate(&g.fnmr),
            g.fta.k,
            g.fta.n,
            g.pictures_per_second
        );
    }
    for failure in m.failures.iter().take(10) {
        text += &format!("not acquired: {}: {}\n", failure.path, failure.why);
    }
    for warning in &m.warnings {
        text += &format!("warning: {warning}\n");
    }
    text
}

fn write(
    folder: &ReportFolder,
    title: &str,
    json: &str,
    text: &str,
    measured: &Verification,
    scores: &Scores,
) -> Result<(), Failure> {
    let drawn =
        |svg: Result<String, rowcall_evaluate::Error>| svg.map_err(|e| Failure::new(e.to_string()));
    let det = drawn(det(scores, measured, &format!("Error trade-off: {title}")))?;
    let distributions = drawn(distributions(scores, measured, &format!("Scores: {title}")))?;
    let escaped = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title>\n\
         <style>body{{font:16px sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}}pre{{overflow-x:auto}}img{{max-width:100%}}</style>\n\
         <h1>Verification: {0}</h1>\n<p>Evaluation material: measured on pictures that the user holds, not at a lane.</p>\n\
         <pre>{1}</pre>\n<img src=\"det.svg\" alt=\"False non-match rate over false match rate\">\n\
         <img src=\"scores.svg\" alt=\"Distributions of mated and non-mated scores\">\n</html>\n",
        escaped(title),
        escaped(text)
    );
    for (name, content) in [
        ("det.svg", det.as_str()),
        ("scores.svg", &distributions),
        ("verification.json", json),
        ("index.html", &html),
    ] {
        folder.write(name, content)?;
    }
    Ok(())
}
