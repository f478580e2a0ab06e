//! What a stress test gives.

use serde::Serialize;

use super::{Fusion, FusionGain};
use crate::{Interval, Proportion};

/// Error rates over the parameter of each condition. Rates are fractions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stress {
    /// Subjects with a reference and a probe.
    pub subjects: usize,
    /// Subjects that were chosen but left out.
    pub left_out: usize,
    /// The calibration whose thresholds are used.
    pub calibration: String,
    /// The false match rates of the clean calibration ...
    pub fmr: [f64; 2],
    /// ... and their thresholds.
    pub thresholds: [f32; 2],
    /// What all conditions start from.
    pub base: Point,
    /// A curve a condition.
    pub curves: Vec<StressCurve>,
    /// The frames that each subject is seen in, where more than one was asked
    /// for. Everything else is of the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<usize>,
    /// What fusing these frames gains, all conditions taken together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain: Option<FusionGain>,
    /// From start to end; left 0 for the caller's clock.
    pub seconds: f64,
}

/// One condition's curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StressCurve {
    /// The condition.
    pub name: &'static str,
    /// In words.
    pub title: &'static str,
    /// What varies.
    pub parameter: &'static str,
    /// What is held.
    pub held: &'static str,
    /// Where the range comes from.
    pub source: &'static str,
    /// Whether it belongs on a logarithmic axis.
    pub is_logarithmic: bool,
    /// From harmless to harmful.
    pub points: Vec<Point>,
    /// What fusing several frames gains over all points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain: Option<FusionGain>,
}

/// The error rates at one value of a condition's parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The value.
    pub value: f32,
    /// Failure to acquire: the face isn't found.
    pub fta: Proportion,
    /// False non-matches at each shipped threshold, of those acquired.
    pub fnmr: [Proportion; 2],
    /// Not acquired or not matched, of all (ISO/IEC 19795-1, generalised false
    /// reject rate).
    pub missed: [Proportion; 2],
    /// The share of strangers at or above each threshold: whether bad pictures
    /// make people alike.
    pub fmr: [Option<f64>; 2],
    /// The equal error rate of those acquired, and its 95 % interval; none if
    /// nothing can be compared.
    pub eer: Option<(f64, Interval)>,
    /// Refused by the default quality gate, of those acquired.
    pub gated: Proportion,
    /// Median mated score.
    pub score: Option<f32>,
    /// Median mean luminance of the face, 0..=1 of sRGB's scale.
    pub luminance: Option<f32>,
    /// Median unified quality.
    pub unified: Option<f32>,
    /// Ways to compare several frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fusion: Option<Fusion>,
}
