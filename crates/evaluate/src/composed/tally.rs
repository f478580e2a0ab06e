//! What became of composed vehicles.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_face::{Component, PortraitDefect};
use rowcall_rollcall::{
    Ambiguity, DocumentOutcome, ReferralReason, RollCall, Seat, SeatOutcome, SeatResult,
    VehicleOutcome, VehicleReason,
};
use serde::Serialize;

use super::{Composition, Kind};
use crate::Proportion;

/// The rules that came with the evidence they ask for: what they refer would have
/// been decided without them before.
pub const NEW_RULES: [&str; 8] = [
    "several-faces-by-sightings",
    "hidden-face",
    "portrait-gate",
    "portraits-differ",
    "look-alike-possible",
    "face-unexplained",
    "camera-missing",
    "camera-frozen",
];

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
    /// Whether it is one of [`NEW_RULES`], which a detail may follow.
    pub fn is_new(&self) -> bool {
        let rule = self.0.split_once(": ").map_or(&*self.0, |(rule, _)| rule);
        NEW_RULES.contains(&rule)
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
                others.push(result.map_or_else(|| "not-captured".to_owned(), word));
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
        SeatOutcome::Confirmed => "confirmed".to_owned(),
        SeatOutcome::Refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces)) => {
            // Two faces in one frame are told apart by their places.
            let frames: BTreeSet<usize> = seat.shots.iter().map(|s| s.frame).collect();
            if frames.len() < seat.shots.len() {
                "several-faces-at-once".to_owned()
            } else {
                "several-faces-by-sightings".to_owned()
            }
        }
        SeatOutcome::Refer(ReferralReason::Ambiguous(why)) => kebab(why),
        SeatOutcome::Refer(ReferralReason::PoorQuality(components)) => {
            let hidden = [Component::EyesVisible, Component::FaceOcclusionPrevention];
            if components.iter().any(|c| hidden.contains(c)) {
                "hidden-face".to_owned()
            } else {
                "poor-quality".to_owned()
            }
        }
        SeatOutcome::Refer(reason) => reason.as_str().to_owned(),
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
        let name = word(seat);
        // Whose portrait failed its gate.
        if !(is_poor && name == "portrait-unusable") {
            names.insert(name);
        }
    }
    let is_only_documents = names.is_empty();
    for document in &call.documents {
        let confirmed = matches!(document.outcome, DocumentOutcome::HolderConfirmed(_));
        if is_only_documents && !confirmed {
            names.insert(document.outcome.as_str().to_owned());
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

/// All vehicles. Rates are fractions with n and 95 % interval (Clopper and Pearson:
/// vehicles draw from the same people and given vehicles, so that the true interval
/// is somewhat wider).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComposedReport {
    /// What the draws started from.
    pub seed: u64,
    /// Frames of each camera.
    pub frames: usize,
    /// The people.
    pub people: PeopleCount,
    /// A line a kind.
    pub kinds: Vec<KindLine>,
    /// Honest vehicles by how many people sit in them.
    pub honest_by_size: Vec<HonestBySize>,
    /// What each cause costs honest vehicles.
    pub costs: Vec<RuleCost>,
    /// Every false confirmation.
    pub false_confirmations: Vec<FalseSeat>,
    /// Seats falsely confirmed, of those whose occupants ought not to be.
    pub falsely_confirmed: Proportion,
    /// Vehicles falsely cleared, of those that ought not to be.
    pub falsely_cleared: Proportion,
    /// Every vehicle.
    pub vehicles: Vec<Outcome>,
    /// From start to end; left 0 for the caller's clock.
    pub seconds: f64,
}

/// The people whom vehicles are drawn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeopleCount {
    /// With a portrait that passes its gate, and another photograph.
    pub drawn_from: usize,
    /// Left out: with two photographs or more, none of which could be a document's
    /// portrait.
    pub without_portrait: usize,
    /// With a portrait: among them a look-alike was looked for.
    pub look_alikes_among: usize,
}

