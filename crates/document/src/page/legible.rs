//! From what the cells of a zone are like to its text: the likeliest one that the
//! fields allow, what of it is in doubt, and whether all of it is there.
//!
//! A check digit lets one guess in ten pass, so it doesn't choose among guesses. What
//! is printed is decided by likeness and by what a field may hold; check digits come
//! after, and decide only between readings that are nearly as likely.

use jiff::civil::Date;

use super::glyphs::{CHARACTERS, Likenesses};
use crate::lds::state;
use crate::mrz::places::{self, Sort};
use crate::mrz::{Mrz, MrzFormat};

/// A cell less like any character than this is covered, or none.
const COVERED: f32 = 0.4;
/// ... and so is one that is by so much less like one than the zone's cells are.
const FAR_BELOW: f32 = 0.35;
/// A character whose runner-up is nearer than this is in doubt.
const DOUBTFUL: f32 = 0.03;
/// An alternative nearer than this may be what is printed, if check digits say so.
const NEAR: f32 = 0.08;
/// A character is one that the field may not hold where it is by so much likelier.
const CONTRADICTS: f32 = 0.15;
/// Alternatives that are weighed together.
const MOST_ALTERNATIVES: usize = 10;
/// Readings less likely than this many others aren't taken for their check digits.
const MOST_GUESSES: usize = 2;

/// A character in a zone, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub row: usize,
    pub column: usize,
}

/// A character that may be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub place: Place,
    pub is: u8,
    pub or: u8,
}

/// What a zone says, as far as it can be read.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// Two or three lines of one length.
    pub lines: Vec<String>,
    /// Read otherwise than they look most like, because check digits say so: what
    /// stands now, and what it looked most like.
    pub repaired: Vec<Doubt>,
    /// Nearly as like another character, and nothing decides.
    pub doubts: Vec<Doubt>,
    /// Covered, blurred or cut off: like no character.
    pub hidden: Vec<Place>,
    /// Every character is much like itself, and like no other.
    pub is_certain: bool,
}

impl Text {
    /// The zone, marked as recognised.
    pub(crate) fn mrz(&self, at: Date) -> Option<Mrz> {
        let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        let repaired = u8::try_from(self.repaired.len()).unwrap_or(u8::MAX);
        Mrz::parse(&lines, at)
            .ok()
            .map(|mrz| mrz.recognised(repaired))
    }

    /// Whether every character is there, and check digits and fields are as they
    /// should be.
    pub(crate) fn is_right(&self, at: Date) -> bool {
        let fits = |mrz: Mrz| mrz.checks().all_right() && mrz.has_code_of_its_layout();
        self.hidden.is_empty() && self.mrz(at).is_some_and(fits)
    }
}

/// The text of cells, line by line; `None` where they make no layout.
pub(super) fn text(cells: &[Vec<Option<Likenesses>>], at: Date) -> Option<Text> {
    let width = cells.first()?.len();
    let first = cells.first()?.first()?.as_ref();
    let is_visa = first.is_some_and(|f| likeness(f, b'V') > best(f, |c| c != b'V').1);
    let format = MrzFormat::of(cells.len(), width, if is_visa { b'V' } else { b'P' })?;
    let mut reading = Reading::of(cells, format);
    let hidden = reading.hidden();
    reading.name_states();
    let repaired = match hidden.is_empty() {
        true => reading.repair(at),
        false => Vec::new(),
    };
    let doubts = reading.doubts(at);
    Some(Text {
        is_certain: hidden.is_empty() && reading.is_certain(),
        lines: reading.lines(),
        repaired,
        doubts,
        hidden,
    })
}

/// A cell and what it is read as.
#[derive(Clone)]
struct Read {
    place: Place,
    likenesses: Option<Likenesses>,
    sort: Sort,
    is: u8,
}

impl Read {
    fn of(place: Place, likenesses: Option<Likenesses>, sort: Sort) -> Self {
        let is = likenesses.map_or(b'<', |likenesses| {
            let all = best(&likenesses, |_| true);
            let allowed = best(&likenesses, |c| sort.allows(c));
            if all.1 - allowed.1 > CONTRADICTS {
                all.0
            } else {
                allowed.0
            }
        });
        Self {
            place,
            likenesses,
            sort,
            is,
        }
    }

