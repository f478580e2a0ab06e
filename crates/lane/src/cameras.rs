//! A lane's own cameras: each is watched all the time, for its health, and its frames go
//! to the transaction that is at the cameras, from its opening to its close. Nothing is
//! taken while no transaction wants it, and nothing that came before the opening.
//!
//! Every camera has a task of its own: one that is stuck stalls no other. One that fails
//! while a vehicle is there refers that vehicle until it shows something again.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use rowcall_camera::{Frames, State, capture::Capture};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use crate::{
    Error, Service,
    desk::{Desk, LaneEvent},
    lane_camera::LaneCamera,
    metrics::CameraMetrics,
    transaction::Transaction,
};

/// How often a camera's health is looked at while a vehicle is there.
const LOOK: Duration = Duration::from_millis(250);

/// The cameras of all lanes, until it is dropped.
pub(crate) struct Watching {
    desks: Vec<Arc<Desk>>,
    _tasks: JoinSet<()>,
}

impl Service {
    /// Begins to watch the configured cameras of all lanes. To be called within a tokio
    /// runtime.
    pub(crate) fn watch_cameras(self: &Arc<Self>) -> Result<Watching, Error> {
        let mut tasks = JoinSet::new();
        let mut desks = Vec::new();
        for lane in &self.config.lanes {
            let desk = self.desk(&lane.name)?;
            let cameras: Result<Vec<_>, Error> = lane
                .cameras
                .iter()
                .map(|camera| LaneCamera::watch(&lane.name, camera).map(Arc::new))
                .collect();
            let cameras = cameras?;
            desk.set_cameras(cameras.clone());
            desks.push(desk.clone());
            for camera in cameras {
                tasks.spawn(feed(self.clone(), desk.clone(), camera));
            }
        }
        Ok(Watching {
            desks,
            _tasks: tasks,
        })
    }
}

impl Service {
    /// What is counted, with the cameras' own counts, as Prometheus reads it.
    pub(crate) fn metrics_text(&self) -> Result<String, Error> {
        let cameras = CameraMetrics::default();
        for desk in self.desks.values() {
            for camera in desk.cameras() {
                cameras.add(desk.name(), &camera.name, &camera.health());
            }
        }
        self.metrics.text(&cameras)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        for desk in &self.desks {
            desk.set_cameras(Vec::new());
        }
    }
}

/// One transaction after another, for ever.
async fn feed(service: Arc<Service>, desk: Arc<Desk>, camera: Arc<LaneCamera>) {
    let mut events = desk.events();
    loop {
        let wanting = desk.at_cameras();
        let wanting = wanting.filter(|t| t.lane().camera(&camera.name).is_some());
        match wanting {
            None => changed(&mut events).await,
            Some(transaction) => tokio::select! {
                () = film(&service, &transaction, &camera) => {}
                () = leaves(&desk, &transaction, &mut events) => {}
            },
        }
    }
}

async fn changed(events: &mut Receiver<LaneEvent>) {
    match events.recv().await {
        Ok(_) | Err(RecvError::Lagged(_)) => {}
        // The desk is held here, and it is who tells.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

async fn leaves(desk: &Desk, transaction: &Arc<Transaction>, events: &mut Receiver<LaneEvent>) {
    let is_there = |now: Arc<Transaction>| Arc::ptr_eq(&now, transaction);
    while desk.at_cameras().is_some_and(is_there) {
        changed(events).await;
    }
}

/// Shows a camera's frames to a transaction, and tells it how the camera does, for as
/// long as this is polled.
async fn film(service: &Arc<Service>, transaction: &Arc<Transaction>, camera: &Arc<LaneCamera>) {
    let Ok(arrival) = transaction.arrival() else {
        return;
    };
    // Whoever brings frames says what transaction they are of.
    let frames = match camera.is_pushed() {
        false => Some(Arc::new(camera.frames())),
        true => None,
    };
    let reader = frames.as_ref().map_or_else(Weak::new, Arc::downgrade);
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told: Option<(State, bool)> = None;
    let mut has_failed = false;
    loop {
        let capture = tokio::select! {
            capture = next(frames.as_deref()) => Some(capture),
            _ = look.tick() => None,
        };
        let capture = capture.filter(|c| c.arrived.into_std() >= arrival.at);
        let state = camera.health().state;
        // Connected again isn't enough: what it shows has to be seen.
        let is_seen = capture.is_some() || frames.is_none();
        has_failed = !state.is_usable() || (has_failed && !is_seen);
        let now = (state, has_failed);
        if let Some(capture) = capture.filter(|_| state.is_usable()) {
            let (service, transaction) = (service.clone(), transaction.clone());
            let (name, reader) = (camera.name.clone(), reader.clone());
            away(move || service.add_capture(&transaction, &name, capture, reader)).await;
        }
        if told != Some(now) {
            told = Some(now);
            let (transaction, name) = (transaction.clone(), camera.name.clone());
            away(move || transaction.set_camera(&name, state, has_failed)).await;
        }
    }
}

async fn next(frames: Option<&Frames>) -> Arc<Capture> {
    match frames {
        Some(frames) => frames.next().await,
        None => std::future::pending().await,
    }
}

/// Does what may wait for a lock or work out a view anew away from the cameras' threads.
async fn away(work: impl FnOnce() -> Result<(), Error> + Send + 'static) {
    match spawn_blocking(work).await {
        Ok(Ok(())) => {}
        // It was closed meanwhile.
        Ok(Err(error)) if error.kind() == crate::ErrorKind::Gone => {}
        Ok(Err(error)) => tracing::warn!(%error, "a camera's frame or state couldn't be taken"),
        Err(_) => tracing::error!("taking a camera's frame or state failed"),
    }
}
