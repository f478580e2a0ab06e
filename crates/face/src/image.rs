//! A picture in memory, wiped when it is dropped.

use zeroize::Zeroizing;

use crate::Rect;

/// An 8-bit RGB picture, rows from the top, no padding: `3 · width · height`
/// bytes. A camera frame or a portrait is a biometric sample (ISO/IEC 2382-37,
/// 37.03.21), so the pixels are zeroized on drop, and `Debug` shows the size
/// alone.
pub struct Image {
    width: u32,
    height: u32,
    rgb: Zeroizing<Vec<u8>>,
}

/// By how much a picture is turned, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Not at all.
    #[default]
    None,
    /// By 90 degrees.
    Right,
    /// Upside down.
    Half,
    /// By 270 degrees.
    Left,
}

impl Turn {
    /// All turns that change a picture.
    pub const OTHERS: [Self; 3] = [Self::Half, Self::Right, Self::Left];

    /// In degrees, clockwise.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }
}

impl Image {
    /// Takes over `rgb`, which must hold exactly `3 · width · height` bytes;
    /// `None` if it does not or if either side is zero.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let rgb = Zeroizing::new(rgb);
        let expected = 3_u64 * u64::from(width) * u64::from(height);
        (expected > 0 && rgb.len() as u64 == expected).then_some(Self { width, height, rgb })
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels: R, G, B, 8 bits each, row by row.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// A copy of the pixels that `region` touches, and the left and top edge that
    /// it was taken from; `None` if that is nothing.
    pub(crate) fn part(&self, region: Rect) -> Option<(Self, (u32, u32))> {
        let side = |from: f32, length: f32, whole: u32| {
            let end = (from + length).ceil().clamp(0.0, whole as f32) as u32;
            (from.floor().clamp(0.0, whole as f32) as u32, end)
        };
        let (left, right) = side(region.x, region.width, self.width);
        let (top, bottom) = side(region.y, region.height, self.height);
        let width = right.checked_sub(left).filter(|w| *w > 0)?;
        let row = |y: u32| 3 * (y as usize * self.width as usize + left as usize);
        let rows = (top..bottom).map(row);
        let rgb = rows.flat_map(|i| &self.rgb[i..i + 3 * width as usize]);
        let part = Self::from_rgb(width, bottom.checked_sub(top)?, rgb.copied().collect())?;
        Some((part, (left, top)))
    }

    /// The picture as a mirror shows it.
    pub(crate) fn mirrored(&self) -> Self {
        let width = self.width as usize;
        let rows = self.rgb.chunks_exact(3 * width);
        let mut rgb = Vec::with_capacity(self.rgb.len());
        rows.for_each(|row| row.chunks_exact(3).rev().for_each(|p| rgb.extend(p)));
        Self {
            rgb: Zeroizing::new(rgb),
            ..*self
        }
    }

    /// The picture turned clockwise.
    pub fn turned(&self, turn: Turn) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let (across, down) = match turn {
            Turn::None | Turn::Half => (width, height),
            Turn::Right | Turn::Left => (height, width),
        };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..down {
            for x in 0..across {
                let (x, y) = match turn {
                    Turn::None => (x, y),
                    Turn::Right => (y, height - 1 - x),
                    Turn::Half => (width - 1 - x, height - 1 - y),
                    Turn::Left => (width - 1 - y, x),
                };
                let i = 3 * (y * width + x);
                rgb.extend(&self.rgb[i..i + 3]);
            }
        }
        Self {
            width: across as u32,
            height: down as u32,
            rgb: Zeroizing::new(rgb),
        }
    }

    pub(crate) fn rgb_mut(&mut self) -> &mut [u8] {
        &mut self.rgb
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Image({} x {}, pixels withheld)",
            self.width, self.height
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Image, Turn};

    #[test]
    fn turns_and_mirrors() {
        // 1 2 3 over 4 5 6.
        let image = Image::from_rgb(3, 2, (1..=6).flat_map(|v| [v; 3]).collect()).expect("size");
        let of = |image: &Image| -> Vec<u8> { image.rgb().iter().step_by(3).copied().collect() };
        for (turn, expected) in [
            (Turn::None, [1, 2, 3, 4, 5, 6]),
            (Turn::Right, [4, 1, 5, 2, 6, 3]),
            (Turn::Half, [6, 5, 4, 3, 2, 1]),
            (Turn::Left, [3, 6, 2, 5, 1, 4]),
        ] {
            assert_eq!(of(&image.turned(turn)), expected, "{turn:?}");
        }
        assert_eq!(image.turned(Turn::Right).width(), 2);
        assert_eq!(of(&image.mirrored()), [3, 2, 1, 6, 5, 4]);
    }
}
