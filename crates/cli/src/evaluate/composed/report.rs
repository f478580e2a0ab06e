//! Composed vehicles for people: a table for a terminal, a page with plots.

use std::collections::BTreeMap;

use askama::Template;
use rowcall_evaluate::{Bar, ComposedReport, KindLine, RuleCost, bars};

use crate::{evaluate::vehicles_report::cell, failure::Failure};

#[derive(Template)]
#[template(path = "composed.html")]
struct Page<'a> {
    report: &'a ComposedReport,
    kinds: Vec<(&'static str, Vec<String>)>,
    sizes: Vec<(String, [String; 3])>,
    costs: Vec<(&'a str, &'static str, [String; 2])>,
    total: [String; 2],
}

/// The report's files: name and content.
pub(super) fn files(
    report: &ComposedReport,
    json: &str,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the report can't be made: {e}"));
    let page = Page {
        report,
        kinds: kinds(report),
        sizes: sizes(report),
        costs: costs(report),
        total: total(report),
    };
    let html = page.render().map_err(|e| failed(&e))?;
    let bar = |name: String, value| Bar { name, value };
    let cleared: Vec<Bar> = report
        .kinds
        .iter()
        .map(|line| bar(line.kind.name().to_owned(), line.cleared))
        .collect();
    let honest: Vec<Bar> = report
        .honest_by_size
        .iter()
        .flat_map(|size| {
            let name = |rules: &str| format!("{} people, {rules}", size.people);
            [
                bar(name("as it is"), size.cleared),
                bar(name("by old rules"), size.by_old_rules),
            ]
        })
        .collect();
    let cleared = bars(&cleared, &[], "Vehicles cleared, by kind").map_err(|e| failed(&e))?;
    let honest =
        bars(&honest, &[], "Honest vehicles cleared, by people in them").map_err(|e| failed(&e))?;
    Ok(vec![
        ("index.html", html),
        ("composed.json", json.to_owned() + "\n"),
        ("cleared.svg", cleared),
        ("honest.svg", honest),
    ])
}

/// The report as text.
pub(super) fn table(report: &ComposedReport) -> String {
    let [confirmed, cleared] = total(report);
    let mut text = format!(
        "{} vehicles of {} people ({} left out: no photograph passes the portrait's gate), {} frames a camera, \
         look-alikes among {}; seed {}, {:.0} s\n\n\
         falsely confirmed, of occupants who ought not to be   {confirmed}\n\
         falsely cleared, of vehicles that ought not to be     {cleared}\n\n\
         {:<24} {:<26} {:<26} {:<26} {:<26} what became of the others; what referred vehicles\n",
        report.vehicles.len(),
        report.people.drawn_from,
        report.people.without_portrait,
        report.frames,
        report.people.look_alikes_among,
        report.seed,
        report.seconds,
        "kind",
        "vehicles cleared",
        "with a false confirmation",
        "honest seats confirmed",
        "others confirmed",
    );
    for (name, cells) in kinds(report) {
        let (words, rates) = (&cells[4..], &cells[..4]);
        let rates: Vec<String> = rates.iter().map(|c| format!("{c:<26}")).collect();
        text += &format!("{name:<24} {} {}\n", rates.join(" "), words.join("; "));
    }
    text += &format!(
        "\n{:<24} {:<26} {:<26} seats confirmed\n",
        "honest, people", "cleared", "by old rules"
    );
    for (people, [now, before, seats]) in sizes(report) {
        text += &format!("{people:<24} {now:<26} {before:<26} {seats}\n");
    }
    text += &format!(
        "\n{:<28} {:<6} {:<26} nothing else does\n",
        "referred by", "", "honest vehicles"
    );
    for (name, new, [refers, alone]) in costs(report) {
        text += &format!("{name:<28} {new:<6} {refers:<26} {alone}\n");
    }
    for f in &report.false_confirmations {
        text += &format!(
            "FALSE CONFIRMATION: vehicle {} ({}), {}: {:.3} (threshold {:.3})\n",
            f.number,
            f.kind.name(),
            f.seat,
            f.score.unwrap_or(0.0),
            f.threshold
        );
    }
    text
}

fn total(report: &ComposedReport) -> [String; 2] {
    [&report.falsely_confirmed, &report.falsely_cleared].map(cell)
}

fn kinds(report: &ComposedReport) -> Vec<(&'static str, Vec<String>)> {
    let row = |line: &KindLine| {
        let cells = [
            &line.cleared,
            &line.with_false_confirmation,
            &line.honest_confirmed,
            &line.others_confirmed,
        ];
        let mut cells: Vec<String> = cells.map(cell).to_vec();
        cells.push(counted(&line.others));
        cells.push(counted(&line.causes));
        (line.kind.name(), cells)
    };
    report.kinds.iter().map(row).collect()
}

fn counted(words: &BTreeMap<String, u64>) -> String {
    if words.is_empty() {
        return "-".to_owned();
    }
    let words = words.iter().map(|(word, n)| format!("{n} {word}"));
    words.collect::<Vec<_>>().join(", ")
}

fn sizes(report: &ComposedReport) -> Vec<(String, [String; 3])> {
    let row = |size: &rowcall_evaluate::HonestBySize| {
        let cells = [&size.cleared, &size.by_old_rules, &size.confirmed].map(cell);
        (size.people.to_string(), cells)
    };
    report.honest_by_size.iter().map(row).collect()
}

fn costs(report: &ComposedReport) -> Vec<(&str, &'static str, [String; 2])> {
    fn row(cost: &RuleCost) -> (&str, &'static str, [String; 2]) {
        let new = if cost.is_new { "new" } else { "" };
        let cells = [&cost.refers, &cost.refers_alone].map(cell);
        (cost.cause.as_str(), new, cells)
    }
    report.costs.iter().map(row).collect()
}
