//! What a picture may cost, and which of the limits one met.

use image::metadata::Orientation;

use crate::canvas::Colours;
use crate::orient::is_quarter;

/// What decoding a picture may cost. A picture with more pixels than are kept, or
/// that would take more memory, is decoded at a half, a quarter or an eighth of its
/// size; only one that is too large even so is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: usize,
    /// Pixels that its header may declare, which bounds the time.
    pub max_declared: u64,
    /// Pixels that are kept.
    pub max_pixels: u64,
    /// Bytes that may be held at once beside the file, by what the headers declare:
    /// the pixels, and what the decoder needs until it has them.
    pub max_memory: u64,
}

impl Limits {
    /// A camera's frame: 24 million pixels are looked at as they are.
    pub const FRAME: Self = Self {
        max_pixels: 24_000_000,
        max_memory: 160_000_000,
        ..Self::PORTRAIT
    };
    /// A portrait: 20 million pixels are kept, as a photograph of 60 MB.
    pub const PORTRAIT: Self = Self {
        max_bytes: 32 << 20,
        max_declared: 250_000_000,
        max_pixels: 20_000_000,
        max_memory: 60_000_000,
    };
    /// A scan or photograph of a page: A4 at 300 dpi has 8.7 million pixels.
    pub const PAGE: Self = Self {
        max_pixels: 10_000_000,
        ..Self::PORTRAIT
    };

    pub(crate) fn check_bytes(&self, bytes: usize) -> Result<(), Limit> {
        let most = self.max_bytes;
        let is_met = bytes > most;
        if is_met {
            return Err(Limit::Bytes { bytes, most });
        }
        Ok(())
    }

    pub(crate) fn check_declared(&self, size: (u64, u64)) -> Result<(), Limit> {
        let most = self.max_declared;
        if size.0.saturating_mul(size.1) > most {
            return Err(Limit::Declared { size, most });
        }
        Ok(())
    }

    pub(crate) fn check_memory(&self, bytes: u64) -> Result<(), Limit> {
        let most = self.max_memory;
        if bytes > most {
            return Err(Limit::Memory { bytes, most });
        }
        Ok(())
    }

    /// Whether a picture may be kept at this size, with so many bytes held beside it
    /// while it is decoded.
    pub(crate) fn check_kept(
        &self,
        size: (u64, u64),
        colours: Colours,
        beside: u64,
        orientation: Orientation,
    ) -> Result<(), Limit> {
        let most = self.max_pixels;
        let pixels = size.0.saturating_mul(size.1);
        if pixels > most {
            return Err(Limit::Pixels { size, most });
        }
        // Turning it takes one channel more, after the decoder is gone.
        let turning = if is_quarter(orientation) { pixels } else { 0 };
        let kept = colours.channels() as u64 * pixels;
        self.check_memory(kept + beside.max(turning))
    }
}

/// The limit that a picture met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::max_bytes`].
    Bytes {
        /// What the file has.
        bytes: usize,
        /// What is allowed.
        most: usize,
    },
    /// [`Limits::max_declared`].
    Declared {
        /// Width and height by the header.
        size: (u64, u64),
        /// Pixels that are allowed.
        most: u64,
    },
    /// [`Limits::max_pixels`], at the smallest size that it can be decoded at.
    Pixels {
        /// Width and height at that size.
        size: (u64, u64),
        /// Pixels that are allowed.
        most: u64,
    },
    /// [`Limits::max_memory`], likewise.
    Memory {
        /// What decoding would hold.
        bytes: u64,
        /// What is allowed.
        most: u64,
    },
    /// A progressive JPEG comes back to its blocks too often.
    Scans {
        /// Visits of a block.
        visits: u64,
        /// What is allowed for so many blocks.
        most: u64,
    },
    /// A JPEG 2000 has more tiles than any portrait, each of which costs memory.
    Tiles {
        /// What the header declares.
        tiles: u64,
        /// What is allowed.
        most: u64,
    },
}

impl Limit {
    /// What is limited, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bytes { .. } => "file size",
            Self::Declared { .. } => "declared pixels",
            Self::Pixels { .. } => "kept pixels",
            Self::Memory { .. } => "memory",
            Self::Scans { .. } => "scans",
            Self::Tiles { .. } => "tiles",
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it meets the limit of {}: ", self.name())?;
        match self {
            Self::Bytes { bytes, most } => {
                write!(f, "the file has {bytes} bytes, {most} are allowed")
            }
            Self::Declared { size, most } => write!(
                f,
                "it declares {} x {} pixels, {most} in all are allowed",
                size.0, size.1
            ),
            Self::Pixels { size, most } => write!(
                f,
                "{} x {} pixels at the smallest size that it can be read at, {most} in all are allowed",
                size.0, size.1
            ),
            Self::Memory { bytes, most } => write!(
                f,
                "{bytes} bytes to decode it at the smallest size, {most} are allowed"
            ),
            Self::Scans { visits, most } => {
                write!(f, "{visits} blocks in its scans, {most} are allowed")
            }
            Self::Tiles { tiles, most } => write!(f, "it has {tiles} tiles, {most} are allowed"),
        }
    }
}
