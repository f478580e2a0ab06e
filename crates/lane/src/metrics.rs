//! Counts for Prometheus: by lane, outcome, row and camera; nothing by person.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use rowcall_camera::Health;

use crate::{Error, view::TransactionView};

/// What is counted since the process started.
#[derive(Default)]
pub(crate) struct Metrics {
    vehicles: Family<ByOutcome, Counter>,
    seats: Family<BySeat, Counter>,
    frames: Family<ByCamera, Counter>,
    dropped: Family<ByCamera, Counter>,
    seconds: Family<ByLane, Counter>,
    pub(crate) open: Family<ByLane, Gauge>,
    pub(crate) under_way: Family<ByLane, Gauge>,
    parties: Family<ByEnd, Counter>,
    unplaced: Family<ByCamera, Counter>,
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

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByFate {
    lane: String,
    camera: String,
    fate: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByEnd {
    lane: String,
    fate: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    lane: String,
    camera: String,
    state: &'static str,
}

/// What the lanes' own cameras did since they are watched.
#[derive(Default)]
pub(crate) struct CameraMetrics {
    states: Family<ByState, Gauge>,
    received: Family<ByCamera, Counter>,
    fates: Family<ByFate, Counter>,
    reconnects: Family<ByCamera, Counter>,
}

impl CameraMetrics {
    /// Takes a camera in.
    pub(crate) fn add(&self, lane: &str, camera: &str, health: &Health) {
        let of = ByCamera {
            lane: lane.to_owned(),
            camera: camera.to_owned(),
        };
        let state = ByState {
            lane: of.lane.clone(),
            camera: of.camera.clone(),
            state: health.state.name(),
        };
        self.states.get_or_create(&state).set(1);
        let counters = &health.counters;
        self.received.get_or_create(&of).inc_by(counters.received);
        let reconnects = self.reconnects.get_or_create(&of);
        reconnects.inc_by(counters.reconnects);
        for (fate, count) in [
            ("handed-out", counters.handed_out),
            ("unwanted", counters.unwanted),
            ("thinned", counters.thinned),
            ("overrun", counters.overrun),
            ("stale", counters.stale),
            ("damaged", counters.damaged),
        ] {
            let of = ByFate {
                lane: of.lane.clone(),
                camera: of.camera.clone(),
                fate,
            };
            self.fates.get_or_create(&of).inc_by(count);
        }
    }

    fn register(&self, all: &mut Registry) {
        all.register(
            "camera_state",
            "1 for what a camera does or the gravest of what is wrong with it",
            self.states.clone(),
        );
        all.register(
            "camera_frames",
            "Frames that came from a camera",
            self.received.clone(),
        );
        all.register(
            "camera_frame_fates",
            "What became of a camera's frames",
            self.fates.clone(),
        );
        all.register(
            "camera_reconnects",
            "Connections to a camera after the first one",
            self.reconnects.clone(),
        );
    }
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
        for seat in view.seats.iter().filter(|s| !s.state.is_vacant()) {
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

    /// Counts frames of a passing vehicle that aren't looked at; that there were none so far
    /// is said too.
    pub(crate) fn count_unplaced(&self, lane: &str, camera: &str, count: u64) {
        let of = ByCamera {
            lane: lane.to_owned(),
            camera: camera.to_owned(),
        };
        self.unplaced.get_or_create(&of).inc_by(count);
    }

    /// Counts what became of parties between a lane's stations; that there were none so far
    /// is said too.
    pub(crate) fn count_parties(&self, lane: &str, fate: &'static str, count: usize) {
        let lane = lane.to_owned();
        let of = ByEnd { lane, fate };
        self.parties.get_or_create(&of).inc_by(count as u64);
    }

    /// As Prometheus reads it (OpenMetrics text).
    pub(crate) fn text(&self, cameras: &CameraMetrics) -> Result<String, Error> {
        let mut all = Registry::with_prefix("rowcall");
        cameras.register(&mut all);
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
        all.register(
            "parties",
            "Parties that presented documents at one station, by what became of them on the way to the cameras",
            self.parties.clone(),
        );
        all.register(
            "frames_unplaced",
            "Frames of cameras that vehicles pass, in which no seat is or the vehicle's place isn't known",
            self.unplaced.clone(),
        );
        all.register(
            "parties_under_way",
            "Parties on the way from their documents to the cameras now",
            self.under_way.clone(),
        );
        let mut text = String::new();
        encode(&mut text, &all).map_err(|e| Error::us(e.to_string()))?;
        Ok(text)
    }
}
