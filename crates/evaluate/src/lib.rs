//! How good the pipeline is: error rates with their uncertainty, calibrations
//! and plots, as ISO/IEC 19795-1, -2 and -10 ask.
//!
//! This is evaluation: it works on pictures that its user already holds, and
//! templates never leave memory. What comes out are counts, rates and scores
//! without identity.

mod calibrate;
mod composed;
pub mod danger;
mod error;
mod extract;
mod look_alikes;
mod manifest;
mod paired;
mod parties;
mod plot;
mod presentation;
mod proportion;
mod quality;
mod scores;
mod stress;
mod vehicles;
mod verification;

pub use calibrate::{CalibrationFile, More, Provenance, Tail, calibrate};
pub use composed::{
    CameraFault, Cause, ComposedReport, Composition, DocumentPlan, FalseSeat, GivenVehicle,
    HonestBySize, Kind, KindLine, Outcome, PeopleCount, Pool, PortraitPlan, RuleCost, SeatPlan,
    Second, When, new_rules,
};
pub use error::{Error, ErrorKind};
pub use extract::{Failure, Templates};
pub use look_alikes::{LookAlikePoint, LookAlikes};
pub use manifest::{Entry, Manifest};
pub use paired::Paired;
pub use parties::{
    BUDGETS, BudgetCheck, Comparison, GuardPoint, Kinship, Method, MethodCurve, PartiesReport,
    PartyPoint, SHIPPED_BUDGET,
};
pub use plot::{
    Bar, Curve, Strip, bars, clearing, det, distributions, error_versus_discard, fusion, stress,
    strips,
};
pub use presentation::{
    BonaFide, CueShare, Photographs, Presentation, PresentationReport, Response, Species,
    Thresholds,
};
pub use proportion::Proportion;
pub use quality::{Discard, GatePoint, NamedCondition, Naming, QualityReport, Worth};
pub use scores::{Bootstrap, Histogram, Interval, RateIntervals, Rates, Scores};
pub use stress::{
    CONDITIONS, COVERS_WORN, Compared, Condition, CoverCurve, CoverLevel, Covers, Fusion,
    FusionGain, Gain, Point, STRESS_FALSE_MATCH_RATES, Sample, SeatsLevel, SeatsPoint, SeatsReport,
    Single, Stress, StressCurve, StressSet, Treatment, Way, Ways, Worn, base,
};
pub use vehicles::{
    Context, DocumentTruth, FaceTruth, FalseConfirmation, FrameTruth, MAX_TRUTH,
    PUBLISHED_LAND_BORDER, Referral, SeatTruth, Stages, Trial, Truth, VehiclesReport,
    WholeVehicles,
};
pub use verification::{FALSE_MATCH_RATES, Group, OperatingPoint, Verification};
