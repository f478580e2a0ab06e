//! One line of a machine readable zone: where its characters stand.

use std::cell::Cell;

use super::glyphs::{
    CELL_HEIGHT, CHARACTERS, COLUMNS, Likenesses, Pattern, Prototypes, ROWS, normalise,
};
use super::grey::Grey;
use super::rhythm::{STRETCH, Seed};

/// Where a cell is looked at closely: moved by parts of itself.
const NEAR: [(f32, f32); 7] = [
    (0.0, 0.0),
    (-1.0, 0.0),
    (1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (-2.0, 0.0),
    (2.0, 0.0),
];

/// A row this little like characters does not become one by moving it.
const HOPELESS: f32 = 0.3;

/// Cells around the middle of a stretch of print that are taken to be of it.
const LEAST: i32 = 12;

/// A page on which lines are looked for.
pub(super) struct Sheet<'a> {
    pub(super) page: &'a Grey,
    /// How often a cell was looked at, on all sheets of a search: what it cost.
    pub(super) looks: &'a Cell<u32>,
}

/// The coefficients of a polynomial in a cell's number, constant first.
type Cubic = [f32; 4];

/// Polynomials over some cells that are 1 at the last and don't overlap (Legendre's): a
/// line is fitted by each without undoing what another did, wherever cell 0 is.
struct Over {
    middle: f32,
    half: f32,
}

impl Over {
    fn of(cells: &std::ops::Range<i32>) -> Self {
        Self {
            middle: (cells.start + cells.end - 1) as f32 / 2.0,
            half: (cells.len() as f32 / 2.0).max(1.0),
        }
    }

    fn constant(&self) -> Cubic {
        [1.0, 0.0, 0.0, 0.0]
    }

    fn linear(&self) -> Cubic {
        [-self.middle / self.half, 1.0 / self.half, 0.0, 0.0]
    }

    fn square(&self) -> Cubic {
        let (m, h) = (self.middle / self.half, 1.0 / self.half);
        [1.5 * m * m - 0.5, -3.0 * m * h, 1.5 * h * h, 0.0]
    }

    fn cube(&self) -> Cubic {
        let (m, h) = (self.middle / self.half, 1.0 / self.half);
        [
            1.5 * m - 2.5 * m.powi(3),
            (7.5 * m * m - 1.5) * h,
            -7.5 * m * h * h,
            2.5 * h.powi(3),
        ]
    }
}

/// A line moved by a step, -1..=1, over some cells.
type Move = fn(Line, &Over, f32) -> Line;

/// Moves of a line that leave it as bent as it is. By the second two the last cell moves
/// by a fifth of a pitch.
const STIFF: [Move; 4] = [
    |line, over, step| line.along_by(0.08 * step, over.constant()),
    |line, over, step| line.down_by(0.10 * step, over.constant()),
    |line, over, step| line.along_by(0.2 * step, over.linear()),
    |line, over, step| line.down_by(0.2 * step, over.linear()),
];

/// ... and all others.
const ALL: [Move; 9] = [
    STIFF[0],
    STIFF[1],
    STIFF[2],
    STIFF[3],
    |line, over, step| line.down_by(0.2 * step, over.square()),
    |line, over, step| line.down_by(0.2 * step, over.cube()),
    |line, over, step| line.along_by(0.3 * step, over.square()),
    |line, _, step| Line {
        lean: (line.lean + 0.1 * step).clamp(-0.5, 0.5),
        ..line
    },
    |line, _, step| Line {
        tall: (line.tall + 0.12 * step).clamp(0.7, 1.4),
        ..line
    },
];

/// Whether one character other than the filler makes more than three quarters of a row:
/// then it is what a pattern looks most like, and no text.
fn is_pattern(characters: impl Iterator<Item = u8>) -> bool {
    let (mut counts, mut all) = ([0; 128], 0);
    for character in characters {
        counts[usize::from(character & 0x7f)] += 1;
        all += 1;
    }
    counts[usize::from(b'<')] = 0;
    counts.iter().any(|count| *count > all - all / 4)
}

