//! The whole way from a picture to observations.

use rowcall_infer::Worker;

use crate::{
    Detection, Detector, Embedder, Error, Image, Imprint, Landmarks, Quality, Rect, Search,
    Template, Tone, border_around,
};

/// One face in one picture: where it is, how good it is, and its template; that of a
/// portrait is a [`crate::Reference`].
#[derive(Debug)]
pub struct FaceObservation<T = Template> {
    /// The face from brow to chin, in pixels of the picture.
    pub face: Rect,
    /// The five landmarks, in pixels of the picture.
    pub landmarks: Landmarks,
    /// The quality measures.
    pub quality: Quality,
    /// The template.
    pub template: T,
    /// The face's fine structure, to tell a picture of the portrait by.
    pub imprint: Imprint,
    /// How nearly four straight edges around the face close to the border of a
    /// sheet, 0..=1; see [`border_around`]. `None` in a portrait, which isn't
    /// asked.
    pub border: Option<f32>,
}

/// A detector and an embedder that work together.
pub struct Analyser {
    /// Finds faces.
    pub detector: Detector,
    /// Makes templates.
    pub embedder: Embedder,
}

impl Analyser {
    /// Every face of a picture with its template, the most confident first. A
    /// detection whose landmarks coincide isn't a face and is left out.
    ///
    /// # Errors
    /// As [`Detector::detect`] and [`Embedder::embed`].
    pub fn observe(
        &self,
        image: &Image,
        search: Search,
        worker: &Worker,
    ) -> Result<Vec<FaceObservation>, Error> {
        let found = self.detector.detect(image, search, worker)?;
        self.look_at(image, found, search, Tone::in_force, worker)
    }

    /// The faces of a second look at part of a frame; see
    /// [`Detector::detect_again`]. Quality is that of the frame as it is; the crop
    /// is equalised before it is embedded.
    ///
    /// # Errors
    /// As [`Analyser::observe`].
    pub fn observe_again(
        &self,
        image: &Image,
        region: Rect,
        worker: &Worker,
    ) -> Result<Vec<FaceObservation>, Error> {
        let found = self.detector.detect_again(image, region, worker)?;
        let tone = |_| Tone::AdaptiveEqualise;
        self.look_at(image, found, Search::Frame, tone, worker)
    }

    /// The template that a face which was found in a portrait would have if it had
    /// been found in a frame: one view. For measuring. `None` as
    /// [`Embedder::align`].
    ///
    /// # Errors
    /// As [`Embedder::embed`].
    pub fn probe_of<T>(
        &self,
        image: &Image,
        face: &FaceObservation<T>,
        worker: &Worker,
    ) -> Result<Option<Template>, Error> {
        let Some(crop) = self.embedder.align(image, &face.landmarks) else {
            return Ok(None);
        };
        let crop = Tone::in_force(face.quality.luminance).apply(&crop);
        self.embedder.embed(&crop, worker).map(Some)
    }

    pub(crate) fn look_at(
        &self,
        image: &Image,
        found: Vec<Detection>,
        search: Search,
        tone: impl Fn(f32) -> Tone,
        worker: &Worker,
    ) -> Result<Vec<FaceObservation>, Error> {
        let mut observations = Vec::new();
        for detection in found {
            let Some(crop) = self.embedder.align(image, &detection.landmarks) else {
                continue;
            };
            let quality = Quality::measure(&crop, &detection.landmarks, detection.confidence);
            let template = match tone(quality.luminance) {
                Tone::AsIs => self.embedder.embed(&crop, worker)?,
                tone => self.embedder.embed(&tone.apply(&crop), worker)?,
            };
            let border = (search == Search::Frame)
                .then(|| border_around(image, detection.face, &detection.landmarks));
            observations.push(FaceObservation {
                face: detection.face,
                landmarks: detection.landmarks,
                quality,
                template,
                imprint: Imprint::of(&crop),
                border,
            });
        }
        Ok(observations)
    }
}
