//! What makes a face easy or hard to recognise, each measure apart and under
//! its name in ISO/IEC 29794-5.

mod explain;
mod exposure;
mod light;
mod pose;

pub use pose::Pose;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

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
    /// Entropy of the face's luminance in bits, 0..=8 (ISO/IEC 29794-5, dynamic
    /// range).
    pub dynamic_range: f32,
    /// What the luminance of both cheeks has in common, 0..=1 (ISO/IEC 29794-5,
    /// illumination uniformity).
    pub illumination_uniformity: f32,
    /// The darkest twentieth's luminance over the mean, 0..=1: high where a veil
    /// lies over the face.
    pub veil: f32,
    /// Share of the face with more than four times the light of its median.
    pub glare: f32,
    /// Noise, 0..=1 of full scale (Immerkær 1996).
    pub noise: f32,
    /// The least contrast within an eye or the mouth against that of the face,
    /// ~0.7 in the median: near 0 where one of them is hidden (ISO/IEC 29794-5,
    /// face occlusion prevention; our own measure).
    pub landmark_detail: f32,
    /// How much less the face changes along one side of the picture than along the
    /// other, the lesser over the greater change: low where it moved, ~0.5 in the
    /// median. (Ours; the standard has it in sharpness.)
    pub directional_blur: f32,
    /// How plainly the better of both eyes is there, or the nearer one of a face that
    /// is turned: 1 if it is, towards 0 behind something dark or plain (ISO/IEC
    /// 29794-5, eyes visible; our own measure).
    pub eyes_visible: f32,
    /// The contrast of the forehead against that of the face: near 0 where something
    /// plain lies before it (ISO/IEC 29794-5, face occlusion prevention; our own
    /// measure).
    pub forehead_detail: f32,
    /// The detector's confidence that this is a face, 0..=1.
    pub confidence: f32,
}

/// A quality component that can fail, named as in ISO/IEC 29794-5 where it has
/// a name there.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Component {
    /// The face is too small.
    InterEyeDistance,
    /// The face is turned to a side.
    HeadPoseYaw,
    /// The face looks too far up or down.
    HeadPosePitch,
    /// The face is too dark.
    UnderExposurePrevention,
    /// The face is too bright.
    OverExposurePrevention,
    /// The face is blurred: out of focus, moved, or small.
    Sharpness,
    /// The face has hardly any contrast: veiled by a reflection, or lost in
    /// the dark.
    DynamicRange,
    /// An eye or the mouth is hidden; in a portrait, or the forehead.
    FaceOcclusionPrevention,
    /// Both eyes are behind something: dark glasses, a brim, a bandage.
    EyesVisible,
    /// A reflection or a patch of light lies on a part of the face.
    IlluminationUniformity,
    /// Too little light, made up for by gain. (Ours; the standard has no such
    /// component.)
    Noise,
    /// Compressed too much.
    CompressionArtifacts,
    /// The detector isn't sure that this is a whole face: hidden in part,
    /// blurred, or no face at all. (Ours; the standard has no such component.)
    DetectorConfidence,
}

/// The least that a face must have to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gate {
    /// Least inter-eye distance, in pixels.
    pub inter_eye_distance: f32,
    /// Greatest yaw to either side, in degrees.
    pub yaw: f32,
    /// Greatest pitch up or down, in degrees.
    pub pitch: f32,
    /// Least unified quality, 0..=1.
    pub unified: f32,
    /// Whether a face whose eyes or mouth are hidden passes too: for measuring
    /// what hiding them does, and for telling two people on one seat apart. No policy
    /// can set it.
    #[serde(skip)]
    pub lets_hidden_pass: bool,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            inter_eye_distance: 12.0,
            yaw: 50.0,
            pitch: 40.0,
            unified: 0.7,
            lets_hidden_pass: false,
        }
    }
}

/// Eyes that are hidden on one side make strangers alike whose eyes are hidden on
/// the other: at one threshold ten times as many (docs/evaluation.md, "Covers on
/// both sides"). So this isn't a matter of policy.
const LEAST_EYES_VISIBLE: f32 = 1.0;
/// Less detail than this in the forehead is something plain before it. Skin in even
/// light has a third more at least.
const LEAST_FOREHEAD_DETAIL: f32 = 0.15;
/// From so many degrees of yaw on the nearer eye alone counts: the other, or what is
/// beside it, may be anything.
const ONE_EYED: f32 = 35.0;

/// Of each eye, the picture's left first: the better, 1 at most.
fn eyes_visible(eyes: [f32; 2], yaw: f32) -> f32 {
    let seen = if yaw > ONE_EYED {
        eyes[0]
    } else if yaw < -ONE_EYED {
        eyes[1]
    } else {
        eyes[0].max(eyes[1])
    };
    seen.min(1.0)
}