    fn likeness(&self) -> f32 {
        self.likenesses.map_or(-1.0, |l| likeness(&l, self.is))
    }

    /// What else the field allows here, and how much less likely it is.
    fn alternatives(&self) -> Vec<(u8, f32)> {
        let Some(likenesses) = &self.likenesses else {
            return Vec::new();
        };
        let own = likeness(likenesses, self.is);
        CHARACTERS
            .iter()
            .filter(|c| **c != self.is && self.sort.allows(**c))
            .map(|c| (*c, own - likeness(likenesses, *c)))
            .filter(|(_, cost)| *cost < NEAR)
            .collect()
    }

    fn runner_up(&self) -> Option<(u8, f32)> {
        let alternatives = self.alternatives().into_iter();
        alternatives.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

struct Reading {
    format: MrzFormat,
    rows: Vec<Vec<Read>>,
}

impl Reading {
    fn of(cells: &[Vec<Option<Likenesses>>], format: MrzFormat) -> Self {
        let cell = |row: usize, (column, likenesses): (usize, &Option<Likenesses>)| {
            let sort = places::sort(format, row, column);
            Read::of(Place { row, column }, *likenesses, sort)
        };
        let row = |(row, cells): (usize, &Vec<Option<Likenesses>>)| {
            let cells = cells.iter().enumerate();
            cells.map(|at| cell(row, at)).collect()
        };
        Self {
            format,
            rows: cells.iter().enumerate().map(row).collect(),
        }
    }

    fn cells(&self) -> impl Iterator<Item = &Read> {
        self.rows.iter().flatten()
    }

    fn lines(&self) -> Vec<String> {
        let row = |row: &Vec<Read>| row.iter().map(|cell| char::from(cell.is)).collect();
        self.rows.iter().map(row).collect()
    }

    fn hidden(&self) -> Vec<Place> {
        let count = self.cells().count().max(1) as f32;
        let mean = self.cells().map(Read::likeness).sum::<f32>() / count;
        let least = COVERED.max(mean - FAR_BELOW);
        let hidden = self.cells().filter(|cell| cell.likeness() < least);
        hidden.map(|cell| cell.place).collect()
    }

    fn is_certain(&self) -> bool {
        let sure = |cell: &Read| cell.runner_up().is_none();
        self.cells().all(sure)
    }

    /// Issuing state and nationality: the likeliest code that exists, unless another
    /// one is by far likelier.
    fn name_states(&mut self) {
        for (row, column) in places::states(self.format) {
            let Some(cells) = self
                .rows
                .get_mut(row)
                .and_then(|r| r.get_mut(column..column + 3))
            else {
                continue;
            };
            let cost = |code: [u8; 3]| -> f32 {
                let pairs = cells.iter().zip(code);
                let lost = |(cell, c): (&Read, u8)| {
                    cell.likenesses
                        .map_or(0.0, |l| cell.likeness() - likeness(&l, c))
                };
                pairs.map(lost).sum()
            };
            let likeliest = state::codes()
                .map(|code| (code, cost(code)))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((code, cost)) = likeliest
                && cost < CONTRADICTS
            {
                for (cell, c) in cells.iter_mut().zip(code) {
                    cell.is = c;
                }
            }
        }
    }

    fn mrz(&self, changes: &[(Place, u8)], at: Date) -> Option<Mrz> {
        let mut lines: Vec<Vec<u8>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.is).collect())
            .collect();
        for (place, c) in changes {
            *lines.get_mut(place.row)?.get_mut(place.column)? = *c;
        }
        let lines: Option<Vec<&str>> = lines
            .iter()
            .map(|line| std::str::from_utf8(line).ok())
            .collect();
        Mrz::parse(&lines?, at).ok()
    }

    /// The alternatives under check digits, the nearest first.
    fn covered_alternatives(&self) -> Vec<(Place, u8, f32)> {
        let mut found: Vec<(Place, u8, f32)> = self
            .cells()
            .filter(|cell| places::is_covered(self.format, cell.place.row, cell.place.column))
            .flat_map(|cell| {
                let alternatives = cell.alternatives().into_iter();
                alternatives.map(|(c, cost)| (cell.place, c, cost))
            })
            .collect();
        found.sort_by(|a, b| a.2.total_cmp(&b.2));
        found.truncate(MOST_ALTERNATIVES);
        found
    }

