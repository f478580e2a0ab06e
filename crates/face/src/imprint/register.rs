//! Registration of one small picture onto another, and how far they then agree.

use rowcall_picture::Wiped;

use super::Registration;

/// Grey values, row by row; wiped after use, since they show a face.
type Plane = Wiped<f32>;

/// Steps at half size and at full size.
const STEPS: [usize; 2] = [12, 12];
/// An affine map that changes lengths or moves the middle by more than this
/// (of one, and of the side) isn't the small correction that alignment needs.
const MOST_STRETCH: f32 = 0.35;
const MOST_SHIFT: f32 = 0.15;
/// Fine detail lies between these two blurs, in pixels (standard deviations).
const FINE: f32 = 0.8;
const COARSE: f32 = 3.2;

/// Parameters of an affine map about the middle, lengths in sides: x' = x + a0
/// x + a1 y + a2, y' = y + a3 x + a4 y + a5.
type Affine = [f32; 6];

/// Maps `face` affinely onto `picture` (each `side` x `side`); `None` where
/// that can't be done.
pub(super) fn register(face: &Plane, picture: &Plane, side: usize) -> Option<Registration> {
    let mut map: Affine = [0.0; 6];
    let half = side / 2;
    let levels = [
        (shrink(face, side), shrink(picture, side), half),
        (face.clone(), picture.clone(), side),
    ];
    for ((face, picture, side), steps) in levels.iter().zip(STEPS) {
        let (face, picture) = (blur(face, *side, FINE), blur(picture, *side, FINE));
        for _ in 0..steps {
            let step = step(&face, &picture, *side, &map)?;
            map.iter_mut().zip(step).for_each(|(m, s)| *m += s);
            let stretch = [map[0], map[1], map[3], map[4]];
            if stretch.iter().any(|v| !(v.abs() <= MOST_STRETCH))
                || !(map[2].abs() <= MOST_SHIFT && map[5].abs() <= MOST_SHIFT)
            {
                return None;
            }
        }
    }
    let mapped = warp(face, side, &map, |_, _| true);
    let agreement = correlation(&detail(&mapped, side), &detail(picture, side), side);
    Some(Registration {
        agreement,
        foreshortening: foreshortening(&map),
    })
}

/// How far an affine map is from a similarity: 1 less the ratio of its singular
/// values.
fn foreshortening(map: &Affine) -> f32 {
    let [a, b, c, d] = [1.0 + map[0], map[1], map[3], 1.0 + map[4]];
    // The sum and the difference of the singular values.
    let sum = (a + d).hypot(c - b);
    let difference = (a - d).hypot(b + c);
    let (greatest, least) = (sum + difference, (sum - difference).abs());
    if greatest > 0.0 {
        1.0 - least / greatest
    } else {
        0.0
    }
}

/// One Gauss-Newton step of the map, with gain and offset of brightness free
/// (Lucas and Kanade 1981; Baker and Matthews 2004, forwards additive).
fn step(face: &Plane, picture: &Plane, side: usize, map: &Affine) -> Option<Affine> {
    // A gradient reaches one pixel beyond the face.
    let mapped = warp(face, side, map, |u, v| {
        let reach = 1.5 / side as f32;
        is_near_face(u, v, reach)
    });
    let mut normal = [[0.0_f64; 8]; 8];
    let mut right = [0.0_f64; 8];
    for y in 1..side - 1 {
        for x in 1..side - 1 {
            let i = y * side + x;
            let (u, v) = (place(x, side), place(y, side));
            if !is_face(u, v) {
                continue;
            }
            // Gradients per side, so that the map's units hold at every size.
            let scale = side as f32 / 2.0;
            let gx = (mapped[i + 1] - mapped[i - 1]) * scale;
            let gy = (mapped[i + side] - mapped[i - side]) * scale;
            let row = [gx * u, gx * v, gx, gy * u, gy * v, gy, -picture[i], -1.0].map(f64::from);
            // It is symmetric: the other half is the same.
            for (a, value) in row.iter().enumerate() {
                for (b, other) in row.iter().enumerate().skip(a) {
                    normal[a][b] += value * other;
                }
                right[a] -= value * f64::from(mapped[i]);
            }
        }
    }
    let upper = normal;
    for (a, row) in normal.iter_mut().enumerate() {
        for (b, value) in row.iter_mut().enumerate().take(a) {
            *value = upper[b][a];
        }
    }
    let solved = solve(normal, right)?;
    Some([0, 1, 2, 3, 4, 5].map(|k| solved[k] as f32))
}

