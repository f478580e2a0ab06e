//! The border of a sheet around a face: four straight edges that meet.
//!
//! The edge of a print, of the portrait on a page, or of a screen frames the
//! face, runs along with it and ends in corners. Doors, seats and windows behind
//! a head have edges too, but they are hidden by the head in part, turned against
//! it, or go on beyond where they would have to meet. What does close around a
//! head in the picture, a small window behind it, can't be told from a sheet.

use zeroize::Zeroizing;

use crate::{Image, Landmarks, Point, Rect};

/// The surroundings are brought to this many pixels a side ...
const SIDE: usize = 144;
/// ... which reach this many face sizes (mean of width and height) to each side
/// of the face's middle.
const REACH: f32 = 2.2;
/// An edge of the sheet lies this far from the middle of the face, in face
/// sizes.
const NEAREST: f32 = 0.5;
const FURTHEST: f32 = 2.0;
/// Edges run along with the face or across it, but for a slope of this many
/// steps, 0.03 each: a sheet held before a camera is seen in perspective.
const SLOPES: i32 = 4;
const SLOPE: f32 = 0.03;
/// What counts as an edge: grey levels a pixel, and as a share of the mean.
const LEAST_STEP: f32 = 3.0;
const STEP_SHARE: f32 = 0.03;
/// Beside the middle an edge must be there in this share of its length to be
/// looked at at all.
const LEAST_COVER: f32 = 0.6;

/// How nearly closed the best border of a sheet around the face is, 0..=1: the
/// least of the shares of its eight half edges that are there, less half of
/// what goes on beyond its corners.
pub(crate) fn closeness(image: &Image, face: Rect, landmarks: &Landmarks) -> f32 {
    let Some(luma) = surroundings(image, face, landmarks) else {
        return 0.0;
    };
    let edges = Edges::of(&luma);
    // Left, right, top, bottom.
    let sides = [(false, -1.0), (false, 1.0), (true, -1.0), (true, 1.0)];
    let [left, right, top, bottom] = &sides.map(|(level, out)| edges.lines(level, out));
    let corners = |a: &[Line], b: &[Line]| -> Vec<Vec<f32>> {
        a.iter()
            .map(|a| b.iter().map(|b| corner(a, b)).collect())
            .collect()
    };
    let (lt, lb) = (corners(left, top), corners(left, bottom));
    let (rt, rb) = (corners(right, top), corners(right, bottom));
    let meet = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a.min(*b)).fold(0.0, f32::max);
    let mut best = 0.0_f32;
    for (lt, lb) in lt.iter().zip(&lb) {
        for (rt, rb) in rt.iter().zip(&rb) {
            best = best.max(meet(lt, rt).min(meet(lb, rb)));
        }
    }
    best
}

/// A straight line beside the face that an edge lies on in part.
struct Line {
    /// Where it is at the middle of the face, and by how much it moves a pixel.
    at: f32,
    slope: f32,
    /// How many of its first pixels are on an edge.
    sums: Vec<u16>,
}

impl Line {
    fn place(&self, along: f32) -> f32 {
        self.at + self.slope * (along - MIDDLE)
    }

    /// The share of the pixels from `a` to `b`, in either order, that are on an
    /// edge; `None` for fewer than two inside.
    fn cover(&self, a: f32, b: f32) -> Option<f32> {
        let pixel = |v: f32| v.clamp(0.0, SIDE as f32) as usize;
        let (from, to) = (pixel(a.min(b)), pixel(a.max(b)));
        (to >= from + 2).then(|| f32::from(self.sums[to] - self.sums[from]) / (to - from) as f32)
    }
}

const MIDDLE: f32 = SIDE as f32 / 2.0;
/// Pixels a face size.
const SIZE: f32 = MIDDLE / REACH;

/// How well an upright and a level edge make a corner.
fn corner(upright: &Line, level: &Line) -> f32 {
    // They are nearly at right angles: two rounds find where they meet.
    let mut y = level.at;
    let mut x = upright.place(y);
    for _ in 0..2 {
        y = level.place(x);
        x = upright.place(y);
    }
    let half = |line: &Line, corner: f32| {
        let there = line.cover(MIDDLE, corner).unwrap_or(0.0);
        let beyond = corner + 0.35 * (corner - MIDDLE);
        // A pixel or two of rounding at the corner itself.
        let skip = corner + 2.0 * (corner - MIDDLE).signum();
        there - 0.5 * line.cover(skip, beyond).unwrap_or(0.0)
    };
    half(upright, y).min(half(level, x))
}

