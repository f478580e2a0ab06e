//! Which condition, if any, explains that a face isn't recognised.
//!
//! A component by itself doesn't say: a face that is a little soft is recognised,
//! and the same softness behind a reflection isn't. So what is named is what the
//! measures together speak for against a face that is clear, by a multinomial
//! logistic function. Its coefficients were fitted on 2026-11-26 to the 5,000 probes of
//! 60 people under the conditions of `rowcall evaluate stress`; on people left out
//! it names the right condition for 93 % of the faces lost to one, and nothing for
//! 97 % of clear ones (docs/evaluation.md, "What is named").

use super::{Component, Quality};

/// What the measures are weighed as, in the order of the coefficients.
fn features(q: &Quality) -> [f32; 13] {
    let confidence = q.confidence.clamp(0.5, 0.99);
    [
        q.inter_eye_distance.clamp(4.0, 80.0).ln(),
        q.sharpness.clamp(0.005, 0.5).ln(),
        q.under_exposed,
        q.over_exposed,
        q.contrast.clamp(0.003, 0.3).ln(),
        q.dynamic_range / 8.0,
        q.illumination_uniformity,
        q.veil,
        q.glare,
        q.noise.clamp(5e-4, 0.3).ln(),
        q.landmark_detail.clamp(0.02, 2.0).ln(),
        (confidence / (1.0 - confidence)).ln(),
        q.directional_blur.clamp(0.02, 1.0).ln(),
    ]
}

/// A component, what each feature speaks for it, and the constant: the logarithm of
/// its odds against a clear face.
struct Explanation {
    component: Component,
    weights: [f32; 13],
    constant: f32,
}

/// By this much more likely than fitted each is taken to be: a lost face that is
/// asked for its document costs more than a clear one whose window is lowered.
const LEANING: f32 = 1.0;

const EXPLANATIONS: [Explanation; 9] = [
    Explanation {
        component: Component::InterEyeDistance,
        weights: [
            -3.49, -1.99, -3.48, -4.36, 1.68, -1.85, 1.04, -6.06, -15.64, -0.73, 0.05, -5.49, -0.18,
        ],
        constant: 17.55,
    },
    Explanation {
        component: Component::UnderExposurePrevention,
        weights: [
            -0.14, -2.61, -3.63, -4.74, -1.21, -5.96, 1.56, -11.06, -3.61, -1.78, -0.21, -5.54,
            -0.67,
        ],
        constant: -4.11,
    },
    Explanation {
        component: Component::OverExposurePrevention,
        weights: [
            -0.21, -0.91, -3.66, 8.83, 1.23, 1.89, 1.34, -0.92, -10.36, -0.61, -0.01, -4.57, -0.23,
        ],
        constant: 0.72,
    },
    Explanation {
        component: Component::DynamicRange,
        weights: [
            1.70, -3.90, -6.56, -5.43, -2.33, -4.92, -2.28, 1.15, -20.59, 0.29, -0.36, -7.77, -1.44,
        ],
        constant: -3.56,
    },
    Explanation {
        component: Component::IlluminationUniformity,
        weights: [
            1.81, -3.86, -2.85, -2.82, 1.00, 10.82, 0.14, -3.55, 2.90, -0.87, 0.18, -8.63, 0.58,
        ],
        constant: -13.13,
    },
    Explanation {
        component: Component::Sharpness,
        weights: [
            2.57, -5.50, -4.71, -2.21, -0.31, -0.92, 0.04, -0.11, -5.68, -3.07, 1.65, -2.42, -3.05,
        ],
        constant: -43.72,
    },
    Explanation {
        component: Component::Noise,
        weights: [
            -1.04, -0.86, -4.21, -5.95, 1.11, 1.77, 0.99, -4.64, -20.93, 1.73, -0.01, -5.94, -0.80,
        ],
        constant: 23.59,
    },
    Explanation {
        component: Component::FaceOcclusionPrevention,
        weights: [
            0.73, 1.13, -6.68, -13.66, 3.81, -9.61, -0.36, -2.98, -7.05, -3.11, -0.36, -8.72, -0.93,
        ],
        constant: 14.63,
    },
    Explanation {
        component: Component::CompressionArtifacts,
        weights: [
            0.60, 4.94, -7.38, -11.81, 5.00, -10.42, 1.37, -7.03, -4.73, -3.80, 0.71, -5.47, -0.35,
        ],
        constant: 18.98,
    },
];

impl Quality {
    /// What explains it if this face isn't recognised, likeliest first; empty for a
    /// face that is clear, whom nothing is gained by seeing again.
    pub fn shortcomings(&self) -> Vec<Component> {
        let pose = [
            (self.pose.yaw.abs() > TURNED, Component::HeadPoseYaw),
            (self.pose.pitch.abs() > NODDING, Component::HeadPosePitch),
            (!self.shows_eyes(), Component::EyesVisible),
        ];
        let mut named: Vec<Component> = pose
            .into_iter()
            .filter_map(|(holds, component)| holds.then_some(component))
            .collect();
        let features = features(self);
        let mut odds: Vec<(f32, Component)> = EXPLANATIONS
            .iter()
            .map(|e| {
                let terms = e.weights.iter().zip(&features).map(|(w, f)| w * f);
                (terms.sum::<f32>() + e.constant + LEANING, e.component)
            })
            .filter(|(odds, _)| *odds > 0.0)
            .collect();
        odds.sort_by(|a, b| b.0.total_cmp(&a.0));
        named.extend(odds.into_iter().map(|(_, component)| component).take(MOST));
        named
    }
}

/// So many explanations are named: a face that is hardly one fits them all.
const MOST: usize = 2;
/// Degrees from which a pose explains by itself that somebody isn't recognised: the
/// photographs of the fit are hardly turned.
const TURNED: f32 = 35.0;
const NODDING: f32 = 30.0;
