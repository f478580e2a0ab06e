//! What became of composed vehicles, together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Kind;
use super::outcome::{Cause, FalseSeat, Outcome, new_rules};
use crate::Proportion;

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
    /// Whether it is one of [`new_rules`].
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
        let unnamed = new_rules().into_iter().filter(|rule| !is_named(rule));
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
