//! Measured vehicles for people: a table for a terminal, a page with plots.

use askama::Template;
use rowcall_evaluate::{Bar, Proportion, Stages, VehiclesReport, bars};

use crate::failure::Failure;

/// One plot's bars: a name for the file, a title, and the stage that it shows.
const PLOTS: [(&str, &str, Pick); 4] = [
    ("seen.svg", "Seen, of all occupants", |s| s.seen),
    ("fit.svg", "Good enough to compare, of those seen", |s| {
        s.fit
    }),
    (
        "matched.svg",
        "Confirmed by their document, of those compared",
        |s| s.matched,
    ),
    (
        "confirmed.svg",
        "Confirmed, of all with a document (all stages)",
        |s| s.confirmed,
    ),
];

type Pick = fn(&Stages) -> Proportion;

#[derive(Template)]
#[template(path = "vehicles.html")]
struct Page<'a> {
    report: &'a VehiclesReport,
    groups: Vec<(&'static str, Vec<&'a Stages>)>,
    plots: Vec<(&'static str, &'static str)>,
    whole: Vec<(&'static str, Proportion)>,
}

/// The report's files: name and content.
pub(super) fn files(
    report: &VehiclesReport,
    json: &str,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the report can't be made: {e}"));
    let page = Page {
        report,
        groups: groups(report),
        plots: PLOTS
            .iter()
            .map(|(file, title, _)| (*file, *title))
            .collect(),
        whole: whole(report),
    };
    let html = page.render().map_err(|e| failed(&e))?;
    let mut files = vec![
        ("index.html", html),
        ("vehicles.json", json.to_owned() + "\n"),
    ];
    let lines: Vec<&Stages> = groups(report).into_iter().flat_map(|(_, g)| g).collect();
    let published = [("published test", report.context.rate)];
    for (file, title, pick) in PLOTS {
        let bar = |s: &&Stages| Bar {
            name: s.name.clone(),
            value: pick(s),
        };
        let all: Vec<Bar> = lines.iter().map(bar).collect();
        let context: &[(&str, f64)] = if file == "confirmed.svg" {
            &published
        } else {
            &[]
        };
        files.push((file, bars(&all, context, title).map_err(|e| failed(&e))?));
    }
    let wholes: Vec<Bar> = whole(report)
        .into_iter()
        .map(|(name, value)| Bar {
            name: name.to_owned(),
            value,
        })
        .collect();
    let drawn = bars(&wholes, &[], "Vehicles as wholes").map_err(|e| failed(&e))?;
    files.push(("whole.svg", drawn));
    Ok(files)
}

/// The report as text.
pub(super) fn table(report: &VehiclesReport) -> String {
    let mut text = format!(
        "{} vehicles, {:.1} s\n\n",
        report.vehicles.seen.n, report.seconds
    );
    for (name, value) in whole(report) {
        text += &format!("{name:<38} {}\n", cell(&value));
    }
    if let Some(rate) = report.vehicles.cleared_if_independent {
        text += &format!(
            "{:<38} {:.1} %\n",
            "cleared if seats were independent",
            100.0 * rate
        );
    }
    for (title, stages) in groups(report) {
        text += &format!(
            "\n{title:<20} {:<26} {:<26} {:<26} {:<26} false confirmations\n",
            "seen", "fit, of seen", "matched, of fit", "confirmed, of all"
        );
        for s in stages {
            text += &format!(
                "{:<20} {:<26} {:<26} {:<26} {:<26} {}\n",
                s.name,
                cell(&s.seen),
                cell(&s.fit),
                cell(&s.matched),
                cell(&s.confirmed),
                cell(&s.false_confirmed)
            );
        }
    }
    text.push('\n');
    for r in &report.referrals {
        let details = match r.details.is_empty() {
            true => String::new(),
            false => format!(" ({})", r.details.join(", ")),
        };
        let rightly = if r.rightly {
            ", rightly: no document"
        } else {
            ""
        };
        text += &format!("{} {}: {}{details}{rightly}\n", r.vehicle, r.seat, r.reason);
    }
    for f in &report.false_confirmations {
        let empty = if f.empty_seat { ", an empty seat" } else { "" };
        text += &format!(
            "FALSE CONFIRMATION: {} {} by document {}{empty}\n",
            f.vehicle, f.seat, f.document
        );
    }
    text += &format!(
        "\ncontext, not a comparison: {:.0} % of {}\n",
        100.0 * report.context.rate,
        report.context.what
    );
    text
}

fn groups(report: &VehiclesReport) -> Vec<(&'static str, Vec<&Stages>)> {
    vec![
        (
            "all and by row",
            std::iter::once(&report.occupants)
                .chain(&report.rows)
                .collect(),
        ),
        ("by seat", report.seats.iter().collect()),
        ("by camera", report.cameras.iter().collect()),
        ("by single frames", report.single_frames.iter().collect()),
    ]
}

fn whole(report: &VehiclesReport) -> Vec<(&'static str, Proportion)> {
    let v = &report.vehicles;
    vec![
        ("everybody seen", v.seen),
        ("everybody fit, of these", v.fit),
        ("cleared, of those that should be", v.cleared),
        ("falsely cleared, of the others", v.falsely_cleared),
        ("with a false confirmation", v.with_false_confirmation),
    ]
}

/// `5 of 6: 83 % (36..100)`.
pub(super) fn cell(p: &Proportion) -> String {
    match p.rate {
        None => "none of 0".into(),
        Some(rate) => format!(
            "{} of {}: {:.0} % ({:.0}..{:.0})",
            p.k,
            p.n,
            100.0 * rate,
            100.0 * p.ci95[0],
            100.0 * p.ci95[1]
        ),
    }
}

/// What the page's tables say of a proportion.
mod words {
    use rowcall_evaluate::{Proportion, Stages};
    use rowcall_words::outcome::Stage;

    pub(super) fn stage(stage: &Stage) -> String {
        stage.to_string()
    }

    /// The cells of a row: the rate, and its evidence.
    pub(super) fn cells(s: &Stages) -> Vec<(String, String)> {
        let stages = [
            &s.in_view,
            &s.seen,
            &s.fit,
            &s.matched,
            &s.confirmed,
            &s.false_confirmed,
        ];
        stages.map(|p| (percent(p), evidence(p))).to_vec()
    }

    pub(super) fn percent(p: &Proportion) -> String {
        p.rate.map_or_else(
            || "\u{2013}".into(),
            |rate| format!("{:.0} %", 100.0 * rate),
        )
    }

    pub(super) fn evidence(p: &Proportion) -> String {
        let [low, high] = p.ci95.map(|end| 100.0 * end);
        match p.rate {
            Some(_) => format!("{} of {}, {low:.0}\u{2013}{high:.0} %", p.k, p.n),
            None => "no case".into(),
        }
    }
}
