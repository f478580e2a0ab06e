//! A lane file.

use rowcall_rollcall::Lane;

/// Read; what is accepted has no number that is none, and no zone without area.
pub(crate) fn lane(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Lane::parse(&text) {
        Ok(lane) => {
            let zones = lane.cameras.iter().flat_map(|camera| &camera.zones);
            for zone in zones {
                assert!((3..=64).contains(&zone.polygon.len()));
                assert!(0.0 < zone.face_width.0 && zone.face_width.0 < zone.face_width.1);
            }
            assert!(lane.policy.vehicle_false_confirm_rate > 0.0);
            assert!(lane.policy.ambiguity_margin.is_finite());
        }
        // One line, whatever the file has in it.
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
}
