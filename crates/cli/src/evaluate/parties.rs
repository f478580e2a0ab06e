//! `rowcall evaluate parties`.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use rowcall_evaluate::{
    Curve, Kinship, MethodCurve, PartiesReport, Proportion, SHIPPED_BUDGET, clearing,
};
use rowcall_pipeline::models::{self, Models};

use super::deliver::{deliver, write_all};
use crate::{evaluate::set::Set, failure::Failure, private::ReportFolder};

/// Draw whole parties from a set of faces and decide them in different ways:
/// vehicles cleared against vehicles with a false confirmation, and whether the
/// vehicle's error budget holds.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    set: Set,
    /// How many parties of each kind.
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    parties: u64,
    /// What the draws start from: the same seed gives the same parties.
    #[arg(long, value_name = "N", default_value_t = 9_303)]
    seed: u64,
    /// Write index.html, parties.json and the plots into this folder.
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
    let report_folder = ReportFolder::asked(args.report.as_ref())?;
    let folder = models::folder(args.set.models.clone())?;
    let calibration = Models::load(&folder, &args.set.model, None)?.calibration;
    let loaded = args.set.load()?;
    let mut report =
        PartiesReport::measure(&loaded.templates, &calibration, args.parties, args.seed)
            .map_err(|e| Failure::new(e.to_string()))?;
    report.seconds = started.elapsed().as_secs_f64();
    let text = table(&report);
    deliver(
        args.json,
        report_folder.as_ref(),
        &report,
        &text,
        |folder, json| write_all(folder, files(&report, &args.set.name(), json, &text)?),
    )
}

fn word(kinship: Kinship) -> &'static str {
    match kinship {
        Kinship::Strangers => "strangers",
        Kinship::LookAlikes => "look-alikes",
    }
}

fn cell(p: &Proportion) -> String {
    p.rate.map_or_else(
        || "none of 0".into(),
        |rate| {
            let [low, high] = p.ci95.map(|end| 100.0 * end);
            format!("{:.3} % ({low:.3}..{high:.3})", 100.0 * rate)
        },
    )
}

fn table(report: &PartiesReport) -> String {
    let mut text = format!(
        "{} parties of each kind, of {} people, seed {}; {:.1} s\n",
        report.parties, report.people, report.seed, report.seconds
    );
    text +=
        "\nCleared, of the vehicles that should be, at equal vehicle-level false confirmation:\n";
    for c in &report.compared {
        let cleared = match (&c.cleared, c.budget) {
            (Some(p), Some(budget)) => format!("{} at the budget {budget:e}", cell(p)),
            _ => "no budget keeps it".to_owned(),
        };
        text += &format!(
            "{:<12} at most {:<7e} {:<36} {cleared}\n",
            word(c.kinship),
            c.rate,
            c.method.name()
        );
    }
    text += &format!("\nAt the shipped budget {SHIPPED_BUDGET:e}:\n");
    for (curve, p) in report.curves.iter().filter_map(|c| Some((c, shipped(c)?))) {
        text += &format!(
            "{:<12} {:<36} cleared {}, false confirmation {}, falsely cleared {}\n",
            word(curve.kinship),
            curve.method.name(),
            cell(&p.cleared),
            cell(&p.false_confirmed),
            cell(&p.falsely_cleared)
        );
    }
    text +=
        "\nVehicles in which every occupant is a stranger to every document: a seat confirmed\n";
    for b in &report.budget {
        let verdict = if b.exceeded { "EXCEEDED" } else { "holds" };
        text += &format!(
            "{:<12} {:<36} budget {:<7e} {} of {}: {} {verdict}\n",
            word(b.kinship),
            b.method.name(),
            b.budget,
            b.false_confirmed.k,
            b.false_confirmed.n,
            cell(&b.false_confirmed)
        );
    }
    text += "\nThe look-alike guard at the shipped budget (share of people whose own document it doubts):\n";
    for g in &report.guards {
        text += &format!(
            "{:<12} guard {:<6} cleared {}, false confirmation {}; every occupant a stranger {}\n",
            word(g.kinship),
            g.guard,
            cell(&g.cleared),
            cell(&g.false_confirmed),
            cell(&g.budget)
        );
    }
    text
}

fn shipped(curve: &MethodCurve) -> Option<&rowcall_evaluate::PartyPoint> {
    let is_shipped =
        |p: &&rowcall_evaluate::PartyPoint| p.budget.total_cmp(&SHIPPED_BUDGET).is_eq();
    curve.points.iter().find(is_shipped)
}

fn files(
    report: &PartiesReport,
    set: &str,
    json: &str,
    text: &str,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let plot = |kinship: Kinship, title: &str| {
        let curves: Vec<Curve> = report
            .curves
            .iter()
            .filter(|c| c.kinship == kinship)
            .map(|c| {
                let at = |p: &rowcall_evaluate::PartyPoint| {
                    (
                        p.false_confirmed.rate.unwrap_or(0.0),
                        p.cleared.rate.unwrap_or(0.0),
                    )
                };
                Curve {
                    name: c.method.name().to_owned(),
                    points: c.points.iter().map(at).collect(),
                    shipped: shipped(c).map(at),
                }
            })
            .collect();
        clearing(&curves, 1.0 / report.parties as f64, title)
            .map_err(|e| Failure::new(e.to_string()))
    };
    let strangers = plot(Kinship::Strangers, "Parties of strangers")?;
    let alike = plot(Kinship::LookAlikes, "Parties of look-alikes")?;
    let escaped = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;");
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Parties from {0}</title>\n\
         <style>body{{font:16px/1.45 system-ui,sans-serif;color:#1c2430;background:#f5f7f9;max-width:64rem;margin:1.5rem auto;padding:0 1rem}}\
         pre{{overflow-x:auto;background:#fff;border:1px solid #dde3ea;border-radius:12px;padding:12px;font-size:13px}}\
         div{{overflow-x:auto;background:#fff;border:1px solid #dde3ea;border-radius:12px;margin:0 0 14px;padding:8px}}img{{width:100%;min-width:560px;display:block}}</style>\n\
         <p>Evaluation material: parties made up from pictures that the user holds, not vehicles at a lane.</p>\n\
         <h1>Whole parties from {0}</h1>\n<p>1 to 8 people, 0 to 2 without their document, 0 to 2 documents of people who aren't there. \
         One picture against one. Look-alikes are the most similar people of the set, in the place of relatives. A dot marks the shipped budget.</p>\n\
         <div><img src=\"strangers.svg\" alt=\"Vehicles cleared against false confirmations, parties of strangers\"></div>\n\
         <div><img src=\"look-alikes.svg\" alt=\"Vehicles cleared against false confirmations, parties of look-alikes\"></div>\n\
         <pre>{1}</pre>\n</html>\n",
        escaped(set),
        escaped(text)
    );
    Ok(vec![
        ("index.html", html),
        ("parties.json", json.to_owned() + "\n"),
        ("strangers.svg", strangers),
        ("look-alikes.svg", alike),
    ])
}
