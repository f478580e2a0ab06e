//! One frame: made ready, looked at, and looked at again.

use std::collections::BTreeSet;

use rowcall_face::{Analyser, FaceObservation, Image, Search, Sketch, Worker};
use rowcall_rollcall::{Frame, Lane, Seat, SecondLook};

use crate::Error;

/// A picture of a lane's camera that may be looked at: turned as the camera is
/// mounted, with the zones of those who opted out blackened. Nothing is looked for
/// in any other.
pub struct Ready {
    image: Image,
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
        })
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
