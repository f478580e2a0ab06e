//! From a roll call to what is shown of it: typed in, typed out.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_camera::State;
use rowcall_custody::Biometrics;
use rowcall_document::VerifiedDocument;
use rowcall_face::Calibration;
use rowcall_pipeline::{advice, finding};
use rowcall_rollcall::{
    Bystander, DocumentOutcome, DocumentResult, Lane, OccupantCount, ReferralReason, RollCall,
    SeatOutcome, SeatResult, Whereabouts,
};
use rowcall_words::outcome::Stage;
use rowcall_words::seat::Seat;

use crate::view::{
    Adjudication, CameraHealth, CameraView, DocumentState, DocumentView, FindingView, Judgement,
    Missing, SeatState, SeatView, StrangerView, Waiting,
};

/// Everything that an officer decided or said so far.
#[derive(Default)]
pub(crate) struct Decisions {
    pub(crate) judgements: BTreeMap<Seat, (usize, Judgement)>,
    pub(crate) seats: BTreeMap<Seat, Adjudication>,
    pub(crate) documents: BTreeMap<usize, Adjudication>,
    pub(crate) vehicle: Option<Adjudication>,
}

/// What is shown of a transaction's evidence.
pub(crate) struct Outlook<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) calibration: &'a Calibration,
    pub(crate) held: &'a Biometrics,
    pub(crate) call: &'a RollCall,
    pub(crate) decisions: &'a Decisions,
    pub(crate) reading: &'a [bool],
    pub(crate) pending: Pending,
    /// Seats about which an officer was asked already.
    pub(crate) asked: &'a BTreeSet<Seat>,
}

/// What may still change what is thought of a seat.
#[derive(Clone, Copy)]
pub(crate) struct Pending {
    /// Documents are being read, or were announced and haven't come.
    pub(crate) documents: bool,
    /// Frames wait to be looked at.
    pub(crate) frames: bool,
}

/// Shots of a face after which cameras that go on and on don't put a question off.
const ENOUGH_SHOTS: usize = 3;

