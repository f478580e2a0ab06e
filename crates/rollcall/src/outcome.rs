//! What comes out: an outcome for each seat, each document and the vehicle,
//! each with the stage that decided it.

use rowcall_face::{Component, LogLikelihoodRatio, PortraitDefect, Score, Threshold};
use serde::Serialize;

use crate::{Bystander, CameraResult, Shot};
use rowcall_words::outcome::{
    self as words, Ambiguity, PictureCue, Stage, VehicleOutcome, VehicleReason,
};
use rowcall_words::seat::Seat;

/// The result of a roll call.
#[derive(Clone, Debug, PartialEq)]
pub struct RollCall {
    /// The vehicle as a whole.
    pub vehicle: VehicleResult,
    /// Every occupant: those who were seen and those who opted out in the order
    /// of their seats, then those who were declared and not seen.
    pub seats: Vec<SeatResult>,
    /// Every document, in the order given.
    pub documents: Vec<DocumentResult>,
    /// Faces on no seat, one for each that was followed: not compared with any
    /// document. One in the cabin that nobody explains refers the vehicle.
    pub bystanders: Vec<Bystander>,
    /// What became of each camera, in the lane's order.
    pub cameras: Vec<CameraResult>,
    /// The score from which a pair counts, from the vehicle's error budget.
    pub threshold: Threshold,
    /// The score below which a pair that counts is left to the officer, since a
    /// close relative could reach it; `None` where the policy or the
    /// calibration has none.
    pub look_alike_below: Option<Score>,
    /// How many pairs were compared: N occupants times M holders.
    pub comparisons: usize,
}

/// The vehicle's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleResult {
    /// All confirmed, or something to refer.
    pub outcome: VehicleOutcome,
    /// Why it is referred, and what else the officer should know; in a fixed
    /// order, each once.
    pub reasons: Vec<VehicleReason>,
    /// Occupants.
    pub occupants: OccupantCount,
    /// Documents.
    pub documents: DocumentCount,
}

/// How many occupants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OccupantCount {
    /// As declared by the officer or a sensor.
    pub declared: Option<u8>,
    /// Seen by a camera.
    pub seen: usize,
    /// Confirmed as holders.
    pub confirmed: usize,
    /// Opted out.
    pub opted_out: usize,
}

/// How many documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentCount {
    /// Presented, those opted out included.
    pub presented: usize,
    /// Party members that they belong to.
    pub holders: usize,
    /// Documents whose holder is confirmed.
    pub confirmed: usize,
}

/// One occupant's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatResult {
    /// The seat; `None` for a declared occupant whom no camera shows, where
    /// more than one seat is left.
    pub seat: Option<Seat>,
    /// The outcome.
    pub outcome: SeatOutcome,
    /// The stage that decided it.
    pub stage: Stage,
    /// The document that the occupant was confirmed by, or would have been.
    pub document: Option<usize>,
    /// Documents of the same holder that may confirm and whose portraits can't be
    /// compared: they spoke neither for the occupant nor against.
    pub uncompared: Vec<usize>,
    /// The comparison score with that document's holder, or the best there was.
    pub score: Option<Score>,
    /// What the score says, in nats.
    pub llr: Option<LogLikelihoodRatio>,
    /// The next best score of the occupant or of the document.
    pub runner_up: Option<Score>,
    /// Everything that was seen of them, best first.
    pub shots: Vec<Shot>,
    /// What falls short in the best shot though it was good enough to compare,
    /// worst first: who is like no document seen so may be the holder of one that
    /// is left, seen better. Empty for who was confirmed or not compared, and
    /// where every holder was found.
    pub shortcomings: Vec<Component>,
    /// What suggests that a picture was held up; empty unless the seat is
    /// referred for it.
    pub picture_cues: Vec<PictureCue>,
}

/// What became of an occupant.
#[derive(Clone, Debug, PartialEq)]
pub enum SeatOutcome {
    /// The holder of the document.
    Confirmed,
    /// An officer looks, for this reason.
    Refer(ReferralReason),
}

