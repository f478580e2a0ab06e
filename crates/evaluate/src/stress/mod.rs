//! The same faces under worse and worse conditions.
//!
//! Of each subject one picture stays as it is, as the reference, and another is
//! put through the photometric model and looked at as a lane would. One probe a
//! subject: the trials are independent. Where several frames are asked for, that
//! probe is the first of them, and [`Fusion`] says what all of them give.

mod condition;
mod covers;
mod curve;
mod faces;
mod fusion;
mod sample;
mod seats;

use std::path::Path;

pub use condition::{CONDITIONS, COVERS_WORN, Condition, base};
pub use covers::{Compared, CoverCurve, CoverLevel, Covers, Worn};
pub use curve::{Point, Stress, StressCurve};
pub use fusion::{Fusion, FusionGain, Gain, Single, Way, Ways};
use image::RgbImage;
use rowcall_face::{Analyser, Calibration, Gate, Template, Tone, Worker};
use rowcall_simulate::Conditions;
use rowcall_template::danger::Unguarded as _;
pub use sample::Sample;
pub use seats::{SeatsLevel, SeatsPoint, SeatsReport};

use crate::{Bootstrap, Error, ErrorKind, Manifest, Proportion, Scores, scores::on_every_core};
use faces::{Person, Seen, least_probes};
use fusion::{Level, Missed};

/// The false match rates whose shipped thresholds are held against.
pub const STRESS_FALSE_MATCH_RATES: [f64; 2] = [1e-3, 1e-4];

/// A stress test's faces in memory.
pub struct StressSet {
    people: Vec<Person>,
    /// Of each person, one at least.
    frames: usize,
    /// Whether all frames of a person come from one photograph.
    one_photograph: bool,
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

impl StressSet {
    /// Chooses up to `subjects` subjects with two pictures and looks at them.
    ///
    /// With more than one of `frames`, subjects with three pictures: the first is
    /// the reference, and the others take turns to be the frames.
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
        frames: usize,
    ) -> Result<Self, Error> {
        let frames = frames.max(1);
        let (people, left_out) = faces::people(analyser, manifest, images, subjects, frames)?;
        if people.len() < 2 {
            return Err(Error::new(
                ErrorKind::TooFew,
                format!(
                    "{} subjects have {} pictures with a face; a stress test needs two at least, a hundred to say anything",
                    people.len(),
                    ["two", "three"][least_probes(frames) - 1],
                ),
            ));
        }
        Ok(Self {
            people,
            frames,
            one_photograph: false,
            left_out,
        })
    }

    /// The same set with all frames of a person taken of one photograph.
    pub fn of_one_photograph(mut self) -> Self {
        self.people.iter_mut().for_each(Person::keep_one);
        self.one_photograph = true;
        self
    }

    /// How many subjects there are.
    pub fn subjects(&self) -> usize {
        self.people.len()
    }

