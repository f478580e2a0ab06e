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
    rows: Vec<Row>,
}

/// In echelon form: 1 at the pivot, where none of the others has anything.
struct Row {
    pivot: usize,
    cells: Vec<u64>,
    /// Of how much of which sum it consists.
    sums: Vec<u64>,
}

impl Span {
    /// The span of sums over cells `0..width`.
    pub(super) fn of<'a>(width: usize, sums: impl ExactSizeIterator<Item = &'a Sum>) -> Self {
        let mut span = Self {
            width,
            rows: Vec::new(),
        };
        let count = sums.len();
        for (number, sum) in sums.enumerate() {
            let (mut cells, mut parts) = span.reduced(sum, count);
            parts[number] = 1;
            let Some(pivot) = cells.iter().position(|c| *c != 0) else {
                continue;
            };
            let inverse = power(cells[pivot], PRIME - 2);
            for c in cells.iter_mut().chain(&mut parts) {
                *c = times(*c, inverse);
            }
            let row = Row {
                pivot,
                cells,
                sums: parts,
            };
            for other in &mut span.rows {
                let factor = other.cells[pivot];
                subtract(&mut other.cells, &row.cells, factor);
                subtract(&mut other.sums, &row.sums, factor);
            }
            span.rows.push(row);
        }
        span
    }

    /// The numbers of the sums that give this one; `None` if none do.
    pub(super) fn parts(&self, sum: &Sum) -> Option<Vec<usize>> {
        let count = self.rows.first().map_or(0, |row| row.sums.len());
        let (left, parts) = self.reduced(sum, count);
        let used = parts.iter().enumerate().filter(|(_, c)| **c != 0);
        left.iter()
            .all(|c| *c == 0)
            .then(|| used.map(|(number, _)| number).collect())
    }

    /// What is left of a sum without the rows, and how much of each of `count`
    /// sums was taken from it (negative).
    fn reduced(&self, sum: &Sum, count: usize) -> (Vec<u64>, Vec<u64>) {
        let (mut left, mut parts) = (vec![0; self.width], vec![0; count]);
        for &cell in sum {
            if let Some(c) = left.get_mut(cell) {
                *c = 1;
            }
        }
        for row in &self.rows {
            let factor = left[row.pivot];
            subtract(&mut left, &row.cells, factor);
            subtract(&mut parts, &row.sums, factor);
        }
        (left, parts)
    }
}

fn subtract(from: &mut [u64], what: &[u64], factor: u64) {
    if factor != 0 {
        for (c, w) in from.iter_mut().zip(what).filter(|(_, w)| **w != 0) {
            let difference = *c + PRIME - times(factor, *w);
            *c = if difference >= PRIME {
                difference - PRIME
            } else {
                difference
            };
        }
    }
}

/// The product modulo the prime, whose form makes the remainder a sum.
fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & PRIME) + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
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
    fn what_follows_and_from_what() {
        let sums: [Sum; 4] = [
            Sum::from([0, 1, 2, 3]),
            Sum::from([0, 1]),
            Sum::from([1, 2]),
            Sum::from([5]),
        ];
        let span = Span::of(6, sums.iter());
        assert_eq!(span.parts(&Sum::from([2, 3])), Some(vec![0, 1]));
        assert_eq!(span.parts(&Sum::from([0, 3])), Some(vec![0, 2]));
        assert_eq!(span.parts(&Sum::from([1, 2, 5])), Some(vec![2, 3]));
        assert_eq!(span.parts(&Sum::new()), Some(vec![]));
        for alone in 0..5 {
            assert_eq!(span.parts(&Sum::from([alone])), None);
        }
        assert_eq!(span.parts(&Sum::from([0, 2])), None);
        assert_eq!(Span::of(3, [].iter()).parts(&Sum::from([1])), None);
    }

    #[test]
    fn products_are_those_of_the_field() {
        for a in [0, 1, 2, PRIME - 1, PRIME / 2, 0x0123_4567_89ab_cdef] {
            for b in [0, 1, PRIME - 1, 0x0fed_cba9_8765_4321] {
                let exact = u128::from(a) * u128::from(b) % u128::from(PRIME);
                assert_eq!(u128::from(times(a, b)), exact, "{a} {b}");
            }
            if a != 0 {
                assert_eq!(times(a, power(a, PRIME - 2)), 1);
            }
        }
    }
}
