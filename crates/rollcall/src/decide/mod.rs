//! The roll call itself.

mod vehicle;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rowcall_face::Calibration;

use vehicle::vehicle;

use crate::{
    Ambiguity, DocumentOutcome, DocumentResult, Error, ErrorKind, Frame, Lane, PictureCue,
    PortraitFace, Presented, ReferralReason, RollCall, Seat, SeatOutcome, SeatResult, Stage,
    compare::{Comparisons, Match},
    holder::{self, Holder},
    occupant::{self, Occupant, Unfit},
    presentation,
};

/// More occupants or documents than this aren't one vehicle's.
const MOST: usize = 64;

/// What is known of a vehicle beside its frames and documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// How many people are inside, by the officer or a sensor.
    pub occupants: Option<u8>,
    /// Seats whose occupants opted out. Their zones must have been masked in
    /// the frames; what was nevertheless found there is left out.
    pub opted_out_seats: BTreeSet<Seat>,
    /// Documents that were opted out, by their place among those presented.
    pub opted_out_documents: BTreeSet<usize>,
    /// Frames that were taken and couldn't be read: evidence that is missing.
    pub unreadable_frames: usize,
}

/// Calls the roll: who of the occupants in `frames` is the holder of which of
/// the documents `presented`, on the day `at`. Frames of one camera must be in
/// the order of time.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond 64 occupants or documents.
pub fn call(
    lane: &Lane,
    calibration: &Calibration,
    declaration: &Declaration,
    frames: &[Frame],
    presented: &[Presented],
    at: Date,
) -> Result<RollCall, Error> {
    let policy = &lane.policy;
    let (mut occupants, bystanders) = occupant::gather(lane, frames, &policy.quality, calibration);
    occupants.retain(|o| !declaration.opted_out_seats.contains(&o.seat));
    let included: Vec<bool> = (0..presented.len())
        .map(|i| !declaration.opted_out_documents.contains(&i))
        .collect();
    for (what, count) in [
        ("occupants", occupants.len()),
        ("documents", presented.len()),
    ] {
        if count > MOST {
            return Err(Error::new(
                ErrorKind::TooMany,
                format!("{count} {what}: one vehicle has at most {MOST}"),
            ));
        }
    }
    let holders = holder::group(presented, &included, policy, calibration, at);
    let comparisons = Comparisons::make(&occupants, &holders, policy, calibration);
    let matches: Vec<Match> = (0..occupants.len())
        .map(|i| comparisons.decide(i, |j| holders[j].portraits_differ, policy))
        .collect();

    let cues: Vec<Vec<PictureCue>> = matches
        .iter()
        .zip(&occupants)
        .map(|(m, occupant)| match m {
            Match::Holder(j) if occupant.probe.is_ok() => {
                presentation::cues(occupant, &holders[*j])
            }
            _ => Vec::new(),
        })
        .collect();
    let table = Table {
        lane,
        calibration,
        presented,
        occupants: &occupants,
        holders: &holders,
        comparisons: &comparisons,
        matches: &matches,
        cues: &cues,
    };
    let mut seats: Vec<SeatResult> = (0..occupants.len()).map(|i| table.seat(i)).collect();
    let documents: Vec<DocumentResult> = (0..presented.len())
        .map(|i| table.document(i, included[i], &seats))
        .collect();
    let absent = |seat, reason, stage| SeatResult {
        seat,
        outcome: SeatOutcome::Refer(reason),
        stage,
        document: None,
        score: None,
        llr: None,
        runner_up: None,
        shots: Vec::new(),
        shortcomings: Vec::new(),
        picture_cues: Vec::new(),
    };
    seats.extend(
        declaration
            .opted_out_seats
            .iter()
            .map(|&s| absent(Some(s), ReferralReason::OptedOut, Stage::Policy)),
    );
    seats.sort_by_key(|s| s.seat);
    let unseen = usize::from(declaration.occupants.unwrap_or(0)).saturating_sub(seats.len());
    let taken: BTreeSet<Seat> = seats.iter().filter_map(|s| s.seat).collect();
    let free: Vec<Seat> = lane.seats().difference(&taken).copied().collect();
    // With as many seats left as people missing, it is known where they sit.
    let where_left: Vec<Option<Seat>> = if free.len() == unseen {
        free.into_iter().map(Some).collect()
    } else {
        vec![None; unseen]
    };
    seats.extend(
        where_left
            .into_iter()
            .map(|seat| absent(seat, ReferralReason::NotCaptured, Stage::Seen)),
    );

    let vehicle = vehicle(
        declaration,
        &seats,
        &documents,
        occupants.len(),
        holders.len(),
    );
    Ok(RollCall {
        vehicle,
        seats,
        documents,
        bystanders,
        threshold: comparisons.threshold,
        look_alike_below: comparisons.look_alike_below,
        comparisons: comparisons.count,
    })
}

struct Table<'a> {
    lane: &'a Lane,
    calibration: &'a Calibration,
    presented: &'a [Presented],
    occupants: &'a [Occupant<'a>],
    holders: &'a [Holder<'a>],
    comparisons: &'a Comparisons,
    matches: &'a [Match],
    cues: &'a [Vec<PictureCue>],
}

