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

use rand_core::Rng as _;
use rowcall_camera::{
    CameraConfig, Frames, Health, State, SystemClock, Watch,
    capture::{Capture, Encoded},
    push::Pusher,
};
use rowcall_custody::system::system_random;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use crate::{
    Error, Service,
    desk::{Desk, LaneEvent},
    metrics::CameraMetrics,
    transaction::Transaction,
};

/// How often a camera's health is looked at while a vehicle is there.
const LOOK: Duration = Duration::from_millis(250);

/// A camera of a lane, watched.
pub(crate) struct LaneCamera {
    pub(crate) name: String,
    watch: Watch,
    /// Where its frames are brought to, if they are.
    pusher: Option<Pusher>,
}

/// The cameras of all lanes, until it is dropped.
pub(crate) struct Watching {
    desks: Vec<Arc<Desk>>,
    _tasks: JoinSet<()>,
}

impl LaneCamera {
    /// To be called within a tokio runtime.
    fn watch(lane: &str, camera: &CameraConfig) -> Result<Self, Error> {
        let seed = system_random().next_u64();
        let (watch, pusher) = Watch::of(camera, seed, Arc::new(SystemClock)).map_err(|why| {
            Error::operator(format_args!("lane {lane:?}: {}: {why}", camera.name))
        })?;
        Ok(Self {
            name: camera.name.clone(),
            watch,
            pusher,
        })
    }

    /// What is known of it now.
    pub(crate) fn health(&self) -> Health {
        self.watch.health()
    }

    /// What it gives from now on, for as long as somebody reads it.
    pub(crate) fn frames(&self) -> Frames {
        self.watch.frames()
    }

    /// Looks at a frame that somebody brought, for the camera's health.
    ///
    /// # Errors
    /// The camera's frames are fetched, not brought; or this is no frame.
    pub(crate) fn push(&self, picture: &[u8]) -> Result<(), Error> {
        let Some(pusher) = &self.pusher else {
            return Err(Error::conflict(format_args!(
                "camera: the lane fetches the frames of {:?} itself; only one with push = true takes them",
                self.name
            )));
        };
        let pushed = pusher.push(Encoded::new(picture.to_vec()), None);
        pushed
            .map(drop)
            .map_err(|why| Error::request(why.to_string()))
    }
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
                cameras.add(&desk.name, &camera.name, &camera.health());
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
        let wanting = wanting.filter(|t| t.lane.camera(&camera.name).is_some());
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
    let frames = match camera.pusher {
        None => Some(Arc::new(camera.watch.frames())),
        Some(_) => None,
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
