//! What of the counts may be looked at.
//!
//! A number is shown only if at least [`LEAST_VEHICLES`] vehicles are in it, and
//! (where it tells of officers) [`LEAST_OFFICERS`] officers. That alone would
//! not do: a number that is hidden can be worked out from others that are
//! shown, as a total less its parts. So the shown numbers are looked at as
//! linear equations over the cells; as long as a hidden number, a cell of too
//! few vehicles, or what is left of a total, follows from them, another number
//! is hidden too, seats before cameras, rows and the total (complementary
//! suppression; Cox 1980, *Suppression methodology and statistical disclosure
//! control*).
//!
//! A second way round it are two tables of overlapping times. [`table`] is for
//! one whole day, made once when it is over; what covers more time adds up what
//! those days *show* ([`add_up`]). While a day lasts only its periods are shown,
//! each of which has vehicles enough.

mod bars;
pub(crate) mod least;
mod span;

use crate::counts::Counts;
use crate::interval::{Interval, by_vehicle};
use crate::outcome::{Camera, Place, Row, Stage};
use crate::period::{Cell, Period};
use rowcall_words::seat::Side;
use serde::Serialize;
use span::{Span, Sum};
use std::collections::{BTreeMap, BTreeSet};

pub use bars::{Bar, bars};
pub use least::{LEAST_OFFICERS, LEAST_VEHICLES, enough};

/// What a number of a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// One period, by its place in the day. It was shown while the day lasted,
    /// so it is hidden only where too few of its vehicles came to the stage.
    Period(usize),
    /// The whole day.
    Day,
    /// A row.
    Row(Row),
    /// A camera.
    Camera(Camera),
    /// A seat.
    Seat(Row, Side),
}

/// A rate that may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// The counts behind it.
    pub counts: Counts,
    /// Of people.
    pub rate: f64,
    /// At 95 %, vehicles being the trials ([`by_vehicle`]).
    pub interval: Interval,
}

/// One number of a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What about.
    pub group: Group,
    /// Which of the three rates.
    pub stage: Stage,
    /// The rate; `None` where it is hidden.
    pub rate: Option<Rate>,
}

/// The table of one day that is over: the periods that ended in it, all of one
/// series. Made once: a table of a part of the day beside it would give away
/// what happened in between.
pub fn table(day: &[Period]) -> Vec<Line> {
    let layers = Stage::ALL.map(|stage| Layer::of(day, stage));
    let shown = suppress(&layers);
    layers
        .iter()
        .flat_map(|layer| layer.lines(&shown))
        .collect()
}

/// What may be shown of a day that is not over: its periods, over all seats.
/// They are in the day's table as they are here.
pub fn periods(day: &[Period]) -> Vec<Line> {
    let is_period = |line: &Line| matches!(line.group, Group::Period(_));
    let layers = Stage::ALL.map(|stage| Layer::of(day, stage));
    let shown = large(&layers);
    let lines = layers.iter().flat_map(|layer| layer.lines(&shown));
    lines.filter(is_period).collect()
}

/// Adds up what tables show; what one of them hides is in no sum. Only groups
/// that mean the same in each of them are added up, which periods do not.
pub fn add_up<'a>(tables: impl IntoIterator<Item = &'a [Line]>) -> Vec<Line> {
    let mut sums: BTreeMap<(Stage, Group), Option<Counts>> = BTreeMap::new();
    for line in tables.into_iter().flatten() {
        if !matches!(line.group, Group::Period(_)) {
            let sum = sums.entry((line.stage, line.group)).or_default();
            if let Some(rate) = line.rate {
                *sum.get_or_insert_default() += rate.counts;
            }
        }
    }
    let line = |((stage, group), counts): (_, Option<Counts>)| Line {
        group,
        stage,
        rate: counts.and_then(rate),
    };
    sums.into_iter().map(line).collect()
}

fn rate(counts: Counts) -> Option<Rate> {
    Some(Rate {
        rate: counts.rate()?,
        interval: by_vehicle(&counts, 0.95),
        counts,
    })
}

/// One cell of one period.
struct Base {
    period: usize,
    place: Place,
    counts: Counts,
}

/// One stage's cells and their groups.
struct Layer {
    stage: Stage,
    base: Vec<Base>,
    groups: BTreeMap<Group, Sum>,
}

