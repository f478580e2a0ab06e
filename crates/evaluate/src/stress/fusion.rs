//! Several frames of one person: what one of them gives, what the best shot
//! gives, and what all of them give, fused as a lane fuses them.
//!
//! A lane fuses what passes its quality gate. So that the gate's doing isn't
//! taken for the fusion's, each way is measured with the gate and without.

use rowcall_face::{Gate, Template};
use rowcall_template::danger::Unguarded as _;
use serde::Serialize;

use super::faces::Seen;
use crate::{Paired, Proportion};

/// Ways to compare the frames of one condition's level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fusion {
    /// With every frame in which the face was found.
    pub found: Ways,
    /// With the frames that a lane would compare: those that pass the quality
    /// gate, and those of the second look only if no other passes. A person of
    /// whom none passes is missed.
    pub fit: Ways,
}

/// Error rates of each way, as fractions. Each way but the first has one probe a
/// person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ways {
    /// One frame alone, the mean over all frames.
    pub single: Single,
    /// The best shot alone: that of the greatest [`rowcall_face::Quality::weight`].
    pub best: Way,
    /// All fused, each counting the same.
    pub even: Way,
    /// All fused by their weights, as a lane does it.
    pub fused: Way,
}

/// Error rates of single frames. A person's frames aren't independent, so that
/// no interval is given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Single {
    /// The share of frames that can't be compared or lie below each threshold.
    pub missed: [f64; 2],
    /// The share of strangers at or above each threshold; none without
    /// comparisons.
    pub fmr: [Option<f64>; 2],
}

/// Error rates of one probe a person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Way {
    /// Nothing to compare, or below each threshold, of all people.
    pub missed: [Proportion; 2],
    /// The share of strangers at or above each threshold; none without
    /// comparisons.
    pub fmr: [Option<f64>; 2],
}

/// What fusion changes, person by person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FusionGain {
    /// With every frame in which the face was found.
    pub found: Gain,
    /// With the frames that a lane would compare.
    pub fit: Gain,
}

/// What fusion by weights changes against another way, at each threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gain {
    /// Against the best shot alone.
    pub over_best: [Paired; 2],
    /// Against fusion without weights: what the weights are worth.
    pub over_even: [Paired; 2],
}

/// The frames of one level.
pub(super) struct Level<'a> {
    /// Of each person.
    pub(super) references: &'a [&'a Template],
    /// What was seen in each frame of each person, as many frames of each.
    pub(super) people: &'a [Vec<Option<&'a Seen>>],
    pub(super) thresholds: [f32; 2],
}

/// Whom each way missed at each threshold, in the order of people.
pub(super) struct Missed {
    found: MissedBy,
    fit: MissedBy,
}

struct MissedBy {
    best: Vec<[bool; 2]>,
    even: Vec<[bool; 2]>,
    fused: Vec<[bool; 2]>,
}

/// A gate that lets everything pass.
const OPEN: Gate = Gate {
    inter_eye_distance: 0.0,
    yaw: 180.0,
    pitch: 180.0,
    unified: 0.0,
    lets_hidden_pass: true,
};

impl<'a> Level<'a> {
    pub(super) fn measure(&self, gate: &Gate) -> (Fusion, Missed) {
        let all = |frames: &Vec<Option<&'a Seen>>| frames.iter().flatten().copied().collect();
        let found: Vec<Vec<&'a Seen>> = self.people.iter().map(all).collect();
        let of_lane: Vec<Vec<&'a Seen>> = found.iter().map(|own| as_a_lane(own, gate)).collect();
        let (found, missed_found) = self.ways(&found, &OPEN);
        let (fit, missed_fit) = self.ways(&of_lane, gate);
        let missed = Missed {
            found: missed_found,
            fit: missed_fit,
        };
        (Fusion { found, fit }, missed)
    }

    fn ways(&self, shots: &[Vec<&'a Seen>], gate: &Gate) -> (Ways, MissedBy) {
        let fit: Vec<Vec<&Seen>> = shots.iter().map(|own| passing(own, gate)).collect();
        let best = |own: &Vec<&'a Seen>| {
            let by_weight = |a: &&Seen, b: &&Seen| {
                let (a, b) = (a.quality.weight(), b.quality.weight());
                a.total_cmp(&b)
            };
            own.iter().copied().max_by(by_weight).map(|s| &s.template)
        };
        let best: Vec<Option<&Template>> = fit.iter().map(best).collect();
        let evenly = |own: &Vec<&Seen>| Template::fuse(own.iter().map(|s| (&s.template, 1.0)));
        let even: Vec<Option<Template>> = fit.iter().map(evenly).collect();
        let by_weight = |own: &Vec<&Seen>| {
            Template::fuse(gate.weigh(own.iter().map(|s| (&s.template, &s.quality))))
        };
        let fused: Vec<Option<Template>> = shots.iter().map(by_weight).collect();
        let counts = [
            self.count(&best),
            self.count(&borrowed(&even)),
            self.count(&borrowed(&fused)),
        ];
        let [best, even, fused] = counts.each_ref().map(Count::way);
        let ways = Ways {
            single: self.single(gate),
            best,
            even,
            fused,
        };
        let [best, even, fused] = counts.map(|c| c.missed);
        (ways, MissedBy { best, even, fused })
    }

