//! A face in a picture, as far as the simulator has to know it.

/// Where a face is in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Middle between eyes and mouth, x in pixels.
    pub x: f32,
    /// Middle between eyes and mouth, y in pixels.
    pub y: f32,
    /// Distance between the eye centres, in pixels.
    pub eye_distance: f32,
}
