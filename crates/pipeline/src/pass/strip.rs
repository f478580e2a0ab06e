//! The part of a picture in which a vehicle is followed, made small: light alone, as it
//! goes past, along its travel.

use rowcall_face::Image;
use rowcall_picture::rec_601;
use rowcall_rollcall::{Pass, Travel};
use zeroize::Zeroizing;

/// Columns of a strip; the vehicle goes from the first to the last.
pub(super) const COLUMNS: usize = 320;
const ROWS: usize = 24;

/// A column differs from the empty lane by so much light on average, of 255: three times
/// what a sensor's noise leaves of 24 means of a hundred pixels each.
const CHANGE: f32 = 6.0;
/// An edge has so many changed columns behind it.
const SOLID: usize = 4;
/// The least of a vehicle that has to be seen twice to see it move, in columns.
const OVERLAP: usize = COLUMNS / 5;
/// What is seen twice is alike by so much (correlation of its edges), and nothing else is
/// by more than so much less.
const LIKENESS: f32 = 0.4;
const CLEAR: f32 = 0.1;
/// How near to the best another displacement is the same one, in columns.
const NEAR: i32 = 8;
/// A vehicle doesn't go back by more than this, nor on by more, between two frames.
const DISPLACEMENTS: std::ops::RangeInclusive<i32> = -4..=240;

/// Means of light, column by column.
pub(super) struct Strip {
    /// Of the band.
    light: Zeroizing<Vec<f32>>,
    /// Of the whole height, by how much each mean is more than the one two columns before:
    /// broad shades of a cabin look alike wherever they are, edges of roof, pillars and
    /// sill don't, and there is more of these than of whoever moves inside.
    slopes: Zeroizing<Vec<f32>>,
}

impl Strip {
    /// Of a picture; none where it is smaller than the strip.
    pub(super) fn of(image: &Image, pass: &Pass) -> Option<Self> {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let row = |share: f32| ((share * height as f32) as usize).min(height);
        let (top, bottom) = (row(pass.band.0), row(pass.band.1));
        if width < COLUMNS || bottom - top < ROWS {
            return None;
        }
        let light = means(image, pass.travel, (top, bottom));
        let whole = means(image, pass.travel, (0, height));
        let mut slopes = Zeroizing::new(vec![0.0; COLUMNS * ROWS]);
        let around = whole.iter().zip(&whole[2 * ROWS..]);
        for (slope, (before, after)) in slopes[ROWS..].iter_mut().zip(around) {
            *slope = after - before;
        }
        Some(Self { light, slopes })
    }

    fn column(&self, column: usize) -> &[f32] {
        &self.light[column * ROWS..(column + 1) * ROWS]
    }

    fn slopes(&self, column: usize) -> &[f32] {
        &self.slopes[column * ROWS..(column + 1) * ROWS]
    }

    fn difference(&self, other: &Self, column: usize) -> f32 {
        let pairs = self.column(column).iter().zip(other.column(column));
        pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / ROWS as f32
    }

    /// Which columns show something else than the empty lane: single ones are noise.
    pub(super) fn changed(&self, empty: &Self) -> Vec<bool> {
        let differs: Vec<bool> = (0..COLUMNS)
            .map(|c| self.difference(empty, c) > CHANGE)
            .collect();
        let solid = |from: usize| {
            let to = from + SOLID;
            to <= COLUMNS && differs[from..to].iter().all(|d| *d)
        };
        (0..COLUMNS)
            .map(|c| (c.saturating_sub(SOLID - 1)..=c).any(solid))
            .collect()
    }

    /// Where the foremost changed column `front` ends, in parts of a column.
    pub(super) fn edge(&self, empty: &Self, front: usize) -> f32 {
        let beyond = (front + 1).min(COLUMNS - 1);
        let (inside, outside) = (
            self.difference(empty, front),
            self.difference(empty, beyond),
        );
        let part = (outside / inside.max(CHANGE)).clamp(0.0, 1.0);
        (front + 1) as f32 + part
    }

    /// By how many columns what differs from the empty lane has moved on since `before`;
    /// none where that is unclear.
    pub(super) fn moved_since(&self, before: &Self, empty: &Self) -> Option<f32> {
        let (was, is) = (before.changed(empty), self.changed(empty));
        let likeness: Vec<f32> = DISPLACEMENTS
            .map(|d| self.likeness(before, (&was, &is), d))
            .collect();
        let (best, most) = likeness
            .iter()
            .copied()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let away = |i: usize| (i as i32 - best as i32).abs() > NEAR;
        let others = likeness.iter().enumerate().filter(|(i, _)| away(*i));
        let second = others.map(|(_, l)| *l).fold(-1.0, f32::max);
        if most < LIKENESS || most - second < CLEAR {
            return None;
        }
        let at = |i: Option<usize>| i.and_then(|i| likeness.get(i)).copied().unwrap_or(-1.0);
        let (left, right) = (at(best.checked_sub(1)), at(Some(best + 1)));
        // The top of the parabola through the best and its neighbours.
        let bend = left - 2.0 * most + right;
        let part = match bend < -1e-6 && left > -1.0 && right > -1.0 {
            true => (0.5 * (left - right) / bend).clamp(-0.5, 0.5),
            false => 0.0,
        };
        Some((DISPLACEMENTS.start() + best as i32) as f32 + part)
    }

    /// The correlation of what is there now with what was there `d` columns before; -1
    /// where too little is seen of both.
    fn likeness(&self, before: &Self, (was, is): (&[bool], &[bool]), d: i32) -> f32 {
        let mut sums = [0.0_f64; 5];
        let mut columns = 0;
        for (now, is_now) in is.iter().enumerate() {
            let then = now as i32 - d;
            let Some(then) = usize::try_from(then).ok().filter(|c| *c < COLUMNS) else {
                continue;
            };
            if !(*is_now && was[then]) {
                continue;
            }
            columns += 1;
            for (a, b) in self.slopes(now).iter().zip(before.slopes(then)) {
                let (a, b) = (f64::from(*a), f64::from(*b));
                for (sum, value) in sums.iter_mut().zip([a, b, a * a, b * b, a * b]) {
                    *sum += value;
                }
            }
        }
        if columns < OVERLAP {
            return -1.0;
        }
        let n = (columns * ROWS) as f64;
        let [a, b, aa, bb, ab] = sums.map(|sum| sum / n);
        let (va, vb) = (aa - a * a, bb - b * b);
        match va > 1.0 && vb > 1.0 {
            true => ((ab - a * b) / (va * vb).sqrt()) as f32,
            false => -1.0,
        }
    }
}

/// Means of rows `top..bottom`, column by column along the travel.
fn means(image: &Image, travel: Travel, (top, bottom): (usize, usize)) -> Zeroizing<Vec<f32>> {
    let width = image.width() as usize;
    let pixels = image.rgb().as_chunks::<3>().0;
    let mut means = Zeroizing::new(Vec::with_capacity(COLUMNS * ROWS));
    for column in 0..COLUMNS {
        let along = match travel {
            Travel::Right => column,
            Travel::Left => COLUMNS - 1 - column,
        };
        let (left, right) = (along * width / COLUMNS, (along + 1) * width / COLUMNS);
        let rows = bottom - top;
        for r in 0..ROWS {
            let (above, below) = (top + r * rows / ROWS, top + (r + 1) * rows / ROWS);
            let lines = (above..below).map(|y| &pixels[y * width + left..y * width + right]);
            let sum: u32 = lines.flatten().map(|p| u32::from(rec_601(p))).sum();
            means.push(sum as f32 / ((below - above) * (right - left)) as f32);
        }
    }
    means
}
