//! The statistics on made-up scores with known answers.

use proptest::prelude::*;
use statrs::distribution::{ContinuousCDF as _, Normal};

use super::{Bootstrap, Scores};

/// The i-th of n evenly spread quantiles of a normal distribution.
fn quantile(i: usize, n: usize, mean: f64, deviation: f64) -> f32 {
    let deviate = Normal::standard().inverse_cdf((i as f64 + 0.5) / n as f64);
    (mean + deviation * deviate) as f32
}

/// Pairs of templates of each of `subjects`; a pair's score is a quantile drawn
/// by a hash of the pair.
fn normals(subjects: usize) -> Scores {
    let owner: Vec<u32> = (0..2 * subjects as u32).map(|i| i / 2).collect();
    let hash = |i: usize, j: usize| {
        let mut x = (i as u64) << 32 | j as u64;
        for _ in 0..3 {
            x ^= x >> 33;
            x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
        }
        (x >> 44) as usize
    };
    Scores::collect(&owner, subjects, None, |i, j| {
        if i / 2 == j / 2 {
            quantile(i / 2, subjects, 0.4, 0.1)
        } else {
            quantile(hash(i, j), 1 << 20, 0.0, 0.1)
        }
    })
    .expect("enough pairs")
}

#[test]
fn finds_the_rates_of_two_normals() {
    let scores = normals(400);
    let rates = scores.rates(&[1e-2, 1e-3]);
    let normal = Normal::standard();
    // Equal deviations, means four of them apart: they cross two from each.
    let eer = normal.cdf(-2.0);
    assert!((rates.eer - eer).abs() < 0.004, "{} {eer}", rates.eer);
    for (i, fmr) in [1e-2, 1e-3].into_iter().enumerate() {
        let deviate = normal.inverse_cdf(1.0 - fmr);
        assert!((f64::from(rates.thresholds[i]) - 0.1 * deviate).abs() < 0.006);
        assert!((rates.fnmr[i] - normal.cdf(deviate - 4.0)).abs() < 0.012);
        assert!(scores.fmr(rates.thresholds[i]) <= fmr);
        assert!(scores.fmr(rates.thresholds[i].next_down()) > fmr);
    }
}

#[test]
fn the_bootstrap_covers_the_truth_and_repeats_itself() {
    let scores = normals(400);
    let bootstrap = Bootstrap {
        replicates: 300,
        seed: 7,
    };
    let intervals = bootstrap.rates(&scores, &[1e-2]);
    let normal = Normal::standard();
    let truth = normal.cdf(normal.inverse_cdf(0.99) - 4.0);
    let [low, high] = intervals.fnmr[0];
    assert!(low <= truth && truth <= high, "{low} {truth} {high}");
    // The width of a proportion of 400 independent mated pairs, about.
    let expected = 3.92 * (truth * (1.0 - truth) / 400.0).sqrt();
    assert!(
        ((high - low) / expected - 1.0).abs() < 0.4,
        "{low} {high} {expected}"
    );
    assert!(intervals.eer[0] <= 0.02275 && 0.02275 <= intervals.eer[1]);
    assert_eq!(intervals, bootstrap.rates(&scores, &[1e-2]));
}

#[test]
fn a_subject_is_never_a_stranger_to_its_copy() {
    // Everybody is like themselves; if copies were strangers, drawing one twice
    // would give false matches.
    let owner = [0, 0, 1, 1, 2, 2];
    let scores = Scores::collect(&owner, 3, None, |i, j| {
        if owner[i] == owner[j] { 0.9 } else { 0.1 }
    })
    .expect("enough pairs");
    assert_eq!(scores.non_mated_weight(&[3, 0, 0]), 0);
    assert_eq!(scores.non_mated_weight(&[2, 1, 0]), 8);
    assert_eq!(scores.mated_weight(&[2, 1, 0]), 3);
    assert_eq!(scores.weighted(&[3, 0, 0], &[0.1]), None);
    assert_eq!(
        scores.weighted(&[2, 1, 0], &[0.1]).map(|r| r.eer),
        Some(0.0)
    );
}

#[test]
fn says_when_there_is_nothing_to_compare() {
    for owner in [vec![], vec![0], vec![0, 1], vec![0, 0]] {
        assert!(
            Scores::collect(&owner, 2, None, |_, _| 0.0).is_err(),
            "{owner:?}"
        );
    }
}

proptest! {
    #[test]
    fn agrees_with_counting(
        owner in prop::collection::vec(0_u32..5, 6..20),
        table in prop::collection::vec(-1.0_f32..1.0, 400),
        fmr in 0.01..0.5_f64,
    ) {
        let score = |i: usize, j: usize| table[20 * i + j];
        let pairs = || (0..owner.len()).flat_map(|i| (i + 1..owner.len()).map(move |j| (i, j)));
        let of = |mated: bool| -> Vec<f32> {
            pairs().filter(|&(i, j)| (owner[i] == owner[j]) == mated).map(|(i, j)| score(i, j)).collect()
        };
        let (mated, non_mated) = (of(true), of(false));
        prop_assume!(!mated.is_empty() && !non_mated.is_empty());
        let scores = Scores::collect(&owner, 5, Some(-1.0), score).expect("pairs");
        let rates = scores.rates(&[fmr]);
        let t = rates.thresholds[0];
        let share = |all: &[f32], f: &dyn Fn(f32) -> bool| all.iter().filter(|s| f(**s)).count() as f64 / all.len() as f64;
        prop_assert!(share(&non_mated, &|s| s >= t) <= fmr);
        prop_assert!((share(&mated, &|s| s < t) - rates.fnmr[0]).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&rates.eer));
    }
}