/// The vehicles of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindLine {
    /// The kind.
    pub kind: Kind,
    /// Vehicles cleared.
    pub cleared: Proportion,
    /// Vehicles with a false confirmation.
    pub with_false_confirmation: Proportion,
    /// Occupants confirmed, of those who ought to be.
    pub honest_confirmed: Proportion,
    /// Occupants confirmed, of those who ought not to be.
    pub others_confirmed: Proportion,
    /// What became of those who ought not to be confirmed.
    pub others: BTreeMap<String, u64>,
    /// How many vehicles each cause referred.
    pub causes: BTreeMap<String, u64>,
}

/// Honest vehicles with so many people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HonestBySize {
    /// People.
    pub people: usize,
    /// Cleared.
    pub cleared: Proportion,
    /// Cleared, or referred by nothing but new rules.
    pub by_old_rules: Proportion,
    /// Occupants confirmed.
    pub confirmed: Proportion,
}

/// What one cause costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleCost {
    /// The cause.
    pub cause: String,
    /// Whether it is one of [`NEW_RULES`].
    pub is_new: bool,
    /// Honest vehicles that it refers, whatever else does.
    pub refers: Proportion,
    /// Honest vehicles that nothing else refers.
    pub refers_alone: Proportion,
}

impl ComposedReport {
    /// Counts decided vehicles.
    pub fn new(vehicles: Vec<Outcome>, seed: u64, frames: usize, people: PeopleCount) -> Self {
        let kinds = Kind::ALL.into_iter().filter_map(|kind| {
            let own: Vec<&Outcome> = vehicles.iter().filter(|v| v.kind == kind).collect();
            (!own.is_empty()).then(|| line(kind, &own))
        });
        let honest: Vec<&Outcome> = vehicles.iter().filter(|v| v.kind.is_honest()).collect();
        let odd: Vec<&Outcome> = vehicles.iter().filter(|v| !v.kind.is_honest()).collect();
        let sizes: BTreeSet<usize> = honest.iter().map(|v| v.people).collect();
        let by_size = sizes.into_iter().map(|people| {
            let own: Vec<&Outcome> = honest
                .iter()
                .copied()
                .filter(|v| v.people == people)
                .collect();
            HonestBySize {
                people,
                cleared: share(&own, |v| v.cleared),
                by_old_rules: share(&own, Outcome::is_cleared_by_old_rules),
                confirmed: honest_confirmed(&own),
            }
        });
        let causes: BTreeSet<&Cause> = honest.iter().flat_map(|v| &v.causes).collect();
        let is_named = |rule: &str| causes.iter().any(|c| c.0.starts_with(rule));
        let unnamed = NEW_RULES.into_iter().filter(|rule| !is_named(rule));
        let unnamed: Vec<Cause> = unnamed.map(|rule| Cause(rule.to_owned())).collect();
        let causes: BTreeSet<Cause> = causes.into_iter().cloned().chain(unnamed).collect();
        let costs = causes.into_iter().map(|cause| RuleCost {
            refers: share(&honest, |v| v.causes.contains(&cause)),
            refers_alone: share(&honest, |v| {
                v.causes.len() == 1 && v.causes.contains(&cause)
            }),
            is_new: cause.is_new(),
            cause: cause.0,
        });
        let others: u64 = vehicles.iter().map(|v| v.others.len() as u64).sum();
        let false_confirmations: Vec<FalseSeat> = vehicles
            .iter()
            .flat_map(|v| v.false_seats.clone())
            .collect();
        Self {
            seed,
            frames,
            people,
            kinds: kinds.collect(),
            honest_by_size: by_size.collect(),
            costs: costs.collect(),
            falsely_confirmed: Proportion::of(
                confirmed(&vehicles.iter().collect::<Vec<_>>()),
                others,
            ),
            falsely_cleared: share(&odd, |v| v.cleared),
            false_confirmations,
            vehicles,
            seconds: 0.0,
        }
    }
}