/// A row of cells of one pitch, numbered from any one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Centre of cell 0, in pixels.
    x: f32,
    y: f32,
    /// Pixels from cell to cell.
    pitch: f32,
    /// By what part of itself the pitch grows from a cell to the next, as it does
    /// towards the near side of a page seen aslant.
    growth: f32,
    /// Pixels down for every pixel to the right, at cell 0.
    slope: f32,
    /// How the line sags where the page is bowed: pitches down at a cell, by the square
    /// and by the cube of its number.
    bow: f32,
    twist: f32,
    /// Pixels to the right for every pixel down, from upright.
    lean: f32,
    /// How much taller than in the standard the characters stand, as pictures
    /// whose sides were not scaled alike have it.
    tall: f32,
    /// Which blur of the prototypes is most like it.
    blur: usize,
    /// Mean likeness of the cells that it was fitted to, -1..=1.
    pub(super) likeness: f32,
}

impl Line {
    /// The line around a regular stretch of print, and the cells that it was fitted to:
    /// a stretch may reach beyond the print, and what is blank would draw the line to itself.
    pub(super) fn at(page: &Sheet<'_>, seed: &Seed) -> (Self, std::ops::Range<i32>) {
        let half = STRETCH as i32 / 2;
        let mut best = Self::near(page, seed, -half..half);
        let is_blank = |cell: i32| best.look(page, cell).1 < HOPELESS;
        let start = (-half..-LEAST / 2).find(|cell| !is_blank(*cell));
        let end = (LEAST / 2..half).rev().find(|cell| !is_blank(*cell));
        let cells = start.unwrap_or(-LEAST / 2)..end.map_or(LEAST / 2, |end| end + 1);
        // What is not text at all is not worth fitting.
        if best.likeness > HOPELESS {
            best.fit(page, cells.clone(), 4);
        }
        (best, cells)
    }

    /// How much like characters a regular stretch of print is before a line is fitted to it;
    /// what is like one character throughout is a pattern, and like none.
    pub(super) fn likeness_at(page: &Sheet<'_>, seed: &Seed) -> f32 {
        let half = STRETCH as i32 / 2;
        let line = Self::near(page, seed, -half..half);
        let seen = (-half..half).step_by(2).map(|cell| line.look(page, cell).0);
        let is_pattern = is_pattern(seen);
        if is_pattern { -1.0 } else { line.likeness }
    }

    /// Whether one character is in most of some cells.
    pub(super) fn repeats(&self, page: &Sheet<'_>, cells: &std::ops::Range<i32>) -> bool {
        is_pattern(cells.clone().map(|cell| self.look(page, cell).0))
    }

    /// Where around a seed every second of some cells is most like a character, not
    /// fitted yet.
    fn near(page: &Sheet<'_>, seed: &Seed, cells: std::ops::Range<i32>) -> Self {
        let mut best = Self {
            x: seed.x,
            y: seed.y,
            pitch: seed.pitch,
            growth: 0.0,
            slope: seed.slope,
            bow: 0.0,
            twist: 0.0,
            lean: 0.0,
            tall: 1.0,
            blur: 1,
            likeness: f32::MIN,
        };
        let start = best;
        for column in -4..4 {
            for row in -2..=2 {
                let moved = Self {
                    x: start.x + column as f32 * 0.125 * start.pitch,
                    y: start.y + row as f32 * 0.15 * start.pitch,
                    ..start
                };
                best.take_better(moved, page, cells.clone(), 2);
            }
        }
        best
    }

    /// How like characters the cells are that stand `down` pixels below.
    pub(super) fn likeness_below(
        &self,
        page: &Sheet<'_>,
        down: f32,
        cells: std::ops::Range<i32>,
    ) -> f32 {
        self.moved_down(down).mean(page, cells, 3)
    }

