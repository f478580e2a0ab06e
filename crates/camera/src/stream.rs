//! The seam between a lane and its cameras: an [`Opener`] connects, a [`Stream`]
//! gives what comes.

use std::{fmt, future::Future, pin::Pin};

use tokio::time::Instant;

use crate::{Error, capture::Shot};

/// A future on the heap: a lane holds cameras of several kinds in one list.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Knows a camera, and connects to it as often as it takes.
pub trait Opener: Send + Sync + 'static {
    /// Connects. Dropping the future ends the attempt.
    fn open(&self) -> Pending<'_, Result<Box<dyn Stream>, Error>>;

    /// Whether the camera is asked for frames, or whoever has some brings them:
    /// then silence is no reason to begin anew.
    fn is_asked(&self) -> bool {
        true
    }
}

/// An open connection.
pub trait Stream: Send {
    /// What comes next. Dropping the future loses at most that, and it is called
    /// again only after it has given something.
    ///
    /// # Errors
    /// What ends the stream; it isn't called again then.
    fn next(&mut self) -> Pending<'_, Result<Event, Error>>;

    /// What the stream is, as far as is known by now.
    fn about(&self) -> About;
}

/// What comes out of a stream.
#[derive(Debug)]
pub enum Event {
    /// A picture.
    Shot(Shot),
    /// A picture that came more often than is wanted, and wasn't made one.
    Skipped {
        /// Bytes that the camera sent for it.
        bytes: usize,
        /// When its last byte was here.
        arrived: Instant,
    },
    /// What should have been a picture, and why it isn't. The stream goes on.
    Damaged(Error),
}

/// What a stream is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// How pictures are coded.
    pub codec: Option<Codec>,
    /// What of the protocol is not as it should be, and was tolerated.
    pub tolerated: Vec<String>,
    /// What the server calls itself.
    pub server: Option<String>,
}

/// How a camera's pictures are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Single pictures: JPEG (ITU-T T.81).
    Jpeg,
    /// ITU-T H.264 | ISO/IEC 14496-10.
    H264,
    /// ITU-T H.265 | ISO/IEC 23008-2.
    H265,
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::H264 => "H.264",
            Self::H265 => "H.265",
        })
    }
}
