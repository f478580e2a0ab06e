//! Measured presentations for people.

use askama::Template;
use rowcall_evaluate::{
    Bar, CueShare, Photographs, Presentation, PresentationReport, Proportion, Strip, bars, strips,
};
use rowcall_simulate::Instrument;

use crate::{evaluate::vehicles_report::cell, failure::Failure};

#[derive(Template)]
#[template(path = "presentation.html")]
struct Page<'a> {
    report: &'a PresentationReport,
    rows: Vec<(String, [String; 4])>,
    cues: Vec<(String, Vec<String>)>,
    photographs: Vec<(String, String)>,
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
        cues: cues(report),
        photographs: report
            .photographs
            .as_ref()
            .map_or_else(Vec::new, photographs),
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
    let mut species: Vec<_> = report.attacks.iter().map(|s| s.instrument).collect();
    species.sort();
    species.dedup();
    let groups = |value: fn(&Presentation) -> Option<f32>| -> Vec<Strip> {
        let kinds = std::iter::once(None).chain(species.iter().copied().map(Some));
        let strip = |kind: Option<Instrument>| {
            let own = report.presentations.iter();
            let own = own.filter(|p| p.instrument == kind);
            Strip {
                name: kind.map_or("live", Instrument::as_str).to_owned(),
                values: own.filter_map(value).map(f64::from).collect(),
            }
        };
        kinds.map(strip).collect()
    };
    let drawn_from = |from: f32| ("suspected from here", f64::from(from));
    let agreement = strips(
        &groups(|p| p.agreement),
        drawn_from(report.thresholds.same_picture),
        "Agreement with the portrait's fine structure",
    )
    .map_err(|e| failed(&e))?;
    let border = strips(
        &groups(|p| p.border),
        drawn_from(report.thresholds.border),
        "How nearly a border around the face closes",
    )
    .map_err(|e| failed(&e))?;
    Ok(vec![
        ("index.html", html),
        ("presentation.json", json.to_owned() + "\n"),
        ("accepted.svg", drawn),
        ("agreement.svg", agreement),
        ("border.svg", border),
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
    text += &format!(
        "\n{:<28} {:<26} {:<26} {}\n",
        "suspected by", "the same picture", "flatness", "a border"
    );
    for (name, cells) in cues(report) {
        let cells: Vec<String> = cells.iter().map(|c| format!("{c:<26}")).collect();
        text += &format!("{name:<28} {}\n", cells.join(" ").trim_end());
    }
    if let Some(p) = &report.photographs {
        text += "\nphotographs of real people\n";
        for (name, cell) in photographs(p) {
            text += &format!("{name:<52} {cell}\n");
        }
    }
    text
}

/// What the cues say of photographs.
fn photographs(p: &Photographs) -> Vec<(String, String)> {
    vec![
        ("a border found".into(), cell(&p.border)),
        (
            "a border found, the picture has a black margin".into(),
            cell(&p.border_of_margin),
        ),
        (
            format!(
                "two of one person taken for flat ({} judged, at most {:.3})",
                p.foreshortened, p.greatest_agreement
            ),
            cell(&p.flat),
        ),
        (
            "two of one person taken for one picture".into(),
            cell(&p.same_picture),
        ),
    ]
}

/// What each cue suspects, of live faces and of each attack.
fn cues(report: &PresentationReport) -> Vec<(String, Vec<String>)> {
    let cells = |all: &[CueShare]| all.iter().map(|c| cell(&c.suspected)).collect();
    let live = ("live faces".to_owned(), cells(&report.bona_fide.by_cue));
    let attacks = report
        .attacks
        .iter()
        .map(|s| (name(s.instrument.as_str(), s.empty_seat), cells(&s.by_cue)));
    std::iter::once(live).chain(attacks).collect()
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