impl Outlook<'_> {
    /// Every seat of the lane, then occupants on no known one.
    pub(crate) fn seats(&self) -> Vec<SeatView> {
        let mut shown: Vec<SeatView> = Vec::new();
        // Documents that nobody was matched with, for those who were matched with
        // none: an officer has to compare with something.
        let mut left = self.unmatched().into_iter();
        for seat in self.lane.seats() {
            let result = self.call.seats.iter().find(|s| s.seat == Some(seat));
            shown.push(match result {
                Some(result) => self.seat(result, &mut left),
                None => SeatView {
                    state: match self.is_blinded(seat) {
                        true => SeatState::CannotSee,
                        false => SeatState::Empty,
                    },
                    ..SeatView::empty(Some(seat))
                },
            });
        }
        let nowhere = self.call.seats.iter().filter(|s| s.seat.is_none());
        shown.extend(nowhere.map(|result| self.seat(result, &mut left)));
        shown
    }

    /// Whether a camera that a seat needs delivers nothing while others do: that nobody
    /// was seen there says nothing then.
    fn is_blinded(&self, seat: Seat) -> bool {
        let needed = self.lane.cameras_of(seat);
        let cameras = &self.call.cameras;
        cameras.iter().any(|c| c.frames > 0)
            && cameras.iter().any(|c| {
                c.state != rowcall_words::outcome::CameraState::Delivering
                    && needed.contains(&c.name.as_str())
            })
    }

    fn seat(&self, result: &SeatResult, left: &mut impl Iterator<Item = usize>) -> SeatView {
        let state = state_of(result);
        let picture = result.shots.first().filter(|shot| {
            let cut = self.held.cut(shot.frame, shot.face);
            cut.is_some() && state != SeatState::OptedOut
        });
        let compared = matches!(
            state,
            SeatState::Ambiguous
                | SeatState::NoMatchingDocument
                | SeatState::DocumentNotTrusted
                | SeatState::PortraitUnusable
        ) && matches!(result.stage, Stage::Match | Stage::Document);
        let judged = result.seat.and_then(|s| self.decisions.judgements.get(&s));
        let is_settling = judged.is_none() && self.is_settling(result, compared);
        let document = match (judged, result.document) {
            (Some((document, _)), _) => Some(*document),
            _ if is_settling => None,
            (None, Some(document)) => Some(document),
            (None, None) if compared => left.next(),
            (None, None) => None,
        };
        let has_portrait = document.is_some_and(|d| self.held.portrait(d).is_some());
        let blind = compared && judged.is_none() && has_portrait && picture.is_some();
        let open = !blind && !is_settling;
        let score = result.score.filter(|_| open);
        let mut cameras: Vec<String> = result
            .shots
            .iter()
            .map(|shot| self.held.frames()[shot.frame].camera.clone())
            .collect();
        cameras.sort();
        cameras.dedup();
        SeatView {
            seat: result.seat,
            state: match (is_settling, blind) {
                (true, _) => SeatState::Comparing,
                (false, true) => SeatState::Look,
                (false, false) => state,
            },
            stage: Some(result.stage).filter(|_| open),
            shortcomings: match &result.outcome {
                SeatOutcome::Refer(ReferralReason::PoorQuality(failed)) => failed.clone(),
                _ if open => result.shortcomings.clone(),
                _ => Vec::new(),
            },
            ambiguity: match &result.outcome {
                SeatOutcome::Refer(ReferralReason::Ambiguous(why)) if open => Some(*why),
                _ => None,
            },
            picture_cues: match open {
                true => result.picture_cues.clone(),
                false => Vec::new(),
            },
            document,
            picture: picture.map(|shot| stamp(shot.frame, self.held)),
            advice: match open {
                false => None,
                true => advice::for_seat(result, &|place| self.held.documents()[place].id.clone()),
            },
            blind,
            judgement: judged.map(|(_, judgement)| *judgement),
            score: score.map(|s| s.0),
            false_match_rate: score.map(|s| {
                let rarest = self.calibration.rarest_measured();
                self.calibration.fmr_at(s).max(rarest)
            }),
            cameras,
            adjudication: result
                .seat
                .and_then(|s| self.decisions.seats.get(&s).copied()),
        }
    }

    /// Whether what comes next may answer what an officer would be asked: a document,
    /// where somebody was compared, and a picture, where somebody was seen.
    fn is_settling(&self, result: &SeatResult, compared: bool) -> bool {
        let (Some(seat), SeatOutcome::Refer(why)) = (result.seat, &result.outcome) else {
            return false;
        };
        let by_picture = !matches!(
            why,
            ReferralReason::OptedOut | ReferralReason::ManualByPolicy
        );
        let looks_on = self.pending.frames && result.shots.len() < ENOUGH_SHOTS;
        let is_asked = self.asked.contains(&seat);
        (compared && self.pending.documents) || (by_picture && looks_on && !is_asked)
    }

    /// Documents with a portrait whose holder wasn't found, by their place.
    fn unmatched(&self) -> Vec<usize> {
        let taken = |d: usize| self.call.seats.iter().any(|s| s.document == Some(d));
        (0..self.call.documents.len())
            .filter(|&d| {
                !matches!(
                    self.call.documents[d].outcome,
                    DocumentOutcome::HolderConfirmed(_)
                        | DocumentOutcome::SetAside
                        | DocumentOutcome::OptedOut
                ) && !taken(d)
                    && self.held.portrait(d).is_some()
            })
            .collect()
    }

    /// Every document, beside the seats as they are shown.
    pub(crate) fn documents(&self, seats: &[SeatView]) -> Vec<DocumentView> {
        let blind = |place: usize| seats.iter().any(|s| s.blind && s.document == Some(place));
        (0..self.call.documents.len())
            .map(|place| self.document(place, blind(place)))
            .collect()
    }

    /// A document; `is_judged` while an officer judges its portrait blind.
    fn document(&self, place: usize, is_judged: bool) -> DocumentView {
        let (result, presented) = (&self.call.documents[place], &self.held.documents()[place]);
        let document = &presented.document;
        let is_out = result.outcome == DocumentOutcome::OptedOut;
        let is_reading = self.reading.get(place).copied().unwrap_or(false) && !is_out;
        let known = !is_out && !is_reading;
        let mrz = document.mrz().filter(|_| known);
        // What the machine makes of a document while somebody judges its holder blind
        // would tell what it makes of them.
        let seat = result.seat.filter(|_| {
            let of = self.call.seats.iter().find(|s| s.seat == result.seat);
            of.is_some_and(|s| s.outcome == SeatOutcome::Confirmed)
                || result
                    .seat
                    .is_some_and(|s| self.decisions.judgements.contains_key(&s))
        });
        DocumentView {
            place,
            id: presented.id.clone(),
            state: match is_reading {
                true => DocumentState::Reading,
                false => document_state(&result.outcome),
            },
            holder: mrz.map(|m| {
                let name = format!("{} {}", m.secondary_identifier(), m.primary_identifier());
                name.trim().to_owned()
            }),
            number: mrz.map(|m| m.document_number().to_owned()),
            issuer: mrz.map(|m| m.issuing_state().to_owned()),
            kind: known.then(|| document.kind().as_str()),
            verdict: known.then(|| document.verdict()),
            authenticity: known.then(|| document.authenticity()),
            may_confirm: known
                && self
                    .lane
                    .policy
                    .documents
                    .confirms(document.kind(), document.verdict()),
            findings: match known {
                true => findings(document, result, self.held),
                false => Vec::new(),
            },
            seat,
            same_holder: result.same_holder.clone(),
            portrait: self.held.portrait(place).map(|_| place as u64),
            // It would tell whom the machine takes for the holder.
            advice: match known && !is_judged {
                true => advice::for_document(result, document, &self.call.seats),
                false => None,
            },
            adjudication: self.decisions.documents.get(&place).copied(),
        }
    }

    pub(crate) fn strangers(&self) -> Vec<StrangerView> {
        inside(self.call)
            .map(|b| StrangerView {
                place: b.place,
                camera: self.held.frames()[b.shot.frame].camera.clone(),
                picture: self
                    .held
                    .cut(b.shot.frame, b.shot.face)
                    .map(|_| b.shot.frame as u64),
                advice: advice::for_bystander(b.place),
            })
            .collect()
    }

    pub(crate) fn cameras(
        &self,
        dropped: &BTreeMap<String, u64>,
        own: &BTreeMap<String, State>,
    ) -> Vec<CameraView> {
        let cameras = self.call.cameras.iter();
        cameras
            .map(|c| CameraView {
                name: c.name.clone(),
                state: c.state,
                needed: c.is_needed,
                frames: c.frames,
                dropped: dropped.get(&c.name).copied().unwrap_or(0),
                health: own.get(&c.name).map(|state| CameraHealth {
                    state: state.name(),
                    words: state.words(),
                }),
            })
            .collect()
    }

    pub(crate) fn missing(&self, expected: Option<u8>, waiting: Waiting) -> Vec<Missing> {
        let OccupantCount { declared, seen, .. } = self.call.vehicle.occupants;
        let frames = self.call.cameras.iter().map(|c| c.frames).sum::<usize>();
        let referred = self.call.seats.iter().any(|s| {
            let adjudicated = s
                .seat
                .is_some_and(|s| self.decisions.seats.contains_key(&s));
            s.outcome != SeatOutcome::Confirmed && !adjudicated
        });
        let out = self.call.vehicle.occupants.opted_out;
        let all = [
            (declared.is_none(), Missing::Declaration),
            (
                expected.is_some_and(|n| usize::from(n) > self.held.documents().len()),
                Missing::Documents,
            ),
            (frames == 0, Missing::Frames),
            (
                declared.is_some_and(|n| usize::from(n) > seen + out),
                Missing::People,
            ),
            (
                referred && waiting == Waiting::default() && self.decisions.vehicle.is_none(),
                Missing::Adjudication,
            ),
        ];
        all.into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, m)| m)
            .collect()
    }
}

