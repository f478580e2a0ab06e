//! What the page shows, in the words that it shows it in.

use std::{collections::BTreeMap, path::Path};

use askama::Template;
use rowcall_face::{Image, Rect};
use rowcall_rollcall::{RollCall, Seat, VehicleOutcome, VehicleReason};

use super::{pictures, seat_map};
use crate::check::{
    advice,
    analyse::{self, Analysis},
    result::{self, CheckResult},
    table,
    vehicle::Folder,
};

/// Width of the large and the small frames, in pixels.
const LARGE: u32 = 960;
const SMALL: u32 = 480;
/// More frames than this of a camera aren't shown small.
const MOST_SMALL: usize = 12;

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    result: &'a CheckResult,
    clear: bool,
    headline: String,
    summary: String,
    todo: Vec<Todo>,
    map: String,
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

/// How an occupant, a seat or a document stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Confirmed,
    Refer,
    NotSeen,
    ByHand,
    Empty,
}

impl State {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Confirmed => "ok",
            Self::Refer => "refer",
            Self::NotSeen => "unseen",
            Self::ByHand => "hand",
            Self::Empty => "empty",
        }
    }

    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Confirmed => "\u{2713}",
            Self::Refer => "!",
            Self::NotSeen => "?",
            Self::ByHand => "\u{270B}\u{FE0E}",
            Self::Empty => "",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refer => "look",
            Self::NotSeen => "not seen",
            Self::ByHand => "by hand",
            Self::Empty => "no face",
        }
    }
}

/// A card.
pub(super) struct Occupant {
    pub(super) at: Option<Seat>,
    pub(super) state: State,
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

struct CameraView {
    name: String,
    best: Option<FrameView>,
    others: Vec<FrameView>,
}

struct FrameView {
    name: String,
    data: String,
    width: u32,
    height: u32,
    boxes: Vec<BoxView>,
}

#[derive(Clone)]
struct BoxView {
    class: &'static str,
    label: String,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
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
            headline: headline(clear, &occupants, result),
            summary: summary(result),
            todo: todo(&occupants, result),
            map: seat_map::draw(&folder.lane.seats(), &occupants),
            documents: result.documents.iter().map(document).collect(),
            cameras: frames.cameras(roll_call, &occupants),
            threshold_note: threshold_note(result),
            occupants: urgent_first(occupants),
            scale,
            result,
        }
    }
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
    match (seat.outcome.as_str(), seat.reason.as_deref()) {
        ("confirmed", _) => State::Confirmed,
        (_, Some("not-captured")) => State::NotSeen,
        (_, Some("opted-out" | "manual-by-policy")) => State::ByHand,
        _ => State::Refer,
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
        place: seat
            .seat
            .map_or_else(|| "Not seen".into(), |s| capitalised(&advice::place(s))),
        holder: document.map(|d| d.holder.clone()).unwrap_or_default(),
        document: document.map(|d| d.id.clone()),
        why: why(words),
        advice: words.advice.clone(),
        crop,
        portrait,
        score: words.score.map(|score| Mark {
            at: percent(score),
            text: format!("{score:.2}"),
            meaning: meaning(words, result),
        }),
        seen: match words.sightings {
            0 => String::new(),
            n => format!("{n} sightings by {}", words.cameras.join(", ")),
        },
    }
}

/// The reason in plain words.
fn why(seat: &result::Seat) -> String {
    let details = seat
        .details
        .iter()
        .map(|d| d.replace('-', " "))
        .collect::<Vec<_>>()
        .join(", ");
    match seat.reason.as_deref() {
        None => "Confirmed as the holder of this document".into(),
        Some("not-captured") => "Declared, but no camera shows this person".into(),
        Some("poor-quality") => format!("Not seen well enough to compare: {details}"),
        Some("no-matching-document") => "Like the holder of no document presented".into(),
        Some("ambiguous") => format!("Not beyond doubt: {details}"),
        Some("document-not-trusted") => "The face fits; the document may not confirm".into(),
        Some("portrait-unusable") => {
            "A portrait that may be this person's can't be compared".into()
        }
        Some("opted-out") => "Opted out".into(),
        Some("manual-by-policy") => {
            "Left to the officer: a small child's document is left over".into()
        }
        Some(other) => other.replace('-', " "),
    }
}

