//! `result.json`: the outcome for machines. Its schema is
//! docs/result.schema.json, and a test keeps the two together.

mod build;
mod detail;

pub(crate) use detail::Detail;

use std::time::Instant;

use rowcall_face::Curve;
use rowcall_rollcall::{DocumentCount, OccupantCount};
use rowcall_words::document::{Authenticity, Kind, Severity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::outcome::{
    CameraState, Decided, DocumentOutcome, SeatOutcome, Stage, VehicleOutcome, VehicleReason,
};
use rowcall_words::seat;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of this format: raised when a field changes its meaning or
/// goes; new fields don't raise it.
const FORMAT: u32 = 1;

/// The outcome of a check.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(title = "Rowcall check result")]
pub(crate) struct CheckResult {
    /// The version of this format.
    pub(crate) format: u32,
    /// What this is: `evaluation`, since it comes from files, not from a lane.
    pub(crate) mode: String,
    /// The vehicle as a whole.
    pub(crate) vehicle: Vehicle,
    /// Every occupant, in the order of seats.
    pub(crate) seats: Vec<Seat>,
    /// Every document, in the order of its folder's name.
    pub(crate) documents: Vec<Document>,
    /// Faces on no seat: reported, not compared with any document.
    pub(crate) bystanders: Vec<Bystander>,
    /// The lane's cameras.
    pub(crate) cameras: Vec<Camera>,
    /// The frames.
    pub(crate) frames: Frames,
    /// The models and the calibration.
    pub(crate) model: Model,
    /// The policy in force.
    pub(crate) policy: Policy,
    /// What else is worth knowing about the input.
    pub(crate) remarks: Vec<String>,
    /// How long it took, in milliseconds.
    pub(crate) timings_ms: Timings,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Vehicle {
    /// The folder's name.
    pub(crate) id: String,
    /// The lane's name.
    pub(crate) lane: String,
    /// `all-confirmed` or `refer`.
    #[schemars(with = "String")]
    pub(crate) outcome: VehicleOutcome,
    /// What speaks against `all-confirmed`, or beside it.
    #[schemars(with = "Vec<String>")]
    pub(crate) reasons: Vec<VehicleReason>,
    /// Occupants: `declared`, `seen`, `confirmed`, `opted_out`.
    #[schemars(with = "std::collections::BTreeMap<String, Option<u32>>")]
    pub(crate) occupants: OccupantCount,
    /// Documents: `presented`, `holders`, `confirmed`.
    #[schemars(with = "std::collections::BTreeMap<String, u32>")]
    pub(crate) documents: DocumentCount,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Seat {
    /// `<row>-<left|centre|right>` as the driver sees it; null for a declared
    /// occupant whom no camera shows, where more than one seat is left.
    #[schemars(with = "Option<String>")]
    pub(crate) seat: Option<seat::Seat>,
    /// `confirmed` or `refer`.
    #[schemars(with = "String")]
    pub(crate) outcome: Decided,
    /// Why it is referred; null if confirmed.
    #[schemars(with = "Option<String>")]
    pub(crate) reason: Option<SeatOutcome>,
    /// Components of quality that fail, worst first, for `poor-quality`, or that
    /// fall short though the face was compared, for `no-matching-document`; what
    /// makes the case ambiguous, for `ambiguous`. After `picture-suspected` come
    /// the cues that suggest it: `same-picture`, `flat`, `border`.
    #[schemars(with = "Vec<String>")]
    pub(crate) details: Vec<Detail>,
    /// `seen`, `quality`, `match`, `document` or `policy`.
    #[schemars(with = "String")]
    pub(crate) stage: Stage,
    /// The document that the occupant was confirmed by, or would have been.
    pub(crate) document: Option<String>,
    /// Documents of the same holder that may confirm and whose portraits can't be
    /// compared: they spoke neither for the occupant nor against.
    pub(crate) uncompared: Vec<String>,
    /// The comparison score, a cosine; null if nothing was compared.
    pub(crate) score: Option<f32>,
    /// What the score says for one person against two strangers, in nats.
    pub(crate) log_likelihood_ratio: Option<f32>,
    /// The share of strangers who reach the score, by the calibration, or the
    /// rarest share that its data show, if theirs is rarer.
    pub(crate) false_match_rate: Option<f64>,
    /// The next best score of the occupant or of the document.
    pub(crate) runner_up: Option<f32>,
    /// The cameras that saw the occupant.
    pub(crate) cameras: Vec<String>,
    /// Cameras that should expose this seat's zone otherwise.
    pub(crate) exposure: Vec<ZoneExposure>,
    /// In how many frames.
    pub(crate) sightings: usize,
    /// The best of them.
    pub(crate) best_shot: Option<Place>,
    /// What the officer can do; null if nothing needs doing.
    pub(crate) advice: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Document {
    /// The document's folder.
    pub(crate) id: String,
    /// `holder-confirmed`, `holder-not-found`, `not-accepted`, `no-portrait`,
    /// `poor-portrait`, `set-aside` or `opted-out`.
    #[schemars(with = "String")]
    pub(crate) outcome: DocumentOutcome,
    /// The seat of the occupant who matched, whether or not that confirmed.
    #[schemars(with = "Option<String>")]
    pub(crate) seat: Option<seat::Seat>,
    /// `emrtd`, `page`, ...; null if opted out.
    #[schemars(with = "Option<String>")]
    pub(crate) kind: Option<Kind>,
    /// `valid`, `valid-with-warning`, `unsigned`, `untrusted`, `unsupported` or
    /// `invalid`; null if opted out.
    #[schemars(with = "Option<String>")]
    pub(crate) verdict: Option<Verdict>,
    /// Whether its signature was checked, and with what result: `not-checked`,
    /// `not-signed`, `trusted`, `not-trusted` or `broken`; null if opted out.
    #[schemars(with = "Option<String>")]
    pub(crate) authenticity: Option<Authenticity>,
    /// What was noticed about it.
    pub(crate) findings: Vec<Finding>,
    /// Other documents of the same holder.
    pub(crate) same_holder: Vec<String>,
    /// What the officer can do; null if nothing needs doing.
    pub(crate) advice: Option<String>,
    /// The holder's name as the document writes it: shown on the console and
    /// in the report, not part of the JSON.
    #[serde(skip)]
    pub(crate) holder: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// What, in kebab-case.
    #[schemars(with = "String")]
    pub(crate) code: Code,
    /// `info`, `warning` or `error`.
    #[schemars(with = "String")]
    pub(crate) severity: Severity,
    /// The clause of the standard.
    pub(crate) clause: String,
    /// In words, with the file.
    pub(crate) detail: String,
}

/// How a camera should expose a seat's zone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ZoneExposure {
    /// The camera.
    pub(crate) camera: String,
    /// Stops to raise the exposure by (above 0) or to lower it: the median over
    /// its frames.
    pub(crate) stops: f32,
}

/// A face on no seat.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Bystander {
    /// `outside` the cabin; `leaning`: the occupant of `seat`, out of their zone;
    /// or in the cabin and explained by nobody, by what it looks like:
    /// `inside-picture`, `inside-small`, `inside-large`, `inside-between-seats`.
    pub(crate) place: String,
    /// The seat whose occupant leans; null otherwise.
    #[schemars(with = "Option<String>")]
    pub(crate) seat: Option<seat::Seat>,
    /// The best that was seen of it.
    pub(crate) best_shot: Place,
    /// What the officer can do; null if nothing needs doing.
    pub(crate) advice: Option<String>,
}

/// What became of a camera.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Camera {
    /// Its name in the lane.
    pub(crate) name: String,
    /// Frames that could be read.
    pub(crate) frames: usize,
    /// `delivering`, `missing` or `frozen`.
    #[schemars(with = "String")]
    pub(crate) state: CameraState,
    /// Whether a seat needs it, so that its failure refers the vehicle.
    pub(crate) needed: bool,
}

/// A face in a frame.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Place {
    /// The camera.
    pub(crate) camera: String,
    /// The frame's file.
    pub(crate) frame: String,
    /// The face in pixels: x, y, width, height.
    pub(crate) face: [f32; 4],
    /// Its unified quality, 0..=1.
    pub(crate) quality: f32,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Frames {
    /// Read and looked at.
    pub(crate) read: usize,
    /// Those that could not be read: file and why.
    pub(crate) unreadable: Vec<UnreadableFrame>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct UnreadableFrame {
    /// The file.
    pub(crate) frame: String,
    /// Why.
    pub(crate) detail: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Model {
    /// The face detector.
    pub(crate) detector: String,
    /// The embedding model.
    pub(crate) embedder: String,
    /// The SHA-256 of its file.
    pub(crate) sha256: String,
    /// The calibration.
    pub(crate) calibration: String,
    /// Whom the calibration was measured on and what it doesn't show.
    pub(crate) population: String,
    /// The rarest false match rate that the calibration's data show, those of fused
    /// probes where they were measured.
    pub(crate) rarest_measured: f64,
    /// Whether the calibration stands in for a measurement still to be made.
    pub(crate) provisional: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Policy {
    /// The day that documents were checked at.
    pub(crate) at: String,
    /// The vehicle's error budget.
    pub(crate) vehicle_false_confirm_rate: f64,
    /// How many pairs were compared.
    pub(crate) comparisons: usize,
    /// The false match rate that this leaves for each.
    pub(crate) false_match_rate: f64,
    /// The score from which a pair counts.
    pub(crate) threshold: f32,
    /// The false match curve that the threshold stands on: `fused-probes`, or
    /// `single-pictures` where that is the greater or the only one measured.
    #[schemars(with = "String")]
    pub(crate) curve: Curve,
    /// Whether that rate is rarer than the calibration's data can show, those of
    /// fused probes where they were measured: the threshold then confirms fewer,
    /// never more.
    pub(crate) beyond_data: bool,
    /// The score below which a pair that counts is ambiguous, since a close
    /// relative could reach it; null where none is known.
    pub(crate) look_alike_below: Option<f32>,
    /// All settings as they were in force.
    #[schemars(with = "serde_json::Value")]
    pub(crate) settings: rowcall_rollcall::Policy,
}

/// Milliseconds, by stage.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub(crate) struct Timings {
    /// Reading the lane, the trust store and the models.
    pub(crate) load: u64,
    /// Documents and frames through the models.
    pub(crate) analyse: u64,
    /// Comparing and deciding.
    pub(crate) decide: u64,
    /// Writing the report; 0 without one.
    pub(crate) report: u64,
    /// From start to the last of these.
    pub(crate) total: u64,
}

impl Timings {
    /// With everything but the report, which starts now.
    pub(crate) fn new(started: Instant, loaded: Instant, analysed: Instant) -> Self {
        let ms = |from: Instant, to: Instant| to.duration_since(from).as_millis() as u64;
        let now = Instant::now();
        Self {
            load: ms(started, loaded),
            analyse: ms(loaded, analysed),
            decide: ms(analysed, now),
            report: 0,
            total: ms(started, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::CheckResult;
    use crate::output::Stamped;

    /// docs/result.schema.json is this type's schema; with
    /// `ROWCALL_WRITE_SCHEMA=1` the test writes it instead.
    #[test]
    fn the_published_schema_is_this_types() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/result.schema.json");
        let mut schema = schemars::schema_for!(Stamped<CheckResult>);
        schema.insert("title".into(), "Rowcall check result".into());
        let schema = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("ROWCALL_WRITE_SCHEMA").is_some() {
            fs::write(&path, &schema).expect("the schema is written");
        }
        let published = fs::read_to_string(&path).expect("docs/result.schema.json");
        assert!(
            published == schema,
            "run ROWCALL_WRITE_SCHEMA=1 cargo test -p rowcall schema, and look at the change"
        );
    }
}
