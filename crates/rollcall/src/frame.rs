//! What one camera saw at one moment.

use rowcall_face::{FaceObservation, Sketch};

/// What one camera saw at one moment.
#[derive(Debug)]
pub struct Frame {
    /// The camera, by its name in the lane.
    pub camera: String,
    /// What the frame is called in results.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The faces in it.
    pub faces: Vec<FaceObservation>,
    /// What the same picture is known by if it comes again.
    pub sketch: Sketch,
}