/// Faces inside the vehicle on no seat.
pub(crate) fn inside(call: &RollCall) -> impl Iterator<Item = &Bystander> {
    let of = call.bystanders.iter();
    of.filter(|b| matches!(b.place, Whereabouts::Inside(_)))
}

impl SeatView {
    /// A seat on which nobody was seen; `None` for a place that nobody knows.
    pub fn empty(seat: Option<Seat>) -> Self {
        Self {
            seat,
            state: SeatState::Empty,
            stage: None,
            shortcomings: Vec::new(),
            ambiguity: None,
            picture_cues: Vec::new(),
            document: None,
            picture: None,
            advice: None,
            blind: false,
            judgement: None,
            score: None,
            false_match_rate: None,
            cameras: Vec::new(),
            adjudication: None,
        }
    }
}

/// A number that changes when another picture is the best.
fn stamp(frame: usize, held: &Biometrics) -> u64 {
    let name = &held.frames()[frame].name;
    name.bytes().fold(17, |stamp: u64, byte| {
        stamp.wrapping_mul(31).wrapping_add(u64::from(byte))
    }) % 1_000_000_007
}

pub(crate) fn state_of(result: &SeatResult) -> SeatState {
    match &result.outcome {
        SeatOutcome::Confirmed => SeatState::Confirmed,
        SeatOutcome::Refer(reason) => match reason {
            ReferralReason::NotCaptured => SeatState::NotCaptured,
            ReferralReason::PoorQuality(_) => SeatState::PoorQuality,
            ReferralReason::NoMatchingDocument => SeatState::NoMatchingDocument,
            ReferralReason::Ambiguous(_) => SeatState::Ambiguous,
            ReferralReason::DocumentNotTrusted => SeatState::DocumentNotTrusted,
            ReferralReason::PortraitUnusable => SeatState::PortraitUnusable,
            ReferralReason::OptedOut => SeatState::OptedOut,
            ReferralReason::ManualByPolicy => SeatState::ManualByPolicy,
        },
    }
}

