//! The same faces under worse and worse conditions.
//!
//! Of each subject one picture stays as it is, as the reference, and another is
//! put through the photometric model and looked at as a lane would. One probe a
//! subject: the trials are independent.

mod condition;
mod faces;
mod sample;

use std::path::Path;

pub use condition::{CONDITIONS, Condition, base};
use image::RgbImage;
use rowcall_face::{Analyser, Calibration, Gate, Tone, Worker};
use rowcall_simulate::Conditions;
pub use sample::Sample;
use serde::Serialize;

use crate::{
    Bootstrap, Error, ErrorKind, Interval, Manifest, Proportion, Scores, scores::on_every_core,
};
use faces::{Pair, Seen};

/// The false match rates whose shipped thresholds are held against.
pub const STRESS_FALSE_MATCH_RATES: [f64; 2] = [1e-3, 1e-4];

/// A stress test's faces in memory.
pub struct StressSet {
    pairs: Vec<Pair>,
    /// Subjects that were chosen but left out: no face in a clean picture.
    pub left_out: usize,
}

/// How the tone of a probe is changed on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// Of the whole photograph, before the detector looks at it.
    pub detection: Tone,
    /// Of the aligned crop, before it is embedded; `None` is what is in force.
    pub embedding: Option<Tone>,
    /// Whether a photograph in which no face was found is looked at again.
    pub second_look: bool,
}

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
}

impl StressSet {
    /// Chooses up to `subjects` subjects with two pictures and looks at them.
    ///
    /// # Errors
    /// [`ErrorKind::Manifest`] for a picture that can't be read,
    /// [`ErrorKind::TooFew`] if fewer than two subjects are left,
    /// [`ErrorKind::Inference`] for a fault of ours.
    pub fn load(
        analyser: &Analyser,
        manifest: &Manifest,
        images: &Path,
        subjects: usize,
    ) -> Result<Self, Error> {
        let (pairs, left_out) = faces::pairs(analyser, manifest, images, subjects)?;
        if pairs.len() < 2 {
            return Err(Error::new(
                ErrorKind::TooFew,
                format!(
                    "{} subjects have two pictures with a face; a stress test needs two at least, a hundred to say anything",
                    pairs.len()
                ),
            ));
        }
        Ok(Self { pairs, left_out })
    }

    /// How many subjects there are.
    pub fn subjects(&self) -> usize {
        self.pairs.len()
    }

