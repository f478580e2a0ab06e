//! What the numbers of a policy may be. A value that is no number, or beyond what
//! its key means, would turn a rule off or everything away.

use super::place::Path;
use crate::Policy;

/// The first key whose value can't be meant, and what would be.
pub(super) fn check(policy: &Policy) -> Result<(), (Path, String)> {
    let (quality, portrait) = (&policy.quality, &policy.portrait);
    for (key, value, is_right, wanted) in [
        (
            "policy.vehicle_false_confirm_rate",
            policy.vehicle_false_confirm_rate,
            policy.vehicle_false_confirm_rate > 0.0 && policy.vehicle_false_confirm_rate <= 0.1,
            "above 0 and at most 0.1",
        ),
        (
            "policy.look_alike_guard",
            policy.look_alike_guard,
            (0.0..=0.5).contains(&policy.look_alike_guard),
            "0 to 0.5",
        ),
        (
            "policy.ambiguity_margin",
            policy.ambiguity_margin.into(),
            (0.0..=MOST_MARGIN).contains(&policy.ambiguity_margin),
            "0 to 50 nats",
        ),
        (
            "policy.portrait.inter_eye_distance",
            portrait.inter_eye_distance.into(),
            (0.0..=1000.0).contains(&portrait.inter_eye_distance),
            "0 to 1000 pixels",
        ),
        (
            "policy.portrait.yaw",
            portrait.yaw.into(),
            portrait.yaw > 0.0 && portrait.yaw <= 90.0,
            "above 0 and at most 90 degrees",
        ),
        (
            "policy.portrait.pitch",
            portrait.pitch.into(),
            portrait.pitch > 0.0 && portrait.pitch <= 90.0,
            "above 0 and at most 90 degrees",
        ),
        (
            "policy.portrait.unified",
            portrait.unified.into(),
            (0.0..=1.0).contains(&portrait.unified),
            "a share, 0 to 1",
        ),
        (
            "policy.portrait.second_face",
            portrait.second_face.into(),
            portrait.second_face > 0.0 && portrait.second_face <= 1.0,
            "a share, above 0 and at most 1",
        ),
        (
            "policy.quality.inter_eye_distance",
            quality.inter_eye_distance.into(),
            (0.0..=1000.0).contains(&quality.inter_eye_distance),
            "0 to 1000 pixels",
        ),
        (
            "policy.quality.yaw",
            quality.yaw.into(),
            quality.yaw > 0.0 && quality.yaw <= 90.0,
            "above 0 and at most 90 degrees",
        ),
        (
            "policy.quality.pitch",
            quality.pitch.into(),
            quality.pitch > 0.0 && quality.pitch <= 90.0,
            "above 0 and at most 90 degrees",
        ),
        (
            "policy.quality.unified",
            quality.unified.into(),
            (0.0..=1.0).contains(&quality.unified),
            "a share, 0 to 1",
        ),
    ] {
        if !is_right {
            return Err((Path::to(key), format!("{value} isn't {wanted}")));
        }
    }
    for (key, name) in [
        ("policy.model", Some(&policy.model)),
        ("policy.calibration", policy.calibration.as_ref()),
    ] {
        if let Some(name) = name
            && !is_name(name)
        {
            return Err((
                Path::to(key),
                format!("{name:?} can't be a name: letters, digits, -, _ and . only"),
            ));
        }
    }
    Ok(())
}

/// Beyond this many nats no evidence goes: e to the 50th is 5 followed by 21 zeros.
const MOST_MARGIN: f32 = 50.0;

/// Whether this can be the name of a folder or a file beside others.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}
