//! Zones of a camera: suggested from faces that were seen, drawn on a picture, written
//! into a lane file. The console's editor and `rowcall lane` do it with this code.
//!
//! A zone says where in a camera's picture the middle of a seat's face lies, and how
//! wide that face is. Faces are found here, and nothing is made of them but boxes: no
//! template, no picture.

mod draw;
mod file;
mod suggest;

use rowcall_face::{Detector, Image, Point, Rect, Search, Worker};
use rowcall_rollcall::{Camera, Zone};
use rowcall_words::seat::Seat;
use serde::Serialize;

use crate::Error;

pub use draw::drawn;
pub use file::{CORNERS, rewritten};
pub use suggest::{Suggestion, suggest};

/// Where a face is in its picture, in shares: x and width of the picture's width, y and
/// height of its height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FaceBox {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width, brow to chin box.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl FaceBox {
    /// A face in pixels of a picture of this size.
    pub fn of(face: Rect, (width, height): (u32, u32)) -> Self {
        let (width, height) = (width.max(1) as f32, height.max(1) as f32);
        Self {
            x: face.x / width,
            y: face.y / height,
            width: face.width / width,
            height: face.height / height,
        }
    }

    /// Its middle.
    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Whether a zone holds it: its middle lies inside, and its width fits.
    pub fn is_in(&self, zone: &Zone) -> bool {
        let (least, greatest) = zone.face_width;
        self.centre().is_inside(&zone.polygon) && (least..=greatest).contains(&self.width)
    }
}

/// The faces in a picture that is turned as its camera is mounted.
///
/// # Errors
/// A fault of the model.
pub fn faces(image: &Image, detector: &Detector, worker: &Worker) -> Result<Vec<FaceBox>, Error> {
    let found = detector.detect(image, Search::Frame, worker)?;
    let size = (image.width(), image.height());
    Ok(found.iter().map(|f| FaceBox::of(f.face, size)).collect())
}

/// The seats whose zones hold none of the faces; none where no face was seen at all,
/// which says nothing of zones.
pub fn never_held(camera: &Camera, faces: &[FaceBox]) -> Vec<Seat> {
    if faces.is_empty() {
        return Vec::new();
    }
    let zones = camera.zones.iter();
    let empty = zones.filter(|zone| !faces.iter().any(|face| face.is_in(zone)));
    empty.map(|zone| zone.seat).collect()
}

#[cfg(test)]
mod tests;
