//! Vehicles with a known truth through the whole pipeline: how many occupants
//! each stage loses, and how many vehicles that leaves.

mod trial;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use rowcall_rollcall::ReferralReason;
use rowcall_words::outcome::Stage;
use rowcall_words::seat::Seat;
use serde::Serialize;

use self::trial::{Judged, Verdict};
pub use self::{
    trial::Trial,
    truth::{DocumentTruth, FaceTruth, FrameTruth, MAX_TRUTH, SeatTruth, Truth},
};
use crate::Proportion;

/// The share of occupants who met the matching requirement in a published test
/// of 152 days at a land border: context for whoever reads the figures, not a
/// comparison. Renders aren't a border.
pub const PUBLISHED_LAND_BORDER: f64 = 0.61;

/// Vehicles, measured. All rates are fractions, each with its n and 95 %
/// interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VehiclesReport {
    /// The vehicles as wholes.
    pub vehicles: WholeVehicles,
    /// Everybody.
    pub occupants: Stages,
    /// By row.
    pub rows: Vec<Stages>,
    /// By seat.
    pub seats: Vec<Stages>,
    /// By camera, each alone with the seats that it has zones for.
    pub cameras: Vec<Stages>,
    /// Everybody by single frames instead of all fused: by the frame of their
    /// best shot, and by the middle one by quality.
    pub single_frames: Vec<Stages>,
    /// Every referral, in the order of vehicles.
    pub referrals: Vec<Referral>,
    /// How many referrals have which reason.
    pub reasons: BTreeMap<&'static str, u64>,
    /// Every false confirmation.
    pub false_confirmations: Vec<FalseConfirmation>,
    /// Occupants who opted out, who aren't counted anywhere else.
    pub opted_out: usize,
    /// A published figure to stand beside.
    pub context: Context,
    /// From start to end, reading included.
    pub seconds: f64,
}

/// What each stage let through.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stages {
    /// Of whom.
    pub name: String,
    /// Of all occupants: those whose face a camera could see, by the truth.
    pub in_view: Proportion,
    /// Of all occupants: those whose face was found (capture rate).
    pub seen: Proportion,
    /// Of those seen: good enough to be compared (quality pass rate).
    pub fit: Proportion,
    /// Of those fit whose document was presented: confirmed by it.
    pub matched: Proportion,
    /// Of all whose document was presented: confirmed by it, all stages
    /// together (confirmation rate).
    pub confirmed: Proportion,
    /// Of all occupants: confirmed by another's document.
    pub false_confirmed: Proportion,
}

/// The vehicles as wholes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WholeVehicles {
    /// All vehicles in which everybody was seen.
    pub seen: Proportion,
    /// Of these: everybody was fit to be compared.
    pub fit: Proportion,
    /// Of the vehicles that ought to be cleared: those that were, with nobody
    /// confirmed falsely.
    pub cleared: Proportion,
    /// What that would be if every occupant of them were confirmed
    /// independently at the rate of all: the mean of rate^occupants.
    pub cleared_if_independent: Option<f64>,
    /// Of the vehicles that ought not to be cleared: those that were.
    pub falsely_cleared: Proportion,
    /// Of all vehicles: those with a false confirmation.
    pub with_false_confirmation: Proportion,
}

/// Somebody whom an officer looks at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Referral {
    /// The vehicle.
    pub vehicle: String,
    /// The seat.
    pub seat: Seat,
    /// Why.
    pub reason: &'static str,
    /// Components of quality or kinds of ambiguity.
    pub details: Vec<String>,
    /// The stage that decided it.
    pub stage: Stage,
    /// Whether their document wasn't presented, so that it had to be.
    pub rightly: bool,
}

/// Somebody, or an empty seat, confirmed by another's document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FalseConfirmation {
    /// The vehicle.
    pub vehicle: String,
    /// The seat.
    pub seat: Seat,
    /// The document.
    pub document: String,
    /// Nobody sits there.
    pub empty_seat: bool,
}

/// A figure from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Context {
    /// What it is.
    pub what: &'static str,
    /// The figure.
    pub rate: f64,
}

