//! All comparisons of a set, kept as what the statistics need: every mated
//! score, the histogram of the non-mated ones, and their upper tail one by one.

mod bootstrap;
mod histogram;
mod rates;
#[cfg(test)]
mod tests;

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

pub use bootstrap::{Bootstrap, Interval, RateIntervals};
pub use histogram::Histogram;
pub use rates::Rates;

use crate::{Error, ErrorKind};

/// The tail holds this share of the non-mated scores at least, ...
const LEAST_TAIL: f64 = 0.02;
/// ... and this many times the equal error rate.
const TAIL_OVER_EER: f64 = 3.0;

/// The scores of all pairs of a set. A pair is mated if both are of one
/// subject; each pair counts once, none with itself.
#[derive(Clone, Debug)]
pub struct Scores {
    /// Templates of each subject; its probes, where references are others.
    sizes: Vec<u64>,
    /// References of each subject, where probes are compared with them alone.
    references: Option<Vec<u64>>,
    /// Score and subject, ascending.
    mated: Vec<(f32, u32)>,
    non_mated: Histogram,
    /// Every non-mated score in the floor's bin or above it with its two
    /// subjects, descending.
    tail: Vec<(f32, u32, u32)>,
    floor: usize,
}

impl Scores {
    /// Compares all pairs of `subjects.len()` templates, the i-th of which is
    /// of subject `subjects[i]` (numbered below `count`), on every core. The
    /// result doesn't depend on their number. `score(i, j)` lies in −1..=1; it
    /// is called twice for most pairs, so that the scores needn't all be kept.
    ///
    /// `reach` names a threshold that rates will be asked for, if one is known:
    /// the tail then goes down to it at least.
    ///
    /// # Errors
    /// [`ErrorKind::TooFew`] if no pair is mated or none non-mated.
    pub fn collect(
        subjects: &[u32],
        count: usize,
        reach: Option<f32>,
        score: impl Fn(usize, usize) -> f32 + Sync,
    ) -> Result<Self, Error> {
        let rows = subjects.len();
        let scores = gather(
            (subjects, subjects),
            |i| i + 1..rows,
            (sizes(subjects, count), None),
            reach,
            score,
        );
        scores.ok_or_else(|| {
            Error::new(
                ErrorKind::TooFew,
                format!(
                    "{rows} templates don't give both mated and non-mated comparisons; a set needs two \
                     subjects, one of them with two usable pictures, at least"
                ),
            )
        })
    }

    /// Compares every probe with every reference and nothing else; otherwise as
    /// [`Scores::collect`], `score(i, j)` being that of probe i and reference j.
    ///
    /// # Errors
    /// [`ErrorKind::TooFew`] if no pair is mated or none non-mated.
    pub fn between(
        probes: &[u32],
        references: &[u32],
        count: usize,
        reach: Option<f32>,
        score: impl Fn(usize, usize) -> f32 + Sync,
    ) -> Result<Self, Error> {
        let scores = gather(
            (probes, references),
            |_| 0..references.len(),
            (sizes(probes, count), Some(sizes(references, count))),
            reach,
            score,
        );
        scores.ok_or_else(|| {
            Error::new(
                ErrorKind::TooFew,
                format!(
                    "{} probes and {} references don't give both mated and non-mated comparisons",
                    probes.len(),
                    references.len()
                ),
            )
        })
    }

