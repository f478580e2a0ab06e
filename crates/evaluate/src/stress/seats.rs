//! One person on one seat: whether the sightings of a seat are told apart when
//! they are two people's, and left together when they are one's.
//!
//! A seat is made of the frames of one person under one condition, and mixed by
//! exchanging some of them for another's. What a lane would do with it is asked of
//! the same code: the quality gate, [`Parting`], the threshold.

use rowcall_face::{Calibration, Gate, Template};
use rowcall_template::{comparison::Parting, danger::Unguarded as _};
use serde::Serialize;

use super::{Condition, StressSet, Treatment, base, faces::Seen};
use crate::{Error, Proportion};

/// What of seats was referred, and what of mixtures confirmed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeatsReport {
    /// People.
    pub people: usize,
    /// Frames a seat.
    pub frames: usize,
    /// Whether all frames of a seat come from one photograph, as a lane's come from
    /// one minute; otherwise from photographs of different days.
    pub one_photograph: bool,
    /// The score below which a lane takes two parts of a seat for two people.
    pub threshold: f32,
    /// In all conditions.
    pub total: SeatsLevel,
    /// By condition and value.
    pub levels: Vec<SeatsLevel>,
    /// What other thresholds would do.
    pub curve: Vec<SeatsPoint>,
    /// Seconds of wall time.
    pub seconds: f64,
}

/// The seats of one condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SeatsLevel {
    /// The condition; empty for all.
    pub condition: String,
    /// Its value.
    pub value: f32,
    /// Honest seats with two fit frames at least that were referred.
    pub honest_referred: Proportion,
    /// Mixtures by how many of the fit frames are the stranger's, one first: those
    /// that were taken for one person.
    pub mixed_unseen: Vec<Proportion>,
    /// Of all mixtures, those that were taken for one person and confirmed with the
    /// portrait of either.
    pub mixed_confirmed: Proportion,
    /// What was confirmed before sightings were compared among themselves.
    pub mixed_confirmed_by_place_alone: Proportion,
}

/// A threshold and what it does in all conditions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SeatsPoint {
    /// Parts less alike than this are two people.
    pub threshold: f32,
    /// Honest seats referred.
    pub honest_referred: Proportion,
    /// Mixtures taken for one person.
    pub mixed_unseen: Proportion,
    /// Mixtures confirmed.
    pub mixed_confirmed: Proportion,
}

/// A made-up seat, once looked at.
struct Seat {
    level: usize,
    /// How many of the frames that tell people apart are the stranger's; 0 for an honest seat.
    strangers: usize,
    /// How alike its parts are.
    agreement: f32,
    /// Whether the fused probe reaches either portrait.
    reaches: bool,
}

const CURVE: [f32; 11] = [
    0.15, 0.20, 0.25, 0.30, 0.325, 0.35, 0.375, 0.40, 0.45, 0.50, 0.55,
];

