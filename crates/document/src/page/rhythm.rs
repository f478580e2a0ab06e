//! Rows of print with a fixed pitch: what tells a machine readable zone from
//! every other text on a page.

use super::grey::Grey;
use super::skew;

/// A stretch of a row whose print repeats at a pitch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    /// Centre of the stretch, in pixels.
    pub(super) x: f32,
    /// Middle of the row.
    pub(super) y: f32,
    /// Pixels from character to character.
    pub(super) pitch: f32,
    /// Pixels down for every pixel to the right.
    pub(super) slope: f32,
    /// How regular, 0..=1.
    pub(super) strength: f32,
}

impl Seed {
    /// The same stretch on the picture turned by 180°.
    pub(super) fn turned_over(&self, picture: &Grey) -> Self {
        Self {
            x: picture.width as f32 - 1.0 - self.x,
            y: picture.height as f32 - 1.0 - self.y,
            ..*self
        }
    }
}

/// The shortest line has 30 characters; a stretch of this many is looked for.
pub(super) const STRETCH: usize = 28;
/// Below this many pixels a character cannot be told from another.
const LEAST_PITCH: f32 = 5.5;
/// The longest line fills at least this part of the picture's width.
const LEAST_PART: f32 = 0.18;
const MOST_SEEDS: usize = 12;
/// From one pitch that is tried to the next: over the stretch they fall out of
/// step by half a character.
const PITCH_STEP: f32 = 1.02;
/// Columns for a pitch at which its wave is still seen; more are put together.
const SAMPLES: f32 = 6.0;
/// Less ink than this part of a stretch is no text.
const LEAST_PRINT: f32 = 0.03;

/// Bands that a picture is cut into; each is as high as two steps.
const BANDS: usize = 7;

/// The most regular rows, best first. On a page seen aslant no two rows are
/// parallel, so each band of the picture is searched along its own slope.
pub(super) fn seeds(ink: &Grey) -> Vec<Seed> {
    let step = (ink.height / (BANDS + 1)).max(1);
    let mut found = Vec::new();
    for top in (0..ink.height.saturating_sub(step)).step_by(step) {
        let rows = top..(top + 2 * step).min(ink.height);
        let slope = skew::slope(ink, rows.clone());
        search(&ink.sheared(rows.clone(), slope), |seed| {
            let along = seed.x - ink.width as f32 / 2.0;
            found.push(Seed {
                y: seed.y + rows.start as f32 + along * slope,
                slope,
                ..seed
            });
        });
    }
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut kept: Vec<Seed> = Vec::new();
    for seed in found {
        let near = |k: &Seed| {
            let y = k.y + (seed.x - k.x) * k.slope;
            (y - seed.y).abs() < 0.6 * seed.pitch && (k.pitch / seed.pitch).ln().abs() < 0.06
        };
        if !kept.iter().any(near) {
            kept.push(seed);
            if kept.len() == MOST_SEEDS {
                break;
            }
        }
    }
    kept
}

/// The most regular stretch of every row at every pitch.
fn search(ink: &Grey, mut found: impl FnMut(Seed)) {
    let mut columns = Columns::of(ink, 1);
    let mut rows = Rows::default();
    let mut pitch = (ink.width as f32 * LEAST_PART / 44.0).max(LEAST_PITCH);
    while pitch * (STRETCH as f32 + 1.0) < ink.width as f32 {
        let by = ((pitch / SAMPLES) as usize).max(1);
        if by != columns.by {
            columns = Columns::of(ink, by);
        }
        let fine = pitch / by as f32;
        rows.at_pitch(fine, columns.width);
        let tall = (0.9 * pitch) as usize;
        let step = ((pitch / 4.0) as usize).max(1);
        for top in (0..ink.height.saturating_sub(tall)).step_by(step) {
            if let Some((x, strength)) = rows.strongest(&columns, top, tall) {
                found(Seed {
                    x: x * by as f32 + (by - 1) as f32 / 2.0,
                    y: top as f32 + tall as f32 / 2.0,
                    pitch,
                    slope: 0.0,
                    strength,
                });
            }
        }
        pitch *= PITCH_STEP;
    }
}

