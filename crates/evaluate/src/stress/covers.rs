//! Something worn before the face, in the lane, on the document's portrait, or on
//! both: how many people are missed, and how many strangers become alike.

use rowcall_face::{
    Analyser, Calibration, Gate, Image, PortraitDefect, PortraitGate, PortraitView, Quality, Score,
    Template, Worker,
};
use rowcall_template::danger::{Role as _, Unguarded as _};
use serde::Serialize;

use super::{COVERS_WORN, Condition, STRESS_FALSE_MATCH_RATES, StressSet, Treatment, faces};
use crate::{Bootstrap, Error, ErrorKind, Interval, Proportion, Scores, scores::on_every_core};

/// Error rates with covers on either side. Rates are fractions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Covers {
    /// People with a portrait and a probe.
    pub subjects: usize,
    /// The calibration whose thresholds are used.
    pub calibration: String,
    /// The false match rates of the clean calibration ...
    pub fmr: [f64; 2],
    /// ... and their thresholds.
    pub thresholds: [f32; 2],
    /// A cover each, its levels from nothing to the most.
    pub curves: Vec<CoverCurve>,
    /// From start to end; left 0 for the caller's clock.
    pub seconds: f64,
}

/// One cover.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverCurve {
    /// Its name on the command line.
    pub name: &'static str,
    /// In words.
    pub title: &'static str,
    /// What varies.
    pub parameter: &'static str,
    /// Where its range comes from.
    pub source: &'static str,
    /// A level and the sides that it is worn on.
    pub levels: Vec<CoverLevel>,
}

/// One level of a cover, worn on some sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoverLevel {
    /// The value of what varies.
    pub value: f32,
    /// Where it is worn.
    pub worn: Worn,
    /// With the gates as they ship.
    pub gated: Compared,
    /// With gates that let hidden eyes and mouths pass, and are the same otherwise.
    pub hidden_passes: Compared,
}

/// On which side of a comparison a cover is worn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worn {
    /// On neither.
    Nowhere,
    /// Before the camera alone.
    InTheLane,
    /// On the document's portrait alone.
    OnThePortrait,
    /// On both.
    OnBoth,
}

/// What comparing everybody with everybody's portrait gives, at each threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Probes that aren't compared: no face found, or refused by the gate.
    pub probes_refused: Proportion,
    /// Portraits that aren't compared with, likewise.
    pub portraits_refused: Proportion,
    /// People whom their own document doesn't confirm, for whatever reason.
    pub missed: [Proportion; 2],
    /// Comparisons of strangers.
    pub strangers: u64,
    /// Those at or above each threshold.
    pub false_matches: [u64; 2],
    /// Their share, and its 95 % interval by a bootstrap over people: comparisons
    /// that share somebody aren't independent. None without comparisons.
    pub fmr: [Option<(f64, Interval)>; 2],
}

/// What everybody shows on the one side and on the other: portraits first, then
/// probes; none where no face was found.
type BothSides = (Vec<Option<Side>>, Vec<Option<Side>>);

/// One side of somebody's comparisons.
struct Side {
    template: Template,
    passes: bool,
    passes_hidden: bool,
}

impl StressSet {
    /// How many pictures [`StressSet::covers`] looks at.
    pub fn pictures_of_covers(&self) -> usize {
        let levels: usize = COVERS_WORN.iter().map(|c| c.values.len()).sum();
        2 * self.people.len() * levels
    }

    /// Puts every cover of [`COVERS_WORN`] on everybody's portrait and probe, on
    /// every core; `done` is called after each picture. The first value of a cover is
    /// none.
    ///
    /// # Errors
    /// [`ErrorKind::Inference`] or [`ErrorKind::Output`], faults of ours.
    pub fn covers(
        &self,
        analyser: &Analyser,
        calibration: &Calibration,
        bootstrap: Bootstrap,
        done: impl Fn() + Sync,
    ) -> Result<Covers, Error> {
        let thresholds = STRESS_FALSE_MATCH_RATES.map(|fmr| calibration.threshold(fmr).score.0);
        let mut curves = Vec::new();
        for condition in &COVERS_WORN {
            let sides = condition.values.iter();
            let sides: Vec<BothSides> = sides
                .map(|&v| self.both_sides(analyser, condition, v, &done))
                .collect::<Result<_, _>>()?;
            let clear = &sides[0];
            let level = |value, worn, probes, portraits| CoverLevel {
                value,
                worn,
                gated: self.compared(probes, portraits, |s| s.passes, thresholds, bootstrap),
                hidden_passes: self.compared(
                    probes,
                    portraits,
                    |s| s.passes_hidden,
                    thresholds,
                    bootstrap,
                ),
            };
            let mut levels = vec![level(
                condition.values[0],
                Worn::Nowhere,
                &clear.0,
                &clear.1,
            )];
            for (&value, worn) in condition.values.iter().zip(&sides).skip(1) {
                levels.push(level(value, Worn::InTheLane, &worn.0, &clear.1));
                levels.push(level(value, Worn::OnThePortrait, &clear.0, &worn.1));
                levels.push(level(value, Worn::OnBoth, &worn.0, &worn.1));
            }
            curves.push(CoverCurve {
                name: condition.name,
                title: condition.title,
                parameter: condition.parameter,
                source: condition.source,
                levels,
            });
        }
        Ok(Covers {
            subjects: self.people.len(),
            calibration: calibration.name().to_owned(),
            fmr: STRESS_FALSE_MATCH_RATES,
            thresholds,
            curves,
            seconds: 0.0,
        })
    }

