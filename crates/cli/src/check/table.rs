//! The result for a terminal: three short tables.

use console::{Style, measure_text_width};

use rowcall_words::document::{Authenticity, Severity, Verdict};
use rowcall_words::outcome::{CameraState, Decided, DocumentOutcome, VehicleOutcome};

use crate::check::result::{self, CheckResult};
use crate::plain::plain;

/// The result as text, in colour where stdout is a terminal.
pub(crate) fn render(result: &CheckResult) -> String {
    let mut text = String::new();
    let mut seats = vec![
        ["seat", "outcome", "document", "score", "why"]
            .map(|h| Cell::plain(h, Style::new().dim()))
            .to_vec(),
    ];
    for seat in &result.seats {
        seats.push(vec![
            Cell::text(
                &seat
                    .seat
                    .map_or_else(|| "not seen".into(), |s| s.to_string()),
            ),
            of_seat(seat),
            Cell::text(seat.document.as_deref().unwrap_or("-")),
            Cell::text(&seat.score.map_or_else(|| "-".into(), |s| format!("{s:.2}"))),
            Cell::text(&format!("{} [{}]", why(seat), seat.stage)),
        ]);
    }
    text += &aligned(&seats);
    let mut documents = vec![
        ["document", "outcome", "seat", "verdict", "authenticity"]
            .map(|h| Cell::plain(h, Style::new().dim()))
            .to_vec(),
    ];
    for document in &result.documents {
        let or_dash = |value: Option<&str>| Cell::text(value.unwrap_or("-"));
        documents.push(vec![
            Cell::text(&document.id),
            of_document(document.outcome),
            or_dash(document.seat.map(|seat| seat.to_string()).as_deref()),
            or_dash(document.verdict.map(Verdict::as_str)),
            or_dash(document.authenticity.map(authenticity)),
        ]);
    }
    text.push('\n');
    text += &aligned(&documents);
    text.push('\n');
    text += &vehicle(result);
    for finding in result
        .frames
        .unreadable
        .iter()
        .map(|f| format!("frame {}: {}", f.frame, f.detail))
    {
        text += &format!("{}\n", plain(&finding));
    }
    let findings = result
        .documents
        .iter()
        .flat_map(|d| d.findings.iter().map(move |f| (d, f)));
    for (document, finding) in findings.filter(|(_, f)| f.severity != Severity::Info) {
        text += &format!(
            "document {}: {}: {}\n",
            plain(&document.id),
            finding.code,
            plain(&finding.detail)
        );
    }
    for bystander in &result.bystanders {
        if let Some(advice) = &bystander.advice {
            let shot = &bystander.best_shot;
            text += &format!(
                "face on no seat, {} in {}: {}\n",
                bystander.place,
                plain(&shot.frame),
                advice
            );
        }
    }
    for camera in result
        .cameras
        .iter()
        .filter(|c| c.state != CameraState::Delivering)
    {
        let state = match camera.state {
            CameraState::Frozen => "shows the same picture again and again",
            _ => "has shown nothing",
        };
        let need = if camera.needed {
            "a seat needs it"
        } else {
            "no seat needs it"
        };
        text += &format!("camera {}: {state}; {need}\n", plain(&camera.name));
    }
    for seat in &result.seats {
        for zone in &seat.exposure {
            let way = if zone.stops > 0.0 { "raise" } else { "lower" };
            let name = seat
                .seat
                .map_or_else(|| "an unknown seat".into(), |s| s.to_string());
            text += &format!(
                "exposure: camera {}, zone {name}: {way} it by {:.1} stops\n",
                plain(&zone.camera),
                zone.stops.abs()
            );
        }
    }
    for remark in &result.remarks {
        text += &format!("note: {}\n", plain(remark));
    }
    text
}

/// Why a seat is as it is.
fn why(seat: &result::Seat) -> String {
    match seat.reason {
        Some(reason) if seat.details.is_empty() => reason.to_string(),
        Some(reason) => {
            let details: Vec<&str> = seat.details.iter().map(|d| d.as_str()).collect();
            format!("{reason} ({})", details.join(", "))
        }
        None if seat.uncompared.is_empty() => format!("seen by {}", seat.cameras.join(", ")),
        None => format!(
            "seen by {}; not compared with {}",
            seat.cameras.join(", "),
            seat.uncompared.join(", ")
        ),
    }
}

/// The state of a signature in words.
pub(crate) fn authenticity(of: Authenticity) -> &'static str {
    match of {
        Authenticity::NotChecked => "authenticity: not checked",
        Authenticity::NotSigned => "not signed, a printed page",
        Authenticity::Trusted => "signed by a trusted issuer",
        Authenticity::NotTrusted => "signed by nobody trusted",
        Authenticity::Broken => "signature broken",
    }
}

fn vehicle(result: &CheckResult) -> String {
    let (v, o, d) = (
        &result.vehicle,
        &result.vehicle.occupants,
        &result.vehicle.documents,
    );
    let declared = o
        .declared
        .map_or_else(|| "not declared".into(), |n| format!("{n} declared"));
    let mut line = format!(
        "vehicle {}: {}  {} of {} occupants confirmed ({declared}), {} of {} documents",
        plain(&v.id),
        of_vehicle(v.outcome).styled(),
        o.confirmed,
        result.seats.len(),
        d.confirmed,
        d.presented
    );
    let unsigned = result.documents.iter().filter(|d| {
        d.outcome == DocumentOutcome::HolderConfirmed
            && d.authenticity != Some(Authenticity::Trusted)
    });
    match unsigned.count() {
        0 => {}
        n => line += &format!(" ({n} confirmed by a page that nobody signed)"),
    }
    if !v.reasons.is_empty() {
        line += &format!(
            "; {}",
            v.reasons
                .iter()
                .map(|r| r.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    line.push('\n');
    line
}

#[derive(Clone)]
struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    fn plain(text: &str, style: Style) -> Self {
        Self {
            text: plain(text).into_owned(),
            style,
        }
    }

    fn text(text: &str) -> Self {
        Self::plain(text, Style::new())
    }

    fn styled(&self) -> String {
        self.style.apply_to(&self.text).to_string()
    }
}

/// How an outcome stands, which its colour says; the word says the same.
enum Tone {
    Confirmed,
    ByHand,
    Refer,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Confirmed => Style::new().green().bold(),
            Self::ByHand => Style::new().blue(),
            Self::Refer => Style::new().yellow().bold(),
        }
    }
}

fn of_vehicle(outcome: VehicleOutcome) -> Cell {
    let tone = match outcome {
        VehicleOutcome::AllConfirmed => Tone::Confirmed,
        VehicleOutcome::Refer => Tone::Refer,
    };
    Cell::plain(outcome.as_str(), tone.style())
}

fn of_seat(seat: &result::Seat) -> Cell {
    let tone = match seat.outcome {
        Decided::Confirmed => Tone::Confirmed,
        Decided::Refer => Tone::Refer,
    };
    Cell::plain(seat.outcome.as_str(), tone.style())
}

fn of_document(outcome: DocumentOutcome) -> Cell {
    let tone = match outcome {
        DocumentOutcome::HolderConfirmed => Tone::Confirmed,
        DocumentOutcome::OptedOut => Tone::ByHand,
        _ => Tone::Refer,
    };
    Cell::plain(outcome.as_str(), tone.style())
}

fn aligned(rows: &[Vec<Cell>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |c: usize| {
        rows.iter()
            .filter_map(|r| r.get(c))
            .map(|cell| measure_text_width(&cell.text))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line += &cell.styled();
            line += &" ".repeat(width - measure_text_width(&cell.text) + 2);
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