impl Layer {
    fn of(day: &[Period], stage: Stage) -> Self {
        let base: Vec<Base> = day
            .iter()
            .enumerate()
            .flat_map(|(period, of)| {
                let cells = of.cells.iter().filter(|cell| cell.stage == stage);
                cells.map(move |&Cell { place, counts, .. }| Base {
                    period,
                    place,
                    counts,
                })
            })
            .collect();
        let mut groups: BTreeMap<Group, Sum> = BTreeMap::new();
        for (at, cell) in base.iter().enumerate() {
            let Place { row, side, camera } = cell.place;
            for group in [
                Group::Period(cell.period),
                Group::Day,
                Group::Row(row),
                Group::Camera(camera),
                Group::Seat(row, side),
            ] {
                groups.entry(group).or_default().insert(at);
            }
        }
        Self {
            stage,
            base,
            groups,
        }
    }

    fn lines<'a>(&'a self, shown: &'a BTreeSet<Group>) -> impl Iterator<Item = Line> + 'a {
        self.groups.iter().map(|(group, cells)| {
            let mut counts = Counts::default();
            for &at in cells {
                counts += self.base[at].counts;
            }
            // People in several seats of one vehicle are one vehicle.
            counts.vehicles = self.vehicles(cells);
            Line {
                group: *group,
                stage: self.stage,
                rate: rate(counts).filter(|_| shown.contains(group)),
            }
        })
    }

    /// How many different vehicles are in the cells at least: those of a
    /// period's fullest one. Vehicles of different periods are different.
    fn vehicles(&self, cells: &Sum) -> u32 {
        let mut fullest: BTreeMap<usize, u32> = BTreeMap::new();
        for &at in cells {
            let of = fullest.entry(self.base[at].period).or_default();
            *of = (*of).max(self.base[at].counts.vehicles);
        }
        fullest.values().sum()
    }

    fn is_large(&self, cells: &Sum) -> bool {
        enough(self.vehicles(cells), None)
    }

    /// A secret that follows from the shown groups, as the groups of which it is
    /// made; `None` if none does.
    fn told(&self, shown: &BTreeSet<Group>) -> Option<Vec<Group>> {
        let of = |group: &Group| Some((*group, self.groups.get(group)?));
        let shown_here: Vec<_> = shown.iter().filter_map(of).collect();
        let span = Span::of(self.base.len(), shown_here.iter().map(|(_, sum)| *sum));
        let parts = |secret: Sum| span.parts(&secret);
        let parts = self.secrets(shown).into_iter().find_map(parts)?;
        Some(
            parts
                .into_iter()
                .map(|number| shown_here[number].0)
                .collect(),
        )
    }

    /// What must not follow from the shown groups: cells of too few vehicles,
    /// hidden groups of such, and of such what is left of the day outside a
    /// kind's shown groups.
    fn secrets(&self, shown: &BTreeSet<Group>) -> Vec<Sum> {
        let cells = (0..self.base.len()).map(|at| Sum::from([at]));
        let hidden = || {
            self.groups
                .iter()
                .filter(|(group, _)| !shown.contains(group))
        };
        let mut rest: BTreeMap<u8, Sum> = BTreeMap::new();
        for (group, cells) in hidden() {
            let kind = match group {
                Group::Period(_) | Group::Day => continue,
                Group::Row(_) => 0,
                Group::Camera(_) => 1,
                Group::Seat(..) => 2,
            };
            rest.entry(kind).or_default().extend(cells);
        }
        cells
            .chain(hidden().map(|(_, cells)| cells.clone()))
            .chain(rest.into_values())
            .filter(|cells| !self.is_large(cells))
            .collect()
    }
}

/// The groups that have vehicles enough at every stage that anybody came to.
fn large(layers: &[Layer]) -> BTreeSet<Group> {
    let groups = layers.iter().flat_map(|layer| layer.groups.keys());
    let is_large = |group: &&Group| {
        let mut of = layers
            .iter()
            .filter_map(|l| Some((l, l.groups.get(group)?)));
        of.all(|(layer, cells)| layer.is_large(cells))
    };
    groups.filter(is_large).copied().collect()
}

/// The groups that may be shown: the same ones at every stage, because who
/// passed one stage is who came to the next, so that a group which is hidden at
/// one stage alone could be read from the two beside it.
fn suppress(layers: &[Layer]) -> BTreeSet<Group> {
    let mut shown = large(layers);
    while let Some(parts) = layers.iter().find_map(|layer| layer.told(&shown)) {
        // Periods are disjoint and large: nothing small follows from them alone.
        let can_go = |group: &&Group| !matches!(group, Group::Period(_));
        let Some(least_telling) = parts.iter().filter(can_go).max() else {
            break;
        };
        shown.remove(least_telling);
    }
    shown
}

#[cfg(test)]
mod tests;
