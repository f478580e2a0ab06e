//! All rates of a lane together.

use crate::counts::Cluster;
use crate::outcome::{Camera, Hour, Row, SeatOutcome, Stage};
use crate::period::{OpenPeriod, Period};
use crate::series::{SeriesId, SeriesKey};
use crate::watch::{Alarm, Status, Watch};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The month over which false alarms are counted: 30 days.
const HOURS_PER_MONTH: f64 = 720.0;

/// The most rows and cameras that are watched.
const MAX_PLACES: usize = 256;

/// Which rates of a lane are watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    places: BTreeSet<(Row, Camera)>,
    vehicles_per_hour: u32,
}

impl Layout {
    /// The rows that each camera looks at, and how many vehicles come in a busy
    /// hour: false alarms are rationed over all of it. Fewer than 60 count as
    /// 60; places beyond 256 are watched with the whole lane only.
    pub fn new(places: impl IntoIterator<Item = (Row, Camera)>, vehicles_per_hour: u32) -> Self {
        Self {
            places: places.into_iter().take(MAX_PLACES).collect(),
            vehicles_per_hour: vehicles_per_hour.max(60),
        }
    }

    /// How many rates are watched: three for each place, three for the lane.
    pub fn series(&self) -> usize {
        Stage::ALL.len() * (self.places.len() + 1)
    }

    /// The evidence that an alarm takes: as many vehicles as all rates together
    /// could see in a month, so that there is at most one false alarm in it
    /// ([`crate::detector`]). That the baseline is estimated is simulated:
    /// docs/drift.md has the table.
    pub fn threshold(&self) -> f64 {
        let vehicles = f64::from(self.vehicles_per_hour) * HOURS_PER_MONTH;
        self.series() as f64 * vehicles
    }

    fn keys(&self) -> impl Iterator<Item = SeriesKey> {
        let places = std::iter::once(None).chain(self.places.iter().copied().map(Some));
        places.flat_map(|place| Stage::ALL.map(|stage| SeriesKey { place, stage }))
    }
}

/// What follows after an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// What was wrong is mended: the old baseline holds.
    Mended,
    /// The new rate is the right one: a new baseline is learnt.
    Accepted,
}

/// A new series of numbers has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SeriesChange {
    /// The series that ended.
    pub old: SeriesId,
    /// The one that began: its numbers can't be held against the old one's.
    pub new: SeriesId,
    /// When.
    pub hour: Hour,
}

/// A stored state that cannot be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the stored state of the drift watch is damaged or of another version: delete it, \
     and the baselines are learnt anew"
)]
pub struct StateError;

/// The rates of one lane. It is stored by serde as it is: counts, evidence,
/// hours, and nothing of anybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "State", into = "State")]
pub struct Monitor {
    series: SeriesId,
    layout: Layout,
    hour: Hour,
    watches: Vec<Watch>,
    open: OpenPeriod,
}

/// The form in which a [`Monitor`] is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    version: u32,
    series: SeriesId,
    layout: Layout,
    hour: Hour,
    watches: Vec<Watch>,
    open: OpenPeriod,
}

const VERSION: u32 = 1;

impl Monitor {
    /// A lane of which nothing is known, at `hour`.
    pub fn new(series: SeriesId, layout: Layout, hour: Hour) -> Self {
        Self {
            series,
            hour,
            watches: layout.keys().map(|key| Watch::new(key, hour)).collect(),
            open: OpenPeriod::new(series, hour),
            layout,
        }
    }

    /// Goes to `hour`; gives the period that ended with the hours before it, if
    /// one did. An hour that is over already, after a clock was set back,
    /// counts as the present one.
    pub fn advance(&mut self, hour: Hour) -> Option<Period> {
        if hour <= self.hour {
            return None;
        }
        for watch in &mut self.watches {
            watch.advance(self.hour, hour);
        }
        self.hour = hour;
        self.open.end(hour)
    }

