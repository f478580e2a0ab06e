//! Counts of scores in narrow bins.

/// How many bins −1..=1 is cut into.
const BINS: usize = 2_000;

/// How many scores fall into each two-thousandth of −1..=1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: vec![0; BINS],
        }
    }

    /// The bin of a score; one outside −1..=1 counts in the outermost.
    pub(crate) fn bin(score: f32) -> usize {
        let at = (f64::from(score) + 1.0) / 2.0 * BINS as f64;
        (at.max(0.0) as usize).min(BINS - 1)
    }

    /// The least score of a bin.
    pub(crate) fn edge(bin: usize) -> f64 {
        bin as f64 * 2.0 / BINS as f64 - 1.0
    }

    pub(crate) fn add(&mut self, score: f32) {
        self.counts[Self::bin(score)] += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.counts
            .iter_mut()
            .zip(&other.counts)
            .for_each(|(a, b)| *a += b);
    }

    /// How many scores there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The middle of each bin that isn't empty, with its count.
    pub fn bins(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let half = 1.0 / BINS as f64;
        self.counts
            .iter()
            .enumerate()
            .filter(|(_, n)| **n > 0)
            .map(move |(bin, n)| (Self::edge(bin) + half, *n))
    }

    /// For each bin from the lowest, its lower edge and how many scores lie at
    /// or above it.
    pub(crate) fn at_or_above(&self) -> Vec<(f64, u64)> {
        let mut above = 0;
        let mut curve: Vec<(f64, u64)> = (0..BINS)
            .rev()
            .map(|bin| {
                above += self.counts[bin];
                (Self::edge(bin), above)
            })
            .collect();
        curve.reverse();
        curve
    }
}
