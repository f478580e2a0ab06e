//! Hours, joined until there are enough vehicles in them to be shown.

use crate::counts::{Cluster, Counts};
use crate::histogram::{self, Histograms};
use crate::outcome::{Camera, Hour, Place, Row, SeatOutcome, Stage};
use crate::series::SeriesId;
use crate::shown::least::LEAST_VEHICLES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts of one seat, camera and stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Where.
    pub place: Place,
    /// Which rate.
    pub stage: Stage,
    /// How many.
    pub counts: Counts,
}

/// Vehicles that end a period: more than must be in a shown number, because not
/// all of them have somebody who comes to the last stage.
pub(crate) const ENOUGH_VEHICLES: u32 = LEAST_VEHICLES + LEAST_VEHICLES / 2;

/// One or more whole hours with at least half as many vehicles again as
/// [`LEAST_VEHICLES`]. Its cells
/// are for the store and for [`crate::shown`], which decides what of them may
/// be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// Of which series of numbers.
    pub series: SeriesId,
    /// Its first hour.
    pub from: Hour,
    /// The hour after its last.
    pub until: Hour,
    /// Decided vehicles.
    pub vehicles: u32,
    /// Cells with anybody in them, in order.
    pub cells: Vec<Cell>,
    /// Histograms by row and camera, in order.
    pub histograms: Vec<((Row, Camera), Histograms)>,
}

/// The period that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, from = "Period", into = "Period")]
pub(crate) struct OpenPeriod {
    series: SeriesId,
    from: Hour,
    vehicles: u32,
    cells: BTreeMap<(Place, Stage), Counts>,
    histograms: BTreeMap<(Row, Camera), Histograms>,
}

impl OpenPeriod {
    pub(crate) fn new(series: SeriesId, from: Hour) -> Self {
        Self {
            series,
            from,
            vehicles: 0,
            cells: BTreeMap::new(),
            histograms: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, vehicle: &[SeatOutcome]) {
        self.vehicles = self.vehicles.saturating_add(1);
        let mut clusters: BTreeMap<(Place, Stage), Cluster> = BTreeMap::new();
        for seat in vehicle {
            for stage in Stage::ALL {
                if let Some(passed) = stage.passed(seat.reached) {
                    clusters.entry((seat.place, stage)).or_default().add(passed);
                }
            }
        }
        for (key, cluster) in clusters {
            self.cells.entry(key).or_default().add(cluster);
        }
        histogram::add(&mut self.histograms, vehicle);
    }

    /// Ends it at `until` if it has vehicles enough, and begins the next.
    pub(crate) fn end(&mut self, until: Hour) -> Option<Period> {
        (self.vehicles >= ENOUGH_VEHICLES).then(|| {
            let over = std::mem::replace(self, Self::new(self.series, until));
            Period {
                until,
                ..over.into()
            }
        })
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.cells.values().all(Counts::is_sound)
    }
}

impl From<OpenPeriod> for Period {
    fn from(open: OpenPeriod) -> Self {
        let cell = |((place, stage), counts)| Cell {
            place,
            stage,
            counts,
        };
        Self {
            series: open.series,
            from: open.from,
            until: open.from,
            vehicles: open.vehicles,
            cells: open.cells.into_iter().map(cell).collect(),
            histograms: open.histograms.into_iter().collect(),
        }
    }
}

impl From<Period> for OpenPeriod {
    fn from(period: Period) -> Self {
        let cells = period.cells.into_iter();
        Self {
            series: period.series,
            from: period.from,
            vehicles: period.vehicles,
            cells: cells
                .map(|cell| ((cell.place, cell.stage), cell.counts))
                .collect(),
            histograms: period.histograms.into_iter().collect(),
        }
    }
}
