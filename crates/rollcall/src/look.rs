//! Where to look a second time.

use std::collections::BTreeSet;

use rowcall_face::{FaceObservation, Point, Rect};

use crate::{Camera, Frame, Lane, Zone};
use rowcall_words::seat::Seat;

/// A second face that covers so much of one found before (intersection over
/// union) is that face again.
const SAME_FACE: f32 = 0.3;

/// A seat's zone in a frame in which nobody was seen, though it belongs to a seat
/// of which no camera has a face that may be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecondLook {
    /// Which of the frames.
    pub frame: usize,
    /// The seat.
    pub seat: Seat,
    /// Where to look, in pixels of the frame: the zone, and beyond it half of the
    /// widest face that may lie on it.
    pub region: Rect,
}

impl SecondLook {
    /// Everything worth a second look ([`rowcall_face::Analyser::observe_again`]),
    /// in the order of frames. Seats that opted out aren't looked at.
    pub fn plan(lane: &Lane, frames: &[Frame], opted_out: &BTreeSet<Seat>) -> Vec<Self> {
        let gate = &lane.policy.quality;
        let fit: BTreeSet<Seat> = frames
            .iter()
            .flat_map(|frame| {
                let camera = lane.camera(&frame.camera);
                let fit = frame.faces.iter();
                let fit = fit.filter(|f| f.quality.failures(gate).is_empty());
                fit.filter_map(move |f| camera?.seat_of(f.face, frame.width, frame.height))
            })
            .collect();
        let settled = fit.union(opted_out).copied().collect();
        let all = frames.iter().enumerate();
        all.flat_map(|(i, frame)| Self::at(lane, frame, i, &settled))
            .collect()
    }

    /// What is worth a second look in one frame, the `i`th, where these seats are
    /// settled: somebody fit to be compared was seen there, or opted out.
    pub fn at(lane: &Lane, frame: &Frame, i: usize, settled: &BTreeSet<Seat>) -> Vec<Self> {
        let Some(camera) = lane.camera(&frame.camera) else {
            return Vec::new();
        };
        let faces = frame.faces.iter();
        let seen: BTreeSet<Seat> = faces
            .filter_map(|f| camera.seat_of(f.face, frame.width, frame.height))
            .collect();
        let zones = camera.zones.iter();
        zones
            .filter(|zone| !settled.contains(&zone.seat) && !seen.contains(&zone.seat))
            .map(|zone| Self {
                frame: i,
                seat: zone.seat,
                region: zone.region(frame.width, frame.height),
            })
            .collect()
    }

    /// Of the faces that the second look found, those on its seat that `frame`
    /// doesn't have already.
    pub fn keep(
        &self,
        faces: Vec<FaceObservation>,
        camera: &Camera,
        frame: &Frame,
    ) -> Vec<FaceObservation> {
        let is_new = |face: &FaceObservation| {
            camera.seat_of(face.face, frame.width, frame.height) == Some(self.seat)
                && frame
                    .faces
                    .iter()
                    .all(|f| f.face.overlap(face.face) <= SAME_FACE)
        };
        faces.into_iter().filter(is_new).collect()
    }
}

impl Zone {
    fn region(&self, width: u32, height: u32) -> Rect {
        let (width, height) = (width as f32, height as f32);
        let half = self.face_width.1 * width / 2.0;
        let infinity = Point::new(f32::INFINITY, f32::INFINITY);
        let (low, high) = self.polygon.iter().fold(
            (infinity, Point::new(f32::NEG_INFINITY, f32::NEG_INFINITY)),
            |(low, high), p| {
                (
                    Point::new(low.x.min(p.x), low.y.min(p.y)),
                    Point::new(high.x.max(p.x), high.y.max(p.y)),
                )
            },
        );
        Rect {
            x: low.x * width - half,
            y: low.y * height - half,
            width: (high.x - low.x) * width + 2.0 * half,
            height: (high.y - low.y) * height + 2.0 * half,
        }
    }
}