impl Table<'_> {
    fn seat(&self, i: usize) -> SeatResult {
        let occupant = &self.occupants[i];
        let (outcome, stage) = self.seat_outcome(i);
        let holder = match self.matches[i] {
            Match::Holder(j) | Match::Doubtful(j, _) => Some(j),
            Match::Nobody => None,
        };
        let score = holder.map_or_else(
            || self.comparisons.best(i),
            |j| self.comparisons.score(i, j),
        );
        let shortcomings = match outcome {
            SeatOutcome::Refer(_) if self.is_holder_left() => occupant.shortcomings(),
            _ => Vec::new(),
        };
        SeatResult {
            seat: Some(occupant.seat),
            outcome,
            stage,
            document: holder.and_then(|j| self.speaker(j)),
            score,
            llr: score.map(|s| self.calibration.llr(s)),
            runner_up: holder.and_then(|j| self.comparisons.runner_up(i, j)),
            shots: occupant.shots.clone(),
            shortcomings,
            picture_cues: self.cues[i].clone(),
        }
    }

    fn seat_outcome(&self, i: usize) -> (SeatOutcome, Stage) {
        let refer = |reason, stage| (SeatOutcome::Refer(reason), stage);
        match (&self.occupants[i].probe, self.matches[i]) {
            (Err(Unfit::Crowded), _) => refer(
                ReferralReason::Ambiguous(Ambiguity::SeveralFaces),
                Stage::Seen,
            ),
            (Err(Unfit::Poor(components)), _) => refer(
                ReferralReason::PoorQuality(components.clone()),
                Stage::Quality,
            ),
            (Ok(_), Match::Doubtful(_, why)) => refer(ReferralReason::Ambiguous(why), Stage::Match),
            (Ok(_), Match::Holder(_)) if !self.cues[i].is_empty() => refer(
                ReferralReason::Ambiguous(Ambiguity::PictureSuspected),
                Stage::Match,
            ),
            (Ok(_), Match::Holder(j)) if self.confirming(j).next().is_some() => {
                (SeatOutcome::Confirmed, Stage::Match)
            }
            (Ok(_), Match::Holder(_)) => refer(ReferralReason::DocumentNotTrusted, Stage::Document),
            (Ok(_), Match::Nobody) => self.left_over(),
        }
    }

    /// Whether somebody may yet turn out to be the holder of a document.
    fn is_holder_left(&self) -> bool {
        (0..self.holders.len())
            .any(|j| self.holders[j].is_comparable() && !self.matches.contains(&Match::Holder(j)))
    }

    /// Why an occupant like nobody is left over: for a document that couldn't
    /// be compared, if there are enough of those to explain everyone left over.
    fn left_over(&self) -> (SeatOutcome, Stage) {
        let fit = |i: usize| self.occupants[i].probe.is_ok() && self.matches[i] == Match::Nobody;
        let people = (0..self.occupants.len()).filter(|&i| fit(i)).count();
        let children = self.holders.iter().filter(|h| h.manual).count();
        let unusable = self
            .holders
            .iter()
            .filter(|h| !h.manual && h.references.is_empty())
            .count();
        let (reason, stage) = if people <= children {
            (ReferralReason::ManualByPolicy, Stage::Policy)
        } else if people <= unusable {
            (ReferralReason::PortraitUnusable, Stage::Document)
        } else {
            (ReferralReason::NoMatchingDocument, Stage::Match)
        };
        (SeatOutcome::Refer(reason), stage)
    }

    /// The documents of a holder that may confirm and have a portrait.
    fn confirming(&self, holder: usize) -> impl Iterator<Item = usize> + '_ {
        let documents = self.holders[holder].documents.iter().copied();
        documents.filter(|&d| {
            self.may_confirm(d) && matches!(self.presented[d].portrait, PortraitFace::Usable { .. })
        })
    }

    fn may_confirm(&self, document: usize) -> bool {
        let d = &self.presented[document].document;
        self.lane.policy.documents.confirms(d.kind(), d.verdict())
    }

    /// The document that speaks for a holder: the first that may confirm, or
    /// else the first.
    fn speaker(&self, holder: usize) -> Option<usize> {
        self.confirming(holder)
            .next()
            .or_else(|| self.holders[holder].documents.first().copied())
    }

    fn document(&self, d: usize, included: bool, seats: &[SeatResult]) -> DocumentResult {
        let Some(holder) = self
            .holders
            .iter()
            .position(|h| h.documents.contains(&d))
            .filter(|_| included)
        else {
            return DocumentResult {
                outcome: DocumentOutcome::OptedOut,
                seat: None,
                same_holder: Vec::new(),
            };
        };
        let is_like = |i: &usize| matches!(self.matches[*i], Match::Holder(j) | Match::Doubtful(j, _) if j == holder);
        let likes: Vec<usize> = (0..self.occupants.len()).filter(is_like).collect();
        let confirmed = likes
            .iter()
            .copied()
            .find(|&i| seats[i].outcome == SeatOutcome::Confirmed);
        let seat = confirmed
            .or_else(|| likes.first().copied())
            .map(|i| self.occupants[i].seat);
        let outcome = match (&self.presented[d].portrait, confirmed) {
            _ if !self.may_confirm(d) => DocumentOutcome::Invalid,
            (PortraitFace::Absent, _) => DocumentOutcome::NoPortrait("it has no portrait".into()),
            (PortraitFace::Unusable(why), _) => DocumentOutcome::NoPortrait(why.clone()),
            (PortraitFace::Usable { .. }, Some(i)) => {
                DocumentOutcome::HolderConfirmed(self.occupants[i].seat)
            }
            (PortraitFace::Usable { .. }, None) => DocumentOutcome::HolderNotFound,
        };
        let same_holder = self.holders[holder]
            .documents
            .iter()
            .copied()
            .filter(|&other| other != d)
            .collect();
        DocumentResult {
            outcome,
            seat,
            same_holder,
        }
    }
}