/// Where the picture changes across and down: 1 where it gets brighter, −1
/// where darker, on the ridge of the change and a pixel beside it.
struct Edges {
    upright: Vec<i8>,
    level: Vec<i8>,
}

impl Edges {
    fn of(luma: &[f32]) -> Self {
        let mean = luma.iter().sum::<f32>() / luma.len() as f32;
        let least = LEAST_STEP + STEP_SHARE * mean;
        let ridge = |step: usize| {
            let change = |i: usize| {
                let ahead = luma.get(i + step).copied();
                let behind = i.checked_sub(step).map(|i| luma[i]);
                ahead.zip(behind).map_or(0.0, |(a, b)| (a - b) / 2.0)
            };
            let mut out = vec![0_i8; luma.len()];
            for i in 2 * step + 2..luma.len() - 2 * step - 2 {
                let here = change(i);
                if here.abs() < least
                    || here.abs() < change(i - step).abs()
                    || here.abs() < change(i + step).abs()
                {
                    continue;
                }
                for i in [i - step, i, i + step] {
                    out[i] = if here > 0.0 { 1 } else { -1 };
                }
            }
            out
        };
        Self {
            upright: ridge(1),
            level: ridge(SIDE),
        }
    }

    /// The lines on one side of the face that an edge lies on beside its
    /// middle: level ones above or below, or upright ones left or right. Of
    /// neighbours the best.
    fn lines(&self, level: bool, out: f32) -> Vec<Line> {
        let (near, far) = ((NEAREST * SIZE) as usize, (FURTHEST * SIZE) as usize);
        let mut lines = Vec::new();
        for sign in [-1, 1] {
            let best: Vec<Option<(f32, Line)>> = (near..=far)
                .map(|away| self.best_line(level, MIDDLE + out * away as f32, sign))
                .collect();
            let covers: Vec<f32> = best
                .iter()
                .map(|b| b.as_ref().map_or(0.0, |b| b.0))
                .collect();
            for (i, found) in best.into_iter().enumerate() {
                let Some((cover, line)) = found else { continue };
                let before = i.checked_sub(1).map_or(0.0, |i| covers[i]);
                let after = covers.get(i + 1).copied().unwrap_or(0.0);
                if cover >= before && cover >= after {
                    lines.push(line);
                }
            }
        }
        lines
    }