    /// Takes one decided vehicle in the present hour; gives the alarms that it
    /// raises. A vehicle in which the machine decided on nobody is none.
    pub fn observe(&mut self, vehicle: &[SeatOutcome]) -> Vec<Alarm> {
        if vehicle.is_empty() {
            return Vec::new();
        }
        self.open.add(vehicle);
        let (series, hour, threshold) = (self.series, self.hour, self.layout.threshold());
        let take = |watch: &mut Watch| {
            let cluster = cluster(vehicle, watch.key);
            watch.take(series, hour, cluster, threshold)
        };
        self.watches.iter_mut().filter_map(take).collect()
    }

    /// Begins a new series where the model, the calibration or the
    /// configuration is another one; `None` if it is the same. What was learnt
    /// is of no use to the new one, and a period with too few vehicles to be
    /// shown ends unshown.
    pub fn begin_series(
        &mut self,
        series: SeriesId,
        layout: Layout,
        hour: Hour,
    ) -> Option<(SeriesChange, Option<Period>)> {
        if series == self.series && layout == self.layout {
            return None;
        }
        let hour = hour.max(self.hour);
        let change = SeriesChange {
            old: self.series,
            new: series,
            hour,
        };
        // The hour in which it changed belongs to both.
        let period = self.open.end(Hour(hour.0.saturating_add(1)));
        *self = Self::new(series, layout, hour);
        Some((change, period))
    }

    /// Goes on watching a rate after its alarm; `None` if it had none.
    pub fn resume(&mut self, key: SeriesKey, reaction: Reaction) -> Option<Alarm> {
        let hour = self.hour;
        let mut watches = self.watches.iter_mut();
        watches
            .find(|watch| watch.key == key)?
            .resume(hour, reaction == Reaction::Accepted)
    }

    /// The present series of numbers.
    pub fn series(&self) -> SeriesId {
        self.series
    }

    /// The present hour.
    pub fn hour(&self) -> Hour {
        self.hour
    }

    /// Every rate and how it stands.
    pub fn status(&self) -> impl Iterator<Item = (SeriesKey, Status<'_>)> {
        self.watches.iter().map(|watch| (watch.key, watch.status()))
    }

    /// How many hours a rate's baseline was learnt from, of
    /// [`crate::baseline::LEARNING_HOURS`].
    pub fn learnt_hours(&self, key: SeriesKey) -> Option<u32> {
        let mut watches = self.watches.iter();
        let watch = watches.find(|watch| watch.key == key)?;
        Some(watch.learnt_hours())
    }
}

/// The part of a vehicle in one series.
fn cluster(vehicle: &[SeatOutcome], key: SeriesKey) -> Cluster {
    let mut cluster = Cluster::default();
    for seat in vehicle {
        let here = (seat.place.row, seat.place.camera);
        if key.place.is_none_or(|place| place == here)
            && let Some(passed) = key.stage.passed(seat.reached)
        {
            cluster.add(passed);
        }
    }
    cluster
}

impl TryFrom<State> for Monitor {
    type Error = StateError;

    fn try_from(state: State) -> Result<Self, StateError> {
        let mut watches = state.watches;
        let keys = watches.iter().map(|watch| watch.key);
        let sound = state.version == VERSION
            && state.layout.places.len() <= MAX_PLACES
            && state.layout.vehicles_per_hour >= 60
            && keys.eq(state.layout.keys())
            && watches.iter().all(Watch::is_sound)
            && state.open.is_sound();
        for watch in &mut watches {
            watch.settle(state.hour);
        }
        sound
            .then_some(Self {
                series: state.series,
                layout: state.layout,
                hour: state.hour,
                watches,
                open: state.open,
            })
            .ok_or(StateError)
    }
}

impl From<Monitor> for State {
    fn from(monitor: Monitor) -> Self {
        Self {
            version: VERSION,
            series: monitor.series,
            layout: monitor.layout,
            hour: monitor.hour,
            watches: monitor.watches,
            open: monitor.open,
        }
    }
}