/// Sums down the columns, so that a row of any height is a difference; of `by`
/// columns one, their mean.
struct Columns {
    by: usize,
    width: usize,
    sums: Vec<f32>,
}

impl Columns {
    fn of(ink: &Grey, by: usize) -> Self {
        let width = ink.width / by;
        let mut sums = vec![0.0; width * (ink.height + 1)];
        for (y, row) in ink.pixels.chunks_exact(ink.width).enumerate() {
            let (above, below) = sums.split_at_mut((y + 1) * width);
            let above = &above[y * width..];
            for ((sum, above), columns) in below.iter_mut().zip(above).zip(row.chunks_exact(by)) {
                *sum = above + columns.iter().sum::<f32>() / by as f32;
            }
        }
        Self { by, width, sums }
    }
}

/// What rows are compared with at one pitch, and room for the sums of a row.
#[derive(Default)]
struct Rows {
    pitch: f32,
    waves: Vec<(f32, f32)>,
    profile: Vec<f32>,
    /// Running sums of the ink.
    ink: Vec<f32>,
    /// Running sums of its variation squared, and times sine and cosine.
    parts: Vec<[f32; 3]>,
}

impl Rows {
    fn at_pitch(&mut self, pitch: f32, width: usize) {
        self.pitch = pitch;
        self.waves.clear();
        self.waves
            .extend((0..width).map(|x| (x as f32 * std::f32::consts::TAU / pitch).sin_cos()));
        self.profile.resize(width, 0.0);
        self.ink.resize(width + 1, 0.0);
        self.parts.resize(width + 1, [0.0; 3]);
    }

    /// The stretch of a row that repeats best: its centre, and the part of its
    /// variation that lies at the pitch.
    fn strongest(&mut self, columns: &Columns, top: usize, tall: usize) -> Option<(f32, f32)> {
        let w = columns.width;
        let above = &columns.sums[top * w..(top + 1) * w];
        let below = &columns.sums[(top + tall) * w..(top + tall + 1) * w];
        let share = 1.0 / tall as f32;
        let mut sum = 0.0;
        for (i, (above, below)) in above.iter().zip(below).enumerate() {
            let value = (below - above) * share;
            sum += value;
            self.profile[i] = value;
            self.ink[i + 1] = sum;
        }
        let length = (STRETCH as f32 * self.pitch) as usize;
        if sum < LEAST_PRINT * length as f32 {
            return None;
        }
        let half = (self.pitch / 2.0) as usize;
        let around = 1.0 / (2 * half + 1) as f32;
        let mut sum = [0.0; 3];
        for (x, (value, (sin, cos))) in self.profile.iter().zip(&self.waves).enumerate() {
            let mean = if x >= half && x + half < w {
                (self.ink[x + half + 1] - self.ink[x - half]) * around
            } else {
                let (from, to) = (x.saturating_sub(half), (x + half + 1).min(w));
                (self.ink[to] - self.ink[from]) / (to - from) as f32
            };
            let varies = value - mean;
            sum[0] += varies * varies;
            sum[1] += varies * sin;
            sum[2] += varies * cos;
            self.parts[x + 1] = sum;
        }
        let mut best: Option<(f32, f32)> = None;
        for start in (0..w.saturating_sub(length)).step_by(half.max(1)) {
            let (from, to) = (self.parts[start], self.parts[start + length]);
            let print = (self.ink[start + length] - self.ink[start]) / length as f32;
            let variation = to[0] - from[0];
            if variation <= 0.0 || print < LEAST_PRINT {
                continue;
            }
            let at_pitch = (to[1] - from[1]).powi(2) + (to[2] - from[2]).powi(2);
            let strength = 2.0 * at_pitch / (variation * length as f32) * (print / 0.1).min(1.0);
            if best.is_none_or(|(_, s)| strength > s) {
                best = Some((start as f32 + length as f32 / 2.0, strength));
            }
        }
        best
    }
}
