//! A camera's part of the configuration: what was parsed is fit for use.

mod address;
mod file;

use std::{path::PathBuf, time::Duration};

pub use address::{Address, Login};

use crate::caps;

/// One camera. In TOML, with exactly one of the keys `push`, `folder`, `mjpeg`,
/// `rtsp`:
///
/// ```
/// # let text = r#"
/// name = "front"
/// rtsp = "rtsp://10.1.0.11/stream1"
/// user = "lane"
/// password = "…"
/// transport = "tcp"          # or "udp"
/// frame_age_limit = 2.0      # seconds
/// # "#;
/// let camera: rowcall_camera::CameraConfig = toml::from_str(text)?;
/// assert!(!format!("{camera:?}").contains('…'));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "file::Camera")]
pub struct CameraConfig {
    /// What the lane calls it.
    pub name: String,
    /// Where its frames come from.
    pub source: Source,
    /// A frame that is older isn't handed out: it shows another moment.
    pub frame_age_limit: Duration,
    /// What it is given to answer, and then to send one frame whole.
    pub answer_within: Duration,
    /// Frames that are handed out in a second at most; what comes more often is
    /// dropped and counted.
    pub frames_per_second: f32,
}

/// Where frames come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// Whoever has frames brings them.
    Push,
    /// The pictures of a folder, in the order of their names, again and again.
    Folder {
        /// The folder.
        path: PathBuf,
        /// How many pictures in a second.
        rate: f32,
    },
    /// A stream of JPEGs over HTTP.
    Mjpeg(Address),
    /// Video over RTSP.
    Rtsp(Address, Transport),
}

/// How RTP packets travel (RFC 2326).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Between RTSP's own messages: nothing is lost on the way.
    #[default]
    Tcp,
    /// Packets of their own, which a network may lose or reorder.
    Udp,
}

impl CameraConfig {
    /// A camera with every limit at its default.
    pub fn new(name: impl Into<String>, source: Source) -> Self {
        Self {
            name: name.into(),
            source,
            frame_age_limit: Self::FRAME_AGE_LIMIT,
            answer_within: caps::ANSWER_WITHIN,
            frames_per_second: Self::FRAMES_PER_SECOND,
        }
    }

    /// A vehicle that creeps at 5 km/h moves by its own length in about three seconds.
    pub const FRAME_AGE_LIMIT: Duration = Duration::from_secs(2);
    /// More sightings in a second show the same.
    pub const FRAMES_PER_SECOND: f32 = 10.0;
}
