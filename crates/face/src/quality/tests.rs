//! What is measured of a face, and what is named.

use super::{Component, Gate, Pose, Quality};

const CLEAR: Quality = Quality::CLEAR;

/// Medians of faces that were lost to one condition of the stress test.
fn lost() -> Vec<(&'static str, Quality, Component)> {
    vec![
        (
            "far away",
            Quality {
                inter_eye_distance: 10.4,
                sharpness: 0.031,
                contrast: 0.174,
                veil: 0.267,
                noise: 0.001,
                confidence: 0.864,
                ..CLEAR
            },
            Component::InterEyeDistance,
        ),
        (
            "in the dark",
            Quality {
                sharpness: 0.195,
                under_exposed: 1.0,
                contrast: 0.007,
                dynamic_range: 2.648,
                illumination_uniformity: 0.832,
                veil: 0.172,
                glare: 0.025,
                noise: 0.001,
                confidence: 0.816,
                ..CLEAR
            },
            Component::UnderExposurePrevention,
        ),
        (
            "burnt out",
            Quality {
                sharpness: 0.107,
                over_exposed: 0.783,
                contrast: 0.131,
                dynamic_range: 3.997,
                illumination_uniformity: 0.838,
                veil: 0.665,
                confidence: 0.846,
                ..CLEAR
            },
            Component::OverExposurePrevention,
        ),
        (
            "behind a veil",
            Quality {
                sharpness: 0.028,
                contrast: 0.073,
                dynamic_range: 6.032,
                illumination_uniformity: 0.332,
                veil: 0.729,
                noise: 0.001,
                landmark_detail: 0.205,
                confidence: 0.835,
                ..CLEAR
            },
            Component::DynamicRange,
        ),
        (
            "a lamp on the face",
            Quality {
                sharpness: 0.019,
                contrast: 0.168,
                dynamic_range: 7.234,
                illumination_uniformity: 0.168,
                veil: 0.43,
                glare: 0.05,
                noise: 0.001,
                landmark_detail: 0.311,
                confidence: 0.856,
                ..CLEAR
            },
            Component::IlluminationUniformity,
        ),
        (
            "too little light, much gain",
            Quality {
                sharpness: 0.364,
                contrast: 0.152,
                veil: 0.353,
                noise: 0.037,
                directional_blur: 0.854,
                confidence: 0.826,
                ..CLEAR
            },
            Component::Noise,
        ),
        (
            "hidden up to the nose",
            Quality {
                sharpness: 0.063,
                contrast: 0.153,
                dynamic_range: 5.827,
                illumination_uniformity: 0.756,
                veil: 0.613,
                noise: 0.001,
                landmark_detail: 0.024,
                directional_blur: 0.483,
                confidence: 0.861,
                ..CLEAR
            },
            Component::FaceOcclusionPrevention,
        ),
    ]
}

#[test]
fn names_what_a_face_is_lost_to_and_nothing_of_a_clear_one() {
    assert_eq!(CLEAR.shortcomings(), []);
    let gate = Gate::default();
    for (case, quality, expected) in lost() {
        let named = quality.shortcomings();
        assert_eq!(named.first(), Some(&expected), "{case}: {named:?}");
        let failures = quality.failures(&gate);
        assert!(
            failures.is_empty() || failures.contains(&expected),
            "{case}: {failures:?}"
        );
    }
    let moved = Quality {
        sharpness: 0.044,
        directional_blur: 0.219,
        noise: 0.001,
        ..CLEAR
    };
    assert_eq!(moved.shortcomings().first(), Some(&Component::Sharpness));
}

#[test]
fn what_fails_a_limit_is_named_whatever_else_is() {
    let gate = Gate::default();
    let turned = |yaw, pitch| Pose {
        yaw,
        pitch,
        roll: 0.0,
    };
    for (case, quality, expected) in [
        ("clear", CLEAR, None),
        (
            "small",
            Quality {
                inter_eye_distance: 10.0,
                ..CLEAR
            },
            Some(Component::InterEyeDistance),
        ),
        (
            "profile",
            Quality {
                pose: turned(65.0, 0.0),
                ..CLEAR
            },
            Some(Component::HeadPoseYaw),
        ),
        (
            "looking down",
            Quality {
                pose: turned(0.0, 45.0),
                ..CLEAR
            },
            Some(Component::HeadPosePitch),
        ),
        (
            "dark glasses",
            Quality {
                eyes_visible: 0.4,
                ..CLEAR
            },
            Some(Component::EyesVisible),
        ),
        (
            "a hand before the mouth",
            Quality {
                landmark_detail: 0.03,
                ..CLEAR
            },
            Some(Component::FaceOcclusionPrevention),
        ),
    ] {
        let failures = quality.failures(&gate);
        assert_eq!(failures.first(), expected.as_ref(), "{case}: {failures:?}");
    }
    let unsure = Quality {
        confidence: 0.3,
        ..CLEAR
    };
    assert!(!unsure.failures(&gate).is_empty());
    let open = Gate {
        lets_hidden_pass: true,
        ..gate
    };
    let glasses = Quality {
        eyes_visible: 0.4,
        ..CLEAR
    };
    assert_eq!(glasses.failures(&open), []);
}
