//! Pixels while rows come in.

use crate::wiped::Wiped;

/// What is kept of each pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colours {
    Rgb,
    /// Luma of R, G, B (ITU-R BT.601).
    Luma,
}

impl Colours {
    /// Bytes of a pixel.
    pub(crate) fn channels(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Luma => 1,
        }
    }
}

/// A picture of a known size that is filled row by row; wiped on drop. Its memory
/// is taken once, so that no copy of it is left behind.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) colours: Colours,
    pub(crate) bytes: Wiped<u8>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, colours: Colours) -> Self {
        Self {
            width,
            height,
            colours,
            bytes: Wiped::new(Vec::with_capacity(width * height * colours.channels())),
        }
    }

    /// A row of R, G, B; beyond the last row nothing happens.
    pub(crate) fn push(&mut self, row: &[u8]) {
        if self.is_full() {
            return;
        }
        match self.colours {
            Colours::Rgb => self.bytes.extend_from_slice(row),
            Colours::Luma => self.bytes.extend(row.as_chunks().0.iter().map(rec_601)),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() >= self.width * self.height * self.colours.channels()
    }
}

/// Luma of R, G, B (ITU-R BT.601).
pub fn rec_601(rgb: &[u8; 3]) -> u8 {
    let sum = 299 * u32::from(rgb[0]) + 587 * u32::from(rgb[1]) + 114 * u32::from(rgb[2]);
    (sum / 1000) as u8
}

/// What is transparent shows white paper.
pub(crate) fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha)) / 255) as u8
}
