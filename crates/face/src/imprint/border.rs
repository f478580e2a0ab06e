//! The border of a sheet around a face: four straight edges that meet.
//!
//! The edge of a print, of the portrait on a page, or of a screen frames the
//! face, runs along with it and ends in corners. Doors, seats and windows behind
//! a head have edges too, but they are hidden by the head in part, turned against
//! it, or go on beyond where they would have to meet. What does close around a
//! head in the picture, a small window behind it, can't be told from a sheet.

use rowcall_picture::Wiped;

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
pub fn border_around(image: &Image, face: Rect, landmarks: &Landmarks) -> f32 {
    let Some(luma) = surroundings(image, face, landmarks) else {
        return 0.0;
    };
    let edges = Edges::of(&luma);
    // Left, right, top, bottom.
    let sides = [(false, -1), (false, 1), (true, -1), (true, 1)];
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
    /// In columns, one after the other.
    upright: Vec<i8>,
    /// In rows.
    level: Vec<i8>,
}

impl Edges {
    fn of(luma: &[f32]) -> Self {
        let mean = luma.iter().sum::<f32>() / luma.len() as f32;
        let least = LEAST_STEP + STEP_SHARE * mean;
        let columns: Wiped<f32> = Wiped::new(
            (0..SIDE * SIDE)
                .map(|i| luma[(i % SIDE) * SIDE + i / SIDE])
                .collect(),
        );
        Self {
            upright: ridges(&columns, least),
            level: ridges(luma, least),
        }
    }

    /// The lines on one side of the face that an edge lies on beside its
    /// middle: level ones above or below, or upright ones left or right. All of
    /// them: which of neighbours makes a corner shows only at the corner.
    fn lines(&self, level: bool, out: i32) -> Vec<Line> {
        let edges = if level { &self.level } else { &self.upright };
        let (near, far) = ((NEAREST * SIZE) as i32, (FURTHEST * SIZE) as i32);
        let mut lines = Vec::new();
        for slope in (-SLOPES..=SLOPES).map(|s| s as f32 * SLOPE) {
            let moved: Vec<i32> = (0..SIDE)
                .map(|along| (slope * (along as f32 + 0.5 - MIDDLE)).floor() as i32)
                .collect();
            for at in (near..=far).map(|away| SIDE as i32 / 2 + out * away) {
                let edge = |along: usize| {
                    let place = usize::try_from(at + moved[along]).ok();
                    let edge = place.and_then(|place| edges.get(place * SIDE + along));
                    edge.copied().unwrap_or(0)
                };
                for sign in signs(edge) {
                    let mut sums = vec![0_u16; SIDE + 1];
                    for along in 0..SIDE {
                        sums[along + 1] = sums[along] + u16::from(edge(along) == sign);
                    }
                    let at = at as f32;
                    lines.push(Line { at, slope, sums });
                }
            }
        }
        lines
    }
}

/// Of which signs there is enough of an edge beside the middle.
fn signs(edge: impl Fn(usize) -> i8) -> impl Iterator<Item = i8> {
    let half = (SIZE / 2.0) as usize;
    let (mut there, mut sum) = (0_i32, 0_i32);
    for along in SIDE / 2 - half..SIDE / 2 + half {
        let edge = i32::from(edge(along));
        there += edge.abs();
        sum += edge;
    }
    let enough = move |sign: &i8| {
        let of_sign = (there + i32::from(*sign) * sum) / 2;
        of_sign as f32 >= LEAST_COVER * 2.0 * half as f32
    };
    [-1, 1].into_iter().filter(enough)
}

/// The ridges of the change from row to row.
fn ridges(luma: &[f32], least: f32) -> Vec<i8> {
    let change = |i: usize| {
        let ahead = luma.get(i + SIDE).copied();
        let behind = i.checked_sub(SIDE).map(|i| luma[i]);
        ahead.zip(behind).map_or(0.0, |(a, b)| (a - b) / 2.0)
    };
    let mut out = vec![0_i8; luma.len()];
    for i in 2 * SIDE..luma.len() - 2 * SIDE {
        let here = change(i);
        if here.abs() < least
            || here.abs() < change(i - SIDE).abs()
            || here.abs() < change(i + SIDE).abs()
        {
            continue;
        }
        for i in [i - SIDE, i, i + SIDE] {
            out[i] = if here > 0.0 { 1 } else { -1 };
        }
    }
    out
}

/// The grey surroundings of a face, turned so that its eyes are level. Beyond
/// the picture its edge goes on. `None` for a face without size.
fn surroundings(image: &Image, face: Rect, landmarks: &Landmarks) -> Option<Wiped<f32>> {
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
    let width = image.width() as usize;
    let (right, bottom) = (image.width() as i32 - 1, image.height() as i32 - 1);
    let turned =
        |u: f32, v: f32| Point::new(scale * (cos * u - sin * v), scale * (sin * u + cos * v));
    // A little wider than the pixel, against noise.
    let within = |s: usize| 1.5 * ((s as f32 + 0.5) / per_axis as f32 - 0.5);
    let samples: Vec<Point> = (0..per_axis * per_axis)
        .map(|i| turned(within(i % per_axis), within(i / per_axis)))
        .collect();
    let mut out = Wiped::new(Vec::with_capacity(SIDE * SIDE));
    for i in 0..SIDE * SIDE {
        let at = |i: usize| i as f32 + 0.5 - MIDDLE;
        let about = turned(at(i % SIDE), at(i / SIDE));
        let about = Point::new(centre.x + about.x, centre.y + about.y);
        let mut sum = [0_u32; 3];
        for sample in &samples {
            let x = ((about.x + sample.x) as i32).clamp(0, right) as usize;
            let y = ((about.y + sample.y) as i32).clamp(0, bottom) as usize;
            let pixel = 3 * (y * width + x);
            for (sum, value) in sum.iter_mut().zip(&image.rgb()[pixel..pixel + 3]) {
                *sum += u32::from(*value);
            }
        }
        let [r, g, b] = sum.map(|v| v as f32 / samples.len() as f32);
        out.push(0.2126 * r + 0.7152 * g + 0.0722 * b);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::border_around;
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
        border_around(
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
            assert_eq!(found >= 0.73, is_sheet, "{what}: {found}");
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
        assert_eq!(border_around(&image, nowhere, &landmarks), 0.0);
    }
}
