//! What a transaction looks like from outside: typed, for the API, the console and
//! events alike. Nothing here outlives the transaction that it is of.

use rowcall_face::Component;
use rowcall_rollcall::{OccupantCount, Whereabouts};
use rowcall_words::document::{Authenticity, Severity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::log::{AdjudicationReason, HoldReason};
use rowcall_words::outcome::{
    Ambiguity, CameraState, PictureCue, Stage, VehicleOutcome, VehicleReason,
};
use rowcall_words::seat::Seat;
use serde::Serialize;

use crate::http::words;

/// A transaction as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TransactionView {
    /// Its id, random, for as long as it lives.
    pub id: String,
    /// The lane.
    pub lane: String,
    /// Which way the vehicle goes.
    pub direction: Direction,
    /// The station at which it is, where the lane's documents and cameras are apart.
    pub station: Option<String>,
    /// Whether its documents were presented and its vehicle is yet to come to the cameras:
    /// nothing is decided before.
    pub is_under_way: bool,
    /// Counts up with every change.
    pub version: u64,
    /// Seconds until its time limit; while it is under way, until it must have come.
    pub seconds_left: u64,
    /// Whether the whole vehicle opted out.
    pub is_vehicle_out: bool,
    /// The vehicle's outcome as of now; none before anything was decided.
    #[schema(value_type = Option<words::VehicleOutcome>)]
    pub outcome: Option<VehicleOutcome>,
    /// Why it is referred, and what else to know.
    #[schema(value_type = Vec<words::VehicleReason>)]
    pub reasons: Vec<VehicleReason>,
    /// How many people.
    #[schema(value_type = words::OccupantCount)]
    pub occupants: OccupantCount,
    /// How many documents were announced, if anybody said so.
    pub expected_documents: Option<u8>,
    /// Seats of the lane in order, and occupants on no known seat.
    pub seats: Vec<SeatView>,
    /// Documents in the order in which they were presented.
    pub documents: Vec<DocumentView>,
    /// Faces on no seat that an officer should know of.
    pub strangers: Vec<StrangerView>,
    /// The lane's cameras.
    pub cameras: Vec<CameraView>,
    /// Frames and documents that wait to be looked at.
    pub waiting: Waiting,
    /// What is still missing before everything could be confirmed.
    pub missing: Vec<Missing>,
    /// What the officer decided of the vehicle as a whole.
    pub adjudication: Option<Adjudication>,
    /// Image pairs of it that are kept for a while, or that somebody proposed to keep.
    pub holds: Vec<HoldView>,
}

/// An image pair that is kept for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct HoldView {
    /// The proposal's id, to consent to; none once it is kept.
    pub proposal: Option<String>,
    /// Who proposed it, and so can't be the second to consent.
    pub proposed_by: String,
    /// The seat.
    #[schema(value_type = words::Seat)]
    pub seat: Seat,
    /// The document, by its place.
    pub document: usize,
    /// Why.
    #[schema(value_type = words::HoldReason)]
    pub reason: HoldReason,
    /// For how many minutes.
    pub minutes: u32,
}

impl TransactionView {
    /// A transaction of which nothing is known: none yet, or none any more.
    pub fn of_nothing(id: &str, lane: &str, direction: Direction) -> Self {
        Self {
            id: id.to_owned(),
            lane: lane.to_owned(),
            direction,
            station: None,
            is_under_way: false,
            version: 0,
            seconds_left: 0,
            is_vehicle_out: false,
            outcome: None,
            reasons: Vec::new(),
            occupants: OccupantCount {
                declared: None,
                seen: 0,
                confirmed: 0,
                opted_out: 0,
            },
            expected_documents: None,
            seats: Vec::new(),
            documents: Vec::new(),
            strangers: Vec::new(),
            cameras: Vec::new(),
            waiting: Waiting::default(),
            missing: Vec::new(),
            adjudication: None,
            holds: Vec::new(),
        }
    }
}

/// Which way a vehicle goes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Into the country.
    Entry,
    /// Out of it.
    Exit,
}

