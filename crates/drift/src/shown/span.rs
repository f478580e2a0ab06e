//! What follows from sums: linear algebra over a large prime.

use std::collections::BTreeSet;

/// The cells that a number adds up.
pub(super) type Sum = BTreeSet<usize>;

/// 2⁶¹ - 1. Sums of cells have coefficients of 0 and 1; that one depends on
/// others over this field and not over the rationals takes a determinant that
/// this prime divides.
const PRIME: u64 = (1 << 61) - 1;

/// All that follows from some sums by adding and subtracting multiples.
pub(super) struct Span {
    width: usize,
    /// In echelon form: each has 1 at its pivot, and none of the others has
    /// anything there.
    rows: Vec<(usize, Vec<u64>)>,
}

impl Span {
    /// The span of sums over cells `0..width`.
    pub(super) fn of<'a>(width: usize, sums: impl Iterator<Item = &'a Sum>) -> Self {
        let mut span = Self {
            width,
            rows: Vec::new(),
        };
        for sum in sums {
            let mut row = span.reduced(sum);
            let Some(pivot) = row.iter().position(|c| *c != 0) else {
                continue;
            };
            let inverse = power(row[pivot], PRIME - 2);
            for c in &mut row {
                *c = times(*c, inverse);
            }
            for (_, other) in &mut span.rows {
                subtract(other, &row, pivot);
            }
            span.rows.push((pivot, row));
        }
        span
    }

    /// Whether the sum follows.
    pub(super) fn has(&self, sum: &Sum) -> bool {
        self.reduced(sum).iter().all(|c| *c == 0)
    }

    fn reduced(&self, sum: &Sum) -> Vec<u64> {
        let mut row = vec![0; self.width];
        for &cell in sum {
            if let Some(c) = row.get_mut(cell) {
                *c = 1;
            }
        }
        for (pivot, known) in &self.rows {
            subtract(&mut row, known, *pivot);
        }
        row
    }
}

/// Takes from `row` the multiple of `known` that leaves nothing at `pivot`.
fn subtract(row: &mut [u64], known: &[u64], pivot: usize) {
    let factor = row[pivot];
    if factor != 0 {
        for (c, k) in row.iter_mut().zip(known) {
            *c = (*c + PRIME - times(factor, *k)) % PRIME;
        }
    }
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_and_what_does_not() {
        let sums: [Sum; 3] = [
            Sum::from([0, 1, 2, 3]),
            Sum::from([0, 1]),
            Sum::from([1, 2]),
        ];
        let span = Span::of(4, sums.iter());
        assert!(span.has(&Sum::from([2, 3])));
        assert!(span.has(&Sum::from([0, 3])));
        assert!(span.has(&Sum::new()));
        for alone in 0..4 {
            assert!(!span.has(&Sum::from([alone])));
        }
        assert!(!span.has(&Sum::from([0, 2])));
    }
}
