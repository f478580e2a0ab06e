//! Measured presentations for people.

use askama::Template;
use rowcall_evaluate::{Bar, PresentationReport, Proportion, Strip, bars, strips};

use crate::{evaluate::vehicles_report::cell, failure::Failure};

#[derive(Template)]
#[template(path = "presentation.html")]
struct Page<'a> {
    report: &'a PresentationReport,
    rows: Vec<(String, [String; 4])>,
    bona_fide: [String; 2],
}

/// The report's files: name and content.
pub(super) fn files(
    report: &PresentationReport,
    json: &str,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the report can't be made: {e}"));
    let page = Page {
        report,
        rows: rows(report),
        bona_fide: [&report.bona_fide.bpcer, &report.bona_fide.confirmed].map(cell),
    };
    let html = page.render().map_err(|e| failed(&e))?;
    let bar = |name: String, value: Proportion| Bar { name, value };
    let mut accepted = vec![bar(
        "live: suspected (BPCER)".into(),
        report.bona_fide.bpcer,
    )];
    for s in &report.attacks {
        let name = name(s.instrument.as_str(), s.empty_seat);
        accepted.push(bar(format!("{name}: unchecked"), s.confirmed_unchecked));
        accepted.push(bar(format!("{name}: checked"), s.iapar));
    }
    let title = "Live faces suspected; pictures confirmed without and with the check";
    let drawn = bars(&accepted, &[], title).map_err(|e| failed(&e))?;
    let of = |instrument| {
        let own = report
            .presentations
            .iter()
            .filter(move |p| p.instrument == instrument);
        own.filter_map(|p| p.agreement)
            .map(f64::from)
            .collect::<Vec<_>>()
    };
    let mut groups = vec![Strip {
        name: "live".into(),
        values: of(None),
    }];
    let mut species: Vec<_> = report.attacks.iter().map(|s| s.instrument).collect();
    species.dedup();
    species.sort();
    species.dedup();
    groups.extend(species.into_iter().map(|i| Strip {
        name: i.as_str().into(),
        values: of(Some(i)),
    }));
    let threshold = f64::from(report.threshold);
    let title = "Agreement with the portrait's fine structure";
    let agreement =
        strips(&groups, ("suspected from here", threshold), title).map_err(|e| failed(&e))?;
    Ok(vec![
        ("index.html", html),
        ("presentation.json", json.to_owned() + "\n"),
        ("accepted.svg", drawn),
        ("agreement.svg", agreement),
    ])
}

/// The report as text.
pub(super) fn table(report: &PresentationReport) -> String {
    let live = &report.bona_fide;
    let mut text = format!(
        "{} presentations, seed {}, {:.1} s\n\nlive faces confirmed              {}\nlive faces suspected (BPCER)      {}\n\n\
         {:<28} {:<26} {:<26} {:<26} confirmed (IAPAR)\n",
        report.presentations.len(),
        report.seed,
        report.seconds,
        cell(&live.confirmed),
        cell(&live.bpcer),
        "attack",
        "no face seen (APNRR)",
        "confirmed without check",
        "of these missed (APCER)",
    );
    for (name, [apnrr, unchecked, apcer, iapar]) in rows(report) {
        text += &format!("{name:<28} {apnrr:<26} {unchecked:<26} {apcer:<26} {iapar}\n");
    }
    text
}

fn rows(report: &PresentationReport) -> Vec<(String, [String; 4])> {
    let row = |s: &rowcall_evaluate::Species| {
        let cells = [&s.apnrr, &s.confirmed_unchecked, &s.apcer, &s.iapar].map(cell);
        (name(s.instrument.as_str(), s.empty_seat), cells)
    };
    report.attacks.iter().map(row).collect()
}

fn name(instrument: &str, empty_seat: bool) -> String {
    let over = if empty_seat {
        "an empty seat"
    } else {
        "a person"
    };
    format!("{} before {over}", instrument.replace('-', " "))
}
