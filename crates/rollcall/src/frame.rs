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
    /// What came after it.
    pub unkept: Unkept,
}

/// Frames of a camera that came after one that is kept and before the next, and aren't
/// kept themselves: nothing was new in them, or there was no room.
#[derive(Debug, Default)]
pub struct Unkept {
    /// How many.
    pub count: usize,
    /// What the last of them is known by; none if there was none.
    pub last: Option<Sketch>,
}

impl Frame {
    /// How many frames of its camera it stands for: itself, and what came after it.
    pub fn count(&self) -> usize {
        1 + self.unkept.count
    }

    /// What the last picture of the camera is known by before the next that is kept.
    pub fn last_sketch(&self) -> &Sketch {
        self.unkept.last.as_ref().unwrap_or(&self.sketch)
    }

    /// Counts a frame that came after it and isn't kept.
    pub fn count_unkept(&mut self, sketch: Sketch) {
        self.unkept.count += 1;
        self.unkept.last = Some(sketch);
    }

    /// Takes the place of the frame that was kept after it.
    pub fn absorb(&mut self, next: Frame) {
        self.unkept.count += next.count();
        self.unkept.last = Some(next.unkept.last.unwrap_or(next.sketch));
    }
}
