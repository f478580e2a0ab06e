//! Nobody is cleared while somebody is unaccounted for.

use rowcall_rollcall::{Guise, ReferralReason, SeatOutcome, Whereabouts};
use rowcall_words::outcome::{Ambiguity, CameraState, VehicleOutcome, VehicleReason};

use crate::{person::Person, scene::Scene};
use crate::{refer, seat};

#[test]
fn a_face_in_the_cabin_that_nobody_explains_refers_the_vehicle() {
    let (driver, other) = (Person::new(1), Person::new(2));
    let scene = || {
        Scene::new(1)
            .sees("front", "1-left", &driver)
            .presents("01", &driver)
    };
    let small = |_: &mut _| {};
    for (case, scene, place) in [
        (
            "between the seats",
            scene().sees_at("front", (500.0, 500.0), 100.0, &other, small),
            Whereabouts::Inside(Guise::BetweenSeats),
        ),
        (
            "a little too wide for its zone",
            scene().sees_at("front", (750.0, 300.0), 175.0, &other, small),
            Whereabouts::Inside(Guise::Large),
        ),
        (
            "too small for its zone",
            scene().sees_at("front", (750.0, 300.0), 40.0, &other, small),
            Whereabouts::Inside(Guise::Small),
        ),
        (
            "framed",
            scene().sees_at("front", (750.0, 300.0), 40.0, &other, |f| {
                f.border = Some(0.9)
            }),
            Whereabouts::Inside(Guise::Picture),
        ),
        (
            "too poor to be compared",
            scene().sees_at("front", (500.0, 500.0), 100.0, &other, |f| {
                f.quality.sharpness = 0.001
            }),
            Whereabouts::Inside(Guise::BetweenSeats),
        ),
        (
            "beside the vehicle",
            scene().sees_at("front", (980.0, 950.0), 100.0, &other, small),
            Whereabouts::Outside,
        ),
        (
            "the driver, leaning out of the zone once the zone is empty",
            Scene::new(1)
                .sees_after("front", "1-left", &driver, 0)
                .presents("01", &driver)
                .leans("front", 0, &driver),
            Whereabouts::Leaning(seat("1-left")),
        ),
        (
            "somebody else there instead",
            Scene::new(1)
                .sees_after("front", "1-left", &driver, 0)
                .presents("01", &driver)
                .leans("front", 0, &other),
            Whereabouts::Inside(Guise::Large),
        ),
    ] {
        let result = scene.call();
        assert_eq!(
            result
                .bystanders
                .iter()
                .map(|b| b.place)
                .collect::<Vec<_>>(),
            [place],
            "{case}"
        );
        assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed, "{case}");
        let inside = matches!(place, Whereabouts::Inside(_));
        let reasons = if inside {
            vec![VehicleReason::FaceUnexplained]
        } else {
            vec![]
        };
        assert_eq!(result.vehicle.reasons, reasons, "{case}");
    }
}

#[test]
fn a_second_face_on_a_seat_counts_however_poor() {
    let (mother, child) = (Person::new(1), Person::new(2));
    let result = Scene::new(1)
        .sees("front", "1-left", &mother)
        .sees_at("front", (330.0, 700.0), 80.0, &child, |f| {
            f.quality.eyes_visible = 0.0
        })
        .presents("01", &mother)
        .call();
    assert_eq!(
        result.seats[0].outcome,
        refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces))
    );
}

#[test]
fn a_seat_that_opted_out_has_no_bystanders() {
    let (driver, other) = (Person::new(1), Person::new(2));
    let result = Scene::new(2)
        .sees("front", "1-left", &driver)
        .sees_at("front", (750.0, 650.0), 300.0, &other, |_| {})
        .presents("01", &driver)
        .opts_out("1-right", &[])
        .call();
    assert_eq!(result.bystanders, []);
}

#[test]
fn a_camera_that_a_seat_needs_and_that_shows_nothing_new_refers_the_vehicle() {
    let driver = Person::new(1);
    let scene = || {
        Scene::new(1)
            .sees("front", "1-left", &driver)
            .presents("01", &driver)
    };
    for (case, scene, state, reasons) in [
        ("both deliver", scene(), CameraState::Delivering, vec![]),
        (
            "dead",
            scene().loses("side"),
            CameraState::Missing,
            vec![VehicleReason::CameraMissing],
        ),
        (
            "frozen from the start",
            scene().freezes("side", 0..3),
            CameraState::Frozen,
            vec![VehicleReason::CameraFrozen],
        ),
        (
            "one picture twice, as a recorder may",
            scene().freezes("side", 0..2),
            CameraState::Delivering,
            vec![],
        ),
        (
            "two pictures by turns",
            scene().alternates("side"),
            CameraState::Frozen,
            vec![VehicleReason::CameraFrozen],
        ),
        (
            "a lens that is covered",
            scene().covers_lens("side", 0..3),
            CameraState::Missing,
            vec![VehicleReason::CameraMissing],
        ),
        (
            "a lens that was covered for a while",
            scene().covers_lens("side", 0..2),
            CameraState::Delivering,
            vec![],
        ),
        (
            "too dark for all but a face",
            scene().covers_lens("front", 0..3),
            CameraState::Delivering,
            vec![],
        ),
        (
            "dead after it had shown something",
            scene().fails("side"),
            CameraState::Missing,
            vec![VehicleReason::CameraMissing],
        ),
        (
            "dead after it stood still",
            scene().freezes("side", 0..3).fails("side"),
            CameraState::Frozen,
            vec![VehicleReason::CameraFrozen],
        ),
        (
            "dead later, and the policy needs the other one",
            scene().fails("side").needs("1-left", &["front"]),
            CameraState::Missing,
            vec![],
        ),
        (
            "a camera that the lane hasn't",
            scene().fails("roof"),
            CameraState::Delivering,
            vec![],
        ),
        (
            "dead, and the policy needs the other one",
            scene().loses("side").needs("1-left", &["front"]),
            CameraState::Missing,
            vec![],
        ),
    ] {
        let result = scene.call();
        let side = result.cameras.iter().find(|c| c.name == "side");
        assert_eq!(side.map(|c| c.state), Some(state), "{case}");
        assert_eq!(result.vehicle.reasons, reasons, "{case}");
        let clear = result.vehicle.outcome == VehicleOutcome::AllConfirmed;
        assert_eq!(clear, reasons.is_empty(), "{case}");
    }
}
