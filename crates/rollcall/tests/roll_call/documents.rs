//! Documents: several of one holder, children's, broken ones, and opting out.

use rowcall_rollcall::{DocumentOutcome, ReferralReason, SeatOutcome};
use rowcall_words::outcome::{Stage, VehicleOutcome};

use crate::{person::Person, scene::Scene};
use crate::{refer, seat};

#[test]
fn opting_out_leaves_a_seat_and_a_document_to_the_officer() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene
        .presents("01", &a)
        .presents("02", &b)
        .opts_out("1-right", &[1])
        .call();
    assert_eq!(result.seats[1].outcome, refer(ReferralReason::OptedOut));
    assert_eq!(
        (result.seats[1].stage, result.seats[1].score),
        (Stage::Policy, None)
    );
    assert_eq!(result.documents[1].outcome, DocumentOutcome::OptedOut);
    assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(
        result.comparisons, 1,
        "nothing of those who opted out is compared"
    );
    assert_eq!(result.vehicle.occupants.opted_out, 1);
}

#[test]
fn a_passport_and_a_visa_are_one_party_member() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(1).sees("front", "1-left", &a);
    let result = scene.presents("01", &a).presents_visa("02", &a, &a).call();
    assert_eq!(result.vehicle.documents.holders, 1);
    assert!(
        result
            .documents
            .iter()
            .all(|d| d.outcome == DocumentOutcome::HolderConfirmed(seat("1-left")))
    );
    assert_eq!(result.documents[0].same_holder, [1]);
    // A visa in the same name with another's portrait confirms nobody.
    let forged = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .presents_visa("02", &a, &b)
        .call();
    assert_ne!(forged.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(forged.vehicle.outcome, VehicleOutcome::Refer);
}

#[test]
fn the_same_document_twice_is_one_holder() {
    let a = Person::new(1);
    let result = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .presents("02", &a)
        .call();
    assert_eq!(
        (
            result.vehicle.documents.holders,
            result.vehicle.documents.presented
        ),
        (1, 2)
    );
    assert_eq!(result.vehicle.occupants.confirmed, 1);
}

#[test]
fn small_children_are_known_by_their_document_alone() {
    let (parent, child) = (Person::new(1), Person::new(2).born("230405"));
    let scene = Scene::new(2)
        .sees("front", "1-left", &parent)
        .sees("front", "2-left", &child);
    let result = scene.presents("01", &parent).presents("02", &child).call();
    assert_eq!(
        result.seats[1].outcome,
        refer(ReferralReason::ManualByPolicy)
    );
    assert_eq!(
        result.comparisons, 2,
        "the child's portrait is compared with nobody"
    );
    assert_eq!(result.documents[1].outcome, DocumentOutcome::HolderNotFound);
}

#[test]
fn a_document_that_may_not_confirm_does_not() {
    let a = Person::new(1);
    let result = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents_broken("01", &a)
        .call();
    assert_eq!(
        result.seats[0].outcome,
        refer(ReferralReason::DocumentNotTrusted)
    );
    assert_eq!(
        (result.seats[0].stage, result.seats[0].document),
        (Stage::Document, Some(0))
    );
    assert_eq!(result.documents[0].outcome, DocumentOutcome::NotAccepted);
}

#[test]
fn portraits_that_cannot_be_compared_are_told_apart() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene
        .presents("01", &a)
        .presents_without_face("02", &b)
        .call();
    assert_eq!(
        result.seats[1].outcome,
        refer(ReferralReason::PortraitUnusable)
    );
    assert!(
        matches!(&result.documents[1].outcome, DocumentOutcome::NoPortrait(why) if why.contains("no face"))
    );
}
