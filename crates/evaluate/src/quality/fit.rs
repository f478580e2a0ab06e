//! Logistic regression on a few components.

/// The probability of success as a logistic function of features.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logistic {
    /// Of the constant first, then of each feature.
    pub(crate) weights: Vec<f64>,
}

/// The price of a weight's square: features of little use stay near 0.
const RIDGE: f64 = 1.0;

impl Logistic {
    /// Fits by Newton's method: the problem is convex. `None` if it doesn't
    /// settle or there is nothing to tell apart.
    pub(crate) fn fit(features: &[Vec<f64>], success: &[bool]) -> Option<Self> {
        let size = features.first()?.len() + 1;
        if success.iter().all(|s| *s) || !success.iter().any(|s| *s) {
            return None;
        }
        let mut weights = vec![0.0; size];
        for _ in 0..100 {
            let mut gradient = vec![0.0; size];
            let mut hessian = vec![vec![0.0; size]; size];
            for (own, &success) in features.iter().zip(success) {
                let p = probability(&weights, own);
                let g = p - f64::from(u8::from(success));
                let h = p * (1.0 - p);
                let x = |i: usize| if i == 0 { 1.0 } else { own[i - 1] };
                for i in 0..size {
                    gradient[i] += g * x(i);
                    for (j, cell) in hessian[i].iter_mut().enumerate() {
                        *cell += h * x(i) * x(j);
                    }
                }
            }
            for i in 1..size {
                gradient[i] += RIDGE * weights[i];
                hessian[i][i] += RIDGE;
            }
            hessian[0][0] += 1e-9;
            let step = solve(hessian, gradient)?;
            let largest = step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            // Newton may overshoot far from the solution.
            let damp = (2.0 / largest.max(1e-12)).min(1.0);
            weights
                .iter_mut()
                .zip(&step)
                .for_each(|(w, s)| *w -= damp * s);
            if largest < 1e-9 {
                return weights
                    .iter()
                    .all(|w| w.is_finite())
                    .then_some(Self { weights });
            }
        }
        None
    }

    pub(crate) fn probability(&self, features: &[f64]) -> f64 {
        probability(&self.weights, features)
    }
}

fn probability(weights: &[f64], features: &[f64]) -> f64 {
    let sum: f64 = weights[1..].iter().zip(features).map(|(w, x)| w * x).sum();
    1.0 / (1.0 + (-(weights[0] + sum)).exp())
}

/// Gaussian elimination with pivots; `None` for a singular matrix.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| {
            matrix[*a][column]
                .abs()
                .total_cmp(&matrix[*b][column].abs())
        })?;
        if !(matrix[pivot][column].abs() > 1e-12) {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let (above, below) = matrix.split_at_mut(column + 1);
        let top = &above[column];
        for (row, own) in (column + 1..).zip(below) {
            let factor = own[column] / top[column];
            own.iter_mut()
                .zip(top)
                .skip(column)
                .for_each(|(v, t)| *v -= factor * t);
            right[row] -= factor * right[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::Logistic;

    #[test]
    fn finds_the_function_it_was_given() {
        // A grid, each cell with as many successes as the function says.
        let (mut features, mut success) = (Vec::new(), Vec::new());
        for a in -10..=10 {
            for b in -10..=10 {
                let (x, y) = (f64::from(a) / 5.0, f64::from(b) / 5.0);
                let p = 1.0 / (1.0 + (-(0.5 + 2.0 * x - 1.0 * y)).exp());
                for k in 0..100 {
                    features.push(vec![x, y]);
                    success.push(f64::from(k) + 0.5 < 100.0 * p);
                }
            }
        }
        let fitted = Logistic::fit(&features, &success).expect("it settles");
        for (found, truth) in fitted.weights.iter().zip([0.5, 2.0, -1.0]) {
            assert!((found - truth).abs() < 0.05, "{:?}", fitted.weights);
        }
        assert!(fitted.probability(&[2.0, -2.0]) > 0.99);
        assert_eq!(Logistic::fit(&features, &vec![true; features.len()]), None);
    }
}
