//! People and pictures put into the seats of a given frame.
//!
//! Everything happens in linear light. A face from a photograph takes the place
//! of the face that sits there: brought to its landmarks, lit as it was lit,
//! feathered into it. What can't be shown honestly that way (a face hidden in
//! part) is made unrecognisable instead.

mod face;
mod glaze;
mod print;

pub use face::{hide, put_face};
pub use glaze::{Window, glaze};
pub use print::{Print, put_print};

/// The five landmarks of a face in pixels: right eye, left eye, nose, right and
/// left mouth corner of the person.
pub type Landmarks5 = [[f32; 2]; 5];

/// An affine map of the plane: scale, turn, shear, shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    x: [f32; 3],
    y: [f32; 3],
}

impl Affine {
    /// The map that takes `from` to `to` with the least sum of squares; `None`
    /// for landmarks on a line.
    pub(crate) fn fit(from: &Landmarks5, to: &Landmarks5) -> Option<Self> {
        let mean = |k: usize| from.iter().map(|p| f64::from(p[k])).sum::<f64>() / 5.0;
        let (mx, my) = (mean(0), mean(1));
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        let mut right = [[0.0_f64; 2]; 2];
        for (f, t) in from.iter().zip(to) {
            let (x, y) = (f64::from(f[0]) - mx, f64::from(f[1]) - my);
            xx += x * x;
            xy += x * y;
            yy += y * y;
            for (row, value) in right.iter_mut().zip(t) {
                row[0] += x * f64::from(*value);
                row[1] += y * f64::from(*value);
            }
        }
        let determinant = xx * yy - xy * xy;
        if !(determinant > 1e-6 * xx * yy) {
            return None;
        }
        let row = |k: usize| {
            let [a, b] = right[k];
            let (p, q) = (
                (a * yy - b * xy) / determinant,
                (b * xx - a * xy) / determinant,
            );
            let middle = to.iter().map(|t| f64::from(t[k])).sum::<f64>() / 5.0;
            [p as f32, q as f32, (middle - p * mx - q * my) as f32]
        };
        Some(Self {
            x: row(0),
            y: row(1),
        })
    }

    pub(crate) fn at(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.x, self.y].map(|[a, b, c]| a * x + b * y + c)
    }

    /// By how much lengths grow, in the mean.
    pub(crate) fn scale(&self) -> f32 {
        (self.x[0] * self.y[1] - self.x[1] * self.y[0]).abs().sqrt()
    }
}

/// From 0 at `low` to 1 at `high`, smoothly.
pub(crate) fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::{Affine, Landmarks5};

    const FACE: Landmarks5 = [[30., 40.], [70., 41.], [50., 62.], [35., 80.], [66., 82.]];

    #[test]
    fn finds_the_map_it_was_given() {
        let to = FACE.map(|[x, y]| [0.8 * x - 0.2 * y + 10.0, 0.1 * x + 1.2 * y - 5.0]);
        let map = Affine::fit(&FACE, &to).expect("no line");
        for (f, t) in FACE.iter().zip(to) {
            let found = map.at(*f);
            assert!((found[0] - t[0]).abs() < 1e-3 && (found[1] - t[1]).abs() < 1e-3);
        }
        assert!((map.scale() - (0.8_f32 * 1.2 + 0.02).sqrt()).abs() < 1e-4);
        let line = [[0., 0.], [1., 1.], [2., 2.], [3., 3.], [4., 4.]];
        assert_eq!(Affine::fit(&line, &FACE), None);
    }
}
