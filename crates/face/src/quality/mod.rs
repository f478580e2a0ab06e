//! What makes a face easy or hard to recognise, each measure apart and under
//! its name in ISO/IEC 29794-5.

mod light;
mod pose;

pub use pose::Pose;
use serde::{Deserialize, Serialize};

use crate::{Image, Landmarks, quality::light::Light};

/// Quality measures of one face in one frame: native values, not yet mapped to
/// the standard's 0..=100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// Distance between the eyes in pixels of the frame, corrected for yaw
    /// (ISO/IEC 29794-5, inter-eye distance).
    pub inter_eye_distance: f32,
    /// Head pose in degrees (ISO/IEC 29794-5, head pose: yaw, pitch, roll).
    pub pose: Pose,
    /// Strength of fine detail against overall contrast, from the aligned crop
    /// (ISO/IEC 29794-5, sharpness; our own measure, 0 = none, ~0.2 = crisp).
    pub sharpness: f32,
    /// Share of the face's pixels that are nearly black, 0..=1 (ISO/IEC
    /// 29794-5, under-exposure prevention).
    pub under_exposed: f32,
    /// Share of the face's pixels that are nearly white, 0..=1 (ISO/IEC
    /// 29794-5, over-exposure prevention).
    pub over_exposed: f32,
    /// Mean luminance of the face, 0..=1.
    pub luminance: f32,
    /// Standard deviation of the face's luminance, 0..=1 (related to ISO/IEC
    /// 29794-5, dynamic range).
    pub contrast: f32,
    /// The detector's confidence that this is a face, 0..=1.
    pub confidence: f32,
}

/// A quality component that can fail, named as in ISO/IEC 29794-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Component {
    /// The face is too small.
    InterEyeDistance,
    /// The face is turned to a side.
    HeadPoseYaw,
    /// The face looks too far up or down.
    HeadPosePitch,
    /// The face is blurred.
    Sharpness,
    /// The face is too dark.
    UnderExposurePrevention,
    /// The face is too bright.
    OverExposurePrevention,
    /// The face has hardly any contrast: veiled by a reflection, or lost in
    /// the dark.
    DynamicRange,
}

/// The least that a probe must have. The defaults stand where the failures of
/// the shipped model set in; docs/evaluation.md has the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// Least inter-eye distance, in pixels.
    pub inter_eye_distance: f32,
    /// Greatest yaw to either side, in degrees.
    pub yaw: f32,
    /// Greatest pitch up or down, in degrees.
    pub pitch: f32,
    /// Least sharpness.
    pub sharpness: f32,
    /// Greatest share of nearly black pixels, 0..=1.
    pub under_exposed: f32,
    /// Greatest share of nearly white pixels, 0..=1.
    pub over_exposed: f32,
    /// Least contrast, 0..=1.
    pub contrast: f32,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            inter_eye_distance: 18.0,
            yaw: 50.0,
            pitch: 40.0,
            sharpness: 0.02,
            under_exposed: 0.85,
            over_exposed: 0.5,
            contrast: 0.02,
        }
    }
}

impl Quality {
    /// Measures a face: `crop` is its aligned crop, `landmarks` lie in the
    /// frame.
    pub fn measure(crop: &Image, landmarks: &Landmarks, confidence: f32) -> Self {
        let pose = Pose::estimate(landmarks);
        let light = Light::measure(crop);
        // Beyond 60 degrees the estimate of yaw is too poor to correct by.
        let foreshortening = pose.yaw.to_radians().cos().max(0.5);
        Self {
            inter_eye_distance: landmarks.eye_distance() / foreshortening,
            pose,
            sharpness: light.sharpness,
            under_exposed: light.under_exposed,
            over_exposed: light.over_exposed,
            luminance: light.mean,
            contrast: light.contrast,
            confidence,
        }
    }

    /// What of `gate` this face doesn't meet, in the order of [`Component`].
    pub fn failures(&self, gate: &Gate) -> Vec<Component> {
        [
            (
                self.inter_eye_distance < gate.inter_eye_distance,
                Component::InterEyeDistance,
            ),
            (self.pose.yaw.abs() > gate.yaw, Component::HeadPoseYaw),
            (self.pose.pitch.abs() > gate.pitch, Component::HeadPosePitch),
            (self.sharpness < gate.sharpness, Component::Sharpness),
            (
                self.under_exposed > gate.under_exposed,
                Component::UnderExposurePrevention,
            ),
            (
                self.over_exposed > gate.over_exposed,
                Component::OverExposurePrevention,
            ),
            (self.contrast < gate.contrast, Component::DynamicRange),
        ]
        .into_iter()
        .filter_map(|(fails, component)| fails.then_some(component))
        .collect()
    }

    /// How much this face should count when several of one person are fused,
    /// 0..=1: the product of how far size, pose, confidence and light are from
    /// ideal.
    pub fn weight(&self) -> f32 {
        let size = (self.inter_eye_distance / 50.0).clamp(0.05, 1.0);
        let pose = self.pose.yaw.to_radians().cos().max(0.05)
            * self.pose.pitch.to_radians().cos().max(0.05);
        let light = (1.0 - self.under_exposed).clamp(0.05, 1.0)
            * (1.0 - self.over_exposed).clamp(0.05, 1.0);
        let confidence = self.confidence.clamp(0.05, 1.0);
        size * pose.powi(2) * light * confidence.powi(2)
    }
}