    /// Readings of up to three other characters, the likeliest first.
    fn other_readings(&self) -> Vec<(Vec<(Place, u8)>, f32)> {
        let near = self.covered_alternatives();
        let mut readings: Vec<(Vec<(Place, u8)>, f32)> = Vec::new();
        for (i, (a, c, cost)) in near.iter().enumerate() {
            readings.push((vec![(*a, *c)], *cost));
            for (j, (b, d, more)) in near.iter().enumerate().skip(i + 1) {
                if a == b {
                    continue;
                }
                readings.push((vec![(*a, *c), (*b, *d)], cost + more));
                for (third, e, most) in near.iter().skip(j + 1) {
                    if third != a && third != b {
                        let three = vec![(*a, *c), (*b, *d), (*third, *e)];
                        readings.push((three, cost + more + most));
                    }
                }
            }
        }
        readings.sort_by(|a, b| a.1.total_cmp(&b.1));
        readings
    }

    /// Takes the likeliest other reading whose check digits are right, where those of
    /// the likeliest are not and hardly any is likelier than it.
    fn repair(&mut self, at: Date) -> Vec<Doubt> {
        let is_right = |mrz: &Mrz| mrz.checks().all_right();
        if self.mrz(&[], at).is_none_or(|mrz| is_right(&mrz)) {
            return Vec::new();
        }
        let likeliest = self.other_readings().into_iter().take(MOST_GUESSES);
        let right = likeliest
            .map(|(changes, _)| changes)
            .find(|changes| self.mrz(changes, at).is_some_and(|mrz| is_right(&mrz)));
        let mut repaired = Vec::new();
        for (place, c) in right.unwrap_or_default() {
            let cell = &mut self.rows[place.row][place.column];
            repaired.push(Doubt {
                place,
                is: c,
                or: cell.is,
            });
            cell.is = c;
        }
        repaired
    }

    /// Characters that may be others, and nothing decides: no check digit covers
    /// them, or another reading's check digits are right, too.
    fn doubts(&self, at: Date) -> Vec<Doubt> {
        let near = |cell: &Read| {
            let (or, cost) = cell.runner_up()?;
            (cost < DOUBTFUL).then_some(Doubt {
                place: cell.place,
                is: cell.is,
                or,
            })
        };
        let states = places::states(self.format);
        let is_of_state = |p: Place| {
            let within = |(row, column): &(usize, usize)| {
                *row == p.row && (*column..column + 3).contains(&p.column)
            };
            states.iter().any(within)
        };
        let is_right = |changes: &[(Place, u8)]| {
            let mrz = self.mrz(changes, at);
            mrz.is_some_and(|mrz| mrz.checks().all_right())
        };
        let mut doubts: Vec<Doubt> = self
            .cells()
            .filter(|cell| !places::is_covered(self.format, cell.place.row, cell.place.column))
            .filter_map(near)
            .filter(|doubt| !is_of_state(doubt.place))
            .collect();
        if is_right(&[]) {
            let rivals = self.other_readings().into_iter();
            let rivals = rivals.take_while(|(_, cost)| *cost < 2.0 * DOUBTFUL);
            for (changes, _) in rivals.filter(|(changes, _)| is_right(changes)) {
                let told = changes.into_iter().map(|(place, or)| Doubt {
                    place,
                    is: self.rows[place.row][place.column].is,
                    or,
                });
                doubts.extend(told);
            }
        } else {
            doubts.extend(
                self.cells()
                    .filter(|cell| {
                        places::is_covered(self.format, cell.place.row, cell.place.column)
                    })
                    .filter_map(near),
            );
        }
        doubts.sort_by_key(|doubt| doubt.place);
        doubts.dedup_by_key(|doubt| doubt.place);
        doubts
    }
}

fn likeness(likenesses: &Likenesses, character: u8) -> f32 {
    let at = CHARACTERS.iter().position(|c| *c == character);
    at.map_or(-1.0, |at| likenesses[at])
}

/// The likeliest of the characters that are `allowed`.
fn best(likenesses: &Likenesses, allowed: impl Fn(u8) -> bool) -> (u8, f32) {
    CHARACTERS
        .iter()
        .zip(likenesses)
        .filter(|(c, _)| allowed(**c))
        .map(|(c, likeness)| (*c, *likeness))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((b'<', -1.0))
}
