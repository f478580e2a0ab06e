//! Log-likelihood ratios by logistic regression (Brümmer and du Preez 2006):
//! the straight or bent line over the score that costs least as evidence, each
//! kind of comparison weighing the same.

use super::LlrPoint;
use crate::{Error, ErrorKind, Histogram, Scores};

/// The ratio as a polynomial of the score: constant, slope, bend. Where it
/// falls, on the left of its vertex, it stands still instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    coefficients: [f64; 3],
}

/// One step of the curve in the file.
const STEP: f64 = 0.025;

impl Line {
    pub(super) fn nats(&self, score: f64) -> f64 {
        let [a, b, c] = self.coefficients;
        let vertex = if c > 0.0 { -b / (2.0 * c) } else { -1.0 };
        let s = score.max(vertex);
        a + b * s + c * s * s
    }

    /// The curve as the file holds it.
    pub(super) fn points(&self) -> Vec<LlrPoint> {
        (-8..=40)
            .map(|i| f64::from(i) * STEP)
            .map(|score| LlrPoint {
                score: (score * 1e3).round() / 1e3,
                nats: (self.nats(score) * 1e3).round() / 1e3,
            })
            .collect()
    }

    /// Its cost as evidence: bits lost a comparison, 0 for certain truth, 1 for
    /// no information (Cllr).
    pub(super) fn cost(&self, scores: &Scores) -> f64 {
        cost(scores, |s| self.nats(s))
    }

    pub(super) fn describe(&self) -> String {
        let [a, b, c] = self.coefficients;
        format!(
            "logistic regression, equal weight to mated and non-mated comparisons: {a:.3} {b:+.3} s {c:+.3} s^2 nats, \
             held at its least value below the vertex"
        )
    }
}

/// Fits by Newton's method: the problem is convex.
pub(super) fn fit(scores: &Scores) -> Result<Line, Error> {
    let data = data(scores);
    let mut w = [0.0_f64; 3];
    for _ in 0..60 {
        let (mut gradient, mut hessian) = ([0.0; 3], [[0.0; 3]; 3]);
        for &(s, mated, non_mated) in &data {
            let x = [1.0, s, s * s];
            let p = 1.0 / (1.0 + (-(w[0] + w[1] * s + w[2] * s * s)).exp());
            let g = mated * (p - 1.0) + non_mated * p;
            let h = (mated + non_mated) * p * (1.0 - p);
            for i in 0..3 {
                gradient[i] += g * x[i];
                for j in 0..3 {
                    hessian[i][j] += h * x[i] * x[j];
                }
            }
        }
        // A breath of ridge, so that scores that don't overlap have a solution.
        for i in 0..3 {
            gradient[i] += 1e-7 * w[i];
            hessian[i][i] += 1e-7;
        }
        let step = solve(hessian, gradient);
        let largest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
        // Newton may overshoot far from the solution.
        let damp = (20.0 / largest.max(1e-12)).min(1.0);
        (0..3).for_each(|i| w[i] -= damp * step[i]);
        if largest < 1e-9 {
            break;
        }
    }
    let line = Line { coefficients: w };
    if w.iter().all(|v| v.is_finite())
        && line.nats(1.0) > line.nats(0.3)
        && line.nats(0.3) > line.nats(0.0)
        && w[2] > -w[1] / 2.0
    {
        return Ok(line);
    }
    Err(Error::new(
        ErrorKind::TooFew,
        "the scores of one person aren't higher than those of strangers throughout; nothing can be calibrated on them",
    ))
}

/// The least cost of any rising function of the score: pools adjacent
/// violators.
pub(super) fn least_cost(scores: &Scores) -> f64 {
    let mut blocks: Vec<(f64, f64)> = Vec::new();
    for (_, mated, non_mated) in data(scores) {
        blocks.push((mated, non_mated));
        while let [.., a, b] = blocks[..]
            && a.0 * (b.0 + b.1) >= b.0 * (a.0 + a.1)
        {
            blocks.truncate(blocks.len() - 2);
            blocks.push((a.0 + b.0, a.1 + b.1));
        }
    }
    let bits = |(m, n): &(f64, f64)| {
        let part = |v: f64| {
            if v > 0.0 {
                -v * (v / (m + n)).log2()
            } else {
                0.0
            }
        };
        part(*m) + part(*n)
    };
    // Both kinds weigh one in sum, and Cllr is the mean of the two.
    blocks.iter().map(bits).sum::<f64>() / 2.0
}

fn cost(scores: &Scores, nats: impl Fn(f64) -> f64) -> f64 {
    let bits = |x: f64| x.exp().ln_1p() / std::f64::consts::LN_2;
    data(scores)
        .into_iter()
        .map(|(s, mated, non_mated)| mated * bits(-nats(s)) + non_mated * bits(nats(s)))
        .sum::<f64>()
        / 2.0
}

/// Score, mated weight and non-mated weight by bins; each weight sums to one.
fn data(scores: &Scores) -> Vec<(f64, f64, f64)> {
    let mut mated = Histogram::new();
    scores.mated().for_each(|s| mated.add(s));
    let (m, n) = (mated.total() as f64, scores.non_mated().total() as f64);
    let mut bins: std::collections::BTreeMap<i64, (f64, f64, f64)> = Default::default();
    let key = |s: f64| (s * 1e6).round() as i64;
    for (s, count) in mated.bins() {
        bins.entry(key(s)).or_insert((s, 0.0, 0.0)).1 += count as f64 / m;
    }
    for (s, count) in scores.non_mated().bins() {
        bins.entry(key(s)).or_insert((s, 0.0, 0.0)).2 += count as f64 / n;
    }
    bins.into_values().collect()
}

/// Solves a system of three equations by Cramer's rule.
fn solve(m: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    let determinant = |m: [[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
            - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let d = determinant(m);
    [0, 1, 2].map(|column| {
        let mut with = m;
        for row in 0..3 {
            with[row][column] = v[row];
        }
        determinant(with) / d
    })
}
