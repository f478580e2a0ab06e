//! What a comparison score means.
//!
//! A score by itself says nothing: how often strangers reach it, and how much
//! likelier it is for one person than for two, depends on the model and on the
//! people it was measured on. A calibration is that measurement, with its
//! provenance; no score is used without one.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Score};

/// A measured meaning of one model's scores on one population.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    file: File,
}

/// The natural logarithm of how much likelier a score is if both templates are
/// of one person than if they are of two.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LogLikelihoodRatio(pub f32);

/// The score from which a false match rate is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The least score that matches.
    pub score: Score,
    /// The false match rate that was asked for, per comparison.
    pub fmr: f64,
    /// The curve that the score stands on.
    pub curve: Curve,
    /// Whether the rate is rarer than the calibration's data can show, those of
    /// fused probes where they were measured. The score then lies on an exponential
    /// tail through the last two measured points, which is heavier than the normal
    /// tail that such scores have: it confirms fewer, never more.
    pub beyond_data: bool,
}

/// What a false match curve was measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Curve {
    /// One picture against one.
    SinglePictures,
    /// Probes fused of several pictures, as a seat's are.
    FusedProbes,
}

impl Calibration {
    /// Reads a calibration file (JSON, no unknown keys).
    ///
    /// # Errors
    /// [`ErrorKind::Model`] if it isn't of this format, or if its curves aren't
    /// rising.
    pub fn parse(json: &str) -> Result<Self, Error> {
        let bad = |why: String| {
            Error::new(
                ErrorKind::Model,
                format!("the calibration can't be used: {why}"),
            )
        };
        let file: File = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        if file.format != 1 {
            return Err(bad(format!(
                "it is of format {}, this version reads format 1",
                file.format
            )));
        }
        if file.fmr.len() < 2 || file.llr.len() < 2 {
            return Err(bad("fmr and llr need two points at least".into()));
        }
        if file.fmr.iter().any(|p| !(p.fmr > 0.0 && p.fmr <= 1.0)) {
            return Err(bad("a false match rate lies outside 0..1".into()));
        }
        let finite = |v: f32| v.is_finite();
        let rising = |a: f32, b: f32| finite(a) && finite(b) && a < b;
        let fused = file.fused.iter().map(|f| &f.fmr);
        if !std::iter::once(&file.fmr)
            .chain(fused)
            .all(|c| is_falling(c))
        {
            return Err(bad(
                "fmr: each point must be rarer than the one before, at a higher threshold".into(),
            ));
        }
        if !file
            .llr
            .windows(2)
            .all(|w| rising(w[0].score, w[1].score) && finite(w[0].nats) && w[0].nats <= w[1].nats)
        {
            return Err(bad("llr: it must rise with the score".into()));
        }
        Ok(Self { file })
    }

    /// The name of the calibration, for results and logs.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The model whose scores these are.
    pub fn model(&self) -> &str {
        &self.file.model
    }

    /// Whom it was measured on and what it does not show, in words.
    pub fn population(&self) -> &str {
        &self.file.population
    }

    /// Whether it stands in for a measurement still to be made.
    pub fn is_provisional(&self) -> bool {
        self.file.provisional
    }

    /// What a score says for one person against two strangers: linear between
    /// the measured points, and no more than the outermost say beyond them.
    pub fn llr(&self, score: Score) -> LogLikelihoodRatio {
        let points = &self.file.llr;
        let next = points.partition_point(|p| p.score <= score.0);
        let nats = match next {
            0 => points[0].nats,
            n if n == points.len() => points[n - 1].nats,
            n => {
                let (a, b) = (points[n - 1], points[n]);
                a.nats + (b.nats - a.nats) * (score.0 - a.score) / (b.score - a.score)
            }
        };
        LogLikelihoodRatio(nats)
    }

    /// The score that strangers reach with the probability `fmr` per comparison,
    /// be the probe of one picture or fused of several: the greater of both curves,
    /// where that of fused probes was measured.
    pub fn threshold(&self, fmr: f64) -> Threshold {
        let on = |(curve, points)| (on_curve(points, fmr), curve);
        let greatest = self.curves().map(on).max_by(|a, b| a.0.total_cmp(&b.0));
        let (score, curve) = greatest.unwrap_or((f64::INFINITY, Curve::SinglePictures));
        Threshold {
            score: Score(score as f32),
            fmr,
            curve,
            beyond_data: fmr < self.rarest_measured(),
        }
    }

