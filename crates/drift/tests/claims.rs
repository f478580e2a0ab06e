//! What docs/drift.md claims, with few lanes: the whole table is printed by
//! `cargo run --release -p rowcall-drift --example delays`.

#[path = "../examples/delays/lane.rs"]
mod lane;
#[path = "../examples/delays/run.rs"]
mod run;

use lane::{DAY_AND_NIGHT, PLAIN, World};
use run::{Watched, delay, false_alarms, learnt, quantile};

const LANES: u64 = 5;

fn lanes(world: World) -> Vec<Watched> {
    (0..LANES)
        .map(|seed| learnt(world, 77 + seed, 14))
        .collect()
}

fn sorted(lanes: &[Watched], to: f64) -> Vec<f64> {
    let never = f64::INFINITY;
    let mut hours: Vec<f64> = lanes
        .iter()
        .map(|lane| delay(lane, to, None).unwrap_or(never))
        .collect();
    hours.sort_by(f64::total_cmp);
    hours
}

#[test]
fn falls_are_noticed_in_time() {
    let plain = lanes(PLAIN);
    let hour = sorted(&plain, 0.61);
    assert!(
        hour.iter().all(|hours| *hours <= 1.0),
        "95 to 61 %: {hour:?}"
    );
    let day = sorted(&plain, 0.90);
    assert!(
        day.iter().all(|hours| *hours <= 24.0),
        "95 to 90 %: {day:?}"
    );
    let day = sorted(&lanes(DAY_AND_NIGHT), 0.90);
    assert!(quantile(&day, 0.9) <= 24.0, "by day and night: {day:?}");
}

#[test]
fn a_lane_has_at_most_one_false_alarm_in_a_month() {
    for (name, world) in [("plain", PLAIN), ("day and night", DAY_AND_NIGHT)] {
        let all: Vec<_> = (0..LANES).map(|seed| false_alarms(world, seed)).collect();
        let alarms: u32 = all.iter().map(|(learning, month)| learning + month).sum();
        assert!(u64::from(alarms) <= LANES, "{name}: {all:?}");
    }
}
