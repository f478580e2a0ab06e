//! One vehicle, judged as a whole, by each camera alone, and by single frames.

use rowcall_rollcall::{
    Evidence, Frame, Lane, Presented, ReferralReason, RollCall, SeatOutcome, SeatResult,
};
use rowcall_words::outcome::{Stage, VehicleOutcome};
use rowcall_words::seat::Seat;

use super::Truth;
use crate::{Error, ErrorKind};

/// A vehicle as it was judged, beside its truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub(super) vehicle: String,
    pub(super) is_clearable: bool,
    pub(super) is_cleared: bool,
    /// By everything that the cameras saw.
    pub(super) whole: Vec<Judged>,
    /// By each camera alone, those whom it has a zone for.
    pub(super) cameras: Vec<(String, Vec<Judged>)>,
    /// By the frame of everybody's best shot alone.
    pub(super) best_frame: Vec<Judged>,
    /// By the middle one of the frames that somebody was seen in, by quality.
    pub(super) median_frame: Vec<Judged>,
    /// Seats that were confirmed with nobody on them.
    pub(super) ghosts: Vec<(Seat, String)>,
    pub(super) opted_out: usize,
}

/// What became of somebody.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) seat: Seat,
    pub(super) has_document: bool,
    pub(super) in_view: bool,
    pub(super) seen: bool,
    /// Good enough to be compared.
    pub(super) fit: bool,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// By their own document.
    Right,
    /// By another's document, by its name.
    Wrong(String),
    Referred(ReferralReason, Stage),
}

impl Trial {
    /// Calls the roll and holds it against the truth; then by each camera
    /// alone and by single frames, which the gain of fusing them is measured
    /// against. Whoever opted out isn't part of it.
    ///
    /// # Errors
    /// [`ErrorKind::Truth`] if no roll can be called.
    pub fn run(vehicle: &str, truth: &Truth, evidence: &Evidence<'_>) -> Result<Self, Error> {
        let call_of = |frames: &[Frame]| call(evidence, frames);
        let call = call_of(evidence.frames)?;
        let judge = |call: &RollCall, camera: Option<&str>| -> Vec<Judged> {
            let seats = truth.seats.iter().map(|s| s.seat);
            seats
                .filter(|s| !evidence.declaration.opted_out_seats.contains(s))
                .filter(|&s| camera.is_none_or(|c| has_zone(evidence.lane, c, s)))
                .map(|s| Judged::new(truth, s, call, evidence.documents, camera))
                .collect()
        };
        let whole = judge(&call, None);
        let mut cameras = Vec::new();
        for frames in evidence.frames.chunk_by(|a, b| a.camera == b.camera) {
            let camera = &frames[0].camera;
            cameras.push((camera.clone(), judge(&call_of(frames)?, Some(camera))));
        }
        let single = |place: fn(usize) -> usize| -> Result<Vec<Judged>, Error> {
            let one = |j: &Judged| {
                let seat = call.seats.iter().find(|s| s.seat == Some(j.seat));
                let shots = seat.map_or(&[][..], |s| &s.shots);
                let Some(shot) = shots.get(place(shots.len())) else {
                    return Ok(j.clone());
                };
                let alone = call_of(&evidence.frames[shot.frame..=shot.frame])?;
                let alone = Judged::new(truth, j.seat, &alone, evidence.documents, None);
                Ok(alone)
            };
            whole.iter().map(one).collect()
        };
        let is_empty = |s: &&SeatResult| {
            s.outcome == SeatOutcome::Confirmed
                && !truth.seats.iter().any(|t| Some(t.seat) == s.seat)
        };
        let named = |s: &SeatResult| {
            let document = s.document.map_or("", |d| &evidence.documents[d].id);
            s.seat.map(|seat| (seat, document.to_owned()))
        };
        Ok(Self {
            vehicle: vehicle.to_owned(),
            is_clearable: truth.is_clearable(),
            is_cleared: call.vehicle.outcome == VehicleOutcome::AllConfirmed,
            cameras,
            best_frame: single(|_| 0)?,
            median_frame: single(|n| n / 2)?,
            ghosts: call
                .seats
                .iter()
                .filter(is_empty)
                .filter_map(named)
                .collect(),
            opted_out: evidence.declaration.opted_out_seats.len(),
            whole,
        })
    }
}

fn call(evidence: &Evidence<'_>, frames: &[Frame]) -> Result<RollCall, Error> {
    let evidence = Evidence {
        frames,
        ..*evidence
    };
    rowcall_rollcall::call(&evidence).map_err(|e| Error::new(ErrorKind::Truth, e.to_string()))
}

fn has_zone(lane: &Lane, camera: &str, seat: Seat) -> bool {
    let camera = lane.camera(camera);
    camera.is_some_and(|c| c.zones.iter().any(|z| z.seat == seat))
}

impl Judged {
    fn new(
        truth: &Truth,
        seat: Seat,
        call: &RollCall,
        documents: &[Presented],
        camera: Option<&str>,
    ) -> Self {
        let identity = truth.seats.iter().find(|s| s.seat == seat);
        let identity = identity.map_or("", |s| s.identity.as_str());
        let result = call.seats.iter().find(|s| s.seat == Some(seat));
        let seen = result.is_some_and(|r| !r.shots.is_empty());
        let is_own = |id: &str| {
            let mut of = truth.documents.iter().filter(|d| d.document == id);
            of.any(|d| d.identity == identity)
        };
        let verdict = match result.map(|r| (&r.outcome, r.document, r.stage)) {
            None => Verdict::Referred(ReferralReason::NotCaptured, Stage::Seen),
            Some((SeatOutcome::Refer(reason), _, stage)) => {
                Verdict::Referred(reason.clone(), stage)
            }
            Some((SeatOutcome::Confirmed, document, _)) => {
                let id = document.map_or("", |d| documents[d].id.as_str());
                if is_own(id) {
                    Verdict::Right
                } else {
                    Verdict::Wrong(id.to_owned())
                }
            }
        };
        let before_match = matches!(verdict, Verdict::Referred(_, Stage::Seen | Stage::Quality));
        Self {
            seat,
            has_document: truth.has_document(identity),
            in_view: truth.is_in_view(seat, camera),
            seen,
            fit: seen && !before_match,
            verdict,
        }
    }
}