fn share(of: &[&Outcome], holds: impl Fn(&Outcome) -> bool) -> Proportion {
    let k = of.iter().filter(|v| holds(v)).count();
    Proportion::of(k as u64, of.len() as u64)
}

/// Occupants confirmed who ought not to be.
fn confirmed(of: &[&Outcome]) -> u64 {
    let others = of.iter().flat_map(|v| &v.others);
    others.filter(|word| *word == "confirmed").count() as u64
}

/// Occupants confirmed, of those who ought to be.
fn honest_confirmed(of: &[&Outcome]) -> Proportion {
    let sum = |k: usize| of.iter().map(|v| v.honest[k]).sum::<u64>();
    Proportion::of(sum(1), sum(0))
}

fn line(kind: Kind, own: &[&Outcome]) -> KindLine {
    let others: u64 = own.iter().map(|v| v.others.len() as u64).sum();
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    for word in own.iter().flat_map(|v| &v.others) {
        *words.entry(word.clone()).or_default() += 1;
    }
    let mut causes: BTreeMap<String, u64> = BTreeMap::new();
    for cause in own.iter().flat_map(|v| &v.causes) {
        *causes.entry(cause.0.clone()).or_default() += 1;
    }
    KindLine {
        kind,
        cleared: share(own, |v| v.cleared),
        with_false_confirmation: share(own, |v| !v.false_seats.is_empty()),
        honest_confirmed: honest_confirmed(own),
        others_confirmed: Proportion::of(confirmed(own), others),
        others: words,
        causes,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Cause, ComposedReport, Kind, Outcome, PeopleCount};

    fn vehicle(number: u64, kind: Kind, people: usize, causes: &[&str]) -> Outcome {
        let odd = usize::from(!kind.is_honest());
        Outcome {
            number,
            kind,
            given: "made".into(),
            people,
            cleared: causes.is_empty(),
            honest: [(people - odd) as u64; 2],
            others: vec!["no-matching-document".into(); odd],
            frames_of_second: 0,
            false_seats: Vec::new(),
            causes: causes.iter().map(|c| Cause((*c).to_owned())).collect(),
        }
    }

    #[test]
    fn what_new_rules_cost_is_told_from_what_others_do() {
        let vehicles = vec![
            vehicle(0, Kind::OwnDocuments, 1, &[]),
            vehicle(1, Kind::OwnDocuments, 1, &["portrait-gate"]),
            vehicle(
                2,
                Kind::OwnDocuments,
                2,
                &["portrait-gate: sharpness", "poor-quality"],
            ),
            vehicle(
                3,
                Kind::OwnDocuments,
                2,
                &["camera-frozen", "face-unexplained"],
            ),
            vehicle(4, Kind::WrongHolder, 2, &["no-matching-document"]),
            vehicle(5, Kind::WrongHolder, 2, &[]),
        ];
        let report = ComposedReport::new(vehicles, 1, 2, PeopleCount::default());
        let sizes: Vec<_> = report
            .honest_by_size
            .iter()
            .map(|s| {
                let (cleared, old, seats) = (s.cleared, s.by_old_rules.k, s.confirmed.n);
                (s.people, cleared.k, old, cleared.n, seats)
            })
            .collect();
        assert_eq!(sizes, [(1, 1, 2, 2, 2), (2, 0, 1, 2, 4)]);
        let costs: BTreeSet<_> = report
            .costs
            .iter()
            .filter(|c| c.refers.k > 0)
            .map(|c| (c.cause.as_str(), c.is_new, c.refers.k, c.refers_alone.k))
            .collect();
        let expected = [
            ("camera-frozen", true, 1, 0),
            ("face-unexplained", true, 1, 0),
            ("poor-quality", false, 1, 0),
            ("portrait-gate", true, 1, 1),
            ("portrait-gate: sharpness", true, 1, 0),
        ];
        assert_eq!(costs, expected.into_iter().collect());
        assert_eq!((report.falsely_cleared.k, report.falsely_cleared.n), (1, 2));
        assert_eq!(report.kinds.len(), 2);
    }
}
