//! The five points that a face is aligned by.

use serde::Serialize;

use crate::Point;

/// Five landmarks of a face. Right and left are the person's own: the right eye
/// of a face seen from the front is on the left of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Landmarks {
    /// Centre of the right eye.
    pub right_eye: Point,
    /// Centre of the left eye.
    pub left_eye: Point,
    /// Tip of the nose.
    pub nose: Point,
    /// Right corner of the mouth.
    pub right_mouth: Point,
    /// Left corner of the mouth.
    pub left_mouth: Point,
}

impl Landmarks {
    /// From right eye, left eye, nose, right and left corner of the mouth.
    pub fn from_points([right_eye, left_eye, nose, right_mouth, left_mouth]: [Point; 5]) -> Self {
        Self {
            right_eye,
            left_eye,
            nose,
            right_mouth,
            left_mouth,
        }
    }

    /// Right eye, left eye, nose, right and left corner of the mouth.
    pub fn points(&self) -> [Point; 5] {
        [
            self.right_eye,
            self.left_eye,
            self.nose,
            self.right_mouth,
            self.left_mouth,
        ]
    }

    pub(crate) fn points_mut(&mut self) -> [&mut Point; 5] {
        [
            &mut self.right_eye,
            &mut self.left_eye,
            &mut self.nose,
            &mut self.right_mouth,
            &mut self.left_mouth,
        ]
    }

    /// Distance between the eye centres in pixels (ISO/IEC 29794-5,
    /// inter-eye distance, before its correction for yaw).
    pub fn eye_distance(&self) -> f32 {
        self.right_eye.distance(self.left_eye)
    }
}
