//! What makes a face easy or hard to recognise, each measure apart and under
//! its name in ISO/IEC 29794-5.

mod exposure;
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
    /// The detector's confidence that this is a face, 0..=1.
    pub confidence: f32,
}

/// A quality component that can fail, named as in ISO/IEC 29794-5 where it has
/// a name there.
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
    /// The face is too dark.
    UnderExposurePrevention,
    /// The face is too bright.
    OverExposurePrevention,
    /// The face is blurred: out of focus, moved, or small.
    Sharpness,
    /// The face has hardly any contrast: veiled by a reflection, or lost in
    /// the dark.
    DynamicRange,
    /// An eye or the mouth is hidden.
    FaceOcclusionPrevention,
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
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            inter_eye_distance: 12.0,
            yaw: 50.0,
            pitch: 40.0,
            unified: 0.7,
        }
    }
}

/// Inter-eye distance, sharpness and contrast from which more of them helps no
/// further, and the power that the detector's confidence counts with, where the
/// reasons of a poor quality are named.
const AMPLE_EYE_DISTANCE: f32 = 50.0;
const AMPLE_SHARPNESS: f32 = 0.05;
const AMPLE_CONTRAST: f32 = 0.08;
const CONFIDENCE_POWER: i32 = 8;
/// Likewise of the detail within eyes and mouth. Below 0.6 of it are all of 98
/// faces that are hidden up to the nose, and 16 of 6,460 with nothing before
/// them (docs/evaluation.md, "Quality"). It names a reason and has no weight in
/// the unified score, which it doesn't better: the detector's confidence falls
/// for the same faces.
const AMPLE_LANDMARK_DETAIL: f32 = 0.2;
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

/// A factor below this is named as a reason of poor quality.
const POOR_FACTOR: f32 = 0.6;

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
            dynamic_range: light.dynamic_range,
            illumination_uniformity: light.uniformity,
            veil: light.veil,
            glare: light.glare,
            noise: light.noise,
            landmark_detail: light.landmark_detail,
            confidence,
        }
    }

    /// How far each component is from ideal: 1 is ideal, 0 useless.
    pub fn factors(&self) -> [(Component, f32); 9] {
        let cosine = |degrees: f32| degrees.to_radians().cos().max(0.0).powi(2);
        [
            (
                Component::InterEyeDistance,
                self.inter_eye_distance / AMPLE_EYE_DISTANCE,
            ),
            (Component::HeadPoseYaw, cosine(self.pose.yaw)),
            (Component::HeadPosePitch, cosine(self.pose.pitch)),
            (Component::UnderExposurePrevention, 1.0 - self.under_exposed),
            (Component::OverExposurePrevention, 1.0 - self.over_exposed),
            (Component::Sharpness, self.sharpness / AMPLE_SHARPNESS),
            (Component::DynamicRange, self.contrast / AMPLE_CONTRAST),
            (
                Component::FaceOcclusionPrevention,
                self.landmark_detail / AMPLE_LANDMARK_DETAIL,
            ),
            (
                Component::DetectorConfidence,
                self.confidence.powi(CONFIDENCE_POWER),
            ),
        ]
        .map(|(component, factor)| (component, factor.clamp(0.0, 1.0)))
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

    /// What falls short in this face, worst first, whether or not it passes a
    /// gate: what to mend before another picture is taken.
    pub fn shortcomings(&self) -> Vec<Component> {
        let mut poor: Vec<(Component, f32)> = self.factors().to_vec();
        poor.retain(|&(_, factor)| factor < POOR_FACTOR);
        poor.sort_by(|a, b| a.1.total_cmp(&b.1));
        poor.into_iter().map(|(component, _)| component).collect()
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
        ];
        let hard = |component| beyond.iter().any(|&(fails, c)| fails && c == component);
        if self.unified() >= gate.unified && !beyond.iter().any(|&(fails, _)| fails) {
            return Vec::new();
        }
        let mut factors = self.factors().to_vec();
        factors.sort_by(|a, b| a.1.total_cmp(&b.1));
        let worst = factors[0].0;
        let poor = factors
            .into_iter()
            .filter(|&(c, f)| f < POOR_FACTOR || c == worst || hard(c));
        poor.map(|(component, _)| component).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Component, Gate, Pose, Quality};

    fn good() -> Quality {
        Quality {
            inter_eye_distance: 60.0,
            pose: Pose {
                yaw: 0.0,
                pitch: 0.0,
                roll: 0.0,
            },
            sharpness: 0.1,
            under_exposed: 0.0,
            over_exposed: 0.0,
            luminance: 0.5,
            contrast: 0.1,
            dynamic_range: 6.5,
            illumination_uniformity: 0.7,
            veil: 0.4,
            glare: 0.0,
            noise: 0.01,
            landmark_detail: 0.7,
            confidence: 0.95,
        }
    }

    /// Found, but with hardly anything in it.
    fn faint() -> Quality {
        Quality {
            sharpness: 0.035,
            dynamic_range: 2.0,
            confidence: 0.88,
            ..good()
        }
    }

    #[test]
    fn names_what_is_wrong_with_a_face() {
        let gate = Gate::default();
        let frontal = Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 0.0,
        };
        for (case, quality, expected) in [
            ("good", good(), vec![]),
            (
                "small",
                Quality {
                    inter_eye_distance: 10.0,
                    ..good()
                },
                vec![Component::InterEyeDistance],
            ),
            (
                "profile",
                Quality {
                    pose: Pose {
                        yaw: 65.0,
                        ..frontal
                    },
                    ..good()
                },
                vec![Component::HeadPoseYaw],
            ),
            (
                "looking down",
                Quality {
                    pose: Pose {
                        pitch: 45.0,
                        ..frontal
                    },
                    ..good()
                },
                vec![Component::HeadPosePitch],
            ),
            (
                "lost in the dark",
                Quality {
                    contrast: 0.008,
                    under_exposed: 0.9,
                    ..faint()
                },
                vec![
                    Component::DynamicRange,
                    Component::UnderExposurePrevention,
                    Component::DetectorConfidence,
                ],
            ),
            (
                "glare",
                Quality {
                    over_exposed: 0.95,
                    ..faint()
                },
                vec![
                    Component::OverExposurePrevention,
                    Component::DetectorConfidence,
                ],
            ),
            (
                "half hidden",
                Quality {
                    confidence: 0.62,
                    ..good()
                },
                vec![Component::DetectorConfidence],
            ),
            (
                "a hand before the mouth",
                Quality {
                    confidence: 0.62,
                    landmark_detail: 0.03,
                    ..good()
                },
                vec![
                    Component::FaceOcclusionPrevention,
                    Component::DetectorConfidence,
                ],
            ),
            (
                "a hand before the mouth of a face that is otherwise well seen",
                Quality {
                    landmark_detail: 0.03,
                    ..good()
                },
                vec![],
            ),
        ] {
            let mut failures = quality.failures(&gate);
            let mut expected = expected;
            failures.sort();
            expected.sort();
            assert_eq!(failures, expected, "{case}: {:?}", quality.factors());
        }
    }
}