/// Less detail than this in an eye or the mouth is something plain before it.
const LEAST_LANDMARK_DETAIL: f32 = 0.12;

/// Coefficients of the unified score. Fitted by `rowcall evaluate quality` on
/// 2026-11-24 to 3,235 probes of 50 subjects (every second of 100) under the 13
/// conditions of `stress`; docs/evaluation.md, "Quality".
const UNIFIED: Unified = Unified {
    constant: -7.014,
    confidence: 3.416,
    sharpness: 0.940,
    noise: 0.495,
    dynamic_range: 1.276,
};

/// What the logarithms and shares in [`Quality::unified`] are multiplied by.
struct Unified {
    constant: f32,
    confidence: f32,
    sharpness: f32,
    noise: f32,
    dynamic_range: f32,
}

impl Quality {
    /// The median of 60 clear photographs at 40 pixels between the eyes, seen from
    /// the front: a stand-in where no face is measured, as in tests.
    pub const CLEAR: Self = Self {
        inter_eye_distance: 40.9,
        pose: Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 0.0,
        },
        sharpness: 0.075,
        under_exposed: 0.004,
        over_exposed: 0.0,
        luminance: 0.483,
        contrast: 0.143,
        dynamic_range: 7.03,
        illumination_uniformity: 0.644,
        veil: 0.465,
        glare: 0.0,
        noise: 0.002,
        landmark_detail: 0.657,
        directional_blur: 0.674,
        eyes_visible: 1.0,
        forehead_detail: 0.7,
        confidence: 0.927,
    };

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
            dynamic_range: light.dynamic_range,
            illumination_uniformity: light.uniformity,
            veil: light.veil,
            glare: light.glare,
            noise: light.noise,
            landmark_detail: light.landmark_detail,
            directional_blur: light.directional_blur,
            eyes_visible: eyes_visible(light.eyes, pose.yaw),
            forehead_detail: light.forehead_detail,
            confidence,
        }
    }

    /// All components in one figure, 0..=1: the probability that a mated
    /// comparison succeeds at the threshold of FMR 1e-3, by a logistic function
    /// fitted to stressed photographs (docs/evaluation.md, "Quality").
    pub fn unified(&self) -> f32 {
        let odds = self.weight();
        odds / (1.0 + odds)
    }

    /// How much this face counts when several of one person are fused: the odds
    /// of [`Quality::unified`]. The probability itself hardly tells good from
    /// better (docs/evaluation.md, "Fusion").
    pub fn weight(&self) -> f32 {
        let confidence = self.confidence.clamp(0.5, 0.99);
        let sum = UNIFIED.constant
            + UNIFIED.confidence * (confidence / (1.0 - confidence)).ln()
            + UNIFIED.sharpness * self.sharpness.clamp(0.005, 0.5).ln()
            - UNIFIED.noise * self.noise.clamp(0.002, 0.3).ln()
            + UNIFIED.dynamic_range * self.dynamic_range / 8.0;
        sum.exp()
    }

    /// Whether something plain lies before the forehead, as a cap pulled to the brows
    /// does.
    pub(crate) fn hides_forehead(&self) -> bool {
        self.forehead_detail < LEAST_FOREHEAD_DETAIL
    }

    /// Whether the eyes can be compared at all.
    fn shows_eyes(&self) -> bool {
        self.eyes_visible >= LEAST_EYES_VISIBLE
    }

    /// Why this face doesn't pass `gate`, worst first; empty if it does.
    pub fn failures(&self, gate: &Gate) -> Vec<Component> {
        let beyond = [
            (
                self.inter_eye_distance < gate.inter_eye_distance,
                Component::InterEyeDistance,
            ),
            (self.pose.yaw.abs() > gate.yaw, Component::HeadPoseYaw),
            (self.pose.pitch.abs() > gate.pitch, Component::HeadPosePitch),
            (
                !self.shows_eyes() && !gate.lets_hidden_pass,
                Component::EyesVisible,
            ),
            (
                self.landmark_detail < LEAST_LANDMARK_DETAIL && !gate.lets_hidden_pass,
                Component::FaceOcclusionPrevention,
            ),
        ];
        let beyond = beyond
            .into_iter()
            .filter_map(|(fails, component)| fails.then_some(component));
        let mut failures: Vec<Component> = beyond.collect();
        if self.unified() >= gate.unified && failures.is_empty() {
            return failures;
        }
        let explained = self.shortcomings();
        failures.extend(
            explained
                .into_iter()
                .filter(|c| *c != Component::EyesVisible),
        );
        let mut seen = Vec::new();
        failures.retain(|c| {
            !seen.contains(c) && {
                seen.push(*c);
                true
            }
        });
        if failures.is_empty() {
            failures.push(Component::DetectorConfidence);
        }
        failures
    }
}

#[cfg(test)]
mod tests;