/// What a score means, from the calibration.
fn meaning(seat: &result::Seat, result: &CheckResult) -> String {
    let Some(rate) = seat.false_match_rate else {
        return String::new();
    };
    let document = if seat.document.is_some() {
        ""
    } else {
        "best of all documents; "
    };
    let rarest = result.model.rarest_measured;
    let strangers = if rate >= 0.5 {
        "most strangers are as alike".to_owned()
    } else if rate <= rarest {
        let all = thousands((1.0 / rarest).round() as u64);
        format!("fewer than one stranger in {all} is as alike; no more was measured")
    } else {
        format!(
            "about one stranger in {} is as alike",
            thousands((1.0 / rate).round() as u64)
        )
    };
    format!("{document}{strangers}")
}

fn threshold_note(result: &CheckResult) -> String {
    let p = &result.policy;
    let one_in = |rate: f64| thousands((1.0 / rate).round().max(1.0) as u64);
    let mut note = format!(
        "The error budget of this vehicle is one false confirmation in {} vehicles of strangers; shared by {} comparisons \
         it leaves one in {} for each, which is the score {:.2}.",
        one_in(p.vehicle_false_confirm_rate),
        p.comparisons,
        one_in(p.false_match_rate),
        p.threshold
    );
    if p.beyond_data {
        note += " That is rarer than the calibration's data can show: the threshold is extended cautiously, and confirms fewer, never more.";
    }
    if let Some(limit) = p.look_alike_below {
        note += &format!(
            " Below {limit:.2} a close relative could be as alike, and an officer decides."
        );
    }
    note
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn headline(clear: bool, occupants: &[Occupant], result: &CheckResult) -> String {
    let n = result.vehicle.occupants.confirmed;
    if clear {
        return match n {
            2 => "Both occupants confirmed".into(),
            1 => "Confirmed: the one occupant holds the document".into(),
            n => format!("All {n} occupants confirmed"),
        };
    }
    let open = occupants
        .iter()
        .filter(|o| o.state != State::Confirmed)
        .count();
    let papers = result
        .documents
        .iter()
        .filter(|d| d.outcome != "holder-confirmed")
        .count();
    match (open, papers) {
        (0, 0) => "An officer looks at this vehicle".into(),
        (0, 1) => "One document needs a look".into(),
        (0, m) => format!("{m} documents need a look"),
        (1, _) => "One person needs a look".into(),
        (n, _) => format!("{n} people need a look"),
    }
}

fn summary(result: &CheckResult) -> String {
    let (o, d) = (&result.vehicle.occupants, &result.vehicle.documents);
    let declared = o.declared.map_or_else(
        || "occupants not declared".into(),
        |n| format!("{n} declared"),
    );
    format!(
        "Occupants: {declared}, {} seen, {} confirmed. Documents: {} presented, {} confirmed.",
        o.seen, o.confirmed, d.presented, d.confirmed
    )
}

fn todo(occupants: &[Occupant], result: &CheckResult) -> Vec<Todo> {
    let people = occupants.iter().filter_map(|o| {
        Some(Todo {
            place: o.place.clone(),
            what: o.advice.clone()?,
        })
    });
    let papers = result.documents.iter().filter_map(|d| {
        Some(Todo {
            place: format!("Document {}", d.id),
            what: d.advice.clone()?,
        })
    });
    let rest = result.vehicle.reasons.iter().filter_map(|reason| {
        let what = match reason {
            VehicleReason::NobodySeen => "Nobody was seen: look into the vehicle.",
            VehicleReason::NoDocuments => "No document was presented: ask for them.",
            VehicleReason::MoreThanDeclared => {
                "More people were seen than were declared: count again."
            }
            VehicleReason::FramesUnreadable => {
                "Some frames can't be read (below): take pictures again."
            }
            VehicleReason::CountNotDeclared => {
                "Nobody declared how many are inside: an unseen person would not be missed."
            }
            _ => return None,
        };
        Some(Todo {
            place: "Vehicle".into(),
            what: what.into(),
        })
    });
    people.chain(papers).chain(rest).collect()
}

fn document(d: &result::Document) -> DocumentRow {
    let state = match d.outcome.as_str() {
        "holder-confirmed" => State::Confirmed,
        "opted-out" => State::ByHand,
        _ => State::Refer,
    };
    let verdict = d.verdict.as_deref().unwrap_or_default().replace('-', " ");
    let signed = d
        .authenticity
        .as_deref()
        .map(table::authenticity)
        .unwrap_or_default();
    DocumentRow {
        id: d.id.clone(),
        state,
        holder: d.holder.clone(),
        outcome: d.outcome.replace('-', " "),
        seat: d
            .seat
            .as_deref()
            .and_then(|s| s.parse().ok())
            .map(advice::place)
            .unwrap_or_default(),
        authenticity: if verdict.is_empty() {
            signed
        } else {
            format!("{verdict}: {signed}")
        },
        advice: d.advice.clone(),
        findings: d
            .findings
            .iter()
            .map(|f| format!("{}: {} ({})", f.severity, f.detail, f.clause))
            .collect(),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Pictures, read again from their files: none is kept in memory meanwhile.
struct Frames<'a> {
    folder: &'a Folder,
    analysis: &'a Analysis,
}

impl Frames<'_> {
    fn load(&self, frame: usize) -> Option<Image> {
        let name = Path::new(&self.analysis.frames[frame].name);
        let i = self
            .folder
            .frames
            .iter()
            .position(|f| f.path.ends_with(name))?;
        analyse::load_frame(self.folder, i).ok()
    }

    fn portrait(&self, document: usize) -> Option<String> {
        let image = analyse::decode_portrait(&self.analysis.documents[document].document)?.ok()?;
        pictures::face(&image, self.analysis.portrait_faces[document])
    }

    fn cameras(&self, roll_call: &RollCall, occupants: &[Occupant]) -> Vec<CameraView> {
        let mut boxes: BTreeMap<usize, Vec<BoxView>> = BTreeMap::new();
        for (seat, occupant) in roll_call.seats.iter().zip(occupants) {
            for shot in &seat.shots {
                let label = seat.seat.map(|s| s.to_string()).unwrap_or_default();
                boxes.entry(shot.frame).or_default().push(box_view(
                    occupant.state.class(),
                    label,
                    shot.face,
                ));
            }
        }
        for shot in &roll_call.bystanders {
            boxes.entry(shot.frame).or_default().push(box_view(
                "empty",
                "bystander".into(),
                shot.face,
            ));
        }
        self.folder
            .lane
            .cameras
            .iter()
            .map(|camera| self.camera(&camera.name, &boxes))
            .collect()
    }

    fn camera(&self, name: &str, boxes: &BTreeMap<usize, Vec<BoxView>>) -> CameraView {
        let own =
            || (0..self.analysis.frames.len()).filter(|&i| self.analysis.frames[i].camera == name);
        let seen = |i: usize| boxes.get(&i).map_or(0, Vec::len);
        // The frame that shows most; of equals the first.
        let best = own().rev().max_by_key(|&i| seen(i));
        let others = own().filter(|&i| Some(i) != best).take(MOST_SMALL);
        CameraView {
            name: name.to_owned(),
            best: best.and_then(|i| self.frame(i, boxes, LARGE)),
            others: others.filter_map(|i| self.frame(i, boxes, SMALL)).collect(),
        }
    }

    fn frame(
        &self,
        i: usize,
        boxes: &BTreeMap<usize, Vec<BoxView>>,
        width: u32,
    ) -> Option<FrameView> {
        let image = self.load(i)?;
        Some(FrameView {
            name: self.analysis.frames[i].name.clone(),
            data: pictures::frame(&image, width)?,
            width: image.width(),
            height: image.height(),
            boxes: boxes.get(&i).cloned().unwrap_or_default(),
        })
    }
}

fn box_view(class: &'static str, label: String, face: Rect) -> BoxView {
    let Rect {
        x,
        y,
        width,
        height,
    } = face;
    BoxView {
        class,
        label,
        x,
        y,
        width,
        height,
    }
}
