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

/// A similarity of the plane: scale, turn, shift. Anything freer would change
/// the proportions by which a face is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    x: [f32; 3],
    y: [f32; 3],
}

impl Similarity {
    /// The one that takes `from` to `to` with the least sum of squares; `None` for
    /// landmarks in one place.
    pub(crate) fn fit(from: &Landmarks5, to: &Landmarks5) -> Option<Self> {
        let mean = |p: &Landmarks5, k: usize| p.iter().map(|p| f64::from(p[k])).sum::<f64>() / 5.0;
        let (mx, my, nx, ny) = (mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1));
        let (mut dot, mut cross, mut squares) = (0.0, 0.0, 0.0);
        for (f, t) in from.iter().zip(to) {
            let (x, y) = (f64::from(f[0]) - mx, f64::from(f[1]) - my);
            let (u, v) = (f64::from(t[0]) - nx, f64::from(t[1]) - ny);
            dot += x * u + y * v;
            cross += x * v - y * u;
            squares += x * x + y * y;
        }
        if !(squares > 1e-6) {
            return None;
        }
        let (a, b) = (dot / squares, cross / squares);
        Some(Self {
            x: [a as f32, -b as f32, (nx - a * mx + b * my) as f32],
            y: [b as f32, a as f32, (ny - b * mx - a * my) as f32],
        })
    }

    pub(crate) fn at(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [self.x, self.y].map(|[a, b, c]| a * x + b * y + c)
    }

    /// By how much lengths grow.
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
    use super::{Landmarks5, Similarity};

    const FACE: Landmarks5 = [[30., 40.], [70., 41.], [50., 62.], [35., 80.], [66., 82.]];

    #[test]
    fn finds_the_map_it_was_given_and_keeps_proportions() {
        let to = FACE.map(|[x, y]| [0.8 * x - 0.3 * y + 10.0, 0.3 * x + 0.8 * y - 5.0]);
        let map = Similarity::fit(&FACE, &to).expect("no point");
        for (f, t) in FACE.iter().zip(to) {
            let found = map.at(*f);
            assert!((found[0] - t[0]).abs() < 1e-3 && (found[1] - t[1]).abs() < 1e-3);
        }
        assert!((map.scale() - 0.8_f32.hypot(0.3)).abs() < 1e-4);
        // Another face's proportions aren't taken on.
        let narrow = FACE.map(|[x, y]| [0.7 * x, y]);
        let map = Similarity::fit(&FACE, &narrow).expect("no point");
        let length = |a: usize, b: usize, p: &dyn Fn([f32; 2]) -> [f32; 2]| {
            let ([ax, ay], [bx, by]) = (p(FACE[a]), p(FACE[b]));
            (ax - bx).hypot(ay - by)
        };
        let ratio = |p: &dyn Fn([f32; 2]) -> [f32; 2]| length(0, 1, p) / length(0, 3, p);
        assert!((ratio(&|p| map.at(p)) - ratio(&|p| p)).abs() < 1e-4);
        assert_eq!(Similarity::fit(&[[3., 3.]; 5], &FACE), None);
    }
}
