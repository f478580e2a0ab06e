//! The picture itself, and the portrait cut out of it.

use std::io::Cursor;

use rowcall_picture::{Error, Image, ImageFormat, Limits};
use zeroize::Zeroizing;

use super::{LEVEL, Turn, split};
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource};

/// A portrait is 35 mm wide and 45 mm high (Doc 9303-3, 3.9.1.2) ...
const PROPORTION: f32 = 35.0 / 45.0;
/// ... and this much higher than the face from brow to chin, crown, chin and
/// a margin counted in.
const MARGIN: f32 = 1.75;
/// Where the middle of the face is in it, from the top.
const MIDDLE: f32 = 0.52;

/// A face from brow to chin in a view's pixels: left, top, width, height.
pub type FaceBox = (f32, f32, f32, f32);

/// A picture of a page as it was presented, wiped on drop.
#[derive(Debug)]
pub struct PagePicture {
    file: String,
    raster: Image,
    /// Clockwise to upright, in radians, where the text told it.
    angle: Option<f32>,
}

/// A picture of a page, one way up.
#[derive(Debug)]
pub struct PageView {
    /// Of the page.
    file: String,
    raster: Image,
}

impl PagePicture {
    /// A picture of that name; `angle` as the field.
    pub(crate) fn new(file: &str, raster: Image, angle: Option<f32>) -> Self {
        Self {
            file: file.to_owned(),
            raster,
            angle,
        }
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Whether the machine readable zone was recognised on it.
    pub(crate) fn has_zone(&self) -> bool {
        self.angle.is_some()
    }

    /// Decodes a picture, at half its size or less if it has more pixels than a page
    /// is looked at with.
    pub(crate) fn decode(encoded: &[u8]) -> Result<Image, Error> {
        Image::decode(encoded, &Limits::PAGE)
    }

    /// The ways up that the page may have: upright where its text was found,
    /// else all four sides, the one presented first.
    pub fn views(&self) -> impl Iterator<Item = PageView> {
        let sides: &[f32] = match self.angle {
            Some(_) => &[0.0],
            None => &[0.0, 1.0, 2.0, 3.0],
        };
        let angle = self.angle.unwrap_or_default();
        sides
            .iter()
            .filter_map(move |side| self.turned(angle + side * std::f32::consts::FRAC_PI_2))
    }

    fn turned(&self, angle: f32) -> Option<PageView> {
        let (quarters, rest) = split(angle);
        let quarter = quarter_turned(&self.raster, quarters)?;
        Some(PageView {
            file: self.file.clone(),
            raster: if rest.abs() < LEVEL {
                quarter
            } else {
                turned(&quarter, rest)?
            },
        })
    }
}

impl PageView {
    /// The pixels.
    pub fn raster(&self) -> &Image {
        &self.raster
    }

    /// The name of the page's file.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// How long a face of this size is on the picture, as a share of the
    /// picture's own size.
    pub(crate) fn share(&self, (_, _, width, height): FaceBox) -> f32 {
        let area = self.raster.width() as f32 * self.raster.height() as f32;
        (width.max(0.0) * height.max(0.0) / area).sqrt()
    }

    /// The portrait around a face that was found at `left` and `top`, `width`
    /// and `height` large from brow to chin, in pixels of the view: in a
    /// portrait's proportions, as far as the page reaches. `None` if the face
    /// lies outside the page.
    pub(crate) fn portrait(&self, (left, top, width, height): FaceBox) -> Option<Portrait> {
        let size = (self.raster.width() as f32, self.raster.height() as f32);
        let tall = (height.max(width) * MARGIN).min(size.1);
        let wide = (tall * PROPORTION).min(size.0);
        let from = |middle: f32, before: f32, length: f32, most: f32| {
            (middle - before).clamp(0.0, (most - length).max(0.0)) as u32
        };
        let inside = left + width > 0.0 && top + height > 0.0 && left < size.0 && top < size.1;
        if !(inside && wide >= 8.0 && tall >= 8.0) {
            return None;
        }
        let x = from(left + width / 2.0, wide / 2.0, wide, size.0);
        let y = from(top + height / 2.0, tall * MIDDLE, tall, size.1);
        let (wide, tall) = (wide as u32, tall as u32);
        let mut rgb = Zeroizing::new(Vec::with_capacity((3 * wide * tall) as usize));
        for row in y..y + tall {
            let start = 3 * (row * self.raster.width() + x) as usize;
            rgb.extend_from_slice(self.raster.rgb().get(start..start + 3 * wide as usize)?);
        }
        let mut png = Cursor::new(Vec::new());
        image::write_buffer_with_format(
            &mut png,
            &rgb,
            wide,
            tall,
            image::ExtendedColorType::Rgb8,
            image::ImageFormat::Png,
        )
        .ok()?;
        Some(Portrait {
            format: ImageFormat::Png,
            width: wide,
            height: tall,
            encoding: PortraitEncoding::Image,
            source: PortraitSource::PrintedPage,
            file: self.file.clone(),
            encoded: Zeroizing::new(png.into_inner()),
        })
    }
}

fn quarter_turned(raster: &Image, turns: u8) -> Option<Image> {
    let (w, h) = (raster.width() as usize, raster.height() as usize);
    let (width, height) = if turns % 2 == 1 { (h, w) } else { (w, h) };
    let mut rgb = Zeroizing::new(Vec::with_capacity(raster.rgb().len()));
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = super::turn::quarter((x, y), (w, h), turns);
            let at = 3 * (from_y * w + from_x);
            rgb.extend_from_slice(&raster.rgb()[at..at + 3]);
        }
    }
    image(width, height, rgb)
}

/// Turned by less than half a quarter; beyond the picture its edge goes on.
fn turned(raster: &Image, angle: f32) -> Option<Image> {
    let (w, h) = (raster.width() as usize, raster.height() as usize);
    let turn = Turn::new(w, h, angle);
    let (width, height) = turn.size();
    let mut rgb = Zeroizing::new(Vec::with_capacity(3 * width * height));
    for y in 0..height {
        for x in 0..width {
            let (from_x, from_y) = turn.back(x as f32, y as f32);
            let from_x = from_x.clamp(0.0, (w - 1) as f32);
            let from_y = from_y.clamp(0.0, (h - 1) as f32);
            let (left, top) = (from_x as usize, from_y as usize);
            let (right, bottom) = ((left + 1).min(w - 1), (top + 1).min(h - 1));
            let (along, down) = (from_x - left as f32, from_y - top as f32);
            for channel in 0..3 {
                let value = |x: usize, y: usize| f32::from(raster.rgb()[3 * (y * w + x) + channel]);
                let row = |y: usize| value(left, y) + (value(right, y) - value(left, y)) * along;
                rgb.push((row(top) + (row(bottom) - row(top)) * down).round() as u8);
            }
        }
    }
    image(width, height, rgb)
}

/// The picture of so many pixels; none is left out above.
fn image(width: usize, height: usize, mut rgb: Zeroizing<Vec<u8>>) -> Option<Image> {
    Image::from_rgb(width as u32, height as u32, std::mem::take(&mut *rgb))
}