    /// The line about `down` pixels below: as bent as this one until it is in place.
    pub(super) fn beside(&self, page: &Sheet<'_>, down: f32, cells: std::ops::Range<i32>) -> Self {
        let mut line = self.moved_down(down);
        line.fit_moves(page, cells.clone(), 3, &STIFF);
        line.fit_moves(page, cells, 3, &ALL);
        line
    }

    fn moved_down(&self, down: f32) -> Self {
        Self {
            x: self.x + down * self.lean,
            y: self.y + down,
            ..*self
        }
    }

    /// How many pixels below another line this one lies, in the middle of some cells.
    pub(super) fn below(&self, other: &Self, cells: &std::ops::Range<i32>) -> f32 {
        let middle = (cells.start + cells.end) / 2;
        self.centre(middle).1 - other.centre(middle).1
    }

    /// Moves the line, in ever smaller steps, to where its cells are most like
    /// characters.
    pub(super) fn fit(&mut self, page: &Sheet<'_>, cells: std::ops::Range<i32>, rounds: i32) {
        self.likeness = self.mean(page, cells.clone(), 1);
        for blur in 0..Prototypes::get().blurs() {
            let other = Self { blur, ..*self };
            self.take_better(other, page, cells.clone(), 1);
        }
        self.fit_moves(page, cells, rounds, &ALL);
    }

    fn fit_moves(
        &mut self,
        page: &Sheet<'_>,
        cells: std::ops::Range<i32>,
        rounds: i32,
        moves: &[Move],
    ) {
        let over = Over::of(&cells);
        self.likeness = self.mean(page, cells.clone(), 1);
        for round in 0..rounds {
            let part = 0.5_f32.powi(round);
            for sign in [-1.0, 1.0] {
                for by in moves {
                    let moved = by(*self, &over, sign * part);
                    self.take_better(moved, page, cells.clone(), 1);
                }
            }
        }
    }

    /// Its cells moved down by so many pitches times a polynomial.
    fn down_by(self, by: f32, [k0, k1, k2, k3]: Cubic) -> Self {
        Self {
            y: self.y + by * k0 * self.pitch,
            slope: self.slope + by * k1,
            bow: self.bow + by * k2,
            twist: self.twist + by * k3,
            ..self
        }
    }

    /// The same along the line, which has no cube.
    fn along_by(self, by: f32, [k0, k1, k2, _]: Cubic) -> Self {
        let pitch = self.pitch * (1.0 + by * k1);
        Self {
            x: self.x + by * k0 * self.pitch,
            pitch,
            growth: self.pitch * (self.growth + 2.0 * by * k2) / pitch,
            ..self
        }
    }

    fn take_better(
        &mut self,
        mut other: Self,
        page: &Sheet<'_>,
        cells: std::ops::Range<i32>,
        step: usize,
    ) {
        other.likeness = other.mean(page, cells, step);
        if other.likeness > self.likeness {
            *self = other;
        }
    }

    /// Mean likeness of every `step`th of the cells.
    fn mean(&self, page: &Sheet<'_>, cells: std::ops::Range<i32>, step: usize) -> f32 {
        let (mut sum, mut count) = (0.0, 0);
        for cell in cells.step_by(step) {
            sum += self.look(page, cell).1;
            count += 1;
        }
        sum / count.max(1) as f32
    }

    /// The character in a cell and how like it is; unlike any beyond the
    /// picture.
    pub(super) fn look(&self, page: &Sheet<'_>, cell: i32) -> (u8, f32) {
        let x = self.x + self.along(cell);
        if x < 0.0 || x > page.page.width as f32 || !self.is_seen(cell) {
            return (b'<', -1.0);
        }
        page.looks.set(page.looks.get().saturating_add(1));
        Prototypes::get().nearest(&self.pattern(page.page, cell), self.blur)
    }

