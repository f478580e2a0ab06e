//! Who is whose holder: look-alikes, impostors, missing and swapped holders.

use rowcall_face::{Component, Curve};
use rowcall_rollcall::{DocumentOutcome, ReferralReason, SeatOutcome};
use rowcall_words::outcome::{Ambiguity, Stage, VehicleOutcome, VehicleReason};

use crate::{NOBODYS, refer, seat};
use crate::{person::Person, scene::Scene};

#[test]
fn one_person_in_two_cameras_is_one_occupant() {
    let a = Person::new(1);
    let result = Scene::new(1)
        .sees("front", "1-left", &a)
        .sees("side", "1-left", &a)
        .presents("01", &a)
        .call();
    assert_eq!(result.seats.len(), 1);
    assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(
        result.seats[0].shots.len(),
        6,
        "three frames of each camera"
    );
    assert_eq!(
        result.documents[0].outcome,
        DocumentOutcome::HolderConfirmed(seat("1-left"))
    );
    assert_eq!(
        (result.vehicle.outcome, result.comparisons),
        (VehicleOutcome::AllConfirmed, 1)
    );
}

#[test]
fn look_alikes_in_neighbouring_seats_are_two_occupants() {
    let (a, b) = (Person::new(1), Person::new(2).like(1, 0.55));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene.presents("01", &a).presents("02", &b).call();
    let outcomes: Vec<_> = result
        .seats
        .iter()
        .map(|s| (s.seat, s.outcome.clone(), s.document))
        .collect();
    let confirmed = |name, document| (Some(seat(name)), SeatOutcome::Confirmed, Some(document));
    assert_eq!(outcomes, [confirmed("1-left", 0), confirmed("1-right", 1)]);
    assert_eq!(
        result.seats[0].runner_up.map(|s| (s.0 * 100.0).round()),
        Some(55.0)
    );
}

#[test]
fn look_alikes_with_one_document_are_ambiguous() {
    // So alike that the document fits both: neither may have it.
    let (a, b) = (Person::new(1).like(2, 0.97), Person::new(2));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene.presents("01", &b).call();
    let ambiguous = refer(ReferralReason::Ambiguous(Ambiguity::RunnerUpClose));
    assert_eq!(
        result.seats.iter().map(|s| &s.outcome).collect::<Vec<_>>(),
        [&ambiguous, &ambiguous]
    );
    assert_eq!(result.documents[0].outcome, DocumentOutcome::HolderNotFound);
    assert!(
        result.documents[0].seat.is_some(),
        "the officer is told whom to look at"
    );
}

#[test]
fn an_impostor_is_not_confirmed_and_takes_no_document_from_its_holder() {
    let (holder, impostor) = (Person::new(1), Person::new(2).like(1, 0.30));
    let scene = Scene::new(2)
        .sees("front", "1-left", &impostor)
        .sees("front", "1-right", &holder);
    let result = scene.presents("01", &holder).call();
    assert_eq!(result.seats[0].outcome, NOBODYS);
    assert_eq!(result.seats[0].stage, Stage::Match);
    assert_eq!(result.seats[1].outcome, SeatOutcome::Confirmed);
    assert_eq!(result.vehicle.reasons, [VehicleReason::SeatReferred]);
}

#[test]
fn a_missing_holder_is_named_by_their_document() {
    let (a, b) = (Person::new(1), Person::new(2));
    let result = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .presents("02", &b)
        .call();
    assert_eq!(result.documents[1].outcome, DocumentOutcome::HolderNotFound);
    assert_eq!(result.documents[1].seat, None);
    assert_eq!(result.vehicle.outcome, VehicleOutcome::Refer);
    assert_eq!(result.vehicle.reasons, [VehicleReason::DocumentReferred]);
}

#[test]
fn a_swapped_document_confirms_nobody() {
    let (a, b, absent) = (Person::new(1), Person::new(2), Person::new(3));
    let scene = Scene::new(2)
        .sees("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene.presents("01", &a).presents("02", &absent).call();
    assert_eq!(result.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(result.seats[1].outcome, NOBODYS);
    assert_eq!(result.documents[1].outcome, DocumentOutcome::HolderNotFound);
}

#[test]
fn a_sibling_with_the_siblings_document_is_left_to_the_officer() {
    // Far beyond strangers, and below what people reach with their own portrait.
    let (sibling, holder) = (Person::new(1).like(2, 0.6), Person::new(2));
    let scene = Scene::new(1).with_look_alikes(0.02, 0.7);
    let result = scene
        .sees("front", "1-left", &sibling)
        .presents("01", &holder)
        .call();
    assert_eq!(
        result.seats[0].outcome,
        refer(ReferralReason::Ambiguous(Ambiguity::LookAlikePossible))
    );
    assert_eq!(result.vehicle.outcome, VehicleOutcome::Refer);
}

#[test]
fn who_is_like_nobody_is_told_what_fell_short() {
    let (a, b) = (Person::new(1), Person::new(2));
    for (case, scene, shortcomings) in [
        ("clear", Scene::new(1).sees("front", "1-left", &a), vec![]),
        (
            "veiled",
            Scene::new(1).sees_veiled("front", "1-left", &a),
            vec![Component::DynamicRange],
        ),
    ] {
        let seat = &scene.presents("01", &b).call().seats[0];
        assert_eq!(
            seat.outcome,
            refer(ReferralReason::NoMatchingDocument),
            "{case}"
        );
        assert_eq!(seat.shortcomings, shortcomings, "{case}");
    }
    // Nothing is gained by seeing somebody better for whom no document is left.
    let scene = Scene::new(2)
        .sees_veiled("front", "1-left", &a)
        .sees("front", "1-right", &b);
    let result = scene.presents("01", &b).call();
    assert_eq!(result.seats[0].shortcomings, []);
}

#[test]
fn large_parties_leave_less_to_each_comparison() {
    let people: Vec<Person> = (1..=8).map(Person::new).collect();
    let mut scene = Scene::new(8);
    for (person, id) in people
        .iter()
        .zip(["01", "02", "03", "04", "05", "06", "07", "08"])
    {
        scene = scene.presents(id, person);
    }
    for (person, seat) in people
        .iter()
        .zip(["1-left", "1-right", "2-left", "2-right"])
    {
        scene = scene.sees("front", seat, person);
    }
    let result = scene.call();
    assert_eq!(result.comparisons, 4 * 8);
    assert!((result.threshold.fmr - 0.001 / 32.0).abs() < 1e-12);
    assert_eq!(result.threshold.curve, Curve::FusedProbes);
    assert!(
        result.threshold.beyond_data,
        "fused probes were measured down to 1 in 10,000"
    );
    assert_eq!(result.vehicle.occupants.confirmed, 4);
    let alone = |rate| {
        Scene::new(1)
            .with_rate(rate)
            .sees("front", "1-left", &people[0])
            .presents("01", &people[0])
            .call()
    };
    assert!(!alone(1e-3).threshold.beyond_data);
    let strict = alone(1e-7);
    assert!(
        strict.threshold.beyond_data,
        "rarer than the data show, and says so"
    );
    assert!(strict.threshold.score > result.threshold.score);
}