impl VehiclesReport {
    /// Puts trials together. `seconds` is left 0 for the caller's clock.
    pub fn new(trials: &[Trial]) -> Self {
        let whole = || trials.iter().flat_map(|t| &t.whole);
        let rows: BTreeSet<u8> = whole().map(|j| j.seat.row).collect();
        let seats: BTreeSet<Seat> = whole().map(|j| j.seat).collect();
        let cameras: BTreeSet<&str> = trials
            .iter()
            .flat_map(|t| t.cameras.iter().map(|(name, _)| name.as_str()))
            .collect();
        let of_camera = |name: &str| {
            let own = trials.iter().flat_map(|t| &t.cameras);
            let own = own.filter(|(n, _)| n == name).flat_map(|(_, j)| j);
            Stages::of(&format!("camera {name} alone"), own)
        };
        let best = trials.iter().flat_map(|t| &t.best_frame);
        let median = trials.iter().flat_map(|t| &t.median_frame);
        let referrals: Vec<Referral> = trials.iter().flat_map(referrals).collect();
        let mut reasons = BTreeMap::new();
        for referral in &referrals {
            *reasons.entry(referral.reason).or_default() += 1;
        }
        let occupants = Stages::of("all occupants", whole());
        Self {
            vehicles: WholeVehicles::of(trials, occupants.confirmed.rate),
            rows: rows
                .into_iter()
                .map(|r| Stages::of(&format!("row {r}"), whole().filter(|j| j.seat.row == r)))
                .collect(),
            seats: seats
                .into_iter()
                .map(|s| Stages::of(&s.to_string(), whole().filter(|j| j.seat == s)))
                .collect(),
            cameras: cameras.into_iter().map(of_camera).collect(),
            single_frames: vec![
                Stages::of("best frame alone", best),
                Stages::of("median frame alone", median),
            ],
            occupants,
            referrals,
            reasons,
            false_confirmations: trials.iter().flat_map(false_confirmations).collect(),
            opted_out: trials.iter().map(|t| t.opted_out).sum(),
            context: Context {
                what: "occupants who met the matching requirement in a published 152-day test at a land border",
                rate: PUBLISHED_LAND_BORDER,
            },
            seconds: 0.0,
        }
    }
}

impl Stages {
    fn of<'a>(name: &str, judged: impl Iterator<Item = &'a Judged>) -> Self {
        let all: Vec<&Judged> = judged.collect();
        let share = |of: &dyn Fn(&Judged) -> bool, is: &dyn Fn(&Judged) -> bool| {
            let n = all.iter().filter(|j| of(j));
            let k = n.clone().filter(|j| is(j));
            Proportion::of(k.count() as u64, n.count() as u64)
        };
        let is_right = |j: &Judged| j.verdict == Verdict::Right;
        Self {
            name: name.to_owned(),
            in_view: share(&|_| true, &|j| j.in_view),
            seen: share(&|_| true, &|j| j.seen),
            fit: share(&|j| j.seen, &|j| j.fit),
            matched: share(&|j| j.fit && j.has_document, &is_right),
            confirmed: share(&|j| j.has_document, &is_right),
            false_confirmed: share(&|_| true, &|j| matches!(j.verdict, Verdict::Wrong(_))),
        }
    }
}

impl WholeVehicles {
    fn of(trials: &[Trial], rate: Option<f64>) -> Self {
        let share = |of: &dyn Fn(&Trial) -> bool, is: &dyn Fn(&Trial) -> bool| {
            let n = trials.iter().filter(|t| of(t));
            let k = n.clone().filter(|t| is(t));
            Proportion::of(k.count() as u64, n.count() as u64)
        };
        let all_seen = |t: &Trial| t.whole.iter().all(|j| j.seen);
        let clearable: Vec<f64> = trials
            .iter()
            .filter(|t| t.is_clearable)
            .map(|t| t.whole.len() as f64)
            .collect();
        let independent = rate
            .filter(|_| !clearable.is_empty())
            .map(|p| clearable.iter().map(|n| p.powf(*n)).sum::<f64>() / clearable.len() as f64);
        Self {
            seen: share(&|_| true, &all_seen),
            fit: share(&all_seen, &|t| t.whole.iter().all(|j| j.fit)),
            cleared: share(&|t| t.is_clearable, &|t| {
                t.is_cleared && false_confirmations(t).next().is_none()
            }),
            cleared_if_independent: independent,
            falsely_cleared: share(&|t| !t.is_clearable, &|t| t.is_cleared),
            with_false_confirmation: share(&|_| true, &|t| false_confirmations(t).next().is_some()),
        }
    }
}

fn referrals(trial: &Trial) -> impl Iterator<Item = Referral> + '_ {
    trial.whole.iter().filter_map(|j| match &j.verdict {
        Verdict::Referred(reason, stage) => Some(Referral {
            vehicle: trial.vehicle.clone(),
            seat: j.seat,
            reason: reason.word().as_str(),
            details: details(reason),
            stage: *stage,
            rightly: !j.has_document,
        }),
        _ => None,
    })
}