/// Why an occupant is referred.
#[derive(Clone, Debug, PartialEq)]
pub enum ReferralReason {
    /// Declared, and no camera shows them.
    NotCaptured,
    /// No shot is good enough to compare; what fails in the best, worst first.
    PoorQuality(Vec<Component>),
    /// Like the holder of no document.
    NoMatchingDocument,
    /// The evidence fits more than one explanation.
    Ambiguous(Ambiguity),
    /// Like the holder of a document that may not confirm.
    DocumentNotTrusted,
    /// Like nobody, and a document has a portrait that can't be compared.
    PortraitUnusable,
    /// Opted out: checked by hand.
    OptedOut,
    /// Like nobody, and a small child's document is left over: checked by hand.
    ManualByPolicy,
}

impl ReferralReason {
    /// The reason in a word.
    pub fn word(&self) -> words::SeatOutcome {
        match self {
            Self::NotCaptured => words::SeatOutcome::NotCaptured,
            Self::PoorQuality(_) => words::SeatOutcome::PoorQuality,
            Self::NoMatchingDocument => words::SeatOutcome::NoMatchingDocument,
            Self::Ambiguous(_) => words::SeatOutcome::Ambiguous,
            Self::DocumentNotTrusted => words::SeatOutcome::DocumentNotTrusted,
            Self::PortraitUnusable => words::SeatOutcome::PortraitUnusable,
            Self::OptedOut => words::SeatOutcome::OptedOut,
            Self::ManualByPolicy => words::SeatOutcome::ManualByPolicy,
        }
    }
}

impl SeatOutcome {
    /// The outcome in a word.
    pub fn word(&self) -> words::SeatOutcome {
        match self {
            Self::Confirmed => words::SeatOutcome::Confirmed,
            Self::Refer(reason) => reason.word(),
        }
    }
}

/// One document's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentResult {
    /// The outcome.
    pub outcome: DocumentOutcome,
    /// The seat of the occupant who matched, whether or not that confirmed.
    pub seat: Option<Seat>,
    /// Other documents of the same holder.
    pub same_holder: Vec<usize>,
    /// What the vehicle's other documents, or an officer, say of it.
    pub notes: Vec<DocumentNote>,
}

/// What is known of a document only beside the others of its vehicle. Documents by
/// their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentNote {
    /// The portraits of its holder's documents don't show one person.
    PortraitsDiffer,
    /// Its machine readable zone is that of another document.
    PresentedTwice(usize),
    /// It has the number of another document, and says that it is another person's.
    NumberOfAnother(usize),
    /// Its portrait had to be turned clockwise by so many degrees.
    PortraitTurned(u16),
    /// Straight edges frame the face in its portrait: it may be a picture of a
    /// picture.
    PortraitFramed,
    /// An officer said that it is the same holder's as another document.
    JoinedByOfficer(usize),
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentOutcome {
    /// Its holder sits on this seat.
    HolderConfirmed(Seat),
    /// Its holder wasn't found among the occupants, or not beyond doubt.
    HolderNotFound,
    /// It may not confirm anybody here: its verdict isn't one that the policy lets
    /// confirm. That says nothing of its being genuine.
    NotAccepted,
    /// It has no portrait, or none that can be compared; why.
    NoPortrait(String),
    /// Its portrait can't be compared with; why, in a fixed order.
    PoorPortrait(Vec<PortraitDefect>),
    /// An officer took it out: it isn't this vehicle's.
    SetAside,
    /// Opted out: checked by hand.
    OptedOut,
}

impl DocumentOutcome {
    /// The outcome in a word.
    pub fn word(&self) -> words::DocumentOutcome {
        match self {
            Self::HolderConfirmed(_) => words::DocumentOutcome::HolderConfirmed,
            Self::HolderNotFound => words::DocumentOutcome::HolderNotFound,
            Self::NotAccepted => words::DocumentOutcome::NotAccepted,
            Self::NoPortrait(_) => words::DocumentOutcome::NoPortrait,
            Self::PoorPortrait(_) => words::DocumentOutcome::PoorPortrait,
            Self::SetAside => words::DocumentOutcome::SetAside,
            Self::OptedOut => words::DocumentOutcome::OptedOut,
        }
    }
}
