//! What became of one composed vehicle.

use std::collections::BTreeSet;

use rowcall_face::{Component, PortraitDefect};
use rowcall_rollcall::{DocumentOutcome, ReferralReason, RollCall, SeatOutcome, SeatResult};
use rowcall_words::outcome::{self as words, Ambiguity, VehicleOutcome, VehicleReason};
use rowcall_words::seat::Seat;
use serde::Serialize;

use super::{Composition, Kind};

/// The rules that came with the evidence they ask for: what they refer would have
/// been decided without them before.
pub fn new_rules() -> [&'static str; 8] {
    [
        "several-faces-by-sightings",
        "hidden-face",
        "portrait-gate",
        Ambiguity::PortraitsDiffer.as_str(),
        Ambiguity::LookAlikePossible.as_str(),
        VehicleReason::FaceUnexplained.as_str(),
        VehicleReason::CameraMissing.as_str(),
        VehicleReason::CameraFrozen.as_str(),
    ]
}

/// One vehicle, decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Its number.
    pub number: u64,
    /// What was the matter with it.
    pub kind: Kind,
    /// The vehicle that it was made of.
    pub given: String,
    /// People on its seats.
    pub people: usize,
    /// Whether it was cleared.
    pub cleared: bool,
    /// Seats whose occupants ought to be confirmed, and how many were.
    pub honest: [u64; 2],
    /// Seats whose occupants ought not to be: what became of each.
    pub others: Vec<String>,
    /// Frames in which somebody else could be shown on a seat.
    pub frames_of_second: usize,
    /// Seats that were confirmed and ought not to be.
    pub false_seats: Vec<FalseSeat>,
    /// What referred it; empty if it was cleared.
    pub causes: BTreeSet<Cause>,
}

/// A seat confirmed by a document that isn't its occupant's, or that is of one of
/// two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FalseSeat {
    /// The vehicle.
    pub number: u64,
    /// What was the matter with it.
    pub kind: Kind,
    /// The seat.
    pub seat: Seat,
    /// The score that it was confirmed with.
    pub score: Option<f32>,
    /// The score from which a pair counted there.
    pub threshold: f32,
}

/// Something that refers a vehicle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Cause(pub String);

impl Cause {
    /// Whether it is one of [`new_rules`], which a detail may follow.
    pub fn is_new(&self) -> bool {
        let rule = self.0.split_once(": ").map_or(&*self.0, |(rule, _)| rule);
        new_rules().contains(&rule)
    }
}

impl Outcome {
    /// What the roll call made of a composed vehicle.
    pub fn of(
        composition: &Composition,
        given: &str,
        frames_of_second: usize,
        call: &RollCall,
    ) -> Self {
        let on = |seat: Seat| call.seats.iter().find(|s| s.seat == Some(seat));
        let is_confirmed = |s: &SeatResult| s.outcome == SeatOutcome::Confirmed;
        let (mut honest, mut others) = ([0, 0], Vec::new());
        for plan in &composition.seats {
            let result = on(plan.seat);
            if composition.is_honest(plan) {
                honest[0] += 1;
                honest[1] += u64::from(result.is_some_and(is_confirmed));
            } else {
                others
                    .push(result.map_or_else(|| words::SeatOutcome::NotCaptured.to_string(), word));
            }
        }
        let falsely = |s: &&SeatResult| {
            let right = |d: usize| s.seat.is_some_and(|seat| composition.is_right(seat, d));
            is_confirmed(s) && !s.document.is_some_and(right)
        };
        let false_seats = call.seats.iter().filter(falsely).filter_map(|s| {
            Some(FalseSeat {
                number: composition.number,
                kind: composition.kind,
                seat: s.seat?,
                score: s.score.map(|s| s.0),
                threshold: call.threshold.score.0,
            })
        });
        Self {
            number: composition.number,
            kind: composition.kind,
            given: given.to_owned(),
            people: composition.seats.len(),
            cleared: call.vehicle.outcome == VehicleOutcome::AllConfirmed,
            honest,
            others,
            frames_of_second,
            false_seats: false_seats.collect(),
            causes: causes(call),
        }
    }

    /// Whether it would have been cleared without the new rules, as far as what
    /// referred it tells.
    pub fn is_cleared_by_old_rules(&self) -> bool {
        self.causes.iter().all(Cause::is_new)
    }
}

fn kebab(value: impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// What became of a seat, in a word.
fn word(seat: &SeatResult) -> String {
    match &seat.outcome {
        SeatOutcome::Confirmed => seat.outcome.word().to_string(),
        SeatOutcome::Refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces)) => {
            // Two faces in one frame are told apart by their places.
            let frames: BTreeSet<usize> = seat.shots.iter().map(|s| s.frame).collect();
            if frames.len() < seat.shots.len() {
                "several-faces-at-once".to_owned()
            } else {
                "several-faces-by-sightings".to_owned()
            }
        }
        SeatOutcome::Refer(ReferralReason::Ambiguous(why)) => why.to_string(),
        SeatOutcome::Refer(ReferralReason::PoorQuality(components)) => {
            let hidden = [Component::EyesVisible, Component::FaceOcclusionPrevention];
            if components.iter().any(|c| hidden.contains(c)) {
                "hidden-face".to_owned()
            } else {
                seat.outcome.word().to_string()
            }
        }
        SeatOutcome::Refer(reason) => reason.word().to_string(),
    }
}

/// Why a portrait isn't compared with, in a word.
fn defect(defect: PortraitDefect) -> String {
    match defect {
        PortraitDefect::Quality(component) => kebab(component),
        PortraitDefect::SeveralFaces => "several-faces".to_owned(),
    }
}

/// What refers a vehicle, without what only follows from something else: a document
/// whose holder isn't found because their seat is referred.
fn causes(call: &RollCall) -> BTreeSet<Cause> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for document in &call.documents {
        if let DocumentOutcome::PoorPortrait(defects) = &document.outcome {
            names.extend(
                defects
                    .iter()
                    .map(|d| format!("portrait-gate: {}", defect(*d))),
            );
        }
    }
    let is_poor = !names.is_empty();
    let referred = call
        .seats
        .iter()
        .filter(|s| s.outcome != SeatOutcome::Confirmed);
    for seat in referred {
        // Whose portrait failed its gate.
        if !(is_poor && seat.outcome.word() == words::SeatOutcome::PortraitUnusable) {
            names.insert(word(seat));
        }
    }
    let is_only_documents = names.is_empty();
    for document in &call.documents {
        let confirmed = matches!(document.outcome, DocumentOutcome::HolderConfirmed(_));
        if is_only_documents && !confirmed {
            names.insert(document.outcome.word().to_string());
        }
    }
    let follows = [
        VehicleReason::SeatReferred,
        VehicleReason::DocumentReferred,
        VehicleReason::CountNotDeclared,
    ];
    let reasons = call.vehicle.reasons.iter();
    names.extend(reasons.filter(|r| !follows.contains(r)).map(kebab));
    names.into_iter().map(Cause).collect()
}