/// A seat and whoever sits there.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SeatView {
    /// The seat; none for a declared occupant whom no camera shows.
    #[schema(value_type = Option<words::Seat>)]
    pub seat: Option<Seat>,
    /// What became of it.
    pub state: SeatState,
    /// The stage that decided it.
    #[schema(value_type = Option<words::Stage>)]
    pub stage: Option<Stage>,
    /// What falls short in what was seen, worst first.
    #[schema(value_type = Vec<words::Component>)]
    pub shortcomings: Vec<Component>,
    /// What makes it ambiguous. Hidden while `blind`.
    #[schema(value_type = Option<words::Ambiguity>)]
    pub ambiguity: Option<Ambiguity>,
    /// What suggests that a picture is held up. Hidden while `blind`.
    #[schema(value_type = Vec<words::PictureCue>)]
    pub picture_cues: Vec<PictureCue>,
    /// The document that it was confirmed by, or that an officer compares with, by
    /// its place.
    pub document: Option<usize>,
    /// Whether there is a picture of whoever sits there, and a number that changes
    /// with it.
    pub picture: Option<u64>,
    /// What to do, in a sentence.
    pub advice: Option<String>,
    /// Whether an officer has to judge the two pictures before score and inclination
    /// are shown.
    pub blind: bool,
    /// The officer's judgement of the two pictures.
    pub judgement: Option<Judgement>,
    /// The comparison score, −1..=1; hidden while `blind`.
    pub score: Option<f32>,
    /// What share of strangers is as alike; hidden while `blind`.
    pub false_match_rate: Option<f64>,
    /// Cameras that saw them.
    pub cameras: Vec<String>,
    /// What the officer decided.
    pub adjudication: Option<Adjudication>,
}

/// What became of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum SeatState {
    /// Nobody was seen there yet.
    Empty,
    /// Nobody was seen there, and a camera that would see them delivers nothing.
    CannotSee,
    /// The holder of a document.
    Confirmed,
    /// Compared with what is at hand, while more is being read or looked at: nothing is
    /// asked of an officer that the next moment may answer.
    Comparing,
    /// An officer looks: nothing more is said before their judgement.
    Look,
    /// Declared, and no camera shows them.
    NotCaptured,
    /// No shot is good enough to compare.
    PoorQuality,
    /// Like the holder of no document.
    NoMatchingDocument,
    /// The evidence fits more than one explanation.
    Ambiguous,
    /// Like the holder of a document that may not confirm.
    DocumentNotTrusted,
    /// Like nobody, and a document has a portrait that can't be compared.
    PortraitUnusable,
    /// Checked by hand at their wish.
    OptedOut,
    /// A small child: checked by hand.
    ManualByPolicy,
}

impl SeatState {
    /// Whether nobody was seen there, for whatever reason.
    pub fn is_vacant(self) -> bool {
        matches!(self, Self::Empty | Self::CannotSee)
    }

    /// Whether an officer has to decide about it.
    pub fn needs_officer(self) -> bool {
        !self.is_vacant() && !matches!(self, Self::Confirmed | Self::Comparing)
    }
}

/// A document as an officer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DocumentView {
    /// Its place among those presented.
    pub place: usize,
    /// The caller's own name for it.
    pub id: String,
    /// What became of it.
    pub state: DocumentState,
    /// Its holder's name, as its machine readable zone has it: for the officer's page
    /// alone. Whoever asks over the API has presented it, and names it by `id`.
    #[serde(skip)]
    #[schema(ignore)]
    pub holder: Option<String>,
    /// Its number, for the officer's page alone.
    #[serde(skip)]
    #[schema(ignore)]
    pub number: Option<String>,
    /// Its issuer.
    pub issuer: Option<String>,
    /// What sort of document.
    pub kind: Option<&'static str>,
    /// How far it can be trusted.
    #[schema(value_type = Option<words::Verdict>)]
    pub verdict: Option<Verdict>,
    /// What was found out about its signature.
    #[schema(value_type = Option<words::Authenticity>)]
    pub authenticity: Option<Authenticity>,
    /// Whether it may confirm anybody here.
    pub may_confirm: bool,
    /// What was found, most severe first.
    pub findings: Vec<FindingView>,
    /// The seat of whoever matched.
    #[schema(value_type = Option<words::Seat>)]
    pub seat: Option<Seat>,
    /// Other documents of the same holder, by their place.
    pub same_holder: Vec<usize>,
    /// Whether there is a portrait, and a number that changes with it.
    pub portrait: Option<u64>,
    /// What to do, in a sentence.
    pub advice: Option<String>,
    /// What the officer decided.
    pub adjudication: Option<Adjudication>,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    /// It is being read.
    Reading,
    /// Its holder sits in the vehicle.
    HolderConfirmed,
    /// Its holder wasn't found yet.
    HolderNotFound,
    /// It may not confirm anybody.
    NotAccepted,
    /// It has no portrait that can be compared.
    NoPortrait,
    /// Its portrait can't be compared with.
    PoorPortrait,
    /// An officer took it out.
    SetAside,
    /// Checked by hand at its holder's wish; it wasn't opened, or what it gave is
    /// destroyed.
    OptedOut,
}

