//! Prints the tables of docs/drift.md: false alarms per lane and month, and how
//! long falls take to be noticed.
//!
//! `cargo run --release -p rowcall-drift --example delays [RUNS]`

mod lane;
mod run;

use lane::{DAY_AND_NIGHT, PLAIN, World};
use run::{MONTH, Watched, delay, false_alarms, learnt, quantile};
use std::collections::HashMap;

fn main() {
    let asked = std::env::args().nth(1).and_then(|runs| runs.parse().ok());
    let runs: u64 = asked.unwrap_or(200);
    alarms(runs);
    delays(runs);
}

fn alarms(runs: u64) {
    println!("False alarms, {runs} lanes of 18 rates, a month of {MONTH} h each:");
    println!("| world | while learning (14 days) | first month after | most in one of 10 lanes |");
    println!("|---|---|---|---|");
    let worlds: [(&str, World); 8] = [
        ("60 vehicles/h, 0.95", PLAIN),
        ("day and night, 0.95", DAY_AND_NIGHT),
        (
            "day and night, 0.80",
            World {
                rate: 0.8,
                ..DAY_AND_NIGHT
            },
        ),
        (
            "day and night, 0.98",
            World {
                rate: 0.98,
                ..DAY_AND_NIGHT
            },
        ),
        (
            "day and night, 6 points",
            World {
                rate_swing: 0.03,
                rate: 0.93,
                ..DAY_AND_NIGHT
            },
        ),
        (
            "day and night, people of a vehicle as one",
            World {
                within_vehicle: 1.0,
                ..DAY_AND_NIGHT
            },
        ),
        (
            "day and night, hours of their own (sd 0.2)",
            World {
                hour_sd: 0.2,
                ..DAY_AND_NIGHT
            },
        ),
        (
            "day and night, hours of their own (sd 0.5)",
            World {
                hour_sd: 0.5,
                ..DAY_AND_NIGHT
            },
        ),
    ];
    for (name, world) in worlds {
        let (mut learning, mut month): (Vec<f64>, Vec<f64>) = (0..runs)
            .map(|seed| false_alarms(world, seed))
            .map(|(learning, month)| (f64::from(learning), f64::from(month)))
            .unzip();
        learning.sort_by(f64::total_cmp);
        month.sort_by(f64::total_cmp);
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        println!(
            "| {name} | {:.3} | {:.3} | {} |",
            mean(&learning),
            mean(&month),
            quantile(&month, 0.9)
        );
    }
}

fn delays(runs: u64) {
    println!("\nHours from the fall to its alarm, {runs} lanes each:");
    println!(
        "| match rate | where | learnt | world | median | 90 % | in an hour | in a day | not in 60 days |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let lane = (None, "whole lane");
    let row1 = (Some((1, 0)), "row 1, camera 0 (36 vehicles/h)");
    let row2 = (Some((2, 1)), "row 2, camera 1 (12 vehicles/h)");
    let row3 = (Some((3, 2)), "row 3 (6 vehicles/h)");
    let plain = (PLAIN, "60/h");
    let night = (DAY_AND_NIGHT, "day and night");
    let showers = World {
        hour_sd: 0.5,
        ..DAY_AND_NIGHT
    };
    let showers = (showers, "day and night, sd 0.5");
    let cases = [
        (0.61, lane, 14, plain),
        (0.61, lane, 14, night),
        (0.61, lane, 14, showers),
        (0.61, lane, 2, night),
        (0.90, lane, 14, plain),
        (0.90, lane, 14, night),
        (0.90, lane, 14, showers),
        (0.90, lane, 3, night),
        (0.85, lane, 14, night),
        (0.93, lane, 14, night),
        (0.98, lane, 14, night),
        (0.61, row1, 14, night),
        (0.85, row1, 14, night),
        (0.90, row1, 14, night),
        (0.61, row2, 14, night),
        (0.85, row2, 14, night),
        (0.90, row2, 14, night),
        (0.61, row3, 14, night),
        (0.85, row3, 14, night),
        (0.90, row3, 14, night),
    ];
    let mut before: HashMap<(&str, u32), Vec<Watched>> = HashMap::new();
    for (to, (place, there), days, (world, name)) in cases {
        let lanes = before.entry((name, days)).or_insert_with(|| {
            (0..runs)
                .map(|seed| learnt(world, 1_000_000 + seed, days))
                .collect()
        });
        let mut hours: Vec<f64> = lanes
            .iter()
            .filter_map(|lane| delay(lane, to, place))
            .collect();
        hours.sort_by(f64::total_cmp);
        let missed = lanes.len() - hours.len();
        hours.resize(lanes.len(), f64::INFINITY);
        let within = |limit: f64| {
            let found = hours.iter().filter(|hour| **hour <= limit).count();
            100.0 * found as f64 / hours.len() as f64
        };
        println!(
            "| 95 to {:.0} % | {there} | {days} days | {name} | {:.1} h | {:.1} h | {:.0} % | {:.0} % | {missed} |",
            100.0 * to,
            quantile(&hours, 0.5),
            quantile(&hours, 0.9),
            within(1.0),
            within(24.0),
        );
    }
}
