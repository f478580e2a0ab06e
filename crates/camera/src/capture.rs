//! What a camera gave: a picture, when it came, what the camera says of when it was
//! taken.

use std::{fmt, ops::Deref, time::Duration, time::SystemTime};

use rowcall_picture::{Error, Image, Limits, Wiped};
use tokio::time::Instant;

/// A picture as the camera sent it, or decoded where it came as video.
#[derive(Debug)]
pub enum Picture {
    /// A JPEG file; from a folder also a PNG or JPEG 2000.
    Encoded(Encoded),
    /// A picture out of a video.
    Decoded(Image),
}

/// The bytes of a picture's file, wiped on drop; `Debug` shows how many alone.
pub struct Encoded(Wiped<u8>);

/// When the camera says that the picture was taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Taken {
    /// By its own clock, which may be wrong.
    Wall(SystemTime),
    /// On a time line of the stream's own: only differences mean something.
    Stream(Duration),
}

/// A picture out of an open stream.
#[derive(Debug)]
pub struct Shot {
    /// The picture.
    pub picture: Picture,
    /// When its last byte was here.
    pub arrived: Instant,
    /// When it was taken, if the camera tells.
    pub taken: Option<Taken>,
    /// Bytes that the camera sent for it.
    pub bytes: usize,
}

/// A picture as a watch hands it out.
#[derive(Debug)]
pub struct Capture {
    /// Counts what a watch received, from 1, over all connections: what is missing
    /// between two was dropped.
    pub sequence: u64,
    /// The picture.
    pub picture: Picture,
    /// When its last byte was here, on a clock that nobody sets.
    pub arrived: Instant,
    /// When it was taken, if the camera tells.
    pub taken: Option<Taken>,
}

impl Picture {
    /// The pixels, within `limits`; a copy where they are decoded already.
    ///
    /// # Errors
    /// What is wrong with the file: [`Image::decode`].
    pub fn image(&self, limits: &Limits) -> Result<Image, Error> {
        match self {
            Self::Encoded(file) => Image::decode(file, limits),
            Self::Decoded(image) => Ok(image.copied()),
        }
    }
}

impl Encoded {
    /// Takes over the bytes of a file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Wiped::new(bytes))
    }
}

impl From<Wiped<u8>> for Encoded {
    fn from(bytes: Wiped<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Encoded {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({} bytes, withheld)", self.0.len())
    }
}
