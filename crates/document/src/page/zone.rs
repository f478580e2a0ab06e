//! Lines to a zone: how many, where they begin, how long they are.

use super::glyphs::Likenesses;
use super::line::{Line, Sheet};
use super::rhythm::Seed;

/// A cell that is no more like a character than this speaks against a line.
const HALF_LIKE: f32 = 0.5;
/// A row of cells less like characters than this is no line.
const LINE: f32 = 0.42;
/// ... and so is the stretch that was found first, which is fitted best.
const STRETCHED: f32 = 0.58;
/// Cells that are this much like characters are characters: text in OCR-B
/// reaches 0.8 and more, everything else stays below 0.5.
const TEXT: f32 = 0.65;
/// More cells to either side than any line has.
const REACH: i32 = 46;

/// A zone as it was seen.
pub(super) struct Zone {
    /// How like each character every cell is, line by line; `None` where a cell isn't
    /// on the picture as a whole.
    pub(super) cells: Vec<Vec<Option<Likenesses>>>,
    /// The middle, in pixels.
    pub(super) middle: (f32, f32),
    /// From character to character, in pixels.
    pub(super) pitch: f32,
    /// Over all cells, how much more than half like a character each is.
    pub(super) evidence: f32,
    /// Mean likeness, -1..=1.
    pub(super) likeness: f32,
}

impl Zone {
    /// Whether it is a machine readable zone, legible or not: the cells are much like
    /// characters, and the first is like one that a document code begins with (Doc
    /// 9303-4 to -7). Frames and patterns of a page can be like a row of `H`.
    pub(super) fn is_zone(&self) -> bool {
        self.likeness > TEXT
    }
}

/// The zone around a regular stretch of print, if it is one.
pub(super) fn around(page: &Sheet<'_>, seed: &Seed) -> Option<Zone> {
    let (mut first, mut cells) = Line::at(page, seed);
    if first.likeness < STRETCHED || first.repeats(page, &cells) {
        return None;
    }
    grow(page, &mut first, &mut cells);
    let mut lines = siblings(page, &first, &cells);
    // The line that was fitted best leads the others, the first among them.
    let best = lines
        .iter()
        .max_by(|a, b| a.likeness.total_cmp(&b.likeness))
        .copied()
        .unwrap_or(first);
    for line in &mut lines {
        let mut led = best.beside(page, line.below(&best, &cells), cells.clone());
        led.fit(page, cells.clone(), 4);
        if led.likeness > line.likeness {
            *line = led;
        }
    }
    let seen: Vec<Vec<(u8, f32)>> = lines
        .iter()
        .map(|line| (-REACH..REACH).map(|i| line.look(page, i)).collect())
        .collect();
    let mut best: Option<(f32, usize, usize, usize, usize)> = None;
    for (count, width) in [(2, 44), (2, 36), (3, 30)] {
        for top in 0..(lines.len() + 1).saturating_sub(count) {
            for start in 0..=(2 * REACH as usize - width) {
                if goes_on(&seen[top..top + count], start, start + width) {
                    continue;
                }
                let evidence: f32 = seen[top..top + count]
                    .iter()
                    .flat_map(|cells| &cells[start..start + width])
                    .map(|(_, likeness)| likeness - HALF_LIKE)
                    .sum();
                if best.is_none_or(|(most, ..)| evidence > most) {
                    best = Some((evidence, count, width, top, start));
                }
            }
        }
    }
    let (evidence, count, width, top, start) = best?;
    // Now that their ends are known, the lines are fitted to all of their cells.
    let cells = start as i32 - REACH..(start + width) as i32 - REACH;
    let fitted: Vec<Line> = lines[top..top + count]
        .iter()
        .map(|line| {
            let mut line = *line;
            line.fit(page, cells.clone(), 4);
            line
        })
        .collect();
    let seen = |line: &Line| {
        cells
            .clone()
            .map(|cell| line.likenesses(page, cell))
            .collect()
    };
    let middle = (cells.start + cells.end) / 2;
    Some(Zone {
        cells: fitted.iter().map(seen).collect(),
        middle: fitted[count / 2].centre(middle),
        pitch: fitted[0].pitch(),
        evidence,
        likeness: evidence / (count * width) as f32 + HALF_LIKE,
    })
}