    /// How like each character a cell is, moved a little to either side where it is
    /// more like it there; nothing where the cell isn't on the picture as a whole.
    pub(super) fn likenesses(&self, page: &Sheet<'_>, cell: i32) -> Option<Likenesses> {
        if !self.is_whole(page.page, cell) {
            return None;
        }
        let little = 0.07 * self.pitch;
        let mut best = [-1.0_f32; CHARACTERS.len()];
        for (columns, rows) in NEAR {
            let moved = Self {
                x: self.x + columns * little,
                y: self.y + rows * little,
                ..*self
            };
            page.looks.set(page.looks.get().saturating_add(1));
            let pattern = moved.pattern(page.page, cell);
            let likenesses = Prototypes::get().likenesses(&pattern, self.blur);
            for (best, likeness) in best.iter_mut().zip(likenesses) {
                *best = best.max(likeness);
            }
        }
        Some(best)
    }

    /// Whether all of a cell's print lies on the picture.
    fn is_whole(&self, page: &Grey, cell: i32) -> bool {
        let (along, pitch) = (self.along(cell), self.pitch_at(cell));
        let (x, y) = (self.x + along, self.y + self.down(cell));
        let (wide, tall) = (0.4 * pitch, 0.5 * pitch);
        x - wide >= 0.0
            && y - tall >= 0.0
            && x + wide <= page.width as f32
            && y + tall <= page.height as f32
            && self.is_seen(cell)
    }

    pub(super) fn pitch(&self) -> f32 {
        self.pitch
    }

    /// Where a cell's centre is.
    pub(super) fn centre(&self, cell: i32) -> (f32, f32) {
        (self.x + self.along(cell), self.y + self.down(cell))
    }

    /// Pixels from cell 0 to a cell, to the right.
    fn along(&self, cell: i32) -> f32 {
        let cell = cell as f32;
        self.pitch * cell * (1.0 + self.growth * cell / 2.0)
    }

    /// Pixels from cell 0 to a cell, down.
    fn down(&self, cell: i32) -> f32 {
        let c = cell as f32;
        self.along(cell) * self.slope + self.pitch * c * c * (self.bow + self.twist * c)
    }

    /// Pixels down for every pixel to the right, at a cell.
    fn slope_at(&self, cell: i32) -> f32 {
        let c = cell as f32;
        self.slope + c * (2.0 * self.bow + 3.0 * self.twist * c)
    }

    /// The pitch at a cell.
    fn pitch_at(&self, cell: i32) -> f32 {
        self.pitch * (1.0 + self.growth * cell as f32)
    }

    /// Whether the pitch at a cell is still one of the same page's.
    fn is_seen(&self, cell: i32) -> bool {
        (0.5..=2.0).contains(&(1.0 + self.growth * cell as f32))
    }

    fn pattern(&self, page: &Grey, cell: i32) -> Pattern {
        let along = self.along(cell);
        let pitch = self.pitch_at(cell);
        let (x, y) = (self.x + along, self.y + self.down(cell));
        let slope = self.slope_at(cell);
        // What is farther away by a tenth is as much lower, and narrower by two.
        let tall = (self.pitch * pitch).sqrt() * CELL_HEIGHT * self.tall;
        let part = |i: usize, of: usize| (i as f32 + 0.5) / of as f32 - 0.5;
        let columns: [(f32, f32); COLUMNS] = std::array::from_fn(|column| {
            let right = part(column, COLUMNS) * pitch;
            (x + right, right * slope)
        });
        // Nearly all cells lie inside, where no pixel's neighbours have to be looked for.
        let wide = 0.5 * (pitch + tall * self.lean.abs());
        let high = 0.5 * (tall + pitch * slope.abs());
        let is_inside = page.is_inside((x - wide, y - high), (x + wide, y + high));
        let mut pattern = [0.0; COLUMNS * ROWS];
        for (row, values) in pattern.chunks_exact_mut(COLUMNS).enumerate() {
            let down = part(row, ROWS) * tall;
            let (aside, y) = (down * self.lean, y + down);
            for (value, (x, lower)) in values.iter_mut().zip(&columns) {
                let (x, y) = (x + aside, y + lower);
                *value = 1.0
                    - match is_inside {
                        true => page.at_inside(x, y),
                        false => page.at(x, y),
                    };
            }
        }
        normalise(&mut pattern);
        pattern
    }
}
