//! A lane that isn't there: vehicles with people in them, whose outcomes hang
//! together within a vehicle, swing with the hour of the day, and fall when
//! told to.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use rowcall_drift::{Camera, Hour, Place, Reached, Row, SeatOutcome, Stage};
use rowcall_words::seat::Side;

/// What a lane is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    /// Vehicles in an hour of the day, on average over the day.
    pub(crate) vehicles_per_hour: f64,
    /// How much of that traffic swings between day and night, 0..1.
    pub(crate) traffic_swing: f64,
    /// How far each rate lies above its mean at noon and below it at midnight.
    pub(crate) rate_swing: f64,
    /// Correlation of the outcomes of two people in one vehicle.
    pub(crate) within_vehicle: f64,
    /// Standard deviation of an hour's own deviation (a shower, a low sun) on
    /// the scale of logits; nothing of it repeats.
    pub(crate) hour_sd: f64,
    /// The mean of each of the three rates.
    pub(crate) rate: f64,
}

/// Nothing but what the issue says: 60 vehicles an hour, vehicles as clusters.
pub(crate) const PLAIN: World = World {
    vehicles_per_hour: 60.0,
    traffic_swing: 0.0,
    rate_swing: 0.0,
    within_vehicle: 0.3,
    hour_sd: 0.0,
    rate: 0.95,
};

/// As a lane is: nights with a fifth of the traffic, and rates that differ by
/// three points between noon and midnight.
pub(crate) const DAY_AND_NIGHT: World = World {
    traffic_swing: 0.67,
    rate_swing: 0.015,
    ..PLAIN
};

/// A rate that falls (or rises) at an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fall {
    /// Which rate.
    pub(crate) stage: Stage,
    /// To what.
    pub(crate) to: f64,
    /// In which row and camera; `None`: everywhere.
    pub(crate) place: Option<(u8, u16)>,
    /// From which hour on.
    pub(crate) at: Hour,
}

/// Rows and cameras: three rows, of which two cameras see the first two and one
/// the third.
pub(crate) const PLACES: [(u8, u16); 5] = [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2)];

/// The lane.
#[derive(Clone)]
pub(crate) struct Lane {
    pub(crate) world: World,
    random: ChaCha8Rng,
    hour: Option<Hour>,
    hour_logit: f64,
    pub(crate) fall: Option<Fall>,
}

impl Lane {
    pub(crate) fn new(world: World, seed: u64) -> Self {
        Self {
            world,
            random: ChaCha8Rng::seed_from_u64(seed),
            hour: None,
            hour_logit: 0.0,
            fall: None,
        }
    }

    /// How many vehicles come in an hour.
    pub(crate) fn vehicles(&mut self, hour: Hour) -> u32 {
        let mean = self.world.vehicles_per_hour * (1.0 + self.world.traffic_swing * day(hour));
        // Knuth's Poisson, in parts small enough for its product.
        let (mut count, mut left) = (0, mean);
        while left > 0.0 {
            let part = left.min(20.0);
            let (mut product, floor) = (self.uniform(), (-part).exp());
            while product > floor {
                count += 1;
                product *= self.uniform();
            }
            left -= part;
        }
        count
    }

    /// One vehicle's outcomes.
    pub(crate) fn vehicle(&mut self, hour: Hour, seats: &mut Vec<SeatOutcome>) {
        if self.hour != Some(hour) {
            self.hour = Some(hour);
            self.hour_logit = self.world.hour_sd * self.normal();
        }
        seats.clear();
        for (row, occupied) in [(1, 1.0), (2, 0.5), (3, 0.1)] {
            if self.uniform() >= occupied {
                continue;
            }
            let camera = match row {
                3 => 2,
                _ => u16::from(self.uniform() < 0.4),
            };
            let sides: &[Side] = match (row, self.uniform() < 0.6) {
                (_, true) => &[Side::Left, Side::Right],
                (_, false) => &[Side::Left],
            };
            let first = seats.len();
            for side in sides {
                let row = Row::new(row).unwrap_or_else(|| unreachable!("rows 1 to 3"));
                seats.push(SeatOutcome {
                    place: Place {
                        row,
                        side: *side,
                        camera: Camera(camera),
                    },
                    reached: Reached::Matched,
                    quality: None,
                    score: None,
                });
            }
            for (stage, failed) in [
                (Stage::Match, Reached::NoMatch),
                (Stage::Quality, Reached::PoorQuality),
                (Stage::Seen, Reached::NotSeen),
            ] {
                let rate = self.rate(hour, stage, (row, camera));
                // Common to the vehicle with the probability that gives two of
                // its people the wanted correlation.
                let common = self.uniform() < rate;
                let shared = self.world.within_vehicle.sqrt();
                for seat in &mut seats[first..] {
                    let passed = match self.uniform() < shared {
                        true => common,
                        false => self.uniform() < rate,
                    };
                    if !passed {
                        seat.reached = failed;
                    }
                }
            }
        }
    }

    /// The true rate.
    fn rate(&self, hour: Hour, stage: Stage, place: (u8, u16)) -> f64 {
        let swing = self.world.rate_swing * day(hour);
        let mut mean = self.world.rate;
        if let Some(fall) = self.fall
            && hour >= fall.at
            && fall.stage == stage
            && fall.place.is_none_or(|there| there == place)
        {
            mean = fall.to;
        }
        let rate = (mean + swing).clamp(0.001, 0.999);
        match self.hour_logit {
            0.0 => rate,
            logit => 1.0 / (1.0 + ((1.0 - rate) / rate) * (-logit).exp()),
        }
    }

    pub(crate) fn uniform(&mut self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (self.uniform().max(1e-300), self.uniform());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// 1 at noon, -1 at midnight.
fn day(hour: Hour) -> f64 {
    -(std::f64::consts::TAU * hour.of_day() as f64 / 24.0).cos()
}
