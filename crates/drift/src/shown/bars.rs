//! Histograms that may be shown: bins joined until each hides its vehicles.

use super::LEAST_VEHICLES;
use crate::histogram::Histogram;
use serde::Serialize;

/// A row has at most three seats, so that many people are at least
/// [`LEAST_VEHICLES`] vehicles.
const LEAST_PEOPLE: u64 = 3 * LEAST_VEHICLES as u64;

/// Some adjacent bins as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// Its first bin.
    pub first: usize,
    /// Its last bin.
    pub last: usize,
    /// The people in them.
    pub people: u64,
}

/// The histogram of one row and camera over one day that is over: the same
/// histogram of each of its periods, added up. Empty if there are too few
/// people for a single bar.
pub fn bars<'a>(day: impl IntoIterator<Item = &'a Histogram>) -> Vec<Bar> {
    let mut bins: Vec<u64> = Vec::new();
    for histogram in day {
        bins.resize(bins.len().max(histogram.bins.len()), 0);
        for (sum, count) in bins.iter_mut().zip(&histogram.bins) {
            *sum += u64::from(*count);
        }
    }
    let mut bars: Vec<Bar> = Vec::new();
    let (mut first, mut people) = (0, 0);
    for (last, count) in bins.iter().enumerate() {
        people += count;
        if people >= LEAST_PEOPLE {
            bars.push(Bar {
                first,
                last,
                people,
            });
            (first, people) = (last + 1, 0);
        }
    }
    // What is left over joins the last.
    if let Some(bar) = bars.last_mut() {
        bar.last = bins.len() - 1;
        bar.people += people;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bars_hide_their_vehicles_and_lose_nobody(
            day in proptest::collection::vec(proptest::collection::vec(0_u32..40, 0..20), 0..4)
        ) {
            let day: Vec<_> = day
                .into_iter()
                .map(|bins| Histogram { vehicles: 0, bins })
                .collect();
            let bars = bars(&day);
            let people: u64 = day.iter().flat_map(|h| &h.bins).map(|c| u64::from(*c)).sum();
            prop_assert_eq!(bars.is_empty(), people < LEAST_PEOPLE);
            prop_assert!(bars.iter().all(|bar| bar.people >= LEAST_PEOPLE));
            if !bars.is_empty() {
                prop_assert_eq!(bars.iter().map(|bar| bar.people).sum::<u64>(), people);
                prop_assert_eq!(bars[0].first, 0);
                prop_assert!(bars.windows(2).all(|two| two[0].last + 1 == two[1].first));
            }
        }
    }
}
