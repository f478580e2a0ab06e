//! One frame: made ready, looked at, and looked at again.

use std::collections::BTreeSet;

use rowcall_face::{
    Analyser, Detection, FaceObservation, Image, Point, Rect, Search, Sketch, Worker,
};
use rowcall_rollcall::{Frame, Lane, SecondLook, Unkept, followed};
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

    /// These faces of an earlier frame of its camera where it shows them, if each is about
    /// where it was and nobody else is there; `None` otherwise. It is looked at at half the
    /// scale, and at the whole around who isn't seen there. Who moved by as much as a face
    /// may that is followed counts as there; two who changed places do too, since nobody is
    /// known by this.
    ///
    /// # Errors
    /// A fault of the models.
    pub fn the_same(
        &self,
        faces: &[Rect],
        analyser: &Analyser,
        worker: &Worker,
    ) -> Result<Option<Vec<Detection>>, Error> {
        let detector = &analyser.detector;
        let mut found = detector.glance(&self.image, worker)?;
        let Some(missed) = missed(faces, &places(&found)) else {
            return Ok(None);
        };
        for face in missed {
            let near = detector.detect_near(&self.image, face, worker)?;
            let owners = followed(&[face], &places(&near));
            let own = near.into_iter().zip(owners).find(|(_, o)| o.is_some());
            let Some((own, _)) = own else {
                return Ok(None);
            };
            found.push(own);
        }
        Ok(Some(found))
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

fn places(found: &[Detection]) -> Vec<Rect> {
    found.iter().map(|d| d.face).collect()
}

/// The faces that aren't among those found; `None` if somebody is who isn't among the faces.
fn missed(faces: &[Rect], found: &[Rect]) -> Option<Vec<Rect>> {
    let known = followed(faces, found);
    if known.contains(&None) {
        return None;
    }
    let is_missed = |i: &usize| !known.contains(&Some(*i));
    Some(
        (0..faces.len())
            .filter(is_missed)
            .map(|i| faces[i])
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use rowcall_face::Rect;

    use super::missed;

    fn face(x: f32, width: f32) -> Rect {
        Rect {
            x,
            y: 100.0,
            width,
            height: 1.2 * width,
        }
    }

    #[test]
    fn who_is_missed_is_looked_for_and_who_has_come_is_told() {
        let (one, other) = (face(0.0, 40.0), face(100.0, 50.0));
        for (case, found, expected) in [
            (
                "in another order",
                vec![face(110.0, 50.0), face(2.0, 41.0)],
                Some(vec![]),
            ),
            ("one isn't seen", vec![face(2.0, 41.0)], Some(vec![other])),
            ("nobody is", vec![], Some(vec![one, other])),
            ("one has come", vec![one, other, face(50.0, 40.0)], None),
            ("one moved far", vec![one, face(180.0, 50.0)], None),
            (
                "one is much nearer than before",
                vec![one, face(80.0, 90.0)],
                None,
            ),
            ("two are where one was", vec![one, face(10.0, 40.0)], None),
        ] {
            assert_eq!(missed(&[one, other], &found), expected, "{case}");
        }
    }
}
