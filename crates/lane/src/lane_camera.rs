//! A camera of a lane.

use std::sync::Arc;

use rand_core::Rng as _;
use rowcall_camera::{
    CameraConfig, Frames, Health, SystemClock, Watch, capture::Encoded, push::Pusher,
};
use rowcall_custody::system::system_random;

use crate::Error;

/// A camera of a lane, watched.
pub(crate) struct LaneCamera {
    pub(crate) name: String,
    watch: Watch,
    /// Where its frames are brought to, if they are.
    pusher: Option<Pusher>,
}

impl LaneCamera {
    /// To be called within a tokio runtime.
    pub(crate) fn watch(lane: &str, camera: &CameraConfig) -> Result<Self, Error> {
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

    /// Whether its frames are brought to it.
    pub(crate) fn is_pushed(&self) -> bool {
        self.pusher.is_some()
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