impl StressSet {
    /// Makes honest and mixed seats of all people under each level, on every core;
    /// `done` is called after each photograph. `fmr` is that of a single
    /// comparison.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Inference`] or [`crate::ErrorKind::Output`], faults of ours.
    pub fn seats(
        &self,
        analyser: &rowcall_face::Analyser,
        calibration: &Calibration,
        conditions: &[(&'static Condition, f32)],
        fmr: f64,
        done: impl Fn() + Sync,
    ) -> Result<SeatsReport, Error> {
        let levels: Vec<_> = std::iter::once((usize::MAX, 0.0, base()))
            .chain(
                conditions
                    .iter()
                    .enumerate()
                    .map(|(i, (c, v))| (i, *v, c.at(*v))),
            )
            .collect();
        let treatment = Treatment {
            second_look: true,
            ..Treatment::default()
        };
        let seen = self.look(analyser, &levels, treatment, done)?;
        let each = self.frames * self.people.len();
        let least = calibration.threshold(fmr).score.0;
        let mut seats = Vec::new();
        for (level, frames) in seen.chunks(each).enumerate() {
            self.of_level(level, frames, least, &mut seats);
        }
        let threshold = calibration.one_person().0;
        let name = |level: usize| match levels[level].0 {
            usize::MAX => ("base".to_owned(), 0.0),
            i => (conditions[i].0.name.to_owned(), conditions[i].1),
        };
        let of = |level: Option<usize>| {
            let own = seats.iter().filter(|s| level.is_none_or(|l| s.level == l));
            let (condition, value) = level.map(name).unwrap_or_default();
            summary(
                &own.collect::<Vec<_>>(),
                condition,
                value,
                threshold,
                self.frames,
            )
        };
        Ok(SeatsReport {
            people: self.people.len(),
            frames: self.frames,
            one_photograph: self.one_photograph,
            threshold,
            total: of(None),
            levels: (0..levels.len()).map(|l| of(Some(l))).collect(),
            curve: CURVE.map(|t| point(&seats, t)).to_vec(),
            seconds: 0.0,
        })
    }

    fn of_level(&self, level: usize, frames: &[Option<Seen>], least: f32, seats: &mut Vec<Seat>) {
        let gate = Gate::default();
        let count = self.people.len();
        // Whether a frame of the second look counts is a lane's decision by seat;
        // those that pass are taken as fit here.
        let telling = gate.but_for_covers();
        let seen = |person: usize, frame: usize| {
            let seen = frames[frame * count + person].as_ref();
            seen.filter(|s| telling.passes(&s.quality))
        };
        let is_fit = |s: &&Seen| gate.passes(&s.quality);
        for person in 0..count {
            for stranger in 0..count {
                // The first frames are the stranger's: the vehicle before, a swap.
                let shares = if stranger == person {
                    0..1
                } else {
                    1..self.frames
                };
                for share in shares {
                    let strangers: Vec<&Seen> =
                        (0..share).filter_map(|f| seen(stranger, f)).collect();
                    let own: Vec<&Seen> = (share..self.frames)
                        .filter_map(|f| seen(person, f))
                        .collect();
                    // Somebody must be fit to be confirmed, and the other be seen.
                    if !own.iter().any(is_fit) || (stranger != person && strangers.is_empty()) {
                        continue;
                    }
                    let all: Vec<&Seen> = strangers.iter().chain(&own).copied().collect();
                    let portraits = [person, stranger].map(|p| &self.people[p].reference);
                    seats.extend(seat(level, strangers.len(), &all, portraits, least, &gate));
                }
            }
        }
    }
}

/// `None` for fewer than two sightings: there is nothing to compare.
fn seat(
    level: usize,
    strangers: usize,
    all: &[&Seen],
    portraits: [&Template; 2],
    least: f32,
    gate: &Gate,
) -> Option<Seat> {
    let weighed: Vec<(&Template, f32)> = all
        .iter()
        .map(|s| (&s.template, s.quality.weight()))
        .collect();
    let parting = Parting::of(&weighed)?;
    let fused = Template::fuse(gate.weigh(all.iter().map(|s| (&s.template, &s.quality))))?;
    let reaches = |p: &&Template| fused.compare(p).is_some_and(|s| s.0 >= least);
    Some(Seat {
        level,
        strangers,
        agreement: parting.agreement.0,
        reaches: portraits.iter().any(reaches),
    })
}

fn share(of: &[&Seat], holds: impl Fn(&Seat) -> bool) -> Proportion {
    let k = of.iter().filter(|s| holds(s)).count();
    Proportion::of(k as u64, of.len() as u64)
}

fn summary(
    seats: &[&Seat],
    condition: String,
    value: f32,
    threshold: f32,
    frames: usize,
) -> SeatsLevel {
    let of = |is: &dyn Fn(&Seat) -> bool| -> Vec<&Seat> {
        seats.iter().copied().filter(|s| is(s)).collect()
    };
    let mixed = of(&|s| s.strangers > 0);
    let unseen = |s: &Seat| s.agreement >= threshold;
    SeatsLevel {
        condition,
        value,
        honest_referred: share(&of(&|s| s.strangers == 0), |s| !unseen(s)),
        mixed_unseen: (1..frames)
            .map(|k| share(&of(&|s| s.strangers == k), unseen))
            .collect(),
        mixed_confirmed: share(&mixed, |s| unseen(s) && s.reaches),
        mixed_confirmed_by_place_alone: share(&mixed, |s| s.reaches),
    }
}

fn point(seats: &[Seat], threshold: f32) -> SeatsPoint {
    let (honest, mixed): (Vec<&Seat>, Vec<&Seat>) = seats.iter().partition(|s| s.strangers == 0);
    let unseen = |s: &Seat| s.agreement >= threshold;
    SeatsPoint {
        threshold,
        honest_referred: share(&honest, |s| !unseen(s)),
        mixed_unseen: share(&mixed, unseen),
        mixed_confirmed: share(&mixed, |s| unseen(s) && s.reaches),
    }
}