    /// The share of comparisons between strangers that reach `score` or more, on
    /// the curves of [`Calibration::threshold`]; not above 1.
    pub fn fmr_at(&self, score: Score) -> f64 {
        let rates = self.curves().map(|(_, points)| rate_at(points, score));
        rates.fold(0.0, f64::max).min(1.0)
    }

    /// The rarest false match rate that the data show, those of fused probes where
    /// they were measured.
    pub fn rarest_measured(&self) -> f64 {
        let ends = self.curves().filter_map(|(_, points)| points.last());
        ends.map(|p| p.fmr).fold(0.0, f64::max)
    }

    /// The false match curves; of equals the last counts.
    fn curves(&self) -> impl Iterator<Item = (Curve, &[FmrPoint])> {
        let single = (Curve::SinglePictures, &self.file.fmr[..]);
        let fused = self.file.fused.as_ref();
        let fused = fused.map(|f| (Curve::FusedProbes, &f.fmr[..]));
        std::iter::once(single).chain(fused)
    }

    /// The score below which two parts of what was seen on one seat are two
    /// people's (a `Parting` of the crate of templates): as measured with mixtures of two people's
    /// frames, or else what one stranger in a thousand reaches.
    pub fn one_person(&self) -> Score {
        let measured = self.file.one_person.map(Score);
        measured.unwrap_or_else(|| self.threshold(1e-3).score)
    }

    /// The score that at most this share of people reach with the document of the
    /// person most like them, or the nearest smaller share that was measured; of a
    /// share rarer than any that was, the rarest. `None` if the file doesn't say.
    pub fn look_alike(&self, share: f64) -> Option<Score> {
        let measured = || self.file.look_alikes.iter();
        let rarer = measured().filter(|p| p.share <= share);
        let nearest = rarer.max_by(|a, b| a.share.total_cmp(&b.share));
        let rarest = || measured().min_by(|a, b| a.share.total_cmp(&b.share));
        nearest.or_else(rarest).map(|p| Score(p.score))
    }
}

/// The threshold of a false match rate on a curve, continued in a straight line
/// over the rate's logarithm.
fn on_curve(points: &[FmrPoint], fmr: f64) -> f64 {
    let last = points.len() - 1;
    let segment = points.partition_point(|p| p.fmr >= fmr).clamp(1, last);
    let (a, b) = (points[segment - 1], points[segment]);
    let along = (a.fmr.log10() - fmr.max(1e-12).log10()) / (a.fmr.log10() - b.fmr.log10());
    f64::from(a.threshold) + along * f64::from(b.threshold - a.threshold)
}

/// The rate at which strangers reach a score, by a curve and its continuation.
fn rate_at(points: &[FmrPoint], score: Score) -> f64 {
    let last = points.len() - 1;
    let segment = points
        .partition_point(|p| p.threshold <= score.0)
        .clamp(1, last);
    let (a, b) = (points[segment - 1], points[segment]);
    let along = f64::from((score.0 - a.threshold) / (b.threshold - a.threshold));
    10_f64.powf(a.fmr.log10() + along * (b.fmr.log10() - a.fmr.log10()))
}

