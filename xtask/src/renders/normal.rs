//! Normal distributions, fitted to scores.

/// A normal distribution.
pub(super) struct Normal {
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

impl Normal {
    pub(super) fn fit(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Self {
            mean,
            deviation: variance.sqrt(),
        }
    }

    fn log_density(&self, x: f64) -> f64 {
        -0.5 * ((x - self.mean) / self.deviation).powi(2) - self.deviation.ln()
    }
}

/// The ratio of the two densities; above the mated mean a higher score is no
/// less evidence, so only the non-mated density goes on falling there.
pub(super) fn llr(score: f64, mated: &Normal, non_mated: &Normal) -> f64 {
    mated.log_density(score.min(mated.mean)) - non_mated.log_density(score)
}

/// The normal deviate that is exceeded with probability `p` < 0.1 (Abramowitz
/// and Stegun, 26.2.23; error below 4.5e-4).
pub(super) fn z_of(p: f64) -> f64 {
    let t = (-2.0 * p.ln()).sqrt();
    t - (2.515_517 + 0.802_853 * t + 0.010_328 * t * t)
        / (1.0 + 1.432_788 * t + 0.189_269 * t * t + 0.001_308 * t * t * t)
}

/// To four decimals.
pub(super) fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
