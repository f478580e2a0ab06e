//! A set-up while it lasts: who looks, until when, and what the cameras showed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rowcall_camera::{Frames, capture::Capture};
use rowcall_face::{Image, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{
    frame::Ready,
    models::Models,
    zones::{self, FaceBox},
};
use rowcall_rollcall::{Camera, Lane};
use rowcall_words::log::SetUpEndCause;

use crate::Error;

/// Faces that are remembered of a camera: as many as place a zone.
const MOST_FACES: usize = 500;

/// A set-up that has not ended.
pub(crate) struct SetUp {
    /// Its entry in the audit log.
    pub(crate) entry: u64,
    /// Who looks: nobody else does.
    pub(super) by: String,
    /// When it is over, since boot.
    pub(super) due: Duration,
    /// The lane's own cameras.
    pub(super) readers: BTreeMap<String, Frames>,
    pub(super) seen: Mutex<BTreeMap<String, Seen>>,
}

/// What a camera showed.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) newest: Option<Arc<Capture>>,
    /// By layout, since each has the camera's pictures turned as it says: when faces
    /// were looked for last, and all that were found.
    faces: BTreeMap<String, (Option<Instant>, Vec<FaceBox>)>,
}

/// The set-ups of a lane: the one that lasts, and ends that the log doesn't have yet.
#[derive(Default)]
pub(crate) struct SetUps {
    pub(super) live: Option<Arc<SetUp>>,
    pub(super) unlogged: Vec<(u64, SetUpEndCause)>,
}

impl SetUp {
    /// Seconds until it ends by itself.
    pub(crate) fn seconds_left(&self, now: Duration) -> u64 {
        self.due.saturating_sub(now).as_secs()
    }

    /// The newest picture of a camera, turned as the layout says; none has come yet
    /// otherwise.
    ///
    /// # Errors
    /// If it can't be decoded.
    pub(crate) fn picture(&self, lane: &Lane, camera: &Camera) -> Result<Option<Image>, Error> {
        let Some((_, capture)) = self.newest(&camera.name) else {
            return Ok(None);
        };
        let image = capture.picture.image(&Limits::FRAME).map_err(|why| {
            Error::device(format_args!(
                "the picture of the camera {:?} can't be read: {why}",
                camera.name
            ))
        })?;
        let ready = Ready::new(image, &camera.name, lane, &BTreeSet::new());
        Ok(Some(ready.into_image()))
    }

    /// The faces in the newest picture of a camera, and all that were found so far.
    ///
    /// # Errors
    /// As [`SetUp::picture`], and a fault of the model.
    pub(crate) fn look(
        &self,
        models: &Models,
        (layout, lane): (&str, &Lane),
        camera: &Camera,
    ) -> Result<(Vec<FaceBox>, Vec<FaceBox>), Error> {
        let newest = self.newest(&camera.name).map(|(came, _)| came);
        let Some(image) = self.picture(lane, camera)? else {
            return Ok((Vec::new(), Vec::new()));
        };
        let detector = &models.analyser.detector;
        let now = zones::faces(&image, detector, &Worker::new())?;
        let mut seen = self.lock();
        let (looked, all) = seen
            .entry(camera.name.clone())
            .or_default()
            .faces
            .entry(layout.to_owned())
            .or_default();
        // One picture that is looked at twice has its people once.
        if *looked != newest {
            *looked = newest;
            let room = MOST_FACES.saturating_sub(all.len());
            all.extend(now.iter().take(room));
        }
        Ok((now, all.clone()))
    }

    /// All faces that were found so far in a camera's pictures.
    pub(crate) fn faces(&self, layout: &str, camera: &str) -> Vec<FaceBox> {
        let seen = self.lock();
        let of = seen.get(camera).and_then(|seen| seen.faces.get(layout));
        of.map(|(_, faces)| faces.clone()).unwrap_or_default()
    }

    fn newest(&self, camera: &str) -> Option<(Instant, Arc<Capture>)> {
        let mut seen = self.lock();
        let of = seen.entry(camera.to_owned()).or_default();
        let reader = self.readers.get(camera);
        while let Some(newer) = reader.and_then(Frames::try_next) {
            of.newest = Some(newer);
        }
        let newest = of.newest.clone()?;
        Some((newest.arrived.into_std(), newest))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