    /// The slope at which most of an edge of this sign lies on a line, and how
    /// much does within a face size of the middle.
    fn best_line(&self, level: bool, at: f32, sign: i8) -> Option<(f32, Line)> {
        let lines = (-SLOPES..=SLOPES).filter_map(|s| {
            let slope = s as f32 * SLOPE;
            let on = |along: usize| {
                let place = at + slope * (along as f32 + 0.5 - MIDDLE);
                (0.0..SIDE as f32).contains(&place) && {
                    let place = place as usize;
                    sign == match level {
                        true => self.level[place * SIDE + along],
                        false => self.upright[along * SIDE + place],
                    }
                }
            };
            let half = (SIZE / 2.0) as usize;
            let beside = SIDE / 2 - half..SIDE / 2 + half;
            let there = beside.clone().filter(|&along| on(along)).count();
            if (there as f32) < LEAST_COVER * beside.len() as f32 {
                return None;
            }
            let mut sums = vec![0_u16; SIDE + 1];
            for along in 0..SIDE {
                sums[along + 1] = sums[along] + u16::from(on(along));
            }
            let line = Line { at, slope, sums };
            Some((line.cover(MIDDLE - SIZE, MIDDLE + SIZE)?, line))
        });
        lines.max_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// The grey surroundings of a face, turned so that its eyes are level. Beyond
/// the picture its edge goes on. `None` for a face without size.
fn surroundings(image: &Image, face: Rect, landmarks: &Landmarks) -> Option<Zeroizing<Vec<f32>>> {
    let size = (face.width + face.height) / 2.0;
    let (l, r) = (landmarks.right_eye, landmarks.left_eye);
    let (dx, dy) = (r.x - l.x, r.y - l.y);
    let apart = dx.hypot(dy);
    if !(size > 4.0 && apart > 1.0) {
        return None;
    }
    let (cos, sin) = (dx / apart, dy / apart);
    let scale = size / SIZE;
    let per_axis = (scale.ceil() as usize).clamp(2, 8);
    let centre = face.centre();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let grey = |p: Point| {
        let x = (p.x.max(0.0) as usize).min(width - 1);
        let y = (p.y.max(0.0) as usize).min(height - 1);
        let i = 3 * (y * width + x);
        let p = &image.rgb()[i..i + 3];
        0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2])
    };
    let mut out = Zeroizing::new(Vec::with_capacity(SIDE * SIDE));
    for y in 0..SIDE {
        for x in 0..SIDE {
            let mut sum = 0.0;
            for sy in 0..per_axis {
                for sx in 0..per_axis {
                    // A little wider than the pixel, against noise.
                    let offset = |s: usize| 1.5 * ((s as f32 + 0.5) / per_axis as f32 - 0.5);
                    let u = (x as f32 + 0.5 + offset(sx) - MIDDLE) * scale;
                    let v = (y as f32 + 0.5 + offset(sy) - MIDDLE) * scale;
                    sum += grey(Point::new(
                        centre.x + cos * u - sin * v,
                        centre.y + sin * u + cos * v,
                    ));
                }
            }
            out.push(sum / (per_axis * per_axis) as f32);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::closeness;
    use crate::{Image, Landmarks, Point, Rect};

    /// A face's place in a grey picture, and straight bars in it: x, y, width,
    /// height about the face's middle in face sizes, turned with the face.
    fn seen(bars: &[([f32; 4], u8)], turn: f32) -> f32 {
        const SIZE: f32 = 80.0;
        let (sin, cos) = turn.sin_cos();
        let pixel = |i: usize| {
            let (x, y) = ((i % 480) as f32 - 240.0, (i / 480) as f32 - 240.0);
            let (u, v) = ((cos * x + sin * y) / SIZE, (cos * y - sin * x) / SIZE);
            // A texture as a cabin has it.
            let ground = 70.0 + 12.0 * (9.0 * u).sin() * (7.0 * v + 2.0 * u).cos();
            let bar = bars
                .iter()
                .rev()
                .find(|([l, t, w, h], _)| (*l..l + w).contains(&u) && (*t..t + h).contains(&v));
            [bar.map_or(ground as u8, |(_, grey)| *grey); 3]
        };
        let image = (0..480 * 480).flat_map(pixel).collect();
        let image = Image::from_rgb(480, 480, image).expect("the size");
        let at = |u: f32, v: f32| {
            let (u, v) = (u * SIZE, v * SIZE);
            Point::new(240.0 + cos * u - sin * v, 240.0 + sin * u + cos * v)
        };
        let points = [
            (-0.2, -0.1),
            (0.2, -0.1),
            (0.0, 0.1),
            (-0.15, 0.3),
            (0.15, 0.3),
        ];
        let face = Rect {
            x: 240.0 - SIZE / 2.0,
            y: 240.0 - SIZE / 2.0,
            width: SIZE,
            height: SIZE,
        };
        closeness(
            &image,
            face,
            &Landmarks::from_points(points.map(|(u, v)| at(u, v))),
        )
    }

    #[test]
    fn a_sheet_has_a_border_and_a_door_has_none() {
        let sheet = ([-0.9, -1.1, 1.8, 2.3], 200);
        for (what, bars, turn, is_sheet) in [
            ("a sheet", &[sheet][..], 0.0, true),
            ("a dark one", &[([-0.9, -1.1, 1.8, 2.3], 20)], 0.0, true),
            ("turned with the face", &[sheet], 0.3, true),
            ("nothing", &[], 0.0, false),
            ("a post", &[([0.8, -3.0, 0.3, 6.0], 200)], 0.0, false),
            (
                "a window's lower edge",
                &[([-3.0, -3.0, 6.0, 2.2], 230)],
                0.0,
                false,
            ),
            ("open below", &[([-0.9, -1.1, 1.8, 4.0], 200)], 0.0, false),
        ] {
            let found = seen(bars, turn);
            assert_eq!(found >= 0.65, is_sheet, "{what}: {found}");
        }
    }

    #[test]
    fn a_face_without_size_has_no_border() {
        let image = Image::from_rgb(8, 8, vec![9; 192]).expect("the size");
        let nowhere = Rect {
            x: 3.0,
            y: 3.0,
            width: 0.0,
            height: 0.0,
        };
        let landmarks = Landmarks::from_points([Point::new(3.0, 3.0); 5]);
        assert_eq!(closeness(&image, nowhere, &landmarks), 0.0);
    }
}