/// Gaussian elimination with pivoting; `None` for a matrix without inverse.
fn solve(mut m: [[f64; 8]; 8], mut right: [f64; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|&a, &b| m[a][column].abs().total_cmp(&m[b][column].abs()))?;
        if !(m[pivot][column].abs() > 1e-6) {
            return None;
        }
        m.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..8 {
            let factor = m[row][column] / m[column][column];
            let above = m[column];
            for (value, above) in m[row].iter_mut().zip(above).skip(column) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..8).rev() {
        let known: f64 = (row + 1..8).map(|k| m[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / m[row][row];
    }
    Some(right)
}

/// A pixel's place about the middle, in sides.
fn place(pixel: usize, side: usize) -> f32 {
    (pixel as f32 + 0.5) / side as f32 - 0.5
}

/// Whether a place lies in the ellipse that is face whatever the hair.
fn is_face(u: f32, v: f32) -> bool {
    (u / 0.36).powi(2) + ((v - 0.08) / 0.42).powi(2) <= 1.0
}

/// Whether a place lies in that ellipse with a seam of `reach` around it, or a little
/// farther out.
fn is_near_face(u: f32, v: f32, reach: f32) -> bool {
    (u / (0.36 + reach)).powi(2) + ((v - 0.08) / (0.42 + reach)).powi(2) <= 1.0
}

/// `plane` as the map sees it, bilinear, where it `is_wanted` and 0 elsewhere; its edge
/// goes on beyond it.
fn warp(plane: &Plane, side: usize, map: &Affine, is_wanted: impl Fn(f32, f32) -> bool) -> Plane {
    let mut out = Wiped::new(vec![0.0; side * side]);
    let last = (side - 1) as f32;
    for y in 0..side {
        for x in 0..side {
            let (u, v) = (place(x, side), place(y, side));
            if !is_wanted(u, v) {
                continue;
            }
            let at = |base: f32, [a, b, c]: [f32; 3]| {
                let moved = base + a * u + b * v + c;
                ((moved + 0.5) * side as f32 - 0.5).clamp(0.0, last)
            };
            let (sx, sy) = (
                at(u, [map[0], map[1], map[2]]),
                at(v, [map[3], map[4], map[5]]),
            );
            let (left, top) = (sx as usize, sy as usize);
            let (fx, fy) = (sx - left as f32, sy - top as f32);
            let value = |dx: usize, dy: usize| {
                plane[(top + dy).min(side - 1) * side + (left + dx).min(side - 1)]
            };
            let upper = value(0, 0) * (1.0 - fx) + value(1, 0) * fx;
            let lower = value(0, 1) * (1.0 - fx) + value(1, 1) * fx;
            out[y * side + x] = upper * (1.0 - fy) + lower * fy;
        }
    }
    out
}

/// Half the size, each pixel the mean of four.
fn shrink(plane: &Plane, side: usize) -> Plane {
    let half = side / 2;
    let value = |x: usize, y: usize| plane[y * side + x];
    let mean = |x: usize, y: usize| {
        (value(x, y) + value(x + 1, y) + value(x, y + 1) + value(x + 1, y + 1)) / 4.0
    };
    Wiped::new(
        (0..half * half)
            .map(|i| mean(2 * (i % half), 2 * (i / half)))
            .collect(),
    )
}

/// What lies between the two blurs.
fn detail(plane: &Plane, side: usize) -> Plane {
    let (fine, coarse) = (blur(plane, side, FINE), blur(plane, side, COARSE));
    Wiped::new(fine.iter().zip(coarse.iter()).map(|(f, c)| f - c).collect())
}

/// A Gaussian blur; the edge goes on beyond the picture.
fn blur(plane: &Plane, side: usize, deviation: f32) -> Plane {
    let reach = (3.0 * deviation).ceil() as usize;
    let kernel: Vec<f32> = (0..=2 * reach)
        .map(|i| i.abs_diff(reach) as f32)
        .map(|d| (-(d * d) / (2.0 * deviation * deviation)).exp())
        .collect();
    let sum: f32 = kernel.iter().sum();
    let last = side - 1;
    // Tap by tap over a whole row: each pixel's sum has the order of the taps.
    let mut across = Wiped::new(vec![0.0; side * side]);
    let mut row = Wiped::new(vec![0.0; side + 2 * reach]);
    for y in 0..side {
        let own = &plane[y * side..][..side];
        for (i, value) in row.iter_mut().enumerate() {
            *value = own[i.saturating_sub(reach).min(last)];
        }
        add_taps(&mut across[y * side..][..side], &kernel, sum, |tap| {
            &row[tap..]
        });
    }
    let mut out = Wiped::new(vec![0.0; side * side]);
    for y in 0..side {
        add_taps(&mut out[y * side..][..side], &kernel, sum, |tap| {
            &across[(y + tap).saturating_sub(reach).min(last) * side..]
        });
    }
    out
}

/// A row of sums over the taps of a kernel, from what each tap meets.
fn add_taps<'a>(out: &mut [f32], kernel: &[f32], sum: f32, met: impl Fn(usize) -> &'a [f32]) {
    for (tap, k) in kernel.iter().enumerate() {
        let met = met(tap);
        out.iter_mut().zip(met).for_each(|(o, v)| *o += k * v);
    }
    out.iter_mut().for_each(|o| *o /= sum);
}

/// The correlation coefficient over the face; 0 where either is flat.
fn correlation(a: &Plane, b: &Plane, side: usize) -> f32 {
    let inside = || {
        (0..side * side)
            .filter(|i| is_face(place(i % side, side), place(i / side, side)))
            .map(|i| (f64::from(a[i]), f64::from(b[i])))
    };
    let n = inside().count().max(1) as f64;
    let (sa, sb) = inside().fold((0.0, 0.0), |s, (x, y)| (s.0 + x, s.1 + y));
    let (ma, mb) = (sa / n, sb / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in inside() {
        ab += (x - ma) * (y - mb);
        aa += (x - ma).powi(2);
        bb += (y - mb).powi(2);
    }
    if aa / n < 1e-3 || bb / n < 1e-3 {
        return 0.0;
    }
    (ab / (aa * bb).sqrt()).clamp(-1.0, 1.0) as f32
}

#[cfg(test)]
mod tests {
    use super::foreshortening;

    #[test]
    fn a_similarity_foreshortens_nothing() {
        let (sin, cos) = 0.2_f32.sin_cos();
        for (map, expected) in [
            ([0.0; 6], 0.0),
            ([0.2, 0.0, 0.1, 0.0, 0.2, 0.0], 0.0),
            (
                [
                    1.1 * cos - 1.0,
                    -1.1 * sin,
                    0.0,
                    1.1 * sin,
                    1.1 * cos - 1.0,
                    0.0,
                ],
                0.0,
            ),
            ([-0.2, 0.0, 0.0, 0.0, 0.0, 0.0], 0.2),
            ([0.0, 0.0, 0.0, 0.0, 0.25, 0.1], 0.2),
            // Foreshortened by a fifth, then turned.
            ([0.8 * cos - 1.0, -sin, 0.0, 0.8 * sin, cos - 1.0, 0.0], 0.2),
        ] {
            let found = foreshortening(&map);
            assert!((found - expected).abs() < 1e-5, "{map:?}: {found}");
        }
    }
}
