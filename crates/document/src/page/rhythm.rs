//! Rows of print with a fixed pitch: what tells a machine readable zone from
//! every other text on a page.

use super::grey::Grey;

/// A stretch of a row whose print repeats at a pitch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    /// Centre of the stretch, in pixels.
    pub(super) x: f32,
    /// Middle of the row.
    pub(super) y: f32,
    /// Pixels from character to character.
    pub(super) pitch: f32,
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
const LEAST_PART: f32 = 0.35;
const MOST_SEEDS: usize = 12;

/// The most regular rows, best first.
pub(super) fn seeds(ink: &Grey) -> Vec<Seed> {
    let (w, h) = (ink.width, ink.height);
    // Sums down the columns, so that a row of any height is a difference.
    let mut sums = vec![0_f32; w * (h + 1)];
    for y in 0..h {
        for x in 0..w {
            sums[(y + 1) * w + x] = sums[y * w + x] + ink.pixels[y * w + x];
        }
    }
    let mut found = Vec::new();
    let mut pitch = (w as f32 * LEAST_PART / 44.0).max(LEAST_PITCH);
    while pitch * (STRETCH as f32 + 1.0) < w as f32 {
        let waves: Vec<(f32, f32)> = (0..w)
            .map(|x| (x as f32 * std::f32::consts::TAU / pitch).sin_cos())
            .collect();
        let tall = (0.9 * pitch) as usize;
        let step = ((pitch / 4.0) as usize).max(1);
        for top in (0..h.saturating_sub(tall)).step_by(step) {
            let profile: Vec<f32> = (0..w)
                .map(|x| (sums[(top + tall) * w + x] - sums[top * w + x]) / tall as f32)
                .collect();
            if let Some((x, strength)) = strongest(&profile, &waves, pitch) {
                found.push(Seed {
                    x,
                    y: top as f32 + tall as f32 / 2.0,
                    pitch,
                    strength,
                });
            }
        }
        pitch *= 1.015;
    }
    found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    let mut kept: Vec<Seed> = Vec::new();
    for seed in found {
        let near = |k: &Seed| {
            (k.y - seed.y).abs() < 0.6 * seed.pitch && (k.pitch / seed.pitch).ln().abs() < 0.06
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

/// The stretch of the profile that repeats best: its centre, and the part of
/// its variation that lies at the pitch.
fn strongest(profile: &[f32], waves: &[(f32, f32)], pitch: f32) -> Option<(f32, f32)> {
    let half = (pitch / 2.0) as usize;
    let length = (STRETCH as f32 * pitch) as usize;
    // Running sums of ink, variation, sine and cosine parts.
    let mut ink = Vec::with_capacity(profile.len() + 1);
    ink.push(0.0);
    for v in profile {
        ink.push(ink.last().copied().unwrap_or(0.0) + v);
    }
    let mut sums = Vec::with_capacity(profile.len() + 1);
    let mut sum = [0_f32; 3];
    sums.push(sum);
    for (x, (sin, cos)) in waves.iter().enumerate() {
        let (from, to) = (x.saturating_sub(half), (x + half + 1).min(profile.len()));
        let varies = profile[x] - (ink[to] - ink[from]) / (to - from) as f32;
        sum[0] += varies * varies;
        sum[1] += varies * sin;
        sum[2] += varies * cos;
        sums.push(sum);
    }
    let mut best: Option<(f32, f32)> = None;
    for start in (0..profile.len().saturating_sub(length)).step_by(half.max(1)) {
        let part = |i: usize| sums[start + length][i] - sums[start][i];
        let print = (ink[start + length] - ink[start]) / length as f32;
        if part(0) <= 0.0 || print < 0.03 {
            continue;
        }
        let strength = 2.0 * (part(1).powi(2) + part(2).powi(2)) / (part(0) * length as f32)
            * (print / 0.1).min(1.0);
        if best.is_none_or(|(_, s)| strength > s) {
            best = Some((start as f32 + length as f32 / 2.0, strength));
        }
    }
    best
}
