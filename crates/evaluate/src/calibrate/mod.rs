//! From measured scores to a calibration file, in the format that
//! `rowcall_face::Calibration` reads.

mod llr;
mod tail;

use rowcall_face::Calibration;
use serde::Serialize;
pub use tail::Tail;

use crate::{Error, ErrorKind, LookAlikes, Scores};

/// The false match rates of the file's curve, from frequent to rare. The last
/// two lie a whole decade apart, since a reader goes on from them in a straight
/// line, and neighbours would make its slope a matter of chance.
const RATES: [f64; 9] = [0.3, 0.1, 0.03, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5];
/// A rate of fewer false matches than this isn't in the curve ("rule of 30",
/// ISO/IEC 19795-1).
const LEAST_ERRORS: f64 = 30.0;
/// The shares of mated comparisons whose scores the file names.
const MATED: [f64; 7] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];
/// The shares of nearest look-alikes whose scores the file names.
const LOOK_ALIKES: [f64; 9] = [0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
/// Rates beyond the data that the tail is asked for.
const BEYOND: [f64; 3] = [1e-6, 1e-7, 1e-8];

/// A calibration, as its file holds it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalibrationFile {
    format: u32,
    name: String,
    model: String,
    population: String,
    provisional: bool,
    fmr: Vec<FmrPoint>,
    llr: Vec<LlrPoint>,
    mated: Vec<MatedPoint>,
    fused: Option<FusedCurve>,
    look_alikes: Vec<LookAlikeQuantile>,
    one_person: Option<f32>,
    provenance: FullProvenance,
}

