//! Rates as they may be shown: what hides a single vehicle is for
//! [`rowcall_drift::shown`] to say.

use std::collections::BTreeMap;

use rowcall_drift::{
    Period, Stage,
    counts::Counts,
    interval::by_vehicle,
    shown::{self, Line},
};
use rowcall_words::seat::{Seat, Side};

use crate::{
    console::supervisor::{Group, Rate, Rates},
    desk::Desk,
};

/// The level of intervals.
const CONFIDENCE: f64 = 0.95;
const HOURS: u32 = 24;

/// Rates of days that are over, by what they are of; of the hours of a day; and of
/// today's hours that are over. `kept` are the periods, each with the day on which it
/// ended, in order.
pub(super) fn shown(desk: &Desk, kept: &[(i64, String)], today: i64) -> Vec<Rates> {
    let series = desk.lookout.series();
    let mut days: BTreeMap<i64, Vec<Period>> = BTreeMap::new();
    for (day, text) in kept {
        match serde_json::from_str::<Period>(text) {
            // Of another model, calibration or configuration: not to be added to these.
            Ok(period) if period.series != series => {}
            Ok(period) => days.entry(*day).or_default().push(period),
            Err(error) => {
                tracing::warn!(%error, lane = desk.name(), "kept counts can't be read, and are left out");
            }
        }
    }
    let running = days.remove(&today).unwrap_or_default();
    let tables: Vec<(Vec<Period>, Vec<Line>)> = days
        .into_values()
        .map(|day| {
            let table = shown::table(&day);
            (day, table)
        })
        .collect();
    let mut found: BTreeMap<Key, [Option<Rate>; 3]> = BTreeMap::new();
    let mut put = |key: Key, stage: Stage, rate: Option<Rate>| {
        found.entry(key).or_default()[place(stage)] = rate;
    };
    for line in shown::add_up(tables.iter().map(|(_, table)| table.as_slice())) {
        if let Some(key) = key(&line.group) {
            put(key, line.stage, line.rate.map(|r| of(r.counts)));
        }
    }
    // Each of these numbers was shown while its day lasted; what they add up to tells no
    // more.
    let mut hours: BTreeMap<(u32, Stage), Counts> = BTreeMap::new();
    for (day, table) in &tables {
        for (period, stage, counts) in of_periods(day, table) {
            if period.until.0 == period.from.0 + 1 {
                *hours.entry((period.from.0 % HOURS, stage)).or_default() += counts;
            }
        }
    }
    for ((hour, stage), counts) in hours {
        put(Key::Hour(hour), stage, Some(of(counts)));
    }
    for (period, stage, counts) in of_periods(&running, &shown::periods(&running)) {
        put(
            Key::Today(period.from.0, period.until.0),
            stage,
            Some(of(counts)),
        );
    }
    found
        .into_iter()
        .filter_map(|(key, [capture, quality, matched])| {
            Some(Rates {
                group: group(desk, key)?,
                capture,
                quality,
                matched,
            })
        })
        .collect()
}

/// What a row of the page is of, in its order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Lane,
    Row(u8),
    Seat(u8, Side),
    Camera(rowcall_drift::Camera),
    Hour(u32),
    Today(u32, u32),
}

fn key(group: &shown::Group) -> Option<Key> {
    match *group {
        shown::Group::Period(_) => None,
        shown::Group::Day => Some(Key::Lane),
        shown::Group::Row(row) => Some(Key::Row(row.get())),
        shown::Group::Camera(camera) => Some(Key::Camera(camera)),
        shown::Group::Seat(row, side) => Some(Key::Seat(row.get(), side)),
    }
}

fn group(desk: &Desk, key: Key) -> Option<Group> {
    let hour = |hour: u32| u8::try_from(hour % HOURS).unwrap_or(0);
    Some(match key {
        Key::Lane => Group::Lane,
        Key::Row(row) => Group::Row(row),
        Key::Seat(row, side) => Group::Seat(Seat { row, side }),
        Key::Camera(camera) => Group::Camera(desk.lookout.camera(camera)?.to_owned()),
        Key::Hour(from) => Group::Hours(hour(from), hour(from) + 1),
        Key::Today(from, until) => Group::Today(hour(from), hour(until)),
    })
}

/// The shown numbers of periods, each with its hours.
fn of_periods<'a>(
    day: &'a [Period],
    lines: &'a [Line],
) -> impl Iterator<Item = (&'a Period, Stage, Counts)> {
    lines.iter().filter_map(|line| {
        let shown::Group::Period(at) = line.group else {
            return None;
        };
        Some((day.get(at)?, line.stage, line.rate?.counts))
    })
}

fn place(stage: Stage) -> usize {
    match stage {
        Stage::Seen => 0,
        Stage::Quality => 1,
        Stage::Match => 2,
    }
}

fn of(counts: Counts) -> Rate {
    let interval = by_vehicle(&counts, CONFIDENCE);
    Rate {
        rate: counts.rate().unwrap_or(0.0),
        low: interval.low,
        high: interval.high,
        people: u64::from(counts.people),
    }
}