    /// The mated scores, ascending.
    pub fn mated(&self) -> impl ExactSizeIterator<Item = f32> + '_ {
        self.mated.iter().map(|m| m.0)
    }

    /// The histogram of the non-mated scores.
    pub fn non_mated(&self) -> &Histogram {
        &self.non_mated
    }

    /// The highest non-mated scores, descending: all of one bin and above.
    pub fn tail(&self) -> impl ExactSizeIterator<Item = f32> + '_ {
        self.tail.iter().map(|t| t.0)
    }

    /// The false match rate at `threshold`: exact in the tail, at the
    /// resolution of the histogram below it.
    pub fn fmr(&self, threshold: f32) -> f64 {
        let total = self.non_mated.total() as f64;
        if Histogram::bin(threshold) >= self.floor {
            return self.tail.partition_point(|t| t.0 >= threshold) as f64 / total;
        }
        self.non_mated.at_or_above()[Histogram::bin(threshold)].1 as f64 / total
    }

    /// The false non-match rate at `threshold`.
    pub fn fnmr(&self, threshold: f32) -> f64 {
        self.mated.partition_point(|m| m.0 < threshold) as f64 / self.mated.len() as f64
    }

    /// How many subjects give a comparison: those with one template at least.
    pub fn subjects(&self) -> usize {
        (0..self.sizes.len())
            .filter(|&s| self.is_present(s))
            .count()
    }

    fn is_present(&self, subject: usize) -> bool {
        let references = self.references.as_ref().map_or(0, |r| r[subject]);
        self.sizes[subject] + references > 0
    }
}

fn sizes(subjects: &[u32], count: usize) -> Vec<u64> {
    let mut sizes = vec![0; count];
    subjects.iter().for_each(|&s| sizes[s as usize] += 1);
    sizes
}

/// The scores of all rows with the columns that `columns` gives each; `None` if
/// no pair is mated or none non-mated.
fn gather(
    (rows, of): (&[u32], &[u32]),
    columns: impl Fn(usize) -> Range<usize> + Sync,
    (sizes, references): (Vec<u64>, Option<Vec<u64>>),
    reach: Option<f32>,
    score: impl Fn(usize, usize) -> f32 + Sync,
) -> Option<Scores> {
    let parts = on_every_core(
        rows.len(),
        || (Vec::new(), Histogram::new()),
        |(mated, histogram), i| {
            for j in columns(i) {
                if rows[i] == of[j] {
                    mated.push((score(i, j), rows[i]));
                } else {
                    histogram.add(score(i, j));
                }
            }
        },
    );
    let (mut mated, mut non_mated) = (Vec::new(), Histogram::new());
    for (part, histogram) in parts {
        mated.extend(part);
        non_mated.merge(&histogram);
    }
    mated.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    if mated.is_empty() || non_mated.total() == 0 {
        return None;
    }
    let floor = floor(&mated, &non_mated);
    let floor = reach.map_or(floor, |t| floor.min(Histogram::bin(t)));
    let parts = on_every_core(rows.len(), Vec::new, |tail, i| {
        for j in columns(i) {
            if rows[i] != of[j] {
                let s = score(i, j);
                if Histogram::bin(s) >= floor {
                    tail.push((s, rows[i].min(of[j]), rows[i].max(of[j])));
                }
            }
        }
    });
    let mut tail: Vec<(f32, u32, u32)> = parts.into_iter().flatten().collect();
    tail.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    Some(Scores {
        sizes,
        references,
        mated,
        non_mated,
        tail,
        floor,
    })
}

/// The bin from which the tail is kept.
fn floor(mated: &[(f32, u32)], non_mated: &Histogram) -> usize {
    let total = non_mated.total() as f64;
    let curve = non_mated.at_or_above();
    let fmr = |bin: usize| curve[bin].1 as f64 / total;
    let fnmr = |bin: usize| {
        mated.partition_point(|m| f64::from(m.0) < curve[bin].0) as f64 / mated.len() as f64
    };
    let crossing = (0..curve.len()).rev().find(|&bin| fmr(bin) >= fnmr(bin));
    let share = (TAIL_OVER_EER * crossing.map_or(1.0, fmr)).clamp(LEAST_TAIL, 1.0);
    (0..curve.len())
        .rev()
        .find(|&bin| fmr(bin) >= share)
        .unwrap_or(0)
}

/// Lets every core take rows from one pile, each into its own account.
pub(crate) fn on_every_core<T: Send>(
    rows: usize,
    account: impl Fn() -> T + Sync,
    row: impl Fn(&mut T, usize) + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let accounts = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(rows.max(1));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut own = account();
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= rows {
                        break;
                    }
                    row(&mut own, i);
                }
                accounts
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(own);
            });
        }
    });
    accounts
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
}