/// Where a calibration comes from, as far as the caller knows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Provenance {
    /// The set's name.
    pub set: String,
    /// The day of the measurement, like 2026-11-24.
    pub date: String,
    /// The command that repeats it.
    pub command: String,
    /// The program and its version.
    pub version: String,
    /// The embedding model's file, by its SHA-256.
    pub model_sha256: String,
    /// Pictures in the set.
    pub pictures: u64,
    /// Those that no template could be acquired from.
    pub failures_to_acquire: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct FullProvenance {
    #[serde(flatten)]
    given: Provenance,
    subjects: usize,
    mated: u64,
    non_mated: u64,
    eer: f64,
    /// Cost of the log-likelihood ratios in bits, and the least that any rising
    /// function of the score could have.
    cllr_bits: f64,
    cllr_least_bits: f64,
    log_likelihood_ratio: String,
    tail: TailStatement,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct TailStatement {
    what: String,
    fitted: Tail,
    rarest_measured: f64,
    beyond: Vec<BeyondPoint>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct BeyondPoint {
    fmr: f64,
    fitted_threshold: Option<f64>,
    threshold_in_use: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct FmrPoint {
    fmr: f64,
    threshold: f64,
}

/// What fused probes do, measured by themselves.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct FusedCurve {
    fmr: Vec<FmrPoint>,
    mated: Vec<MatedPoint>,
    probes: u64,
    non_mated: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct LookAlikeQuantile {
    share: f64,
    score: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct LlrPoint {
    score: f64,
    nats: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct MatedPoint {
    fnmr: f64,
    score: f64,
}

impl CalibrationFile {
    /// The file's text.
    ///
    /// # Errors
    /// [`ErrorKind::Output`] if the reader would refuse it, which would be a
    /// fault of ours.
    pub fn to_json(&self) -> Result<String, Error> {
        let broken = |why: String| Error::new(ErrorKind::Output, why);
        let text = serde_json::to_string_pretty(self).map_err(|e| broken(e.to_string()))?;
        Calibration::parse(&text).map_err(|e| broken(e.to_string()))?;
        Ok(text + "\n")
    }

    /// The curve of log-likelihood ratios: cost in bits, and the least possible.
    pub fn cllr(&self) -> (f64, f64) {
        (self.provenance.cllr_bits, self.provenance.cllr_least_bits)
    }
}

/// What is measured beside single pictures, where the set allows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct More<'a> {
    /// Scores of fused probes.
    pub fused: Option<&'a Scores>,
    /// Nearest look-alikes.
    pub look_alikes: Option<&'a LookAlikes>,
    /// The score below which two parts of a seat are two people's, chosen by
    /// `evaluate seats`.
    pub one_person: Option<f32>,
}

/// The false match curve as far as the data reach.
fn curve(scores: &Scores) -> Vec<FmrPoint> {
    let total = scores.non_mated().total() as f64;
    let mut fmr: Vec<FmrPoint> = Vec::new();
    for rate in RATES.into_iter().filter(|r| r * total >= LEAST_ERRORS) {
        let threshold = (threshold(scores, rate) * 1e4).ceil() / 1e4;
        if fmr.last().is_none_or(|p| p.threshold < threshold) {
            fmr.push(FmrPoint {
                fmr: rate,
                threshold,
            });
        }
    }
    fmr
}

/// Quantiles of rising mated scores, rounded down.
fn quantiles(mated: &[f32]) -> Vec<MatedPoint> {
    let point = |fnmr: f64| {
        let place = (fnmr * mated.len() as f64) as usize;
        let score = mated.get(place.min(mated.len().saturating_sub(1)));
        MatedPoint {
            fnmr,
            score: (f64::from(score.copied().unwrap_or(-1.0)) * 1e4).floor() / 1e4,
        }
    };
    MATED.map(point).to_vec()
}

/// Calibrates the scores of a model: false match curve as far as the data
/// reach with a statement of the tail beyond, log-likelihood ratios, quantiles
/// of the mated scores. Thresholds are rounded up and mated quantiles down, to
/// four decimals.
///
/// # Errors
/// [`ErrorKind::TooFew`] if there are too few comparisons for two points of the
/// curve, or a straight line of log-likelihood ratios doesn't rise.
pub fn calibrate(
    scores: &Scores,
    more: More<'_>,
    name: &str,
    model: &str,
    population: &str,
    given: Provenance,
) -> Result<CalibrationFile, Error> {
    let non_mated = scores.non_mated().total();
    let up = |v: f64| (v * 1e4).ceil() / 1e4;
    let mut fmr = curve(scores);
    let fitted = Tail::fit(scores)?;
    let rarest = fmr.last().map(|p| p.fmr);
    // The rarest rate rests on a few dozen pairs, and the line that continues
    // the curve starts there: where the fitted tail asks for more, it counts.
    if let (Some(last), Some(asked)) = (fmr.last_mut(), rarest.and_then(|r| fitted.threshold(r))) {
        last.threshold = last.threshold.max(up(asked));
    }
    let [.., a, b] = fmr.as_slice() else {
        return Err(Error::new(
            ErrorKind::TooFew,
            format!("{non_mated} non-mated comparisons are too few for a false match curve"),
        ));
    };
    let slope = (b.threshold - a.threshold) / (a.fmr.log10() - b.fmr.log10());
    let rarest = b.fmr;
    let beyond = BEYOND
        .into_iter()
        .filter(|r| *r < rarest)
        .map(|r| BeyondPoint {
            fmr: r,
            fitted_threshold: fitted.threshold(r).map(round),
            threshold_in_use: round(b.threshold + slope * (rarest.log10() - r.log10())),
        })
        .collect();
    let line = llr::fit(scores)?;
    let mated: Vec<f32> = scores.mated().collect();
    let look_alikes = more.look_alikes.iter().flat_map(|measured| {
        LOOK_ALIKES.map(|share| LookAlikeQuantile {
            share,
            score: round(f64::from(measured.guard(share))),
        })
    });
    let fused = more.fused.map(|scores| FusedCurve {
        fmr: curve(scores),
        mated: quantiles(&scores.mated().collect::<Vec<_>>()),
        probes: scores.mated().len() as u64,
        non_mated: scores.non_mated().total(),
    });
    Ok(CalibrationFile {
        format: 1,
        name: name.to_owned(),
        model: model.to_owned(),
        population: population.to_owned(),
        provisional: false,
        fmr,
        llr: line.points(),
        mated: quantiles(&mated),
        fused: fused.filter(|f| f.fmr.len() > 1),
        look_alikes: look_alikes.collect(),
        one_person: more.one_person,
        provenance: FullProvenance {
            given,
            subjects: scores.subjects(),
            mated: mated.len() as u64,
            non_mated,
            eer: round(scores.rates(&[1e-3]).eer),
            cllr_bits: round(line.cost(scores)),
            cllr_least_bits: round(llr::least_cost(scores)),
            log_likelihood_ratio: line.describe(),
            tail: TailStatement {
                what: "fitted: generalised Pareto distribution of the excesses over the threshold of FMR 1e-3 \
                       (probability-weighted moments). In use beyond the rarest measured rate: a straight line of the \
                       threshold over log10(FMR) through the last two points of the curve. The rarest point is the greater of the measured and \
                       the fitted threshold."
                    .to_owned(),
                fitted,
                rarest_measured: rarest,
                beyond,
            },
        },
    })
}

/// The least threshold that keeps a false match rate, which may lie below the
/// tail: then at the resolution of the histogram, rounded up.
fn threshold(scores: &Scores, rate: f64) -> f64 {
    let total = scores.non_mated().total() as f64;
    let exact = f64::from(scores.rates(&[rate]).thresholds[0]);
    if scores.fmr(exact as f32) > rate * 0.9 {
        return exact;
    }
    scores
        .non_mated()
        .at_or_above()
        .into_iter()
        .find(|(_, n)| *n as f64 <= rate * total)
        .map_or(1.0, |(edge, _)| edge)
}

fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
