//! A share of independent trials and what it says.

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF as _};

/// So many of n trials, with a 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Proportion {
    /// How often it happened.
    pub k: u64,
    /// In how many trials.
    pub n: u64,
    /// `k / n`; none without trials.
    pub rate: Option<f64>,
    /// Clopper and Pearson's interval (Biometrika 1934), which covers the true
    /// rate in 95 % of cases at least: what never happened in n trials still
    /// has an upper bound.
    pub ci95: [f64; 2],
}

impl Proportion {
    /// `k` of `n`, where `k` is at most `n`.
    pub fn of(k: u64, n: u64) -> Self {
        let k = k.min(n);
        let quantile = |a: u64, b: u64, p: f64| {
            Beta::new(a as f64, b as f64).map_or(f64::NAN, |beta| beta.inverse_cdf(p))
        };
        let low = if k == 0 {
            0.0
        } else {
            quantile(k, n - k + 1, 0.025)
        };
        let high = if k == n {
            1.0
        } else {
            quantile(k + 1, n - k, 0.975)
        };
        Self {
            k,
            n,
            rate: (n > 0).then(|| k as f64 / n as f64),
            ci95: [low, high],
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Proportion;

    #[test]
    fn agrees_with_published_intervals() {
        // Zero of n: 1 - 0.025^(1/n). 7 of 20 and 10 of 100 are textbook values.
        for (k, n, low, high) in [
            (0, 10, 0.0, 0.3085),
            (0, 100, 0.0, 0.0362),
            (7, 20, 0.1539, 0.5922),
            (10, 100, 0.0490, 0.1762),
            (5, 5, 0.4782, 1.0),
            (0, 0, 0.0, 1.0),
        ] {
            let [l, h] = Proportion::of(k, n).ci95;
            assert!(
                (l - low).abs() < 2e-4 && (h - high).abs() < 2e-4,
                "{k} of {n}: {l} {h}"
            );
        }
    }

    proptest! {
        #[test]
        fn holds_its_rate(n in 1_u64..500, share in 0.0..=1.0_f64) {
            let p = Proportion::of((share * n as f64) as u64, n);
            let rate = p.rate.expect("trials");
            prop_assert!(p.ci95[0] <= rate && rate <= p.ci95[1]);
            prop_assert!(p.ci95[1] - p.ci95[0] > 0.0 && p.ci95[1] <= 1.0);
        }
    }
}
