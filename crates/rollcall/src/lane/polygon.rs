//! Outlines that are drawn by hand: what is one, and what only looks like one.

use rowcall_face::Point;

use super::Zone;

/// Corners that an outline may have.
const CORNERS: std::ops::RangeInclusive<usize> = 3..=64;
/// The least area, as a share of the picture's: a ten-thousandth is ten pixels a
/// side of a small frame, less than any face.
const LEAST_AREA: f64 = 1e-4;

/// The outline with these corners, x and y as shares of the picture's sides.
///
/// # Errors
/// What is wrong with it, in words: too few corners or too many, one outside the
/// picture or no number, one that stands there twice, sides that cross or touch, or
/// hardly any area.
pub(super) fn check(corners: &[[f32; 2]]) -> Result<Vec<Point>, String> {
    if !CORNERS.contains(&corners.len()) {
        return Err(format!(
            "it has {} corners, {} to {} are needed",
            corners.len(),
            CORNERS.start(),
            CORNERS.end()
        ));
    }
    let outside = |c: &&[f32; 2]| c.iter().any(|v| !(0.0..=1.0).contains(v));
    if let Some([x, y]) = corners.iter().find(outside) {
        return Err(format!(
            "the corner [{x}, {y}] lies outside the picture; x and y are shares, 0 to 1"
        ));
    }
    let n = corners.len();
    for (i, a) in corners.iter().enumerate() {
        if let Some(j) = (i + 1..n).find(|j| corners[*j] == *a) {
            return Err(format!(
                "corners {} and {} are the same; the last one needn't repeat the first",
                i + 1,
                j + 1
            ));
        }
    }
    let side = |i: usize| (corners[i], corners[(i + 1) % n]);
    for i in 0..n {
        for j in i + 1..n {
            let neighbours = j == i + 1 || (i == 0 && j == n - 1);
            if if neighbours {
                fold_back(side(i), side(j))
            } else {
                meet(side(i), side(j))
            } {
                return Err(format!(
                    "its sides {} and {} cross or touch; give the corners in order around the seat",
                    i + 1,
                    j + 1
                ));
            }
        }
    }
    let area = area(corners);
    if area < LEAST_AREA {
        return Err(format!(
            "it has hardly any area, {area:.6} of the picture; at least {LEAST_AREA} is needed"
        ));
    }
    Ok(corners.iter().map(|[x, y]| Point::new(*x, *y)).collect())
}

type Corner = [f32; 2];
type Side = (Corner, Corner);

fn area(corners: &[Corner]) -> f64 {
    let n = corners.len();
    let twice: f64 = (0..n)
        .map(|i| {
            let ([ax, ay], [bx, by]) = (corners[i], corners[(i + 1) % n]);
            f64::from(ax) * f64::from(by) - f64::from(bx) * f64::from(ay)
        })
        .sum();
    twice.abs() / 2.0
}

/// On which side of the line through `a` and `b` the point `c` is: above zero,
/// below, or on it. Products of two `f32` are exact in `f64`.
fn turn(a: Corner, b: Corner, c: Corner) -> f64 {
    let d = |p: f32, q: f32| f64::from(p) - f64::from(q);
    d(b[0], a[0]) * d(c[1], a[1]) - d(b[1], a[1]) * d(c[0], a[0])
}

fn is_between((a, b): Side, c: Corner) -> bool {
    (0..2).all(|i| (a[i].min(b[i])..=a[i].max(b[i])).contains(&c[i]))
}

/// Whether two sides have a point in common.
fn meet(one: Side, other: Side) -> bool {
    let ends = |line: Side, of: Side| (turn(line.0, line.1, of.0), turn(line.0, line.1, of.1));
    let ((a, b), (c, d)) = (ends(one, other), ends(other, one));
    if a * b < 0.0 && c * d < 0.0 {
        return true;
    }
    (a == 0.0 && is_between(one, other.0))
        || (b == 0.0 && is_between(one, other.1))
        || (c == 0.0 && is_between(other, one.0))
        || (d == 0.0 && is_between(other, one.1))
}

