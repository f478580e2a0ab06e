//! A face cut out of a frame, to be shown beside a portrait.

use rowcall_face::{Image, Point, Rect};

/// How much more than the face is shown, so that hair and chin are in it.
const AROUND: f32 = 1.7;
/// Width over height, as in a passport.
const ASPECT: f32 = 0.8;
/// Greatest height in pixels: larger ones are made smaller by whole factors.
const MOST_HIGH: u32 = 320;

/// A face cut out of a frame with its surroundings. Wiped when dropped.
pub struct Cut {
    image: Image,
    /// Which face of the frame.
    face: usize,
    /// What part of the frame it is, in pixels of that.
    region: Rect,
}

impl Cut {
    /// The `face`th face of a frame's picture; `None` if it lies outside.
    pub fn of(picture: &Image, face: usize, at: Rect) -> Option<Self> {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let tall = (at.height * AROUND).min(height).min(width / ASPECT);
        let wide = tall * ASPECT;
        let centre = at.centre();
        let wanted = Rect {
            x: (centre.x - wide / 2.0).clamp(0.0, width - wide),
            y: (centre.y - tall * 0.52).clamp(0.0, height - tall),
            width: wide,
            height: tall,
        };
        let (part, (x, y)) = picture.part(wanted)?;
        let region = Rect {
            x: x as f32,
            y: y as f32,
            width: part.width() as f32,
            height: part.height() as f32,
        };
        let factor = part.height().div_ceil(MOST_HIGH);
        let image = match factor {
            0 | 1 => part,
            _ => part.reduced(factor)?,
        };
        Some(Self {
            image,
            face,
            region,
        })
    }

    /// The pixels.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The pixels, for who keeps them.
    pub fn into_image(self) -> Image {
        self.image
    }

    pub(crate) fn face(&self) -> usize {
        self.face
    }

    pub(crate) fn renumber(&mut self, face: usize) {
        self.face = face;
    }

    /// Blackens these zones of the frame, in pixels of that.
    pub(crate) fn mask(&mut self, zones: &[Vec<Point>]) {
        let scale = self.image.width() as f32 / self.region.width;
        let inside = |p: &Point| {
            let (x, y) = (p.x - self.region.x, p.y - self.region.y);
            Point::new(x * scale, y * scale)
        };
        let zones: Vec<Vec<Point>> = zones
            .iter()
            .map(|zone| zone.iter().map(inside).collect())
            .collect();
        self.image.mask(&zones);
    }
}
