//! What the page shows, in the words that it shows it in.

mod frames;
mod words;

use std::collections::BTreeMap;

use askama::Template;
use rowcall_pipeline::{advice, analyse::Analysis, folder::Folder};
use rowcall_rollcall::RollCall;
use rowcall_words::outcome::{DocumentOutcome, SeatOutcome, VehicleOutcome};
use rowcall_words::seat::Seat;

use self::frames::{CameraView, Frames};
use super::{pictures, seat_map, state::State};
use crate::{check::result, check::result::CheckResult, check::table};

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    result: &'a CheckResult,
    clear: bool,
    headline: String,
    summary: String,
    todo: Vec<Todo>,
    map: String,
    sought: Vec<Sought>,
    occupants: Vec<Occupant>,
    documents: Vec<DocumentRow>,
    cameras: Vec<CameraView>,
    scale: Scale,
    threshold_note: String,
}

/// Something for the officer to do.
struct Todo {
    place: String,
    what: String,
}

/// A card.
pub(super) struct Occupant {
    at: Option<Seat>,
    state: State,
    /// Whether nothing but the document keeps it from being confirmed.
    waits_for_document: bool,
    place: String,
    holder: String,
    document: Option<String>,
    why: String,
    advice: Option<String>,
    crop: Option<String>,
    portrait: Option<String>,
    score: Option<Mark>,
    seen: String,
}

/// A holder whom nobody is like: the officer looks for this face.
struct Sought {
    document: String,
    holder: String,
    portrait: String,
}

/// A score on the calibrated scale.
struct Mark {
    /// Percent of the bar's width.
    at: f32,
    text: String,
    meaning: String,
}

/// The bar that scores stand on, in percent of its width.
struct Scale {
    threshold: f32,
    sure: f32,
}

struct DocumentRow {
    id: String,
    state: State,
    holder: String,
    outcome: String,
    seat: String,
    authenticity: String,
    advice: Option<String>,
    findings: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        folder: &Folder,
        analysis: &Analysis,
        roll_call: &RollCall,
        result: &'a CheckResult,
    ) -> Self {
        let frames = Frames { folder, analysis };
        let scale = Scale {
            threshold: percent(result.policy.threshold),
            sure: percent(
                result
                    .policy
                    .look_alike_below
                    .unwrap_or(result.policy.threshold),
            ),
        };
        let occupants: Vec<Occupant> = roll_call
            .seats
            .iter()
            .zip(&result.seats)
            .map(|(seat, words)| occupant(seat, words, &frames, result))
            .collect();
        let clear = roll_call.vehicle.outcome == VehicleOutcome::AllConfirmed;
        Self {
            clear,
            headline: words::headline(clear, &occupants, result),
            summary: words::summary(result),
            todo: words::todo(&occupants, result),
            map: seat_map::draw(&folder.lane.seats(), &states(&occupants)),
            sought: sought(&frames, result),
            documents: result.documents.iter().map(document).collect(),
            cameras: frames.cameras(roll_call, &occupants),
            threshold_note: words::threshold_note(result),
            occupants: urgent_first(occupants),
            scale,
            result,
        }
    }
}

/// How each seat stands on which somebody was seen.
fn states(occupants: &[Occupant]) -> BTreeMap<Seat, State> {
    let mut states = BTreeMap::new();
    for occupant in occupants {
        if let Some(seat) = occupant.at {
            states.entry(seat).or_insert(occupant.state);
        }
    }
    states
}

/// What needs the officer comes first; otherwise the order of seats.
fn urgent_first(mut occupants: Vec<Occupant>) -> Vec<Occupant> {
    occupants.sort_by_key(|o| o.state == State::Confirmed);
    occupants
}

fn percent(score: f32) -> f32 {
    (100.0 * score).clamp(0.0, 100.0)
}

fn state(seat: &result::Seat) -> State {
    match seat.reason {
        None => State::Confirmed,
        Some(SeatOutcome::NotCaptured) => State::NotSeen,
        Some(SeatOutcome::OptedOut | SeatOutcome::ManualByPolicy) => State::ByHand,
        Some(_) => State::Refer,
    }
}

fn occupant(
    seat: &rowcall_rollcall::SeatResult,
    words: &result::Seat,
    frames: &Frames<'_>,
    result: &CheckResult,
) -> Occupant {
    let document = seat.document.map(|d| &result.documents[d]);
    let crop = seat
        .shots
        .first()
        .and_then(|shot| pictures::face(&frames.load(shot.frame)?, Some(shot.face)));
    let portrait = seat.document.and_then(|d| frames.portrait(d));
    Occupant {
        at: seat.seat,
        state: state(words),
        waits_for_document: words.reason == Some(SeatOutcome::DocumentNotTrusted),
        place: seat.seat.map_or_else(
            || "Not seen".into(),
            |s| words::capitalised(&advice::place(s)),
        ),
        holder: document.map(|d| d.holder.clone()).unwrap_or_default(),
        document: document.map(|d| d.id.clone()),
        why: words::why(words, result),
        advice: words.advice.clone(),
        crop,
        portrait,
        score: words.score.map(|score| Mark {
            at: percent(score),
            text: format!("{score:.2}"),
            meaning: words::meaning(words, result),
        }),
        seen: match words.sightings {
            0 => String::new(),
            n => format!("{n} sightings by {}", words.cameras.join(", ")),
        },
    }
}

/// The holders who weren't found, one portrait each. Whoever is like an
/// occupant, if not beyond doubt, stands on that occupant's card.
fn sought(frames: &Frames<'_>, result: &CheckResult) -> Vec<Sought> {
    let is_first = |d: &result::Document| d.same_holder.iter().all(|other| d.id < *other);
    result
        .documents
        .iter()
        .enumerate()
        .filter(|(_, d)| {
            d.outcome == DocumentOutcome::HolderNotFound && d.seat.is_none() && is_first(d)
        })
        .filter_map(|(i, d)| {
            Some(Sought {
                document: d.id.clone(),
                holder: d.holder.clone(),
                portrait: frames.portrait(i)?,
            })
        })
        .collect()
}

fn document(d: &result::Document) -> DocumentRow {
    let state = match d.outcome {
        DocumentOutcome::HolderConfirmed => State::Confirmed,
        DocumentOutcome::OptedOut => State::ByHand,
        _ => State::Refer,
    };
    let signed = d.authenticity.map(table::authenticity).unwrap_or_default();
    DocumentRow {
        id: d.id.clone(),
        state,
        holder: d.holder.clone(),
        outcome: words::spaced(d.outcome.as_str()),
        seat: d.seat.map(advice::place).unwrap_or_default(),
        authenticity: d.verdict.map_or_else(
            || signed.to_owned(),
            |verdict| format!("{}: {signed}", words::spaced(verdict.as_str())),
        ),
        advice: d.advice.clone(),
        findings: d
            .findings
            .iter()
            .map(|f| format!("{}: {} ({})", f.severity, f.detail, f.clause))
            .collect(),
    }
}