fn document_state(outcome: &DocumentOutcome) -> DocumentState {
    match outcome {
        DocumentOutcome::HolderConfirmed(_) => DocumentState::HolderConfirmed,
        DocumentOutcome::HolderNotFound => DocumentState::HolderNotFound,
        DocumentOutcome::NotAccepted => DocumentState::NotAccepted,
        DocumentOutcome::NoPortrait(_) => DocumentState::NoPortrait,
        DocumentOutcome::PoorPortrait(_) => DocumentState::PoorPortrait,
        DocumentOutcome::SetAside => DocumentState::SetAside,
        DocumentOutcome::OptedOut => DocumentState::OptedOut,
    }
}

/// What was found in the document and beside the others, most severe first.
fn findings(
    document: &VerifiedDocument,
    result: &DocumentResult,
    held: &Biometrics,
) -> Vec<FindingView> {
    let own = document.findings().iter().map(|f| FindingView {
        code: f.code,
        severity: f.severity,
        detail: f.detail.clone(),
    });
    let beside = finding::of(result, &|place| held.documents()[place].id.clone());
    let beside = beside.into_iter().map(|f| FindingView {
        code: f.code,
        severity: f.severity,
        detail: f.detail,
    });
    let mut all: Vec<FindingView> = own.chain(beside).collect();
    all.sort_by_key(|f| std::cmp::Reverse(f.severity));
    all
}
