//! Counts for Prometheus: by lane, outcome, row and camera; nothing by person.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::{
    Error,
    view::{SeatState, TransactionView},
};

/// What is counted since the process started.
#[derive(Default)]
pub(crate) struct Metrics {
    vehicles: Family<ByOutcome, Counter>,
    seats: Family<BySeat, Counter>,
    frames: Family<ByCamera, Counter>,
    dropped: Family<ByCamera, Counter>,
    seconds: Family<ByLane, Counter>,
    pub(crate) open: Family<ByLane, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ByLane {
    pub(crate) lane: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    lane: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct BySeat {
    lane: String,
    row: u8,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByCamera {
    lane: String,
    camera: String,
}

impl Metrics {
    /// Counts what a transaction came to.
    pub(crate) fn count(&self, view: &TransactionView, seconds: u64) {
        let lane = || view.lane.clone();
        let outcome = view.outcome.map_or("none", <&str>::from);
        let of = ByOutcome {
            lane: lane(),
            outcome,
        };
        self.vehicles.get_or_create(&of).inc();
        self.seconds
            .get_or_create(&ByLane { lane: lane() })
            .inc_by(seconds);
        for seat in view.seats.iter().filter(|s| s.state != SeatState::Empty) {
            let of = BySeat {
                lane: lane(),
                row: seat.seat.map_or(0, |s| s.row),
                state: seat.state.into(),
            };
            self.seats.get_or_create(&of).inc();
        }
        for camera in &view.cameras {
            let of = ByCamera {
                lane: lane(),
                camera: camera.name.clone(),
            };
            self.frames.get_or_create(&of).inc_by(camera.frames as u64);
            self.dropped.get_or_create(&of).inc_by(camera.dropped);
        }
    }

    /// As Prometheus reads it (OpenMetrics text).
    pub(crate) fn text(&self) -> Result<String, Error> {
        let mut all = Registry::with_prefix("rowcall");
        all.register(
            "vehicles",
            "Vehicles that were closed",
            self.vehicles.clone(),
        );
        all.register("seats", "Occupants by row and outcome", self.seats.clone());
        all.register("frames", "Frames that were looked at", self.frames.clone());
        all.register(
            "frames_dropped",
            "Frames that could not be looked at in time",
            self.dropped.clone(),
        );
        all.register(
            "transaction_seconds",
            "Seconds that transactions were open",
            self.seconds.clone(),
        );
        all.register(
            "transactions_open",
            "Transactions open now",
            self.open.clone(),
        );
        let mut text = String::new();
        encode(&mut text, &all).map_err(|e| Error::us(e.to_string()))?;
        Ok(text)
    }
}
