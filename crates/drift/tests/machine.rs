//! Any order of events: what goes in comes out once, and nothing of it is lost
//! by storing and taking up the state in between.
#![expect(
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

use proptest::prelude::*;
use rowcall_drift::shown::LEAST_VEHICLES;
use rowcall_drift::{
    Camera, Hour, Layout, Monitor, Origin, Period, Place, Reached, Reaction, Row, Score,
    SeatOutcome, SeriesId, SeriesKey, Stage, Status,
};
use rowcall_words::seat::Side;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    /// So many vehicles of these seats.
    Vehicles(Vec<SeatOutcome>, u32),
    /// To an hour this much later, or earlier: a clock that was set back.
    Hour(i32),
    Store,
    Resume(Reaction),
    NewModel(u8),
}

fn layout() -> Layout {
    let row = |n| Row::new(n).unwrap();
    Layout::new([(row(1), Camera(0)), (row(2), Camera(1))], 60)
}

fn series(model: u8) -> SeriesId {
    SeriesId::of(&Origin {
        model: [model; 32],
        calibration: [0; 32],
        configuration: [0; 32],
    })
}

fn seat() -> impl Strategy<Value = SeatOutcome> {
    let side = prop_oneof![Just(Side::Left), Just(Side::Centre), Just(Side::Right)];
    let reached = prop_oneof![
        2 => Just(Reached::NotSeen),
        2 => Just(Reached::PoorQuality),
        2 => Just(Reached::NoMatch),
        9 => Just(Reached::Matched),
    ];
    let score = proptest::option::of(any::<f64>().prop_map(Score));
    let place = (1_u8..4, side, 0_u16..3);
    (place, reached, proptest::option::of(any::<u8>()), score).prop_map(
        |((row, side, camera), reached, quality, score)| SeatOutcome {
            place: Place {
                row: Row::new(row).unwrap(),
                side,
                camera: Camera(camera),
            },
            reached,
            quality,
            score,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (proptest::collection::vec(seat(), 0..7), 1_u32..80)
            .prop_map(|(seats, times)| Step::Vehicles(seats, times)),
        6 => prop_oneof![3 => Just(1), 1 => -2..50_i32].prop_map(Step::Hour),
        2 => Just(Step::Store),
        1 => prop_oneof![Just(Reaction::Mended), Just(Reaction::Accepted)].prop_map(Step::Resume),
        1 => (0_u8..3).prop_map(Step::NewModel),
    ]
}

/// What must come out: counted in the plainest way.
#[derive(Default)]
struct Model {
    vehicles: u32,
    cells: BTreeMap<(Place, Stage), (u32, u32)>,
    changed: BTreeSet<SeriesKey>,
}

impl Model {
    fn add(&mut self, seats: &[SeatOutcome]) {
        self.vehicles += u32::from(!seats.is_empty());
        for seat in seats {
            for stage in Stage::ALL {
                if let Some(passed) = stage.passed(seat.reached) {
                    let cell = self.cells.entry((seat.place, stage)).or_default();
                    cell.0 += 1;
                    cell.1 += u32::from(passed);
                }
            }
        }
    }

    /// Holds a period, or that there is none yet, against what was counted.
    fn check(&mut self, period: Option<Period>) -> Result<(), TestCaseError> {
        let Some(period) = period else {
            return Ok(());
        };
        prop_assert!(period.vehicles >= LEAST_VEHICLES && period.from < period.until);
        prop_assert_eq!(period.vehicles, self.vehicles);
        let cells: BTreeMap<_, _> = period
            .cells
            .iter()
            .map(|c| ((c.place, c.stage), (c.counts.people, c.counts.passed)))
            .collect();
        prop_assert_eq!(&cells, &self.cells);
        let fits = |cell: &rowcall_drift::Cell| cell.counts.vehicles <= period.vehicles;
        prop_assert!(period.cells.iter().all(fits));
        (self.vehicles, self.cells) = Default::default();
        Ok(())
    }
}

fn stored(monitor: &Monitor) -> Monitor {
    serde_json::from_str(&serde_json::to_string(monitor).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_order_of_events(steps in proptest::collection::vec(step(), 1..60)) {
        let mut monitor = Monitor::new(series(0), layout(), Hour(100));
        let mut twin = monitor.clone();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Vehicles(seats, times) => {
                    for _ in 0..times {
                        model.add(&seats);
                        let alarms = monitor.observe(&seats);
                        prop_assert_eq!(&alarms, &twin.observe(&seats));
                        for alarm in alarms {
                            prop_assert!(model.changed.insert(alarm.key), "alarmed twice");
                            prop_assert_eq!(alarm.at, monitor.hour());
                            prop_assert!(alarm.since <= alarm.at);
                            prop_assert!(alarm.expected <= 100);
                            prop_assert!(alarm.since_then.is_none_or(|p| p <= 100 && p % 5 == 0));
                        }
                    }
                }
                Step::Hour(by) => {
                    let hour = Hour(monitor.hour().0.saturating_add_signed(by));
                    let period = monitor.advance(hour);
                    prop_assert_eq!(&period, &twin.advance(hour));
                    prop_assert!(period.is_none() || by > 0);
                    model.check(period)?;
                }
                // Storing and taking up again is not to be noticed by anything.
                Step::Store => {
                    let again = stored(&monitor);
                    prop_assert_eq!(&again, &monitor);
                    monitor = again;
                }
                Step::Resume(reaction) => {
                    let key = model.changed.pop_first();
                    for monitor in [&mut monitor, &mut twin] {
                        match key {
                            Some(key) => {
                                let alarm = monitor.resume(key, reaction);
                                prop_assert_eq!(alarm.map(|alarm| alarm.key), Some(key));
                                let hours = monitor.learnt_hours(key).unwrap();
                                prop_assert_eq!(hours == 0, reaction == Reaction::Accepted);
                                prop_assert!(monitor.resume(key, reaction).is_none());
                            }
                            None => prop_assert!(
                                monitor.status().all(|s| !matches!(s.1, Status::Changed(_)))
                            ),
                        }
                    }
                }
                Step::NewModel(number) => {
                    let (before, hour) = (monitor.series(), monitor.hour());
                    let change = monitor.begin_series(series(number), layout(), hour);
                    prop_assert_eq!(&change, &twin.begin_series(series(number), layout(), hour));
                    prop_assert_eq!(change.is_some(), before != series(number));
                    if let Some((change, period)) = change {
                        prop_assert_eq!((change.old, change.new), (before, series(number)));
                        let fresh = Status::Learning { notices: None };
                        prop_assert!(monitor.status().all(|(_, status)| status == fresh));
                        model.check(period)?;
                        model = Model::default();
                    }
                }
            }
            let changed: BTreeSet<_> = monitor
                .status()
                .filter(|(_, status)| matches!(status, Status::Changed(_)))
                .map(|(key, _)| key)
                .collect();
            prop_assert_eq!(&changed, &model.changed);
        }
    }
}

