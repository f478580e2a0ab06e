//! A picture in grey.

use crate::wiped::Wiped;

use crate::canvas::Colours;
use crate::{Error, Limits, decode};

/// An 8-bit grey picture, rows from the top, no padding; wiped on drop.
pub struct Luma {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width · height` bytes: luma of ITU-R BT.601.
    pub pixels: Wiped<u8>,
}

impl Luma {
    /// As [`Image::decode`](crate::Image::decode), in a third of the memory.
    ///
    /// # Errors
    /// Likewise.
    pub fn decode(file: &[u8], limits: &Limits) -> Result<Self, Error> {
        decode::decode(file, Colours::Luma, limits).map(|canvas| Self {
            width: canvas.width as u32,
            height: canvas.height as u32,
            pixels: canvas.bytes,
        })
    }
}

impl std::fmt::Debug for Luma {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Luma({} x {}, pixels withheld)", self.width, self.height)
    }
}