fn details(reason: &ReferralReason) -> Vec<String> {
    let name = |value: serde_json::Result<serde_json::Value>| {
        let value = value.unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    };
    match reason {
        ReferralReason::PoorQuality(components) => components
            .iter()
            .map(|c| name(serde_json::to_value(c)))
            .collect(),
        ReferralReason::Ambiguous(why) => vec![why.to_string()],
        _ => Vec::new(),
    }
}

fn false_confirmations(trial: &Trial) -> impl Iterator<Item = FalseConfirmation> + '_ {
    let found = |seat: Seat, document: &str, empty_seat: bool| FalseConfirmation {
        vehicle: trial.vehicle.clone(),
        seat,
        document: document.to_owned(),
        empty_seat,
    };
    let wrong = trial.whole.iter().filter_map(move |j| match &j.verdict {
        Verdict::Wrong(document) => Some(found(j.seat, document, false)),
        _ => None,
    });
    let ghosts = trial.ghosts.iter();
    wrong.chain(ghosts.map(move |(seat, document)| found(*seat, document, true)))
}

#[cfg(test)]
mod tests {
    use rowcall_rollcall::ReferralReason;
    use rowcall_words::outcome::{Ambiguity, Stage};

    use super::{
        VehiclesReport,
        trial::{Judged, Trial, Verdict},
    };

    fn judged(seat: &str, verdict: Verdict) -> Judged {
        let stage = match &verdict {
            Verdict::Referred(_, stage) => *stage,
            _ => Stage::Match,
        };
        Judged {
            seat: seat.parse().expect("a seat"),
            has_document: true,
            in_view: true,
            seen: stage != Stage::Seen,
            fit: ![Stage::Seen, Stage::Quality].contains(&stage),
            verdict,
        }
    }

    fn trial(is_clearable: bool, is_cleared: bool, whole: Vec<Judged>) -> Trial {
        Trial {
            vehicle: "v".into(),
            is_clearable,
            is_cleared,
            cameras: vec![("front".into(), whole[..1].to_vec())],
            best_frame: whole.clone(),
            median_frame: Vec::new(),
            ghosts: Vec::new(),
            opted_out: 0,
            whole,
        }
    }

    #[test]
    fn each_stage_counts_those_that_reached_it() {
        let unseen = Verdict::Referred(ReferralReason::NotCaptured, Stage::Seen);
        let poor = Verdict::Referred(ReferralReason::PoorQuality(Vec::new()), Stage::Quality);
        let close = ReferralReason::Ambiguous(Ambiguity::RunnerUpClose);
        let close = Verdict::Referred(close, Stage::Match);
        let mut stranger = judged("2-right", Verdict::Wrong("01".into()));
        stranger.has_document = false;
        let mut odd = trial(false, true, vec![judged("1-left", close), stranger]);
        odd.ghosts
            .push(("2-centre".parse().expect("a seat"), "02".into()));
        let report = VehiclesReport::new(&[
            trial(true, true, vec![judged("1-left", Verdict::Right)]),
            trial(
                true,
                false,
                vec![
                    judged("1-left", Verdict::Right),
                    judged("1-right", unseen),
                    judged("2-left", poor),
                ],
            ),
            odd,
        ]);
        let counts = |p: crate::Proportion| (p.k, p.n);
        let all = &report.occupants;
        assert_eq!(counts(all.seen), (5, 6));
        assert_eq!(counts(all.fit), (4, 5));
        assert_eq!(counts(all.matched), (2, 3));
        assert_eq!(counts(all.confirmed), (2, 5));
        assert_eq!(counts(all.false_confirmed), (1, 6));
        let v = &report.vehicles;
        assert_eq!((counts(v.seen), counts(v.fit)), ((2, 3), (2, 2)));
        assert_eq!(
            (counts(v.cleared), counts(v.falsely_cleared)),
            ((1, 2), (1, 1))
        );
        assert_eq!(counts(v.with_false_confirmation), (1, 3));
        // One occupant and three at 2 of 5: (0.4 + 0.064) / 2.
        assert!((v.cleared_if_independent.expect("a rate") - 0.232).abs() < 1e-9);
        assert_eq!(
            report.rows.iter().map(|r| r.seen.n).collect::<Vec<_>>(),
            [4, 2]
        );
        assert_eq!(counts(report.cameras[0].confirmed), (2, 3));
        assert_eq!(report.reasons["ambiguous"], 1);
        assert_eq!(report.referrals[2].details, ["runner-up-close"]);
        assert_eq!(report.false_confirmations.len(), 2);
    }
}
