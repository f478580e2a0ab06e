//! The roll call itself.

mod vehicle;

use std::collections::BTreeSet;

use jiff::civil::Date;
use rowcall_face::{Calibration, Registrations};
use rowcall_picture::Turn;

use vehicle::{Outcomes, vehicle};

use crate::{
    CLOSED_BORDER, Declaration, DocumentNote, DocumentOutcome, DocumentResult, Error, ErrorKind,
    Frame, Lane, PortraitFace, Presented, ReferralReason, RollCall, SeatOutcome, SeatResult,
    camera_state,
    compare::{Comparisons, Match},
    holder::{self, Holder, has_one_number},
    occupant::{self, Occupant, Unfit},
    presentation,
};
use rowcall_words::outcome::{Ambiguity, PictureCue, Stage};
use rowcall_words::seat::Seat;

/// More occupants or documents than this aren't one vehicle's.
const MOST: usize = 64;

/// Everything that a roll call reads. It borrows: whoever has the evidence in
/// custody keeps it, and destroys it.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// Where the cameras see which seat, and how the lane decides.
    pub lane: &'a Lane,
    /// What scores mean.
    pub calibration: &'a Calibration,
    /// What is known beside frames and documents.
    pub declaration: &'a Declaration,
    /// What cameras saw; frames of one camera in the order of time.
    pub frames: &'a [Frame],
    /// The documents, in the order in which they were presented.
    pub documents: &'a [Presented],
    /// What earlier decisions found out about the same faces, which spares time and changes
    /// nothing.
    pub registrations: &'a Registrations,
    /// The day on which they must be valid.
    pub at: Date,
}

