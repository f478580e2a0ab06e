//! Cameras: a stream of captures behind one trait, supervised, with their health.
//!
//! An [`Opener`] knows a camera and connects to it; a
//! [`Stream`](stream::Stream) gives what comes. [`Watch`] keeps one camera: a task of
//! its own that connects, begins anew with growing pauses, has a time limit on
//! everything, looks at the camera's health, and keeps the newest
//! [`Capture`](capture::Capture)s for each reader. [`Watch::of`] makes one from a
//! [`CameraConfig`]; frames that somebody brings come through a [`push::Pusher`].
//!
//! ```no_run
//! # async fn lane(camera: &rowcall_camera::CameraConfig) -> Result<(), rowcall_camera::Error> {
//! use std::sync::Arc;
//! use rowcall_camera::{SystemClock, Watch};
//!
//! let (watch, _pusher) = Watch::of(camera, 7, Arc::new(SystemClock))?;
//! let frames = watch.frames(); // while a transaction wants them
//! let capture = frames.next().await;
//! drop(frames); // from now on frames are looked at for health alone, and dropped
//! println!("{}", watch.health().state);
//! # Ok(()) }
//! ```
//!
//! A frame is a biometric sample. What holds one is wiped when it is dropped, as far as
//! it is ours; buffers of the HTTP and RTSP libraries and a video decoder's reference
//! pictures are given back to the allocator unwiped, which a lane has wipe what is freed.
//! Health is told from a small grey picture: no face is looked for here.
//!
//! Foreign bytes meet the limits of [`caps`]. Errors are for people and never hold a
//! password; what stands in an address after `?` isn't shown either.

mod buffer;
pub mod caps;
pub mod capture;
mod clock;
pub mod config;
mod error;
pub mod folder;
mod look;
pub mod mjpeg;
pub mod play;
pub mod push;
#[cfg(feature = "rtsp")]
pub mod rtsp;
pub mod stream;
mod watch;

pub use clock::{Clock, SystemClock};
pub use config::{CameraConfig, Source};
pub use error::{Error, ErrorKind};
pub use look::Look;
pub use watch::{
    Frames, Options, Thresholds, Watch,
    health::{Condition, Counters, Health, State, Trouble},
};

use stream::Opener;

/// What connects to a configured camera.
///
/// # Errors
/// A pushed camera has nothing to connect to: it is made by [`push::channel`], whose
/// other end takes the frames. RTSP may have been left out of this build.
pub fn opener(camera: &CameraConfig) -> Result<Box<dyn Opener>, Error> {
    match &camera.source {
        Source::Push => Err(Error::new(
            ErrorKind::Configuration,
            format_args!("frames of the camera {:?} are brought to it", camera.name),
        )),
        Source::Folder { path, rate } => Ok(Box::new(folder::Folder::new(path, *rate))),
        Source::Mjpeg(address) => Ok(Box::new(mjpeg::Mjpeg::new(address.clone()))),
        #[cfg(feature = "rtsp")]
        Source::Rtsp(address, transport) => Ok(Box::new(rtsp::Rtsp::new(
            address.clone(),
            *transport,
            camera.frames_per_second,
        ))),
        #[cfg(not(feature = "rtsp"))]
        Source::Rtsp(..) => Err(Error::new(
            ErrorKind::Unsupported,
            "RTSP was left out when this program was built",
        )),
    }
}
