//! What ails the scene's cameras.

use rowcall_face::{Image, Sketch};

use super::Scene;
use crate::seen::shown;

impl Scene {
    /// A camera fails after what it showed.
    pub(crate) fn fails(mut self, camera: &str) -> Self {
        self.declaration.failed_cameras.insert(camera.to_owned());
        self
    }

    /// These frames of a camera, by their place among its own, show one picture.
    pub(crate) fn freezes(mut self, camera: &str, frames: std::ops::Range<usize>) -> Self {
        let own = self.frames.iter_mut().filter(|f| f.camera == camera);
        for frame in own.skip(frames.start).take(frames.len()) {
            frame.sketch = shown(u32::MAX);
        }
        self
    }

    /// A camera shows its first picture, another, and the first again.
    pub(crate) fn alternates(mut self, camera: &str) -> Self {
        let own = self.frames.iter_mut().filter(|f| f.camera == camera);
        for (i, frame) in own.enumerate() {
            frame.sketch = shown(i as u32 % 2);
        }
        self
    }

    /// Nothing but noise is in these frames of a camera, by their place among its own.
    pub(crate) fn covers_lens(mut self, camera: &str, frames: std::ops::Range<usize>) -> Self {
        let own = self.frames.iter_mut().filter(|f| f.camera == camera);
        for (i, frame) in own.enumerate().filter(|(i, _)| frames.contains(i)) {
            let noise = |k: u32| 14 + (k.wrapping_mul(0x9E37_79B9) >> (30 - i)) as u8 % 2;
            let rgb = (0..64 * 36).flat_map(|k| [noise(k); 3]).collect();
            frame.sketch = Sketch::of(&Image::from_rgb(64, 36, rgb).expect("the size"));
        }
        self
    }

    /// A camera gave nothing.
    pub(crate) fn loses(mut self, camera: &str) -> Self {
        self.frames.retain(|f| f.camera != camera);
        self
    }

    /// The policy names the cameras that a seat needs.
    pub(crate) fn needs(mut self, seat: &str, cameras: &[&str]) -> Self {
        let cameras = cameras.iter().map(|c| (*c).to_owned()).collect();
        let needed = &mut self.lane.policy.needed_cameras;
        needed.insert(seat.parse().expect("a seat"), cameras);
        self
    }
}