/// Calls the roll: who of the occupants in the frames is the holder of which of
/// the documents.
///
/// # Errors
/// [`ErrorKind::TooMany`] beyond 64 occupants or documents.
pub fn call(evidence: &Evidence<'_>) -> Result<RollCall, Error> {
    let Evidence {
        lane,
        calibration,
        declaration,
        frames,
        documents: presented,
        registrations,
        at,
    } = *evidence;
    let policy = &lane.policy;
    let opted_out = &declaration.opted_out_seats;
    let (occupants, bystanders) =
        occupant::gather(lane, frames, opted_out, &policy.quality, calibration);
    let cameras = camera_state::states(lane, frames, declaration);
    let included: Vec<bool> = (0..presented.len())
        .map(|i| declaration.includes(i))
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
    let holders = holder::group(presented, &included, declaration, policy, calibration, at);
    let comparisons = Comparisons::make(&occupants, &holders, policy, calibration);
    let matches: Vec<Match> = (0..occupants.len())
        .map(|i| comparisons.decide(i, |j| holders[j].portraits_differ, policy))
        .collect();

    registrations.begin();
    let cues: Vec<Vec<PictureCue>> = matches
        .iter()
        .zip(&occupants)
        .map(|(m, occupant)| match m {
            Match::Holder(j) if occupant.probe.is_ok() => {
                presentation::cues(occupant, &holders[*j], registrations)
            }
            _ => Vec::new(),
        })
        .collect();
    let table = Table {
        lane,
        declaration,
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
        .map(|i| table.document(i, &seats))
        .collect();
    let absent = |seat, reason, stage| SeatResult {
        seat,
        outcome: SeatOutcome::Refer(reason),
        stage,
        document: None,
        uncompared: Vec::new(),
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
        &Outcomes {
            seats: &seats,
            documents: &documents,
            bystanders: &bystanders,
            cameras: &cameras,
        },
        occupants.len(),
        holders.len(),
    );
    Ok(RollCall {
        vehicle,
        seats,
        documents,
        bystanders,
        cameras,
        threshold: comparisons.threshold,
        look_alike_below: comparisons.look_alike_below,
        comparisons: comparisons.count,
    })
}

struct Table<'a> {
    lane: &'a Lane,
    declaration: &'a Declaration,
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
            document: holder.and_then(|j| self.holders[j].speaker()),
            uncompared: holder.map_or_else(Vec::new, |j| self.uncompared(&self.holders[j])),
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
            (Ok(_), Match::Holder(j)) if self.holders[j].may_confirm => {
                (SeatOutcome::Confirmed, Stage::Match)
            }
            (Ok(_), Match::Holder(_)) => refer(ReferralReason::DocumentNotTrusted, Stage::Document),
            (Ok(_), Match::Nobody) => self.left_over(),
        }
    }

    /// Of a holder's documents those that may confirm, and whose portraits can't be
    /// compared with.
    fn uncompared(&self, holder: &Holder<'_>) -> Vec<usize> {
        let policy = &self.lane.policy;
        let is_uncompared = |&d: &usize| {
            let presented = &self.presented[d];
            presented.may_confirm(policy) && presented.portrait.comparable(policy).is_none()
        };
        holder
            .documents
            .iter()
            .copied()
            .filter(is_uncompared)
            .collect()
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
            .filter(|h| !h.manual && h.is_without_portrait())
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

    fn document(&self, d: usize, seats: &[SeatResult]) -> DocumentResult {
        let left_out = |outcome| DocumentResult {
            outcome,
            seat: None,
            same_holder: Vec::new(),
            notes: Vec::new(),
        };
        if self.declaration.set_aside_documents.contains(&d) {
            return left_out(DocumentOutcome::SetAside);
        }
        let Some(j) = self.holders.iter().position(|h| h.documents.contains(&d)) else {
            return left_out(DocumentOutcome::OptedOut);
        };
        let holder = &self.holders[j];
        let is_like = |i: &usize| matches!(self.matches[*i], Match::Holder(k) | Match::Doubtful(k, _) if k == j);
        let likes: Vec<usize> = (0..self.occupants.len()).filter(is_like).collect();
        let confirmed = likes
            .iter()
            .copied()
            .find(|&i| seats[i].outcome == SeatOutcome::Confirmed);
        let seat = confirmed
            .or_else(|| likes.first().copied())
            .map(|i| self.occupants[i].seat);
        let presented = &self.presented[d];
        let policy = &self.lane.policy;
        let defects = presented.portrait.defects(policy);
        let outcome = match (&presented.portrait, confirmed) {
            _ if !presented.may_confirm(policy) => DocumentOutcome::NotAccepted,
            (PortraitFace::Absent, _) => DocumentOutcome::NoPortrait("it has no portrait".into()),
            (PortraitFace::Unusable(why), _) => DocumentOutcome::NoPortrait(why.clone()),
            (PortraitFace::Found { .. }, _) if !defects.is_empty() => {
                DocumentOutcome::PoorPortrait(defects)
            }
            // By its own portrait and no other's.
            (PortraitFace::Found { .. }, Some(i)) if holder.compares(d) => {
                DocumentOutcome::HolderConfirmed(self.occupants[i].seat)
            }
            (PortraitFace::Found { .. }, _) => DocumentOutcome::HolderNotFound,
        };
        let same_holder = holder.documents.iter().copied().filter(|&other| other != d);
        DocumentResult {
            outcome,
            seat,
            same_holder: same_holder.collect(),
            notes: self.notes(d, holder),
        }
    }

    /// What this vehicle's other documents, or an officer, say of a document.
    fn notes(&self, d: usize, holder: &Holder<'_>) -> Vec<DocumentNote> {
        let mut notes = Vec::new();
        if holder.portraits_differ {
            notes.push(DocumentNote::PortraitsDiffer);
        }
        let others = (0..self.presented.len())
            .filter(|&other| other != d && self.declaration.includes(other));
        for other in others {
            let (Some(own), Some(its)) = (
                self.presented[d].document.mrz(),
                self.presented[other].document.mrz(),
            ) else {
                continue;
            };
            if own.lines().eq(its.lines()) {
                notes.push(DocumentNote::PresentedTwice(other));
            } else if has_one_number(own, its) && !holder.documents.contains(&other) {
                notes.push(DocumentNote::NumberOfAnother(other));
            }
            if self.declaration.is_joined(d, other) {
                notes.push(DocumentNote::JoinedByOfficer(other));
            }
        }
        if let PortraitFace::Found { view, .. } = &self.presented[d].portrait {
            if view.turn != Turn::None {
                notes.push(DocumentNote::PortraitTurned(view.turn.degrees()));
            }
            if view.border >= CLOSED_BORDER {
                notes.push(DocumentNote::PortraitFramed);
            }
        }
        notes
    }
}
