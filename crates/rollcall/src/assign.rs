//! Exact one-to-one assignment with abstention on both sides.

/// The partial assignment of rows to columns with the greatest total gain, in
/// which a row or a column may stay alone at no gain. `gain[i][j]` is what the
/// pair (i, j) is worth; pairs not worth more than nothing, or whose gain isn't
/// a number, are never made. Gives for each row its column.
///
/// The Hungarian method in the form with potentials (Kuhn 1955; Munkres 1957;
/// shortest augmenting paths), on the matrix enlarged by one lonely place for
/// every row and column: O((n + m)³).
pub(crate) fn assign(gain: &[Vec<f64>]) -> Vec<Option<usize>> {
    let rows = gain.len();
    let columns = gain.first().map_or(0, Vec::len);
    let size = rows + columns;
    let cost = |i: usize, j: usize| match gain.get(i).and_then(|row| row.get(j)) {
        Some(&g) if g > 0.0 => -g,
        _ => 0.0,
    };
    // Columns are counted from 1; column 0 holds the row being placed.
    let mut row_potential = vec![0.0; size + 1];
    let mut column_potential = vec![0.0; size + 1];
    let mut row_of = vec![0_usize; size + 1];
    for row in 1..=size {
        row_of[0] = row;
        let mut column = 0;
        let mut slack = vec![f64::INFINITY; size + 1];
        let mut came_from = vec![0_usize; size + 1];
        let mut visited = vec![false; size + 1];
        while row_of[column] != 0 {
            visited[column] = true;
            let current = row_of[column];
            let (mut step, mut next) = (f64::INFINITY, 0);
            for j in 1..=size {
                if visited[j] {
                    continue;
                }
                let reduced =
                    cost(current - 1, j - 1) - row_potential[current] - column_potential[j];
                if reduced < slack[j] {
                    (slack[j], came_from[j]) = (reduced, column);
                }
                if slack[j] < step {
                    (step, next) = (slack[j], j);
                }
            }
            for j in 0..=size {
                if visited[j] {
                    row_potential[row_of[j]] += step;
                    column_potential[j] -= step;
                } else {
                    slack[j] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            let previous = came_from[column];
            row_of[column] = row_of[previous];
            column = previous;
        }
    }
    let mut assigned = vec![None; rows];
    for column in 1..=columns {
        let row = row_of[column].wrapping_sub(1);
        if row < rows && gain[row][column - 1] > 0.0 {
            assigned[row] = Some(column - 1);
        }
    }
    assigned
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::assign;

    /// Every partial assignment, tried.
    fn best_total(gain: &[Vec<f64>], used: &mut Vec<bool>) -> f64 {
        let Some((row, rest)) = gain.split_first() else {
            return 0.0;
        };
        let mut best = best_total(rest, used);
        for j in 0..row.len() {
            if !used[j] && row[j] > 0.0 {
                used[j] = true;
                best = best.max(row[j] + best_total(rest, used));
                used[j] = false;
            }
        }
        best
    }

    #[test]
    fn abstains_rather_than_forces() {
        assert_eq!(assign(&[]), []);
        assert_eq!(assign(&[vec![]]), [None]);
        assert_eq!(assign(&[vec![-1.0, 0.0, f64::NAN]]), [None]);
        // The greedy choice (0, 0) would cost the better pair of pairs.
        assert_eq!(
            assign(&[vec![10.0, 9.0], vec![8.0, 1.0]]),
            [Some(1), Some(0)]
        );
        // Three people, one document: the best takes it, two stay alone.
        assert_eq!(
            assign(&[vec![3.0], vec![7.0], vec![5.0]]),
            [None, Some(0), None]
        );
    }

    proptest! {
        #[test]
        fn is_exact(gain in (0_usize..6, 0_usize..6).prop_flat_map(|(n, m)| {
            prop::collection::vec(prop::collection::vec(-5.0..10.0_f64, m), n)
        })) {
            let found = assign(&gain);
            let columns = gain.first().map_or(0, Vec::len);
            let mut taken = vec![false; columns];
            let mut total = 0.0;
            for (row, column) in found.iter().enumerate() {
                if let Some(j) = *column {
                    prop_assert!(!std::mem::replace(&mut taken[j], true), "column {} twice", j);
                    prop_assert!(gain[row][j] > 0.0);
                    total += gain[row][j];
                }
            }
            let best = best_total(&gain, &mut vec![false; columns]);
            prop_assert!((total - best).abs() < 1e-9, "{} instead of {}", total, best);
        }
    }
}
