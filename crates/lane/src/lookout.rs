//! Whether a lane still sees, pictures and matches its occupants as it did: what a
//! closed vehicle came to goes into `rowcall_drift`, and what it raises is kept for the
//! supervisor. Counts by row and camera, nothing of anybody.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rowcall_audit::entry::Digest;
use rowcall_drift::{
    Alarm, Camera, Hour, Layout, Monitor, Origin, Period, Place, Reached, Row, SeatOutcome,
    SeriesId,
};
use rowcall_pipeline::models::Models;
use rowcall_words::seat::Seat;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    Error,
    config::LaneConfig,
    view::{SeatState, SeatView, TransactionView},
};

/// Alarms that are kept, the newest.
const MOST_ALARMS: usize = 50;
/// Vehicles that come in a busy hour; fewer count as 60 anyway.
const BUSY: u32 = 60;

/// The watch over a lane's rates.
pub(crate) struct Lookout {
    /// The lane's cameras, whose places name them.
    cameras: Vec<String>,
    /// The first camera that has a zone for a seat, for who was seen by none.
    first: Vec<(Seat, Camera)>,
    state: Mutex<State>,
}

/// What follows from a vehicle.
pub(crate) struct Observed {
    /// Alarms that it raised.
    pub(crate) raised: Vec<Alarm>,
    /// Hours that are over since the vehicle before.
    pub(crate) ended: Option<Period>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    monitor: Monitor,
    alarms: Vec<Alarm>,
}

/// The hour of a second since 1970, UTC.
pub(crate) fn hour(second: i64) -> Hour {
    Hour(u32::try_from(second.div_euclid(3600)).unwrap_or(0))
}

impl Lookout {
    /// Takes up what was stored, or begins. Another model, calibration or configuration
    /// begins a new series; a state that can't be read is learnt anew, and the log says
    /// so.
    pub(crate) fn take_up(
        kept: Option<&str>,
        lane: &LaneConfig,
        models: &Models,
        configuration: &Digest,
        hour: Hour,
    ) -> Self {
        let mut cameras: Vec<String> = Vec::new();
        let mut first = Vec::new();
        let mut places = Vec::new();
        for layout in &lane.layouts {
            for camera in &layout.lane.cameras {
                let place = cameras.iter().position(|name| *name == camera.name);
                let place = place.unwrap_or_else(|| {
                    cameras.push(camera.name.clone());
                    cameras.len() - 1
                });
                let place = Camera(u16::try_from(place).unwrap_or(u16::MAX));
                for zone in &camera.zones {
                    places.extend(Row::new(zone.seat.row).map(|row| (row, place)));
                    if !first.iter().any(|(seat, _)| *seat == zone.seat) {
                        first.push((zone.seat, place));
                    }
                }
            }
        }
        let layout = Layout::new(places, BUSY);
        let series = SeriesId::of(&Origin {
            model: Sha256::digest(models.analyser.embedder.manifest().sha256.to_string()).into(),
            calibration: Sha256::digest(models.calibration.name()).into(),
            configuration: *configuration.bytes(),
        });
        let new = || State {
            monitor: Monitor::new(series, layout.clone(), hour),
            alarms: Vec::new(),
        };
        let mut state = match kept.map(serde_json::from_str::<State>) {
            None => new(),
            Some(Ok(kept)) => kept,
            Some(Err(error)) => {
                tracing::warn!(%error, lane = lane.name, "the watch over rates is learnt anew");
                new()
            }
        };
        if let Some((change, _)) = state.monitor.begin_series(series, layout, hour) {
            tracing::info!(lane = lane.name, new = %change.new, "a new series of rates begins");
        }
        Self {
            cameras,
            first,
            state: Mutex::new(state),
        }
    }

    /// Takes what a closed vehicle came to.
    pub(crate) fn observe(&self, view: &TransactionView, hour: Hour) -> Observed {
        let seats = view.seats.iter().filter_map(|seat| self.outcome(seat));
        let seats: Vec<SeatOutcome> = seats.collect();
        let mut state = self.lock();
        let ended = state.monitor.advance(hour);
        let raised = state.monitor.observe(&seats);
        for alarm in &raised {
            state.alarms.insert(0, alarm.clone());
        }
        state.alarms.truncate(MOST_ALARMS);
        Observed { raised, ended }
    }

    /// The present series: numbers of another can't be held against its own.
    pub(crate) fn series(&self) -> SeriesId {
        self.lock().monitor.series()
    }

    /// The alarms that were raised, newest first.
    pub(crate) fn alarms(&self) -> Vec<Alarm> {
        self.lock().alarms.clone()
    }

    /// A camera's name.
    pub(crate) fn camera(&self, camera: Camera) -> Option<&str> {
        self.cameras.get(usize::from(camera.0)).map(String::as_str)
    }

    /// As it is stored.
    pub(crate) fn state(&self) -> Result<String, Error> {
        serde_json::to_string(&*self.lock()).map_err(|e| Error::us(e.to_string()))
    }

    /// How far the machine got with a seat; none where it had no part.
    fn outcome(&self, seat: &SeatView) -> Option<SeatOutcome> {
        let reached = match seat.state {
            SeatState::Empty
            | SeatState::CannotSee
            | SeatState::OptedOut
            | SeatState::ManualByPolicy => return None,
            SeatState::NotCaptured => Reached::NotSeen,
            SeatState::PoorQuality => Reached::PoorQuality,
            SeatState::Confirmed | SeatState::DocumentNotTrusted => Reached::Matched,
            SeatState::NoMatchingDocument
            | SeatState::Ambiguous
            | SeatState::PortraitUnusable
            | SeatState::Comparing
            | SeatState::Look => Reached::NoMatch,
        };
        let at = seat.seat?;
        let seen_by = seat.cameras.first();
        let seen_by = seen_by.and_then(|name| self.cameras.iter().position(|own| own == name));
        let camera = match seen_by {
            Some(place) => Camera(u16::try_from(place).ok()?),
            None => self.first.iter().find(|(own, _)| *own == at)?.1,
        };
        Some(SeatOutcome {
            place: Place {
                row: Row::new(at.row)?,
                side: at.side,
                camera,
            },
            reached,
            quality: None,
            score: None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
