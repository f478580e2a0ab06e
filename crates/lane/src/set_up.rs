//! Setting a lane's cameras up: an administrator looks at their live pictures to place
//! zones. It is begun deliberately, with no transaction open; the log has its beginning
//! and its end; it ends by itself, and at once when a vehicle comes. Of what was seen
//! nothing is stored: the newest picture of each camera and boxes of faces are in memory
//! for as long as it lasts.

mod file;
pub(crate) mod live;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rowcall_audit::entry::Minutes;
use rowcall_camera::capture::{Capture, Encoded, Picture};
use rowcall_picture::Wiped;
use rowcall_words::log::SetUpEndCause;

use crate::{Error, ErrorKind, Service, desk::Desk};

pub(crate) use file::LaneFile;
use live::SetUp;

/// It ends after so many minutes, whatever is done in it.
const MINUTES: u32 = 15;

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
                lane = desk.name(),
                cause = cause.as_str(),
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
                tracing::error!(%error, lane = desk.name(), "the end of a set-up isn't in the log yet");
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
            picture: Picture::Encoded(Encoded::from(Wiped::new(picture.to_vec()))),
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
