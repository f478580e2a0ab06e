//! What cameras see on a seat: nobody, too much, too little, a picture.

use rowcall_face::Component;
use rowcall_rollcall::{DocumentOutcome, ReferralReason, SeatOutcome};
use rowcall_words::outcome::{Ambiguity, PictureCue, Stage, VehicleOutcome, VehicleReason};

use crate::{person::Person, scene::Scene};
use crate::{refer, seat};

#[test]
fn a_face_on_a_held_up_page_is_a_bystander() {
    let (driver, page) = (Person::new(1), Person::new(2));
    let scene = Scene::new(1)
        .sees("front", "1-left", &driver)
        .sees_small("front", "1-left", &page);
    let result = scene.presents("01", &driver).presents("02", &page).call();
    assert_eq!(result.bystanders.len(), 1);
    assert_eq!(result.seats.len(), 1);
    assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(
        result.documents[1].outcome,
        DocumentOutcome::HolderNotFound,
        "a picture confirms nobody"
    );
}

#[test]
fn a_page_as_large_as_a_head_makes_the_seat_crowded() {
    let (driver, page) = (Person::new(1), Person::new(2));
    let scene = Scene::new(1)
        .sees("front", "1-left", &driver)
        .sees_beside("front", "1-left", &page);
    let result = scene.presents("01", &driver).presents("02", &page).call();
    assert_eq!(
        result.seats[0].outcome,
        refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces))
    );
    assert!(
        result
            .documents
            .iter()
            .all(|d| d.outcome == DocumentOutcome::HolderNotFound)
    );
}

#[test]
fn the_portrait_itself_on_a_seat_confirms_nobody() {
    let (driver, absent) = (Person::new(1), Person::new(2));
    let result = Scene::new(2)
        .sees("front", "1-left", &driver)
        .sees_portrait("front", "1-right", &absent)
        .presents("01", &driver)
        .presents("02", &absent)
        .call();
    assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(
        (&result.seats[1].outcome, result.seats[1].stage),
        (
            &refer(ReferralReason::Ambiguous(Ambiguity::PictureSuspected)),
            Stage::Match
        )
    );
    assert_eq!(result.documents[1].outcome, DocumentOutcome::HolderNotFound);
    assert_eq!(
        result.documents[1].seat,
        Some(seat("1-right")),
        "the officer is told where to look"
    );
    assert_eq!(result.vehicle.outcome, VehicleOutcome::Refer);
    // A camera that sees the person as well doesn't make up for it.
    let both = Scene::new(1)
        .sees("side", "1-left", &driver)
        .sees_portrait("front", "1-left", &driver)
        .presents("01", &driver)
        .call();
    assert_ne!(both.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(both.seats[0].picture_cues, [PictureCue::SamePicture]);
}

#[test]
fn what_is_flat_or_has_a_border_confirms_nobody_and_says_why() {
    let driver = Person::new(1);
    let scene = || Scene::new(1).presents("01", &driver);
    let suspected = refer(ReferralReason::Ambiguous(Ambiguity::PictureSuspected));
    for (what, scene, cues, outcome) in [
        (
            "a picture turned between frames",
            scene().sees_flat("front", "1-left", &driver, 0.87),
            &[PictureCue::Flat][..],
            suspected.clone(),
        ),
        (
            "a picture, or a head, held still",
            scene().sees_flat("front", "1-left", &driver, 1.0),
            &[],
            SeatOutcome::Confirmed,
        ),
        (
            "turned by too little to say",
            scene().sees_flat("front", "1-left", &driver, 0.97),
            &[],
            SeatOutcome::Confirmed,
        ),
        (
            "a border in one frame",
            scene().sees_bordered("front", "1-left", &driver),
            &[PictureCue::Border],
            suspected.clone(),
        ),
        (
            "a border around a face that isn't compared",
            scene().sees_border_poorly("front", "1-left", &driver),
            &[PictureCue::Border],
            suspected.clone(),
        ),
        (
            "a person by two cameras",
            scene()
                .sees("front", "1-left", &driver)
                .sees("side", "1-left", &driver),
            &[],
            SeatOutcome::Confirmed,
        ),
    ] {
        let result = scene.call();
        assert_eq!(result.seats[0].picture_cues, cues, "{what}");
        assert_eq!(result.seats[0].outcome, outcome, "{what}");
    }
}

#[test]
fn what_falls_short_is_the_likelier_reason_why_two_cameras_disagree() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(1)
        .sees("front", "1-left", &a)
        .sees_veiled("side", "1-left", &b);
    let result = scene.presents("01", &a).call();
    assert_eq!(
        (&result.seats[0].outcome, result.seats[0].stage),
        (
            &refer(ReferralReason::PoorQuality(vec![Component::DynamicRange])),
            Stage::Quality
        )
    );
}

#[test]
fn different_people_seen_on_one_seat_by_two_cameras_confirm_nobody() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(1)
        .sees("front", "1-left", &a)
        .sees("side", "1-left", &b);
    let result = scene.presents("01", &a).call();
    assert_eq!(
        result.seats[0].outcome,
        refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces))
    );
}

#[test]
fn an_unseen_occupant_is_not_captured_and_not_guessed() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .presents("02", &b);
    let result = scene.call();
    // Three seats are left for one person: nobody can say which.
    assert_eq!(
        (result.seats[1].seat, &result.seats[1].outcome),
        (None, &refer(ReferralReason::NotCaptured))
    );
    assert_eq!(
        result.vehicle.reasons[..2],
        [VehicleReason::SeatReferred, VehicleReason::DocumentReferred]
    );
    let full = Scene::new(4)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .call();
    let unseen: Vec<_> = full.seats[1..]
        .iter()
        .filter_map(|s| s.seat)
        .map(|s| s.to_string())
        .collect();
    assert_eq!(
        unseen,
        ["1-right", "2-left", "2-right"],
        "as many seats as people: it is known which"
    );
}

#[test]
fn counts_that_disagree_refer_the_vehicle() {
    let a = Person::new(1);
    let scene = |n| Scene::new(n).sees("front", "1-left", &a).presents("01", &a);
    assert_eq!(
        scene(0).call().vehicle.reasons,
        [VehicleReason::MoreThanDeclared]
    );
    let undeclared = scene(1).undeclared().call().vehicle;
    assert_eq!(undeclared.reasons, [VehicleReason::CountNotDeclared]);
    assert_eq!(undeclared.outcome, VehicleOutcome::AllConfirmed);
    let unread = scene(1).with_unreadable_frames(1).call().vehicle;
    assert_eq!(
        (unread.outcome, unread.reasons),
        (VehicleOutcome::Refer, vec![VehicleReason::FramesUnreadable])
    );
    let empty = Scene::new(0).call().vehicle;
    assert_eq!(empty.outcome, VehicleOutcome::Refer);
    assert_eq!(
        empty.reasons,
        [VehicleReason::NobodySeen, VehicleReason::NoDocuments]
    );
}

#[test]
fn a_face_too_poor_to_compare_says_what_fails() {
    let a = Person::new(1);
    let result = Scene::new(1)
        .sees_dark("front", "1-left", &a)
        .presents("01", &a)
        .call();
    let poor = ReferralReason::PoorQuality(vec![
        Component::UnderExposurePrevention,
        Component::DynamicRange,
    ]);
    assert_eq!(result.seats[0].outcome, refer(poor));
    assert_eq!(
        (result.seats[0].stage, result.comparisons),
        (Stage::Quality, 0)
    );
}