    fn single(&self, gate: &Gate) -> Single {
        let mut sum = Count::default();
        for frame in 0..self.people.first().map_or(0, Vec::len) {
            let shown = self.people.iter().map(|frames| {
                let seen = frames[frame].filter(|s| gate.passes(&s.quality))?;
                Some(&seen.template)
            });
            sum.add(self.count(&shown.collect::<Vec<_>>()));
        }
        Single {
            missed: sum.way().missed.map(|p| p.rate.unwrap_or(0.0)),
            fmr: sum.fmr(),
        }
    }

    /// Each probe against every reference.
    fn count(&self, probes: &[Option<&Template>]) -> Count {
        let mut count = Count::default();
        for (i, probe) in probes.iter().enumerate() {
            let mut missed = [true; 2];
            for (j, reference) in self.references.iter().enumerate() {
                let Some(score) = probe.and_then(|p| p.compare(reference)) else {
                    continue;
                };
                let reached = self.thresholds.map(|t| score.0 >= t);
                if i == j {
                    missed = reached.map(|r| !r);
                } else {
                    count.strangers += 1;
                    let of = count.alike.iter_mut().zip(reached);
                    of.for_each(|(k, r)| *k += u64::from(r));
                }
            }
            count.missed.push(missed);
        }
        count
    }
}

/// A second look is taken of a seat of which no frame has a face that passes.
fn as_a_lane<'a>(own: &[&'a Seen], gate: &Gate) -> Vec<&'a Seen> {
    let is_enough = own.iter().any(|s| !s.is_second && gate.passes(&s.quality));
    let looked_at = own.iter().filter(|s| !(is_enough && s.is_second));
    looked_at.copied().collect()
}

fn passing<'a>(own: &[&'a Seen], gate: &Gate) -> Vec<&'a Seen> {
    let fit = own.iter().filter(|s| gate.passes(&s.quality));
    fit.copied().collect()
}

fn borrowed(probes: &[Option<Template>]) -> Vec<Option<&Template>> {
    probes.iter().map(Option::as_ref).collect()
}

#[derive(Default)]
struct Count {
    missed: Vec<[bool; 2]>,
    /// Comparisons with strangers, and how many reached each threshold.
    strangers: u64,
    alike: [u64; 2],
}

impl Count {
    fn add(&mut self, other: Self) {
        self.missed.extend(other.missed);
        self.strangers += other.strangers;
        let of = self.alike.iter_mut().zip(other.alike);
        of.for_each(|(k, more)| *k += more);
    }

    fn way(&self) -> Way {
        let missed = [0, 1].map(|t| {
            let k = self.missed.iter().filter(|m| m[t]).count();
            Proportion::of(k as u64, self.missed.len() as u64)
        });
        let fmr = self.fmr();
        Way { missed, fmr }
    }

    fn fmr(&self) -> [Option<f64>; 2] {
        let any = self.strangers > 0;
        self.alike
            .map(|k| any.then(|| k as f64 / self.strangers as f64))
    }
}

impl FusionGain {
    /// Over all these levels, each with the same people.
    pub(super) fn over(levels: &[&Missed]) -> Self {
        let gain = |of: fn(&Missed) -> &MissedBy| Gain {
            over_best: paired(levels, |m| &of(m).best, |m| &of(m).fused),
            over_even: paired(levels, |m| &of(m).even, |m| &of(m).fused),
        };
        Self {
            found: gain(|m| &m.found),
            fit: gain(|m| &m.fit),
        }
    }
}

fn paired<'a>(
    levels: &[&'a Missed],
    old: impl Fn(&'a Missed) -> &'a Vec<[bool; 2]>,
    new: impl Fn(&'a Missed) -> &'a Vec<[bool; 2]>,
) -> [Paired; 2] {
    let people = levels.first().map_or(0, |m| old(m).len());
    [0, 1].map(|t| {
        Paired::of((0..people).map(|i| {
            let both = levels.iter().map(|m| (old(m)[i][t], new(m)[i][t]));
            let of = |a: bool, b: bool| both.clone().filter(|&pair| pair == (a, b)).count() as u64;
            (of(true, false), of(false, true))
        }))
    })
}

#[cfg(test)]
mod tests;
