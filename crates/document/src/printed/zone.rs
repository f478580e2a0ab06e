//! The machine readable zone of a page: typed, recognised from its text, or read off its
//! picture.

use super::Recognised;
use crate::file::{Part, Role, find};
use crate::finding::Finding;
use crate::mrz::national::National;
use crate::mrz::{CheckDigit, Mrz, MrzFormat, MrzOrigin, places, repair, split_lines, typed};
use crate::page::{Doubt, Place, Text};
use crate::policy::Policy;
use jiff::civil::Date;
use rowcall_words::document::Verdict;
use rowcall_words::finding::code::Code;

/// The printed MRZ: in `mrz.txt`, or as recognised.
pub(crate) fn mrz(
    parts: &[Part],
    page: &Recognised,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let Some(part) = find(parts, Role::MrzText) else {
        return match &page.zone {
            Some((file, text)) => seen_mrz(file, text, policy, at, findings),
            None => recognised_mrz(parts, policy, at, findings),
        };
    };
    let text = typed::text(&part.bytes);
    let lines = split_lines(&text);
    let parsed = Mrz::parse(&lines, at);
    if let Some(national) = National::of(&lines, parsed.as_ref().ok()) {
        findings.push(national.finding(&part.name));
        return None;
    }
    match parsed {
        Ok(mrz) => {
            findings.extend(mrz.findings(&part.name, MrzOrigin::Printed, policy, at));
            Some(mrz)
        }
        Err(defect) => {
            findings.push(defect.finding(&part.name));
            findings.extend(as_it_may_be_meant(&part.name, &lines, at));
            None
        }
    }
}

/// What helps whoever typed a zone that would be one but for the typing. It is not
/// read so: what stands there is what was presented.
fn as_it_may_be_meant(file: &str, lines: &[&str], at: Date) -> Option<Finding> {
    let meant = typed::as_meant(lines);
    if meant.changes.is_empty() {
        return None;
    }
    let lines: Vec<&str> = meant.lines.iter().map(String::as_str).collect();
    let mrz = Mrz::parse(&lines, at).ok()?;
    let digits = if mrz.checks().all_right() {
        "all check digits right"
    } else {
        "wrong check digits"
    };
    Some(Finding::info(
        Code::MrzTypedOtherwise,
        format!(
            "{file}: typed with {}; without, it is a {} with {digits}: give it so",
            meant.changes.join(", "),
            mrz.format().as_str()
        ),
    ))
}

/// The MRZ on a page's picture, and what of it is in doubt. `None` where not all of it
/// can be read: what stands there then is nobody's number.
fn seen_mrz(
    file: &str,
    text: &Text,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let mrz = text.mrz(at)?;
    let format = mrz.format();
    if !text.hidden.is_empty() {
        let places: Vec<String> = text.hidden.iter().map(|p| named(format, *p)).collect();
        findings.push(not_read(
            file,
            &format!("covered, cut off or illegible: {}", listed(&places)),
        ));
        return None;
    }
    let wrong = mrz
        .checks()
        .failed()
        .filter(|d| *d != CheckDigit::Composite);
    if wrong.count() > 1 {
        findings.push(not_read(file, "several check digits are wrong"));
        return None;
    }
    if !mrz.has_code_of_its_layout() {
        findings.push(not_read(file, "it begins with no document code"));
        return None;
    }
    let origin = match text.is_certain {
        true => MrzOrigin::Printed,
        false => MrzOrigin::Recognised,
    };
    findings.extend(mrz.findings(file, origin, policy, at));
    for (code, what, doubts) in [
        (
            Code::MrzRepaired,
            "read so because the check digits say so",
            &text.repaired,
        ),
        (
            Code::MrzCharacterDoubtful,
            "hardly more like the one than like the other",
            &text.doubts,
        ),
    ] {
        if !doubts.is_empty() {
            let told = |d: &Doubt| {
                let (is, or) = (char::from(d.is), char::from(d.or));
                format!("{}: {is} or {or}", named(format, d.place))
            };
            let places: Vec<String> = doubts.iter().map(told).collect();
            findings.push(Finding::warning(
                code,
                format!("{file}: {what}: {}", listed(&places)),
            ));
        }
    }
    findings.push(names_recognised(file));
    Some(mrz)
}

/// A zone that is there and can't be read.
fn not_read(file: &str, why: &str) -> Finding {
    Finding::new(
        Code::MrzNotRead,
        Verdict::Unsupported,
        format!(
            "{file}: a machine readable zone that can't be read ({why}); picture it anew, or give it as mrz.txt"
        ),
    )
}

/// A character's place, such as "6th character of the document number".
fn named(format: MrzFormat, place: Place) -> String {
    let (field, number) = places::field(format, place.row, place.column);
    if field.starts_with("the check digit") || field.starts_with("the composite") {
        return field.to_owned();
    }
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending} character of {field}")
}

/// The first few, and how many more.
fn listed(places: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = places.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    match places.len().saturating_sub(SHOWN) {
        0 => shown.join("; "),
        more => format!("{} and {more} more", shown.join("; ")),
    }
}

fn names_recognised(file: &str) -> Finding {
    Finding::info(
        Code::NamesFromRecognition,
        format!("{file}: the names were recognised on a picture, and no check digit covers them"),
    )
}

/// The MRZ in text that another's character recognition gave.
fn recognised_mrz(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let part = find(parts, Role::RecognisedText)?;
    let text = typed::text(&part.bytes);
    let lines = split_lines(&text);
    let mrz = repair::read_recognised(&lines, at);
    if let Some(national) = National::of(&lines, mrz.as_ref()) {
        findings.push(national.finding(&part.name));
        return None;
    }
    let Some(mrz) = mrz else {
        findings.push(Finding::new(
            Code::MrzNotRecognised,
            Verdict::Unsupported,
            format!(
                "{}: no machine readable zone in the recognised text",
                part.name
            ),
        ));
        return None;
    };
    findings.extend(mrz.findings(&part.name, MrzOrigin::Recognised, policy, at));
    if mrz.repaired_characters() > 0 {
        findings.push(Finding::warning(
            Code::MrzRepaired,
            format!(
                "{}: {} character(s) from text recognition were repaired: look-alikes of which the field allows one, or fillers lost after the names",
                part.name, mrz.repaired_characters()
            ),
        ));
    }
    findings.push(names_recognised(&part.name));
    Some(mrz)
}