    /// How the first subject's portrait looks at each value: evaluation material, as
    /// [`StressSet::examples`].
    ///
    /// # Errors
    /// [`ErrorKind::Output`], a fault of ours.
    pub fn portrait_examples(&self, condition: &Condition) -> Result<Vec<image::RgbImage>, Error> {
        let values = condition.values.iter();
        values
            .map(|&v| self.people[0].portrait(&condition.at(v)))
            .collect()
    }

    /// Everybody's probe and portrait at one value.
    fn both_sides(
        &self,
        analyser: &Analyser,
        condition: &Condition,
        value: f32,
        done: &(impl Fn() + Sync),
    ) -> Result<BothSides, Error> {
        let people = self.people.len();
        let conditions = condition.at(value);
        let parts = on_every_core(
            2 * people,
            || (Worker::new(), Vec::new()),
            |(worker, own), task| {
                let person = &self.people[task % people];
                let side = if task < people {
                    probe(analyser, person, &conditions, worker)
                } else {
                    portrait(analyser, person, &conditions, worker)
                };
                own.push((task, side));
                done();
            },
        );
        let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
        all.sort_by_key(|(task, _)| *task);
        let mut probes: Vec<Option<Side>> = all
            .into_iter()
            .map(|(_, side)| side)
            .collect::<Result<_, _>>()?;
        let portraits = probes.split_off(people);
        Ok((probes, portraits))
    }

    fn compared(
        &self,
        probes: &[Option<Side>],
        portraits: &[Option<Side>],
        passes: impl Fn(&Side) -> bool,
        thresholds: [f32; 2],
        bootstrap: Bootstrap,
    ) -> Compared {
        let n = self.people.len() as u64;
        let fit = |sides: &[Option<Side>]| -> Vec<usize> {
            (0..sides.len())
                .filter(|&i| sides[i].as_ref().is_some_and(&passes))
                .collect()
        };
        let (probing, portrayed) = (fit(probes), fit(portraits));
        let score = |i: usize, j: usize| {
            let pair = probes[i].as_ref().zip(portraits[j].as_ref());
            let score = pair.and_then(|(a, b)| a.template.compare(&b.template));
            score.map_or(-1.0, |Score(s)| s)
        };
        let (mut matched, mut false_matches, mut strangers) = ([0; 2], [0; 2], 0);
        for &i in &probing {
            for &j in &portrayed {
                let counts = if i == j {
                    &mut matched
                } else {
                    strangers += 1;
                    &mut false_matches
                };
                let own = score(i, j);
                for (count, threshold) in counts.iter_mut().zip(thresholds) {
                    *count += u64::from(own >= threshold);
                }
            }
        }
        let subjects =
            |own: &[usize]| -> Vec<u32> { own.iter().map(|&i| self.people[i].subject).collect() };
        let (rows, columns) = (subjects(&probing), subjects(&portrayed));
        let count = self.people.iter().map(|p| p.subject as usize + 1).max();
        let scores = Scores::between(
            &rows,
            &columns,
            count.unwrap_or(0),
            Some(thresholds[0]),
            |a, b| score(probing[a], portrayed[b]),
        );
        let fmr = [0, 1].map(|t| {
            let scores = scores.as_ref().ok()?;
            let rate = false_matches[t] as f64 / strangers as f64;
            Some((rate, bootstrap.at(scores, thresholds[t]).0))
        });
        Compared {
            probes_refused: Proportion::of(n - probing.len() as u64, n),
            portraits_refused: Proportion::of(n - portrayed.len() as u64, n),
            missed: matched.map(|k| Proportion::of(n - k, n)),
            strangers,
            false_matches,
            fmr,
        }
    }
}

fn probe(
    analyser: &Analyser,
    person: &faces::Person,
    conditions: &rowcall_simulate::Conditions,
    worker: &Worker,
) -> Result<Option<Side>, Error> {
    let treatment = Treatment {
        second_look: true,
        ..Treatment::default()
    };
    let seen = person.look(analyser, conditions, treatment, 0, worker)?;
    let hidden = Gate {
        lets_hidden_pass: true,
        ..Gate::default()
    };
    Ok(seen.map(|seen| Side {
        passes: Gate::default().passes(&seen.quality),
        passes_hidden: hidden.passes(&seen.quality),
        template: seen.template,
    }))
}

fn portrait(
    analyser: &Analyser,
    person: &faces::Person,
    conditions: &rowcall_simulate::Conditions,
    worker: &Worker,
) -> Result<Option<Side>, Error> {
    let picture = person.portrait(conditions)?;
    let (width, height) = picture.dimensions();
    let image = Image::from_rgb(width, height, picture.into_raw())
        .ok_or_else(|| Error::new(ErrorKind::Output, "a portrait without pixels"))?;
    let found = analyser
        .portrait(&image, worker)
        .map_err(|e| Error::new(ErrorKind::Inference, e.to_string()))?;
    let gate = PortraitGate::default();
    Ok(found.map(|found| Side {
        passes: gate.defects(&found.face.quality, &found.view).is_empty(),
        passes_hidden: passes_hidden(&gate, &found.face.quality, &found.view),
        template: found.face.template.opened(),
    }))
}

/// Whether a portrait would pass if it might have its eyes and mouth hidden.
fn passes_hidden(gate: &PortraitGate, quality: &Quality, view: &PortraitView) -> bool {
    let open = Gate {
        inter_eye_distance: gate.inter_eye_distance,
        yaw: gate.yaw,
        pitch: gate.pitch,
        unified: gate.unified,
        lets_hidden_pass: true,
    };
    let defects = gate.defects(quality, view);
    let of_quality = |d: &PortraitDefect| matches!(d, PortraitDefect::Quality(_));
    open.passes(quality) && defects.iter().all(of_quality)
}
