//! A document for people, in a terminal.

use std::fmt::Write;
use std::path::Path;

use rowcall_document::VerifiedDocument;

use crate::plain::plain;

/// Several lines: what it is, whose, the portrait, then the findings.
pub(super) fn render(path: &Path, document: &VerifiedDocument) -> String {
    let mut out = String::new();
    let mut line = |label: &str, text: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {label:<12} {}", plain(text));
    };
    line("kind", document.kind().as_str());
    line("verdict", document.verdict().as_str());
    line("authenticity", document.authenticity().as_str());
    if let Some(mrz) = document.mrz() {
        line(
            "document",
            &format!(
                "{} {} of {}, number {}",
                mrz.format().as_str(),
                mrz.document_code(),
                mrz.issuing_state(),
                mrz.document_number()
            ),
        );
        line(
            "holder",
            &format!(
                "{}, {}; born {}, sex {}, nationality {}",
                spaced(mrz.primary_identifier()),
                spaced(mrz.secondary_identifier()),
                shown(mrz.birth_date()),
                mrz.sex(),
                mrz.nationality()
            ),
        );
        line("expires", &expiry(mrz.expiry_date()));
    }
    match document.portrait() {
        Some(p) => line(
            "portrait",
            &format!(
                "{} x {}, {}, {}, from {}",
                p.width(),
                p.height(),
                p.format().extension(),
                json_name(&p.source()),
                p.file()
            ),
        ),
        None => line("portrait", "none"),
    }
    if let Some(seal) = &document.details().seal {
        line("seal", &format!("{} of {}", seal.kind, seal.state));
        if let Some(day) = seal.signed_on {
            line("signed", &day.to_string());
        }
        for field in &seal.fields {
            line("", &format!("{}: {}", field.name, field.value));
        }
    }
    for finding in document.findings() {
        let clause = finding
            .clause
            .map_or_else(String::new, |clause| format!(" [{clause}]"));
        line(
            finding.severity.as_str(),
            &format!("{}: {}{clause}", finding.code, finding.detail),
        );
    }
    format!("{}\n{out}", plain(&path.display().to_string()))
}

/// The full date, or what is written where it is not one.
fn shown(date: &rowcall_document::MrzDate) -> String {
    date.date()
        .map_or_else(|| date.as_written().to_owned(), |d| d.to_string())
}

/// As [`shown`], where a document may have no such date.
fn expiry(date: &rowcall_document::MrzDate) -> String {
    if date.is_unlimited() {
        "never".to_owned()
    } else if date.is_blank() {
        "no date".to_owned()
    } else {
        shown(date)
    }
}

/// Names with one space between their parts.
fn spaced(names: &str) -> String {
    let parts: Vec<&str> = names.split_whitespace().collect();
    parts.join(" ")
}

/// A value's kebab-case name.
fn json_name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}