#[test]
fn a_damaged_state_is_refused() {
    let mut monitor = Monitor::new(series(0), layout(), Hour(0));
    let seat = SeatOutcome {
        place: Place {
            row: Row::new(1).unwrap(),
            side: Side::Left,
            camera: Camera(0),
        },
        reached: Reached::Matched,
        quality: Some(77),
        score: Some(Score(3.0)),
    };
    for hour in 1..30 {
        for _ in 0..9 {
            monitor.observe(&[seat]);
        }
        monitor.advance(Hour(hour));
    }
    let good = serde_json::to_value(&monitor).unwrap();
    let changes = [
        ("/version", serde_json::json!(2)),
        ("/hour", serde_json::json!(-1)),
        (
            "/watches/0/detector/0/sum",
            serde_json::json!((-1.0_f64).to_bits()),
        ),
        (
            "/watches/0/detector/0/run",
            serde_json::json!(f64::NAN.to_bits()),
        ),
        (
            "/watches/0/detector/0/after/passed",
            serde_json::json!(999_999),
        ),
        ("/watches/0/baseline/learnt", serde_json::json!(400)),
        (
            "/watches/0/baseline/hours/0/means",
            serde_json::json!(1_u64 << 60),
        ),
        (
            "/watches/0/baseline/squares",
            serde_json::json!(1e9_f64.to_bits()),
        ),
        ("/watches/0/key/stage", serde_json::json!("quality")),
        ("/watches/0/key/stage", serde_json::json!("nonsense")),
        ("/watches", serde_json::json!([])),
        ("/layout/vehicles_per_hour", serde_json::json!(1)),
        ("/series", serde_json::json!([1, 2])),
    ];
    let mut accepted = Vec::new();
    for (place, value) in changes {
        let mut bad = good.clone();
        let at = bad.pointer_mut(place).unwrap();
        assert_ne!(*at, value, "{place}");
        *at = value;
        if serde_json::from_value::<Monitor>(bad).is_ok() {
            accepted.push(place);
        }
    }
    assert!(accepted.is_empty(), "{accepted:?}");
    serde_json::from_value::<Monitor>(good).unwrap();
}

/// Nothing but these names is stored, and they hold numbers and hashes.
#[test]
fn the_state_has_no_place_for_anybody() {
    fn names(value: &serde_json::Value, into: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (name, value) in map {
                    into.insert(name.clone());
                    names(value, into);
                }
            }
            serde_json::Value::Array(all) => all.iter().for_each(|value| names(value, into)),
            _ => {}
        }
    }
    let mut monitor = Monitor::new(series(0), layout(), Hour(0));
    let seat = |reached| SeatOutcome {
        place: Place {
            row: Row::new(1).unwrap(),
            side: Side::Left,
            camera: Camera(0),
        },
        reached,
        quality: Some(77),
        score: Some(Score(3.0)),
    };
    for hour in 1..200 {
        let reached = [Reached::Matched, Reached::NotSeen][usize::from(hour > 190)];
        for _ in 0..30 {
            monitor.observe(&[seat(reached)]);
        }
        monitor.advance(Hour(hour));
    }
    monitor.observe(&[seat(Reached::NoMatch)]);
    assert!(
        monitor
            .status()
            .any(|(_, s)| matches!(s, Status::Changed(_)))
    );
    let mut found = BTreeSet::new();
    names(&serde_json::to_value(&monitor).unwrap(), &mut found);
    let known = "after alarm at baseline bins camera cells counts detector direction expected \
        from histograms hour hours key layout learnt means open passed pending people place \
        places quality row run score series side since since_then squared squares stage sum until vehicles \
        vehicles_per_hour version watches";
    let known: BTreeSet<String> = known.split_whitespace().map(str::to_owned).collect();
    assert_eq!(found, known);
}