/// Whether of two sides with a corner in common one lies on the other.
fn fold_back(one: Side, other: Side) -> bool {
    let (common, a, b) = if one.1 == other.0 {
        (one.1, one.0, other.1)
    } else {
        (one.0, one.1, other.0)
    };
    turn(a, common, b) == 0.0 && (is_between((common, a), b) || is_between((common, b), a))
}

/// The least convex outline around all zones (Andrew's monotone chain).
pub(super) fn around(zones: &[Zone]) -> Vec<Point> {
    let mut points: Vec<Point> = zones.iter().flat_map(|z| z.polygon.clone()).collect();
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let turns_right =
        |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0.0;
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while let [.., a, b] = chain[..]
                && turns_right(a, b, p)
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut outline = chain(&mut points.iter().copied());
    outline.extend(chain(&mut points.iter().rev().copied()));
    outline
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn an_outline_is_one() {
        let square = vec![[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]];
        let mut other_way = square.clone();
        other_way.reverse();
        let mut many: Vec<[f32; 2]> = (0..64)
            .map(|i| {
                let angle = i as f32 / 64.0 * std::f32::consts::TAU;
                [0.5 + 0.3 * angle.cos(), 0.5 + 0.3 * angle.sin()]
            })
            .collect();
        let arrow = vec![[0.0, 0.0], [1.0, 0.0], [0.5, 0.5], [1.0, 1.0], [0.0, 1.0]];
        let on_a_line = vec![[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [1.0, 1.0]];
        let mut wrong = Vec::new();
        for good in [&square, &other_way, &many, &arrow, &on_a_line] {
            if let Err(why) = check(good) {
                wrong.push(format!("refused: {good:?}: {why}"));
            }
        }
        many.push([0.5, 0.5]);
        for (bad, expected) in [
            (many, "65 corners"),
            (vec![[0.0, 0.0], [1.0, 1.0]], "2 corners"),
            (
                vec![[0.0, 0.0], [f32::NAN, 0.0], [1.0, 1.0]],
                "outside the picture",
            ),
            (
                vec![[0.0, 0.0], [f32::INFINITY, 0.0], [1.0, 1.0]],
                "outside the picture",
            ),
            (
                vec![[0.0, 0.0], [-0.1, 0.0], [1.0, 1.0]],
                "outside the picture",
            ),
            (
                vec![[0.1, 0.1], [0.4, 0.1], [0.1, 0.4], [0.4, 0.4]],
                "cross or touch",
            ),
            (
                vec![[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.1]],
                "are the same",
            ),
            (
                vec![[0.1, 0.1], [0.1, 0.1], [0.4, 0.4], [0.1, 0.4]],
                "are the same",
            ),
            (vec![[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]], "cross or touch"),
            (
                vec![[0.0, 0.0], [1.0, 0.0], [0.5, 0.0], [0.5, 1.0]],
                "cross or touch",
            ),
            (
                vec![
                    [0.0, 0.0],
                    [0.5, 0.5],
                    [1.0, 0.0],
                    [1.0, 1.0],
                    [0.5, 0.5001],
                    [0.0, 1.0],
                ],
                "",
            ),
            (
                vec![[0.2, 0.2], [0.203, 0.2], [0.203, 0.203], [0.2, 0.203]],
                "hardly any area",
            ),
        ] {
            match check(&bad) {
                Ok(_) if expected.is_empty() => {}
                Err(why) if !expected.is_empty() && why.contains(expected) => {}
                other => wrong.push(format!("{expected:?}, {bad:?}: {other:?}")),
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    proptest::proptest! {
        /// Corners in the order of their directions from a point within cross nowhere;
        /// two that change places do, unless they are neighbours.
        #[test]
        fn corners_in_order_are_an_outline(
            angles in proptest::collection::btree_set(0_u32..360, 5..12),
            swap in 0_usize..100,
        ) {
            let corner = |degrees: &u32| {
                let angle = (*degrees as f32).to_radians();
                [0.5 + 0.4 * angle.cos(), 0.5 + 0.4 * angle.sin()]
            };
            let mut corners: Vec<[f32; 2]> = angles.iter().map(corner).collect();
            proptest::prop_assert!(check(&corners).is_ok() || super::area(&corners) < 1e-4);
            let n = corners.len();
            corners.swap(swap % n, (swap + 2) % n);
            proptest::prop_assert!(check(&corners).is_err());
        }
    }
}
