//! A lane: its cameras, where each of them sees which seat, and its policy.

mod file;
mod pass;
mod place;
mod polygon;
mod ranges;
mod said;
#[cfg(test)]
mod tests;

pub use pass::{Pass, Travel};
pub use said::said_of_toml;

use std::collections::BTreeSet;

use rowcall_face::{Point, Rect};
use rowcall_picture::Turn;

use crate::Policy;
use rowcall_words::seat::Seat;

/// A lane, as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// What the lane or camera set-up is called.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// A folder of trusted certificates, relative to the lane file.
    pub trust: Option<String>,
    /// The cameras, in the order of the file.
    pub cameras: Vec<Camera>,
    /// How it decides.
    pub policy: Policy,
}

/// A camera that stands still and sees seats at known places: those of a vehicle that
/// stands, or is moved back to where it would.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// Its name, which is that of its folder of frames.
    pub name: String,
    /// By how much its pictures are turned before anything looks at them: a camera
    /// may be mounted on its side. Zones lie in the turned picture.
    pub rotate: Turn,
    /// Where it sees which seat.
    pub zones: Vec<Zone>,
    /// The outline of the cabin in its picture, corners in order, x and y in
    /// 0..=1: a face inside that is on no seat must be explained. Where the lane
    /// file gives none, the least convex outline around the zones.
    pub cabin: Vec<Point>,
    /// How vehicles pass it, where they don't stop before it.
    pub pass: Option<Pass>,
}

/// The part of a camera's picture in which an occupant's face of one seat lies.
/// All lengths are relative to the picture: x and widths to its width, y to its
/// height.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// The seat.
    pub seat: Seat,
    /// The corners, in order, x and y in 0..=1.
    pub polygon: Vec<Point>,
    /// The least and the greatest width of a face, brow to chin box, as a share
    /// of the picture's width. A smaller face is farther away than the seat, or
    /// a picture of a face; a larger one is nearer.
    pub face_width: (f32, f32),
}

impl Lane {
    /// Every seat that some camera has a zone for, in order.
    pub fn seats(&self) -> BTreeSet<Seat> {
        self.cameras
            .iter()
            .flat_map(|camera| camera.zones.iter().map(|zone| zone.seat))
            .collect()
    }

    /// The camera of this name.
    pub fn camera(&self, name: &str) -> Option<&Camera> {
        self.cameras.iter().find(|camera| camera.name == name)
    }
}

impl Camera {
    /// The seat that a face belongs to, in a picture of `width` x `height`
    /// pixels; `None` for a bystander. Where zones overlap, the one whose middle
    /// and usual face size are nearest.
    pub fn seat_of(&self, face: Rect, width: u32, height: u32) -> Option<Seat> {
        let (width, height) = (width as f32, height as f32);
        let centre = face.centre();
        let at = Point::new(centre.x / width, centre.y / height);
        let size = face.width / width;
        let fitting = self.zones.iter().filter(|zone| {
            at.is_inside(&zone.polygon) && (zone.face_width.0..=zone.face_width.1).contains(&size)
        });
        fitting
            .map(|zone| (zone.misfit(at, size, height / width), zone.seat))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, seat)| seat)
    }

    /// Whether the middle of a face lies in the cabin, or in a seat's zone.
    pub(crate) fn is_inside(&self, face: Rect, size: (u32, u32)) -> bool {
        let at = share(face.centre(), size);
        at.is_inside(&self.cabin) || !self.seats_around(face, size).is_empty()
    }

    /// The seats in whose zones the middle of a face lies, whatever its size,
    /// nearest first.
    pub(crate) fn seats_around(&self, face: Rect, size: (u32, u32)) -> Vec<Seat> {
        let at = share(face.centre(), size);
        let (width, aspect) = (face.width / size.0 as f32, size.1 as f32 / size.0 as f32);
        let around = self.zones.iter().filter(|z| at.is_inside(&z.polygon));
        let mut around: Vec<(f32, Seat)> = around
            .map(|z| (z.misfit(at, width, aspect), z.seat))
            .collect();
        around.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        around.into_iter().map(|(_, seat)| seat).collect()
    }

    /// The least and the greatest width of faces, as shares of the picture's, in
    /// the zones around the middle of a face; of all zones where none is there.
    pub(crate) fn face_widths(&self, face: Rect, size: (u32, u32)) -> (f32, f32) {
        let at = share(face.centre(), size);
        let span = |zones: &mut dyn Iterator<Item = &Zone>| {
            zones.fold((f32::MAX, 0.0_f32), |(least, most), z| {
                (least.min(z.face_width.0), most.max(z.face_width.1))
            })
        };
        let here = span(&mut self.zones.iter().filter(|z| at.is_inside(&z.polygon)));
        if here.1 > 0.0 {
            here
        } else {
            span(&mut self.zones.iter())
        }
    }

    /// The zones of these seats in pixels, for masking.
    pub fn polygons(&self, seats: &BTreeSet<Seat>, width: u32, height: u32) -> Vec<Vec<Point>> {
        let zones = self.zones.iter().filter(|zone| seats.contains(&zone.seat));
        zones
            .map(|zone| {
                zone.polygon
                    .iter()
                    .map(|p| Point::new(p.x * width as f32, p.y * height as f32))
                    .collect()
            })
            .collect()
    }
}

/// A place in pixels as shares of the picture's width and height.
fn share(at: Point, (width, height): (u32, u32)) -> Point {
    Point::new(at.x / width as f32, at.y / height as f32)
}

impl Zone {
    /// How far a face is from the middle of the zone, in usual face widths, and
    /// from the usual size, in doublings.
    fn misfit(&self, at: Point, size: f32, aspect: f32) -> f32 {
        let usual = (self.face_width.0 * self.face_width.1).sqrt();
        let n = self.polygon.len().max(1) as f32;
        let middle = self.polygon.iter().fold(Point::default(), |m, p| {
            Point::new(m.x + p.x / n, m.y + p.y / n)
        });
        let away = (at.x - middle.x).hypot((at.y - middle.y) * aspect) / usual;
        away + (size / usual).log2().abs()
    }
}