/// Whether a curve has two points and each is rarer than the one before, at a
/// higher threshold.
fn is_falling(points: &[FmrPoint]) -> bool {
    let finite = |v: f32| v.is_finite();
    let falls = |w: &[FmrPoint]| {
        let (a, b) = (w[0], w[1]);
        a.fmr > b.fmr && finite(a.threshold) && finite(b.threshold) && a.threshold < b.threshold
    };
    points.len() > 1 && points.windows(2).all(falls)
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: String,
    model: String,
    population: String,
    provisional: bool,
    /// From frequent to rare.
    fmr: Vec<FmrPoint>,
    /// From low to high scores.
    llr: Vec<LlrPoint>,
    #[serde(default, rename = "mated")]
    _mated: Vec<MatedPoint>,
    /// Of fused probes, as far as it was measured.
    #[serde(default)]
    fused: Option<FusedCurve>,
    /// From frequent to rare.
    #[serde(default)]
    look_alikes: Vec<LookAlikePoint>,
    one_person: Option<f32>,
    /// How it was made: for people, kept but not interpreted.
    provenance: serde_json::Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct FmrPoint {
    fmr: f64,
    threshold: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LlrPoint {
    score: f32,
    nats: f32,
}

/// For people; nothing is decided by it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct MatedPoint {
    #[serde(rename = "fnmr")]
    _fnmr: f64,
    #[serde(rename = "score")]
    _score: f32,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct FusedCurve {
    fmr: Vec<FmrPoint>,
    #[serde(default, rename = "mated")]
    _mated: Vec<MatedPoint>,
    #[serde(rename = "probes")]
    _probes: u64,
    #[serde(rename = "non_mated")]
    _non_mated: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookAlikePoint {
    share: f64,
    score: f32,
}

#[cfg(test)]
mod tests {
    use super::{Calibration, Curve};
    use crate::Score;

    const FILE: &str = r#"{"format": 1, "name": "test", "model": "m", "population": "nobody", "provisional": true,
        "fmr": [{"fmr": 1e-2, "threshold": 0.3}, {"fmr": 1e-3, "threshold": 0.36}, {"fmr": 1e-5, "threshold": 0.48}],
        "llr": [{"score": 0.0, "nats": -5.0}, {"score": 0.5, "nats": 5.0}],
        "look_alikes": [{"share": 0.1, "score": 0.4}, {"share": 0.02, "score": 0.5}], "provenance": {}}"#;

    #[test]
    fn reads_between_and_beyond_the_points() {
        let c = Calibration::parse(FILE).expect("valid");
        for (fmr, score, beyond) in [
            (1e-2, 0.3, false),
            (1e-3, 0.36, false),
            (1e-4, 0.42, false),
            (1e-5, 0.48, false),
            (1e-6, 0.54, true),
            (0.1, 0.24, false),
        ] {
            let found = c.threshold(fmr);
            assert!(
                (found.score.0 - score).abs() < 1e-4 && found.beyond_data == beyond,
                "{fmr}: {found:?}"
            );
            assert!((c.fmr_at(found.score) / fmr - 1.0).abs() < 1e-2, "{fmr}");
        }
        for (score, nats) in [
            (-1.0, -5.0),
            (0.0, -5.0),
            (0.25, 0.0),
            (0.5, 5.0),
            (0.9, 5.0),
        ] {
            assert!((c.llr(Score(score)).0 - nats).abs() < 1e-5, "{score}");
        }
        assert_eq!(c.look_alike(0.1), Some(Score(0.4)));
        assert_eq!(c.look_alike(0.05), Some(Score(0.5)));
        assert_eq!(c.look_alike(0.01), Some(Score(0.5)), "the rarest there is");
        let (from, to) = (FILE.find("\"look_alikes\""), FILE.find("\"provenance\""));
        let none = FILE.replace(&FILE[from.expect("a key")..to.expect("a key")], "");
        let none = Calibration::parse(&none).expect("valid");
        assert_eq!(none.look_alike(0.01), None);
        assert!((c.one_person().0 - 0.36).abs() < 1e-6, "not measured");
    }

    #[test]
    fn the_greater_of_both_curves_counts_and_is_told() {
        let fused = r#""fused": {"fmr": [{"fmr": 1e-2, "threshold": 0.25}, {"fmr": 1e-3, "threshold": 0.45}],
            "probes": 9, "non_mated": 9}, "provenance""#;
        let c = Calibration::parse(&FILE.replace("\"provenance\"", fused)).expect("valid");
        for (fmr, score, curve, beyond) in [
            (1e-2, 0.3, Curve::SinglePictures, false),
            (1e-3, 0.45, Curve::FusedProbes, false),
            // Single pictures show it, fused probes don't.
            (1e-4, 0.65, Curve::FusedProbes, true),
        ] {
            let found = c.threshold(fmr);
            assert!((found.score.0 - score).abs() < 1e-4, "{fmr}: {found:?}");
            assert_eq!((found.curve, found.beyond_data), (curve, beyond), "{fmr}");
            assert!((c.fmr_at(found.score) / fmr - 1.0).abs() < 1e-2, "{fmr}");
        }
        assert_eq!(c.rarest_measured(), 1e-3);
        let single = Calibration::parse(FILE).expect("valid");
        assert_eq!(single.threshold(1e-3).curve, Curve::SinglePictures);
    }

    #[test]
    fn refuses_what_cannot_be_a_measurement() {
        for (what, from, to) in [
            ("format 2", "\"format\": 1", "\"format\": 2"),
            (
                "rarer",
                "\"fmr\": 1e-3, \"threshold\": 0.36",
                "\"fmr\": 1e-3, \"threshold\": 0.2",
            ),
            ("rise", "\"nats\": 5.0", "\"nats\": -6.0"),
            ("outside 0..1", "\"fmr\": 1e-2", "\"fmr\": 2.0"),
            (
                "unknown field",
                "\"provenance\"",
                "\"secret\": 1, \"provenance\"",
            ),
        ] {
            let error = Calibration::parse(&FILE.replace(from, to))
                .expect_err(what)
                .to_string();
            assert!(error.contains(what), "{what}: {error}");
        }
    }
}