    /// How many photographs are looked at under each value of each condition.
    pub fn photographs_a_level(&self) -> usize {
        self.people.len() * self.frames
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
        let seen = self.look(analyser, &levels, treatment, done)?;
        let mut samples = Vec::new();
        let mut points = Vec::new();
        let mut missed = Vec::new();
        let each = self.frames * self.people.len();
        for (&(condition, value, _), frames) in levels.iter().zip(seen.chunks(each)) {
            let first = &frames[..self.people.len()];
            let mut point = self.point(value, first, thresholds, bootstrap);
            if self.frames > 1 {
                let (fusion, of_level) = self.fusion(frames, thresholds);
                point.fusion = Some(fusion);
                missed.push(of_level);
            }
            points.push(point);
            if condition != usize::MAX {
                samples.extend(self.samples(conditions[condition].name, value, first));
            }
        }
        let mut points = points.into_iter();
        let base = points
            .next()
            .ok_or_else(|| Error::new(ErrorKind::Output, "nothing was measured"))?;
        // Without the base, which isn't of any condition.
        let missed: Vec<&Missed> = missed.iter().skip(1).collect();
        let gain = |of: &[&Missed]| (!of.is_empty()).then(|| FusionGain::over(of));
        let mut of_curve = missed.iter().copied();
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
                gain: gain(&of_curve.by_ref().take(c.values.len()).collect::<Vec<_>>()),
            })
            .collect();
        let stress = Stress {
            subjects: self.people.len(),
            left_out: self.left_out,
            calibration: calibration.name().to_owned(),
            fmr: STRESS_FALSE_MATCH_RATES,
            thresholds,
            base,
            curves,
            frames: (self.frames > 1).then_some(self.frames),
            gain: gain(&missed),
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
        let person = &self.people[0];
        let shots = condition.values.iter();
        shots
            .map(|&v| Ok(person.photograph(&condition.at(v), 0)?.0))
            .collect()
    }

    /// All levels one after another, each with all frames, each with all people
    /// in order.
    fn look(
        &self,
        analyser: &Analyser,
        levels: &[(usize, f32, Conditions)],
        treatment: Treatment,
        done: impl Fn() + Sync,
    ) -> Result<Vec<Option<Seen>>, Error> {
        let people = self.people.len();
        let tasks = levels.len() * self.frames * people;
        let parts = on_every_core(
            tasks,
            || (Worker::new(), Vec::new()),
            |(worker, own), task| {
                let person = &self.people[task % people];
                let frame = task / people % self.frames;
                let (_, _, conditions) = &levels[task / people / self.frames];
                let seen = person.look(analyser, conditions, treatment, frame, worker);
                own.push((task, seen));
                done();
            },
        );
        let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
        all.sort_by_key(|(task, _)| *task);
        all.into_iter().map(|(_, seen)| seen).collect()
    }

    fn fusion(&self, frames: &[Option<Seen>], thresholds: [f32; 2]) -> (Fusion, Missed) {
        let count = self.people.len();
        let references: Vec<&Template> = self.people.iter().map(|p| &p.reference).collect();
        let of_person =
            |i: usize| (0..self.frames).map(move |frame| frames[frame * count + i].as_ref());
        let people: Vec<Vec<Option<&Seen>>> = (0..count).map(|i| of_person(i).collect()).collect();
        let level = Level {
            references: &references,
            people: &people,
            thresholds,
        };
        level.measure(&Gate::default())
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
            .people
            .iter()
            .zip(seen)
            .filter_map(|(person, seen)| Some((person.subject, seen.as_ref()?)))
            .collect();
        let acquired = own.len() as u64;
        let mated: Vec<f32> = self.mated(seen).map(|(_, _, score)| score).collect();
        let below = thresholds.map(|t| mated.iter().filter(|s| **s < t).count() as u64);
        let scores = self.scores(&own, thresholds);
        let gate = Gate::default();
        let refused = own.iter().filter(|(_, s)| !gate.passes(&s.quality));
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
            fusion: None,
        }
    }

    /// Every probe that was acquired against every reference; none if there is
    /// nothing of either kind to compare.
    fn scores(&self, own: &[(u32, &Seen)], thresholds: [f32; 2]) -> Option<Scores> {
        let probes: Vec<u32> = own.iter().map(|(s, _)| *s).collect();
        let references: Vec<u32> = self.people.iter().map(|p| p.subject).collect();
        let count = references.iter().max().map_or(0, |s| *s as usize + 1);
        let score = |i: usize, j: usize| {
            let reference = &self.people[j].reference;
            own[i].1.template.compare(reference).map_or(-1.0, |s| s.0)
        };
        Scores::between(&probes, &references, count, Some(thresholds[0]), score).ok()
    }

    fn mated<'a>(
        &'a self,
        seen: &'a [Option<Seen>],
    ) -> impl Iterator<Item = (&'a Person, &'a Seen, f32)> {
        self.people.iter().zip(seen).filter_map(|(person, seen)| {
            let seen = seen.as_ref()?;
            let score = seen.template.compare(&person.reference)?;
            Some((person, seen, score.0))
        })
    }

    fn samples(&self, condition: &str, value: f32, seen: &[Option<Seen>]) -> Vec<Sample> {
        self.mated(seen)
            .map(|(person, seen, mated)| Sample {
                condition: condition.to_owned(),
                value,
                subject: person.subject,
                mated,
                quality: seen.quality,
                unified: seen.quality.unified(),
            })
            .collect()
    }
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}
