//! Setting a lane's cameras up: an administrator looks at their live pictures to place
//! zones. It is begun deliberately, with no transaction open; the log has its beginning
//! and its end; it ends by itself, and at once when a vehicle comes. Of what was seen
//! nothing is stored: the newest picture of each camera and boxes of faces are in memory
//! for as long as it lasts.

mod file;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rowcall_audit::entry::{Minutes, SetUpEndCause};
use rowcall_camera::{
    Frames,
    capture::{Capture, Encoded, Picture},
};
use rowcall_face::{Image, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{
    frame::Ready,
    zones::{self, FaceBox},
};
use rowcall_rollcall::{Camera, Lane};
use zeroize::Zeroizing;

use crate::{Error, ErrorKind, Service, desk::Desk};

pub(crate) use file::LaneFile;

/// It ends after so many minutes, whatever is done in it.
const MINUTES: u32 = 15;
/// Faces that are remembered of a camera: as many as place a zone.
const MOST_FACES: usize = 500;

/// A set-up that has not ended.
pub(crate) struct SetUp {
    /// Its entry in the audit log.
    pub(crate) entry: u64,
    /// Who looks: nobody else does.
    by: String,
    /// When it is over, since boot.
    due: Duration,
    /// The lane's own cameras.
    readers: BTreeMap<String, Frames>,
    seen: Mutex<BTreeMap<String, Seen>>,
}

/// What a camera showed.
#[derive(Default)]
struct Seen {
    newest: Option<Arc<Capture>>,
    /// By layout, since each has the camera's pictures turned as it says: when faces
    /// were looked for last, and all that were found.
    faces: BTreeMap<String, (Option<Instant>, Vec<FaceBox>)>,
}

/// The set-ups of a lane: the one that lasts, and ends that the log doesn't have yet.
#[derive(Default)]
pub(crate) struct SetUps {
    live: Option<Arc<SetUp>>,
    unlogged: Vec<(u64, SetUpEndCause)>,
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
        let ready = Ready::new(
            image,
            &camera.name,
            lane,
            &std::collections::BTreeSet::new(),
        );
        Ok(Some(ready.into_image()))
    }

    /// The faces in the newest picture of a camera, and all that were found so far.
    ///
    /// # Errors
    /// As [`SetUp::picture`], and a fault of the model.
    pub(crate) fn look(
        &self,
        desk: &Desk,
        (layout, lane): (&str, &Lane),
        camera: &Camera,
    ) -> Result<(Vec<FaceBox>, Vec<FaceBox>), Error> {
        let newest = self.newest(&camera.name).map(|(came, _)| came);
        let Some(image) = self.picture(lane, camera)? else {
            return Ok((Vec::new(), Vec::new()));
        };
        let detector = &desk.models.analyser.detector;
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

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Begins to look at a lane's cameras; where the same person does already, goes on.
    ///
    /// # Errors
    /// If a vehicle is there or somebody else looks; or if the log can't have it, and
    /// then nothing is shown.
    pub(crate) fn begin_set_up(&self, lane: &str, by: &str) -> Result<Arc<SetUp>, Error> {
        let desk = self.desk(lane)?;
        let mut set_ups = desk.set_ups();
        if let Some(live) = set_ups.live.as_ref().filter(|live| live.by == by) {
            return Ok(live.clone());
        }
        if set_ups.live.is_some() {
            return Err(Error::conflict(
                "another administrator looks at this lane's cameras: they end it first",
            ));
        }
        if !desk.all().is_empty() {
            return Err(Error::conflict(
                "a vehicle is at this lane: cameras are set up when it has left",
            ));
        }
        let limit = Minutes::new(MINUTES).ok_or_else(|| Error::us("a fixed time"))?;
        let officer = self.log_in.authenticated(by);
        let entry = self.custody().begin_set_up(&officer, limit)?;
        let live = Arc::new(SetUp {
            entry,
            by: by.to_owned(),
            due: self.clock.read().since_boot + Duration::from_secs(60 * u64::from(MINUTES)),
            readers: desk
                .cameras()
                .iter()
                .map(|camera| (camera.name.clone(), camera.frames()))
                .collect(),
            seen: Mutex::default(),
        });
        set_ups.live = Some(live.clone());
        tracing::info!(lane, "cameras are being set up");
        Ok(live)
    }

    /// The set-up that somebody is in.
    ///
    /// # Errors
    /// If it has ended, or another's: nothing is shown then.
    pub(crate) fn set_up_of(&self, lane: &str, by: &str) -> Result<Arc<SetUp>, Error> {
        let desk = self.desk(lane)?;
        let live = desk.set_ups().live.clone();
        live.filter(|live| live.by == by).ok_or_else(|| {
            Error::conflict("the set-up of cameras has ended, or wasn't begun: begin it first")
        })
    }

    /// Whether somebody looks at a lane's cameras, and so no vehicle shall come.
    pub(crate) fn is_set_up(&self, lane: &str) -> bool {
        self.desk(lane)
            .is_ok_and(|desk| desk.set_ups().live.is_some())
    }

    /// Ends a lane's set-up, if there is one: what was seen is gone when this returns.
    ///
    /// # Errors
    /// If the log can't have its end: it is written as soon as it can.
    pub(crate) fn end_set_up(&self, desk: &Desk, cause: SetUpEndCause) -> Result<(), Error> {
        let mut set_ups = desk.set_ups();
        if let Some(live) = set_ups.live.take() {
            set_ups.unlogged.push((live.entry, cause));
            tracing::info!(
                lane = desk.name,
                cause = cause.code(),
                "the set-up has ended"
            );
        }
        while let Some((entry, cause)) = set_ups.unlogged.first().copied() {
            self.custody().end_set_up(entry, cause)?;
            set_ups.unlogged.remove(0);
        }
        Ok(())
    }

    /// Ends set-ups whose time is over. Call it with every tick.
    pub(crate) fn sweep_set_ups(&self) {
        let now = self.clock.read().since_boot;
        for desk in self.desks.values() {
            let is_due = {
                let set_ups = desk.set_ups();
                let is_over = set_ups.live.as_ref().is_some_and(|live| live.due <= now);
                is_over || !set_ups.unlogged.is_empty()
            };
            if is_due && let Err(error) = self.end_set_up(desk, SetUpEndCause::TimeLimit) {
                tracing::error!(%error, lane = desk.name, "the end of a set-up isn't in the log yet");
            }
        }
    }

    /// Shows a frame that somebody brought, of a camera that the lane hasn't itself, to
    /// whoever sets the cameras up. It is dropped where nobody does.
    pub(crate) fn show_set_up(&self, desk: &Desk, camera: &str, picture: &[u8]) {
        let live = desk.set_ups().live.clone();
        let is_known = desk
            .layouts()
            .any(|(_, lane)| lane.camera(camera).is_some());
        let Some(live) = live.filter(|live| is_known && !live.readers.contains_key(camera)) else {
            return;
        };
        let capture = Capture {
            sequence: 0,
            picture: Picture::Encoded(Encoded::from(Zeroizing::new(picture.to_vec()))),
            arrived: Instant::now().into(),
            taken: None,
        };
        live.lock().entry(camera.to_owned()).or_default().newest = Some(Arc::new(capture));
    }

    /// The lane file of a layout.
    ///
    /// # Errors
    /// If there is no such layout, or the file can't be read.
    pub(crate) fn lane_file(&self, lane: &str, layout: &str) -> Result<LaneFile, Error> {
        let of = self.config.lanes.iter().find(|own| own.name == lane);
        let of = of.and_then(|own| own.layouts.iter().find(|own| own.name == layout));
        LaneFile::read(&of.ok_or_else(|| Error::gone("layout"))?.file)
    }

    /// Writes a lane file with other zones of a camera, on record.
    ///
    /// # Errors
    /// If the file is no more `of` what the zones were drawn on, or can't be written.
    pub(crate) fn write_zones(
        &self,
        set_up: &SetUp,
        file: LaneFile,
        of: &str,
        text: String,
    ) -> Result<LaneFile, Error> {
        if file.hex() != of {
            return Err(Error::conflict(
                "the lane file was changed meanwhile: load the page anew, so that nothing of it is lost",
            ));
        }
        let written = file.with(text);
        if !written.is_as(&file) {
            self.custody()
                .record_lane_file(set_up.entry, written.digest())?;
            written.write().map_err(|why| {
                Error::new(
                    ErrorKind::Operator,
                    format_args!("{why}; copy the text of the page into it by hand"),
                )
            })?;
        }
        Ok(written)
    }
}
