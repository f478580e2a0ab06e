//! One frame: made ready, looked at, and looked at again.

use std::collections::BTreeSet;

use rowcall_face::{Analyser, FaceObservation, Image, Point, Rect, Search, Sketch, Worker};
use rowcall_rollcall::{Frame, Lane, SecondLook, Unkept, may_be_one_face};
use rowcall_words::seat::Seat;

use crate::{Error, pass::Offset};

/// A picture of a lane's camera that may be looked at: turned as the camera is
/// mounted, with the zones of those who opted out blackened. Nothing is looked for
/// in any other.
pub struct Ready {
    image: Image,
}

/// How far a face is smeared while the shutter is open, at most, as a share of the width.
const BLUR: f32 = 0.01;

/// The upright rectangle around a zone, wider by `margin` at both sides.
fn widened(zone: &[Point], margin: f32) -> Vec<Point> {
    let start = (f32::MAX, f32::MAX, f32::MIN, f32::MIN);
    let (left, top, right, bottom) = zone.iter().fold(start, |(l, t, r, b), p| {
        (l.min(p.x), t.min(p.y), r.max(p.x), b.max(p.y))
    });
    let (left, right) = (left - margin, right + margin);
    vec![
        Point::new(left, top),
        Point::new(right, top),
        Point::new(right, bottom),
        Point::new(left, bottom),
    ]
}

impl Ready {
    /// Makes a picture of `camera` ready.
    pub fn new(image: Image, camera: &str, lane: &Lane, opted_out: &BTreeSet<Seat>) -> Self {
        let Some(camera) = lane.camera(camera) else {
            return Self { image };
        };
        let mut image = image.turned(camera.rotate);
        image.mask(&camera.polygons(opted_out, image.width(), image.height()));
        Self { image }
    }

    /// As [`Ready::new`], of a vehicle that passes: the picture is moved back to where the
    /// zones are drawn, and of who opted out as much more is blackened as the offset may
    /// be wrong by.
    pub fn passing(
        image: Image,
        camera: &str,
        lane: &Lane,
        opted_out: &BTreeSet<Seat>,
        offset: Offset,
    ) -> Self {
        let Some(camera) = lane.camera(camera) else {
            return Self { image };
        };
        let image = image.turned(camera.rotate);
        let mut image = image.shifted(offset.back(image.width()));
        let (width, height) = (image.width(), image.height());
        let margin = (offset.uncertainty + BLUR) * width as f32;
        let zones = camera.polygons(opted_out, width, height);
        let zones: Vec<_> = zones.iter().map(|zone| widened(zone, margin)).collect();
        image.mask(&zones);
        Self { image }
    }

    /// The pixels.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The pixels, for who goes on with them.
    pub fn into_image(self) -> Image {
        self.image
    }

    /// What `camera` saw in it.
    ///
    /// # Errors
    /// A fault of the models.
    pub fn look(
        &self,
        camera: &str,
        name: String,
        analyser: &Analyser,
        worker: &Worker,
    ) -> Result<Frame, Error> {
        Ok(Frame {
            camera: camera.to_owned(),
            name,
            width: self.image.width(),
            height: self.image.height(),
            faces: analyser.observe(&self.image, Search::Frame, worker)?,
            sketch: Sketch::of(&self.image),
            unkept: Unkept::default(),
        })
    }

    /// Where these faces of the camera's frame before are in this one, in their order, if
    /// each is still there and nobody else beside them. `None` if not, or if that can't be
    /// said without looking at the whole.
    ///
    /// # Errors
    /// A fault of the models.
    pub fn follow(
        &self,
        faces: &[Rect],
        analyser: &Analyser,
        worker: &Worker,
    ) -> Result<Option<Vec<Rect>>, Error> {
        let found = analyser.detector.detect_near(&self.image, faces, worker)?;
        Ok(found.and_then(|found| {
            let found: Vec<Rect> = found.iter().map(|d| d.face).collect();
            one_to_one(faces, found)
        }))
    }

    /// The faces that a second look finds and that `frame`, which the first gave,
    /// doesn't have.
    ///
    /// # Errors
    /// A fault of the models.
    pub fn look_again(
        &self,
        frame: &Frame,
        looks: &[SecondLook],
        lane: &Lane,
        analyser: &Analyser,
        worker: &Worker,
    ) -> Result<Vec<FaceObservation>, Error> {
        let mut new = Vec::new();
        for look in looks {
            let faces = analyser.observe_again(&self.image, look.region, worker)?;
            if let Some(camera) = lane.camera(&frame.camera) {
                new.extend(look.keep(faces, camera, frame));
            }
        }
        Ok(new)
    }
}

/// Each of the faces of a frame where it is in the next, if that has the same and no other.
fn one_to_one(before: &[Rect], mut now: Vec<Rect>) -> Option<Vec<Rect>> {
    if now.len() != before.len() {
        return None;
    }
    let follow = |face: &Rect| {
        let distance = |other: &Rect| other.centre().distance(face.centre());
        let near = now.iter().enumerate();
        let near = near.filter(|(_, other)| may_be_one_face(*face, **other));
        let (nearest, _) = near.min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))?;
        Some(now.swap_remove(nearest))
    };
    before.iter().map(follow).collect()
}

#[cfg(test)]
mod tests {
    use rowcall_face::Rect;

    use super::one_to_one;

    fn face(x: f32, width: f32) -> Rect {
        Rect {
            x,
            y: 100.0,
            width,
            height: 1.2 * width,
        }
    }

    #[test]
    fn faces_are_followed_while_each_has_one_and_nobody_is_beside_them() {
        let before = [face(0.0, 40.0), face(100.0, 50.0)];
        for (case, now, expected) in [
            (
                "in another order",
                vec![face(110.0, 50.0), face(2.0, 41.0)],
                Some(vec![face(2.0, 41.0), face(110.0, 50.0)]),
            ),
            ("one has gone", vec![face(2.0, 41.0)], None),
            (
                "one has come",
                vec![face(0.0, 40.0), face(100.0, 50.0), face(50.0, 40.0)],
                None,
            ),
            (
                "one has gone and another has come",
                vec![face(0.0, 40.0), face(180.0, 50.0)],
                None,
            ),
            (
                "one is much nearer than before",
                vec![face(0.0, 40.0), face(80.0, 90.0)],
                None,
            ),
            (
                "two would be one's",
                vec![face(0.0, 40.0), face(10.0, 40.0)],
                None,
            ),
        ] {
            assert_eq!(one_to_one(&before, now), expected, "{case}");
        }
    }
}
