//! Lanes watched for a month, or until a fall is noticed.

use crate::lane::{Fall, Lane, PLACES, World};
use rowcall_drift::{
    Camera, Direction, Hour, Layout, Monitor, Origin, Reaction, Row, SeriesId, SeriesKey, Stage,
};

/// Hours of a month.
pub(crate) const MONTH: u32 = 720;

/// A monitor at hour 0.
pub(crate) fn monitor() -> Monitor {
    let places = PLACES.map(|(row, camera)| {
        let row = Row::new(row).unwrap_or_else(|| unreachable!("rows 1 to 3"));
        (row, Camera(camera))
    });
    let series = SeriesId::of(&Origin {
        model: [1; 32],
        calibration: [2; 32],
        configuration: [3; 32],
    });
    Monitor::new(series, Layout::new(places, 60), Hour(0))
}

/// A lane with what watches it.
#[derive(Clone)]
pub(crate) struct Watched {
    pub(crate) lane: Lane,
    pub(crate) monitor: Monitor,
    hour: Hour,
}

impl Watched {
    pub(crate) fn new(world: World, seed: u64) -> Self {
        Self {
            lane: Lane::new(world, seed),
            monitor: monitor(),
            hour: Hour(0),
        }
    }

    /// Plays `hours`; each alarm is told with the time in hours since the
    /// beginning, and mended at once. Ends when `on_alarm` says so.
    pub(crate) fn play(
        &mut self,
        hours: u32,
        mut on_alarm: impl FnMut(&rowcall_drift::Alarm, f64) -> bool,
    ) -> bool {
        let mut seats = Vec::new();
        for _ in 0..hours {
            self.monitor.advance(self.hour);
            let vehicles = self.lane.vehicles(self.hour);
            for number in 0..vehicles {
                self.lane.vehicle(self.hour, &mut seats);
                for alarm in self.monitor.observe(&seats) {
                    let part = f64::from(number + 1) / f64::from(vehicles);
                    if on_alarm(&alarm, f64::from(self.hour.0) + part) {
                        return true;
                    }
                    self.monitor.resume(alarm.key, Reaction::Mended);
                }
            }
            self.hour = Hour(self.hour.0 + 1);
        }
        false
    }
}

/// False alarms of one lane: in the two weeks of learning, and in the month
/// after.
pub(crate) fn false_alarms(world: World, seed: u64) -> (u32, u32) {
    let mut watched = Watched::new(world, seed);
    let mut count = |hours| {
        let mut count = 0;
        watched.play(hours, |_, _| {
            count += 1;
            false
        });
        count
    };
    (count(14 * 24), count(MONTH))
}

/// A lane that was watched for some days without anything having happened.
pub(crate) fn learnt(world: World, seed: u64, days: u32) -> Watched {
    let mut watched = Watched::new(world, seed);
    watched.play(24 * days, |_, _| false);
    watched
}

/// Hours from a fall of the match rate to the first alarm that names it; `None`
/// if there is none in 60 days. The fall begins at any hour of the day.
pub(crate) fn delay(before: &Watched, to: f64, place: Option<(u8, u16)>) -> Option<f64> {
    let mut watched = before.clone();
    let begin = (watched.lane.uniform() * 24.0) as u32;
    let at = Hour(before.hour.0 + begin);
    let (stage, base) = (Stage::Match, before.lane.world.rate);
    watched.lane.fall = Some(Fall {
        stage,
        to,
        place,
        at,
    });
    let direction = match to < base {
        true => Direction::Fall,
        false => Direction::Rise,
    };
    let names = |key: SeriesKey| {
        let there = |(row, camera): (Row, Camera)| (row.get(), camera.0);
        key.stage == stage && (place.is_none() || key.place.is_none_or(|p| Some(there(p)) == place))
    };
    let mut found = None;
    watched.play(begin + 60 * 24, |alarm, time| {
        let since = time - f64::from(at.0);
        let named = names(alarm.key) && alarm.direction == direction && since > 0.0;
        if named {
            found = Some(since);
        }
        named
    });
    found
}

/// The value below which a share of the sorted values lies.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (share * (sorted.len() as f64 - 1.0)).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
