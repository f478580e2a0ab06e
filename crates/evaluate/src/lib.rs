//! How good the pipeline is: error rates with their uncertainty, calibrations
//! and plots, as ISO/IEC 19795-1, -2 and -10 ask.
//!
//! This is evaluation: it works on pictures that its user already holds, and
//! templates never leave memory. What comes out are counts, rates and scores
//! without identity.

mod calibrate;
mod error;
mod extract;
mod manifest;
mod plot;
mod proportion;
mod quality;
mod scores;
mod stress;
mod verification;

pub use calibrate::{CalibrationFile, Provenance, Tail, calibrate};
pub use error::{Error, ErrorKind};
pub use extract::{Failure, Templates};
pub use manifest::{Entry, Manifest};
pub use plot::{Bar, bars, det, distributions, error_versus_discard, stress};
pub use proportion::Proportion;
pub use quality::{Discard, GatePoint, QualityReport, Worth};
pub use scores::{Bootstrap, Histogram, Interval, RateIntervals, Rates, Scores};
pub use stress::{
    CONDITIONS, Condition, Curve, Point, STRESS_FALSE_MATCH_RATES, Sample, Stress, StressSet,
    Treatment, base,
};
pub use verification::{FALSE_MATCH_RATES, Group, OperatingPoint, Verification};