/// Something noticed about a document.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FindingView {
    /// Its code.
    #[schema(value_type = String)]
    pub code: Code,
    /// How bad.
    #[schema(value_type = words::Severity)]
    pub severity: Severity,
    /// What, in a sentence.
    pub detail: String,
}

/// A face on no seat.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StrangerView {
    /// Where.
    #[serde(serialize_with = "whereabouts")]
    #[schema(value_type = words::Whereabouts)]
    pub place: Whereabouts,
    /// By which camera it was seen.
    pub camera: String,
    /// Whether there is a picture of it, and a number that changes with it.
    pub picture: Option<u64>,
    /// What to do, in a sentence.
    pub advice: Option<String>,
}

fn whereabouts<S: serde::Serializer>(place: &Whereabouts, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(place.as_str())
}

/// A camera as far as this transaction is concerned.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CameraView {
    /// Its name.
    pub name: String,
    /// How it did.
    #[schema(value_type = words::CameraState)]
    pub state: CameraState,
    /// Whether a seat needs it.
    pub needed: bool,
    /// Frames that were looked at.
    pub frames: usize,
    /// Frames that could not be looked at in time.
    pub dropped: u64,
    /// How it does, if it is one of the lane's own.
    pub health: Option<CameraHealth>,
}

/// How one of the lane's own cameras does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CameraHealth {
    /// `delivering`, or the gravest of what is wrong, by its name in docs/cameras.md.
    pub state: &'static str,
    /// What that means and what to do, for a person.
    pub words: &'static str,
}

/// What waits to be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Waiting {
    /// Frames.
    pub frames: usize,
    /// Documents.
    pub documents: usize,
}

/// What is still missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// How many people are inside.
    Declaration,
    /// More documents were announced than have come.
    Documents,
    /// No frame has come.
    Frames,
    /// More people were declared than were seen.
    People,
    /// An officer's decision about a referral.
    Adjudication,
}

/// What an officer says of two pictures, before they know what the machine says.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// One person.
    Same,
    /// Two people.
    Different,
    /// The pictures don't say.
    CannotTell,
}

/// What an officer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Adjudication {
    /// Why.
    #[schema(value_type = words::AdjudicationReason)]
    pub reason: AdjudicationReason,
    /// How many decisions about the same there were before: each is in the log.
    pub corrects: u32,
}

impl Adjudication {
    /// Whether it says that somebody is the holder after all.
    pub(crate) fn confirms(&self) -> bool {
        matches!(
            self.reason,
            AdjudicationReason::ConfirmedByEye
                | AdjudicationReason::ConfirmedBySecondDocument
                | AdjudicationReason::ConfirmedByRecapture
        )
    }
}

impl SeatView {
    /// Whether an officer took away what the machine confirmed.
    pub(crate) fn is_overruled(&self) -> bool {
        self.state == SeatState::Confirmed && self.adjudication.is_some_and(|a| !a.confirms())
    }
}

impl TransactionView {
    /// A vehicle in which an officer took a confirmation away isn't confirmed as a whole,
    /// whoever asks: page, metrics or the calling system.
    pub(crate) fn heed_officers(&mut self) {
        let is_overruled = self.seats.iter().any(SeatView::is_overruled);
        if is_overruled && self.outcome == Some(VehicleOutcome::AllConfirmed) {
            self.outcome = Some(VehicleOutcome::Refer);
            self.reasons.push(VehicleReason::SeatReferred);
        }
    }
}
