//! A picture in memory, wiped when it is dropped.

use crate::wiped::Wiped;

use crate::canvas::{Canvas, Colours};
use crate::{Error, Limits, Point, Rect, Turn, decode, orient};

/// An 8-bit RGB picture, rows from the top, no padding: `3 · width · height`
/// bytes. A camera frame or a portrait is a biometric sample (ISO/IEC 2382-37,
/// 37.03.21), so the pixels are zeroized on drop, and `Debug` shows the size
/// alone.
pub struct Image {
    width: u32,
    height: u32,
    rgb: Wiped<u8>,
}

impl Image {
    /// Takes over `rgb`, which must hold exactly `3 · width · height` bytes;
    /// `None` if it does not or if either side is zero.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let rgb = Wiped::new(rgb);
        let expected = 3_u64 * u64::from(width) * u64::from(height);
        (expected > 0 && rgb.len() as u64 == expected).then_some(Self { width, height, rgb })
    }

    /// Decodes a JPEG, PNG or JPEG 2000 file that is whole, turned upright as its
    /// Exif orientation says, at the largest size within the limits: the full one, or
    /// a half, a quarter or an eighth of it. Grey pictures become RGB; what is
    /// transparent is on white.
    ///
    /// # Errors
    /// Of the kind that says what is wrong with the file. Whether it is too large is
    /// found from its headers, before memory is given to it.
    pub fn decode(file: &[u8], limits: &Limits) -> Result<Self, Error> {
        decode::decode(file, Colours::Rgb, limits).map(|canvas| Self {
            width: canvas.width as u32,
            height: canvas.height as u32,
            rgb: canvas.bytes,
        })
    }

    /// The picture turned clockwise.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        let mut canvas = Canvas {
            width: self.width as usize,
            height: self.height as usize,
            colours: Colours::Rgb,
            bytes: self.rgb,
        };
        orient::turn(&mut canvas, turn.orientation());
        Self {
            width: canvas.width as u32,
            height: canvas.height as u32,
            rgb: canvas.bytes,
        }
    }

    /// The picture as a mirror shows it.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let width = self.width as usize;
        let rows = self.rgb.chunks_exact(3 * width);
        let mut rgb = Wiped::new(Vec::with_capacity(self.rgb.len()));
        rows.for_each(|row| row.chunks_exact(3).rev().for_each(|p| rgb.extend(p)));
        Self { rgb, ..*self }
    }

    /// The picture moved to the right by `by` pixels, to the left where it is negative;
    /// what comes in from beyond its edge is black.
    #[must_use]
    pub fn shifted(&self, by: i32) -> Self {
        let width = self.width as usize;
        let away = (by.unsigned_abs() as usize).min(width);
        let (from, to) = if by > 0 { (0, away) } else { (away, 0) };
        let kept = 3 * (width - away);
        let mut rgb = Wiped::new(vec![0; self.rgb.len()]);
        let rows = self.rgb.chunks_exact(3 * width);
        for (own, row) in rgb.chunks_exact_mut(3 * width).zip(rows) {
            own[3 * to..3 * to + kept].copy_from_slice(&row[3 * from..3 * from + kept]);
        }
        Self { rgb, ..*self }
    }

    /// The same picture once more, wiped by itself.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self {
            rgb: self.rgb.clone(),
            ..*self
        }
    }

    /// Blackens everything inside the polygons (in pixels). Done to the zone of
    /// an occupant who opted out before anything looks at the frame, so that no
    /// later step can see them.
    pub fn mask(&mut self, polygons: &[Vec<Point>]) {
        let width = self.width();
        for (i, pixel) in self.rgb_mut().chunks_exact_mut(3).enumerate() {
            let (x, y) = (i as u32 % width, i as u32 / width);
            let centre = Point::new(x as f32 + 0.5, y as f32 + 0.5);
            if polygons.iter().any(|polygon| centre.is_inside(polygon)) {
                pixel.fill(0);
            }
        }
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
    pub fn part(&self, region: Rect) -> Option<(Self, (u32, u32))> {
        let side = |from: f32, length: f32, whole: u32| {
            let end = (from + length).ceil().clamp(0.0, whole as f32) as u32;
            (from.floor().clamp(0.0, whole as f32) as u32, end)
        };
        let (left, right) = side(region.x, region.width, self.width);
        let (top, bottom) = side(region.y, region.height, self.height);
        let width = right.checked_sub(left).filter(|w| *w > 0)?;
        let height = bottom.checked_sub(top)?;
        // Room from the start: growing would leave copies behind.
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        for y in top..bottom {
            let i = 3 * (y as usize * self.width as usize + left as usize);
            rgb.extend_from_slice(&self.rgb[i..i + 3 * width as usize]);
        }
        Some((Self::from_rgb(width, height, rgb)?, (left, top)))
    }

    /// The picture made smaller by a whole factor, each pixel the mean of those that
    /// it stands for; what is left over at the right and lower edge goes. `None` if
    /// nothing would be left.
    pub fn reduced(&self, factor: u32) -> Option<Self> {
        let (width, height) = (self.width.checked_div(factor)?, self.height / factor);
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        for y in 0..height {
            for x in 0..width {
                let mut sum = [0_u32; 3];
                for line in y * factor..(y + 1) * factor {
                    let i = 3 * (line as usize * self.width as usize + (x * factor) as usize);
                    for pixel in self.rgb[i..i + 3 * factor as usize].chunks_exact(3) {
                        (0..3).for_each(|c| sum[c] += u32::from(pixel[c]));
                    }
                }
                rgb.extend(sum.map(|s| (s / (factor * factor)) as u8));
            }
        }
        Self::from_rgb(width, height, rgb)
    }

    /// The pixels, to be changed.
    pub fn rgb_mut(&mut self) -> &mut [u8] {
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