    /// Puts all faces under each value of each condition, on every core; `done`
    /// is called after each picture. Also gives every probe that was acquired.
    ///
    /// # Errors
    /// [`ErrorKind::Inference`] or [`ErrorKind::Output`], faults of ours.
    pub fn measure(
        &self,
        analyser: &Analyser,
        calibration: &Calibration,
        conditions: &[&'static Condition],
        treatment: Treatment,
        bootstrap: Bootstrap,
        done: impl Fn() + Sync,
    ) -> Result<(Stress, Vec<Sample>), Error> {
        let thresholds = STRESS_FALSE_MATCH_RATES.map(|fmr| calibration.threshold(fmr).score.0);
        let levels: Vec<(usize, f32, Conditions)> = std::iter::once((usize::MAX, 0.0, base()))
            .chain(
                conditions
                    .iter()
                    .enumerate()
                    .flat_map(|(i, c)| c.values.iter().map(move |&v| (i, v, c.at(v)))),
            )
            .collect();
        let mut seen = self.look(analyser, &levels, treatment, done)?;
        let mut samples = Vec::new();
        let mut points = Vec::new();
        for &(condition, value, _) in levels.iter().rev() {
            let own = seen.split_off(seen.len() - self.pairs.len());
            points.push(self.point(value, &own, thresholds, bootstrap));
            if condition != usize::MAX {
                samples.extend(self.samples(conditions[condition].name, value, &own));
            }
        }
        points.reverse();
        samples.reverse();
        let mut points = points.into_iter();
        let base = points
            .next()
            .ok_or_else(|| Error::new(ErrorKind::Output, "nothing was measured"))?;
        let curves = conditions
            .iter()
            .map(|c| StressCurve {
                name: c.name,
                title: c.title,
                parameter: c.parameter,
                held: c.held,
                source: c.source,
                is_logarithmic: c.is_logarithmic,
                points: points.by_ref().take(c.values.len()).collect(),
            })
            .collect();
        let stress = Stress {
            subjects: self.pairs.len(),
            left_out: self.left_out,
            calibration: calibration.name().to_owned(),
            fmr: STRESS_FALSE_MATCH_RATES,
            thresholds,
            base,
            curves,
            seconds: 0.0,
        };
        Ok((stress, samples))
    }

    /// How the first subject's probe looks at each value: evaluation material,
    /// for a report that its user asked for.
    ///
    /// # Errors
    /// [`ErrorKind::Output`], a fault of ours.
    pub fn examples(&self, condition: &Condition) -> Result<Vec<RgbImage>, Error> {
        let pair = &self.pairs[0];
        let shots = condition.values.iter();
        shots
            .map(|&v| Ok(pair.photograph(&condition.at(v), seed(pair.subject))?.0))
            .collect()
    }

    /// All levels one after another, each with all pairs in order.
    fn look(
        &self,
        analyser: &Analyser,
        levels: &[(usize, f32, Conditions)],
        treatment: Treatment,
        done: impl Fn() + Sync,
    ) -> Result<Vec<Option<Seen>>, Error> {
        let tasks = levels.len() * self.pairs.len();
        let parts = on_every_core(
            tasks,
            || (Worker::new(), Vec::new()),
            |(worker, own), task| {
                let pair = &self.pairs[task % self.pairs.len()];
                let (_, _, conditions) = &levels[task / self.pairs.len()];
                own.push((
                    task,
                    pair.look(analyser, conditions, treatment, seed(pair.subject), worker),
                ));
                done();
            },
        );
        let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
        all.sort_by_key(|(task, _)| *task);
        all.into_iter().map(|(_, seen)| seen).collect()
    }

    fn point(
        &self,
        value: f32,
        seen: &[Option<Seen>],
        thresholds: [f32; 2],
        bootstrap: Bootstrap,
    ) -> Point {
        let all = seen.len() as u64;
        let own: Vec<(u32, &Seen)> = self
            .pairs
            .iter()
            .zip(seen)
            .filter_map(|(pair, seen)| Some((pair.subject, seen.as_ref()?)))
            .collect();
        let acquired = own.len() as u64;
        let mated: Vec<f32> = self.mated(seen).map(|(_, _, score)| score).collect();
        let below = thresholds.map(|t| mated.iter().filter(|s| **s < t).count() as u64);
        let scores = self.scores(&own, thresholds);
        let gate = Gate::default();
        let refused = own
            .iter()
            .filter(|(_, s)| !s.quality.failures(&gate).is_empty());
        let of = |f: &dyn Fn(&Seen) -> f32| median(own.iter().map(|(_, s)| f(s)).collect());
        Point {
            value,
            fta: Proportion::of(all - acquired, all),
            fnmr: below.map(|k| Proportion::of(k, acquired)),
            missed: below.map(|k| Proportion::of(all - acquired + k, all)),
            fmr: thresholds.map(|t| scores.as_ref().map(|s| s.fmr(t))),
            eer: scores.map(|s| (s.rates(&[]).eer, bootstrap.rates(&s, &[]).eer)),
            gated: Proportion::of(refused.count() as u64, acquired),
            score: median(mated),
            luminance: of(&|s| s.quality.luminance),
            unified: of(&|s| s.quality.unified()),
        }
    }

    /// Every probe that was acquired against every reference; none if there is
    /// nothing of either kind to compare.
    fn scores(&self, own: &[(u32, &Seen)], thresholds: [f32; 2]) -> Option<Scores> {
        let probes: Vec<u32> = own.iter().map(|(s, _)| *s).collect();
        let references: Vec<u32> = self.pairs.iter().map(|p| p.subject).collect();
        let count = references.iter().max().map_or(0, |s| *s as usize + 1);
        let score = |i: usize, j: usize| {
            let reference = &self.pairs[j].reference;
            own[i].1.template.compare(reference).map_or(-1.0, |s| s.0)
        };
        Scores::between(&probes, &references, count, Some(thresholds[0]), score).ok()
    }

    fn mated<'a>(
        &'a self,
        seen: &'a [Option<Seen>],
    ) -> impl DoubleEndedIterator<Item = (&'a Pair, &'a Seen, f32)> {
        self.pairs.iter().zip(seen).filter_map(|(pair, seen)| {
            let seen = seen.as_ref()?;
            let score = seen.template.compare(&pair.reference)?;
            Some((pair, seen, score.0))
        })
    }

    fn samples(&self, condition: &str, value: f32, seen: &[Option<Seen>]) -> Vec<Sample> {
        self.mated(seen)
            .rev()
            .map(|(pair, seen, mated)| Sample {
                condition: condition.to_owned(),
                value,
                subject: pair.subject,
                mated,
                quality: seen.quality,
                unified: seen.quality.unified(),
            })
            .collect()
    }
}

/// A subject's stream: the same at each level, so that a curve shows the
/// condition and not the dice.
fn seed(subject: u32) -> u64 {
    u64::from(subject).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 29_794
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