/// Whether the lines are longer than from `start` to `end`: beyond, there are characters in
/// all of them. Where a finger lies on a line, what is left of it is as long as a shorter one.
fn goes_on(lines: &[Vec<(u8, f32)>], start: usize, end: usize) -> bool {
    /// So many columns are looked at on either side, and so many must be characters: one
    /// may be a frame around the lines.
    const BESIDE: usize = 3;
    const LEAST: usize = 2;
    let is_text = |column: &usize| {
        let cells = lines.iter().map(|cells| cells.get(*column));
        cells
            .into_iter()
            .all(|cell| cell.is_some_and(|(_, likeness)| *likeness > TEXT))
    };
    let before = start.saturating_sub(BESIDE)..start;
    let after = end..end + BESIDE;
    before.filter(is_text).count() >= LEAST || after.filter(is_text).count() >= LEAST
}

/// Follows the line outward from some cells as long as there are characters, fitting it
/// anew on the way.
fn grow(page: &Sheet<'_>, line: &mut Line, cells: &mut std::ops::Range<i32>) {
    const STEP: i32 = 4;
    let alike = |line: &Line, cells: std::ops::Range<i32>| {
        let count = cells.len() as f32;
        cells.map(|i| line.look(page, i).1).sum::<f32>() / count
    };
    loop {
        let before = cells.clone();
        if cells.end + STEP <= REACH && alike(line, cells.end..cells.end + STEP) > LINE {
            cells.end += STEP;
        }
        if cells.start - STEP >= -REACH && alike(line, cells.start - STEP..cells.start) > LINE {
            cells.start -= STEP;
        }
        // The last of them may be blank, and would draw the line to themselves.
        let is_blank = |cell: i32| line.look(page, cell).1 < HALF_LIKE;
        while cells.end > before.end && is_blank(cells.end - 1) {
            cells.end -= 1;
        }
        while cells.start < before.start && is_blank(cells.start) {
            cells.start += 1;
        }
        if *cells == before {
            return;
        }
        line.fit(page, cells.clone(), 3);
    }
}

/// The line and those above and below it, from the top.
fn siblings(page: &Sheet<'_>, line: &Line, cells: &std::ops::Range<i32>) -> Vec<Line> {
    /// From the first of three lines to the last it is five pitches and a bit.
    const STEPS: i32 = 44;
    let rows: Vec<(f32, f32)> = (-STEPS..=STEPS)
        .map(|i| i as f32 * 0.125 * line.pitch())
        .map(|down| (down, line.likeness_below(page, down, cells.clone())))
        .collect();
    let mut by_likeness: Vec<(f32, f32)> = rows
        .into_iter()
        .filter(|(_, likeness)| *likeness > LINE - 0.1)
        .collect();
    by_likeness.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut kept: Vec<(f32, Line)> = vec![(0.0, *line)];
    for (down, _) in by_likeness {
        let apart = |(k, _): &(f32, Line)| (k - down).abs() > 1.2 * line.pitch();
        if kept.len() < 5 && kept.iter().all(apart) {
            let row = line.beside(page, down, cells.clone());
            if row.likeness > LINE {
                kept.push((down, row));
            }
        }
    }
    kept.sort_by(|a, b| a.0.total_cmp(&b.0));
    kept.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::{REACH, goes_on};

    /// Four characters of a line of 44 are under a finger: the others are no line of 36.
    #[test]
    fn what_is_left_of_a_line_is_no_shorter_one() {
        const START: usize = 20;
        let mut line = vec![(b'<', 0.1); 2 * REACH as usize];
        line[START + 4..START + 44].fill((b'A', 0.9));
        let lines = [line.clone(), line.clone()];
        let is_long = |start: usize, width: usize| goes_on(&lines, start, start + width);
        assert!((START + 4..=START + 8).all(|start| is_long(start, 36)));
        assert!(!is_long(START, 44));
        // A frame beside it is one column, and characters beside one line aren't the zone's.
        let mut framed = line.clone();
        framed[START - 1] = (b'I', 0.9);
        assert!(!goes_on(&[framed.clone(), framed], START, START + 44));
        let mut beside = line.clone();
        beside[START - 3..START].fill((b'A', 0.9));
        assert!(!goes_on(&[beside, line], START, START + 44));
    }
}
