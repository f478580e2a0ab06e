//! `rowcall evaluate quality`.

use std::{path::PathBuf, process::ExitCode};

use rowcall_evaluate::{Naming, Proportion, QualityReport, Sample, Worth, error_versus_discard};
use rowcall_pipeline::{
    folder::entries::read_limited,
    models::{self, Models},
};

use super::deliver::deliver;
use crate::{failure::Failure, private::ReportFolder};

/// What the quality components and the unified score are worth: do they foretell
/// which comparison fails? A score is fitted to one half of the subjects and
/// everything is measured on the other. And what is told to whom isn't recognised: of
/// those lost to a condition that condition, of clear faces nothing.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The probes, as `evaluate stress --samples` writes them.
    samples: PathBuf,
    /// The embedding model, whose calibration gives the threshold.
    #[arg(long, value_name = "NAME", default_value = "sface")]
    model: String,
    /// The folder of models [default: ROWCALL_MODELS, or the models that come
    /// with the program].
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Write index.html, quality.json and the plot into this folder.
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Print the result as one JSON object and nothing else.
    #[arg(long)]
    json: bool,
}

/// The false match rate whose threshold a comparison must reach.
const FMR: f64 = 1e-3;

/// Measures, prints, and writes the report.
///
/// # Errors
/// What makes the measurement impossible.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let folder = ReportFolder::asked(args.report.as_ref())?;
    let failed = |e: rowcall_evaluate::Error| Failure::file(&args.samples, &e);
    let samples = Sample::from_csv(&read_limited(&args.samples)?).map_err(failed)?;
    let models = Models::load(&models::folder(args.models.clone())?, &args.model, None)?;
    let threshold = models.calibration.threshold(FMR).score.0;
    let report = QualityReport::measure(&samples, threshold).map_err(failed)?;
    let text = table(&report);
    deliver(
        args.json,
        folder.as_ref(),
        &report,
        &text,
        |folder, json| write(folder, &args.model, json, &text, &report),
    )
}

fn table(r: &QualityReport) -> String {
    let mut text = format!(
        "fitted to {} probes of {} subjects, measured on {} probes of {} others\n\
         a comparison fails below {:.4} (FMR 1e-3); FNMR in % where the worst share is discarded;\n\
         mean over shares 0 to 30 %, and by how much it is worse than that in force (95 %)\n\n",
        r.fitted_to.0, r.fitted_to.1, r.measured_on.0, r.measured_on.1, r.threshold
    );
    text += &format!(
        "{:<48}{:>7}{:>7}{:>7}{:>7}{:>7}   {}\n",
        "", "0", "5 %", "10 %", "20 %", "30 %", "mean, worse by"
    );
    let line = |w: &Worth| {
        let mut line = format!("{:<48}", w.name);
        for share in [0.0, 0.05, 0.1, 0.2, 0.3] {
            line += &format!("{:>7.2}", 100.0 * w.discard.at(share));
        }
        let (by, [low, high]) = w.worse_by;
        line + &format!(
            "   {:.2}, {:+.2} ({:+.2}..{:+.2})\n",
            100.0 * w.discard.mean,
            100.0 * by,
            100.0 * low,
            100.0 * high
        )
    };
    r.scores.iter().for_each(|w| text += &line(w));
    text += "\neach component alone\n";
    r.components.iter().for_each(|w| text += &line(w));
    text += "\na gate at a least unified score in force\n";
    text += &format!(
        "{:>8}{:>10}{:>17}{:>17}{:>12}\n",
        "least", "refused", "failures caught", "successes lost", "FNMR after"
    );
    for g in &r.gates {
        text += &format!(
            "{:>8}{:>9.1}%{:>16.1}%{:>16.1}%{:>11.1}%\n",
            g.least,
            100.0 * g.refused,
            100.0 * g.failures_caught,
            100.0 * g.successes_lost,
            100.0 * g.fnmr
        );
    }
    text += "\ncoefficients of the fitted score\n";
    for (name, weight) in &r.coefficients {
        text += &format!("{name:<30}{weight:>9.4}\n");
    }
    text + &named(&r.naming)
}

/// What is named to whom isn't recognised.
fn named(n: &Naming) -> String {
    let cell = |p: &Proportion| {
        let [low, high] = p.ci95.map(|v| 100.0 * v);
        let rate = p
            .rate
            .map_or_else(|| "-".to_owned(), |r| format!("{:.1} %", 100.0 * r));
        format!("{} of {}, {rate} ({low:.1}..{high:.1})", p.k, p.n)
    };
    let mut text = format!(
        "\nwhat is named first; {} people left out, who aren't recognised without a condition\n\
         {:<48}{}\n{:<48}{}\n{:<48}{}\n",
        n.left_out,
        "lost to a condition, and told that condition",
        cell(&n.named),
        "clear, and asked for the document",
        cell(&n.asked_for_document),
        "recognised under a condition, nothing named",
        cell(&n.mild_unnamed)
    );
    for c in &n.conditions {
        let instead = c.instead.iter().map(|(name, n)| format!("{n} {name}"));
        let instead: Vec<String> = instead.collect();
        text += &format!(
            "{:<48}{:<32}{}\n",
            c.condition,
            cell(&c.named),
            instead.join(", ")
        );
    }
    text
}

fn write(
    folder: &ReportFolder,
    title: &str,
    json: &str,
    text: &str,
    report: &QualityReport,
) -> Result<(), Failure> {
    let plot = error_versus_discard(report, &format!("Error versus discard: {title}"))
        .map_err(|e| Failure::new(e.to_string()))?;
    let escaped = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Quality: {0}</title>\n\
         <style>body{{font:16px sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}pre{{overflow-x:auto;font-size:.85rem}}img{{max-width:100%}}</style>\n\
         <h1>Quality: {0}</h1>\n<p>Evaluation material: measured on pictures that the user holds, put through a photometric model; not at a lane.</p>\n\
         <img src=\"discard.svg\" alt=\"False non-match rate over the share discarded\">\n<pre>{1}</pre>\n</html>\n",
        escaped(title),
        escaped(text)
    );
    for (name, content) in [
        ("discard.svg", plot.as_str()),
        ("quality.json", json),
        ("index.html", &html),
    ] {
        folder.write(name, content)?;
    }
    Ok(())
}
