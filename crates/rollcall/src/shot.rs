//! What a result says of a picture: which face, and how good.

use rowcall_face::Rect;

use crate::track::Sighting;

/// A face in a frame, by reference: no pixels, no template.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// Which of the frames given to the roll call.
    pub frame: usize,
    /// The face, in pixels of that frame.
    pub face: Rect,
    /// Its unified quality, 0..=1.
    pub quality: f32,
    /// Stops by which its exposure should be raised (above 0) or lowered.
    pub exposure_advice: f32,
}

impl Shot {
    pub(crate) fn of(sighting: &Sighting<'_>) -> Self {
        Self {
            frame: sighting.frame,
            face: sighting.face.face,
            quality: sighting.face.quality.unified(),
            exposure_advice: sighting.face.quality.exposure_advice(),
        }
    }
}
