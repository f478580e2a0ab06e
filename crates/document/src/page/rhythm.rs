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
        let mut tops = (0..ink.height.saturating_sub(tall)).step_by(step);
        while let Some(first) = tops.next() {
            // Where there are no more, the first again, which isn't looked at.
            let mut together = [first; LANES];
            let mut count = 1;
            for top in &mut together[1..] {
                let Some(next) = tops.next() else { break };
                *top = next;
                count += 1;
            }
            let strongest = rows.strongest(&columns, together, tall);
            for (top, best) in together.iter().zip(strongest).take(count) {
                let Some((x, strength)) = best else { continue };
                found(Seed {
                    x: x * by as f32 + (by - 1) as f32 / 2.0,
                    y: *top as f32 + tall as f32 / 2.0,
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

/// Rows that are looked at together: each sum depends on the one before, and a processor
/// adds as many at once as one.
const LANES: usize = 4;
type Lanes = [f32; LANES];

fn lanes(of: impl Fn(usize) -> f32) -> Lanes {
    std::array::from_fn(of)
}

/// What rows are compared with at one pitch, and room for the sums of some rows.
#[derive(Default)]
struct Rows {
    pitch: f32,
    waves: Vec<(f32, f32)>,
    profile: Vec<Lanes>,
    /// Running sums of the ink.
    ink: Vec<Lanes>,
    /// Running sums of its variation squared, and times sine and cosine.
    parts: Vec<[Lanes; 3]>,
}

impl Rows {
    fn at_pitch(&mut self, pitch: f32, width: usize) {
        self.pitch = pitch;
        self.waves.clear();
        self.waves
            .extend((0..width).map(|x| (x as f32 * std::f32::consts::TAU / pitch).sin_cos()));
        self.profile.resize(width, Lanes::default());
        self.ink.resize(width + 1, Lanes::default());
        self.parts.resize(width + 1, <[Lanes; 3]>::default());
    }

    /// The stretch of each row that repeats best: its centre, and the part of its
    /// variation that lies at the pitch.
    fn strongest(
        &mut self,
        columns: &Columns,
        tops: [usize; LANES],
        tall: usize,
    ) -> [Option<(f32, f32)>; LANES] {
        let w = columns.width;
        let row = |y: usize| &columns.sums[y * w..(y + 1) * w];
        let (above, below) = (tops.map(row), tops.map(|top| row(top + tall)));
        let share = 1.0 / tall as f32;
        let mut sum = Lanes::default();
        let sums = self.profile.iter_mut().zip(&mut self.ink[1..]);
        for (i, (profile, ink)) in sums.enumerate().take(w) {
            *profile = lanes(|l| (below[l][i] - above[l][i]) * share);
            sum = lanes(|l| sum[l] + profile[l]);
            *ink = sum;
        }
        let length = (STRETCH as f32 * self.pitch) as usize;
        let has_print = sum.map(|sum| sum >= LEAST_PRINT * length as f32);
        if has_print == [false; LANES] {
            return [None; LANES];
        }
        let half = (self.pitch / 2.0) as usize;
        self.add_up(half);
        let best = self.best(length, half);
        std::array::from_fn(|l| best[l].filter(|_| has_print[l]))
    }

    /// Fills `parts`; a pixel's variation is from the mean of `half` a pitch around it.
    fn add_up(&mut self, half: usize) {
        let w = self.profile.len();
        let around = 1.0 / (2 * half + 1) as f32;
        let mut sum = <[Lanes; 3]>::default();
        let values = self.profile.iter().zip(&self.waves);
        for (x, ((value, (sin, cos)), parts)) in values.zip(&mut self.parts[1..]).enumerate() {
            let mean = if x >= half && x + half < w {
                let (to, from) = (&self.ink[x + half + 1], &self.ink[x - half]);
                lanes(|l| (to[l] - from[l]) * around)
            } else {
                let (from, to) = (x.saturating_sub(half), (x + half + 1).min(w));
                lanes(|l| (self.ink[to][l] - self.ink[from][l]) / (to - from) as f32)
            };
            let varies = lanes(|l| value[l] - mean[l]);
            sum = [
                lanes(|l| sum[0][l] + varies[l] * varies[l]),
                lanes(|l| sum[1][l] + varies[l] * sin),
                lanes(|l| sum[2][l] + varies[l] * cos),
            ];
            *parts = sum;
        }
    }

    /// Of the stretches of `length`, begun at each `half` pitch.
    fn best(&self, length: usize, half: usize) -> [Option<(f32, f32)>; LANES] {
        /// Less than any strength.
        const NONE: f32 = -1.0;
        let mut best = [(NONE, 0); LANES];
        let w = self.profile.len();
        for start in (0..w.saturating_sub(length)).step_by(half.max(1)) {
            let (from, to) = (&self.parts[start], &self.parts[start + length]);
            let (ink, ink_to) = (&self.ink[start], &self.ink[start + length]);
            let strength = lanes(|l| {
                let print = (ink_to[l] - ink[l]) / length as f32;
                let variation = to[0][l] - from[0][l];
                let (sin, cos) = (to[1][l] - from[1][l], to[2][l] - from[2][l]);
                let at_pitch = sin * sin + cos * cos;
                let strength = 2.0 * at_pitch / (variation * length as f32);
                let strength = strength * (print / 0.1).min(1.0);
                if variation <= 0.0 || print < LEAST_PRINT {
                    NONE
                } else {
                    strength
                }
            });
            for (best, strength) in best.iter_mut().zip(strength) {
                if strength > best.0 {
                    *best = (strength, start);
                }
            }
        }
        best.map(|(strength, start)| {
            let middle = start as f32 + length as f32 / 2.0;
            (strength > NONE).then_some((middle, strength))
        })
    }
}
