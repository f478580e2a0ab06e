//! Roll calls over made-up people: templates are vectors whose cosines are
//! chosen, documents are real machine readable zones.

mod scene;

use std::collections::BTreeSet;

use proptest::prelude::*;
use rowcall_face::Component;
use rowcall_rollcall::{
    Ambiguity, DocumentOutcome, ReferralReason, Seat, SeatOutcome, Stage, VehicleOutcome,
    VehicleReason,
};
use scene::{Person, Scene};

fn seat(name: &str) -> Seat {
    name.parse().expect("a seat")
}

fn refer(reason: ReferralReason) -> SeatOutcome {
    SeatOutcome::Refer(reason)
}

const NOBODYS: SeatOutcome = SeatOutcome::Refer(ReferralReason::NoMatchingDocument);

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
    let scene = Scene::new(1).with_mated_quantile(0.01, 0.7);
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
    assert_eq!(result.documents[0].outcome, DocumentOutcome::Invalid);
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

#[test]
fn a_face_too_poor_to_compare_says_what_fails() {
    let a = Person::new(1);
    let result = Scene::new(1)
        .sees_dark("front", "1-left", &a)
        .presents("01", &a)
        .call();
    let poor = ReferralReason::PoorQuality(vec![
        Component::DynamicRange,
        Component::UnderExposurePrevention,
        Component::DetectorConfidence,
    ]);
    assert_eq!(result.seats[0].outcome, refer(poor));
    assert_eq!(
        (result.seats[0].stage, result.comparisons),
        (Stage::Quality, 0)
    );
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
    assert!(!result.threshold.beyond_data);
    assert_eq!(result.vehicle.occupants.confirmed, 4);
    let strict = Scene::new(1)
        .with_rate(1e-7)
        .sees("front", "1-left", &people[0])
        .presents("01", &people[0])
        .call();
    assert!(
        strict.threshold.beyond_data,
        "rarer than the data show, and says so"
    );
    assert!(strict.threshold.score > result.threshold.score);
}

/// Who is inside, whose documents are handed over, and who is like whom.
type Party = (Vec<usize>, Vec<usize>, Vec<(usize, usize, f32)>);

/// Occupants and holders with random likenesses, some of them the same person.
fn likenesses() -> impl Strategy<Value = Party> {
    let people =
        || prop::collection::btree_set(1_usize..8, 0..=4).prop_map(|s| s.into_iter().collect());
    (
        people(),
        people(),
        prop::collection::vec((1_usize..8, 8_usize..15, 0.0..0.9_f32), 0..6),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn decisions_are_one_to_one_and_fair((inside, papers, alike) in likenesses()) {
        // Some are like somebody of another group of numbers, so like each other.
        let person = |n: usize| {
            let own = alike.iter().filter(|(who, ..)| *who == n);
            own.fold(Person::new(n), |p, &(_, other, cosine)| p.like(other, cosine))
        };
        let seats = ["1-left", "1-right", "2-left", "2-right"];
        let build = |papers: &[usize]| {
            let scene = Scene::new(inside.len() as u8);
            let scene = inside.iter().zip(seats).fold(scene, |s, (&n, seat)| s.sees("front", seat, &person(n)));
            papers.iter().fold(scene, |s, &n| s.presents(&n.to_string(), &person(n)))
        };
        let result = build(&papers).call();

        let confirmed: Vec<_> = result.seats.iter().filter(|s| s.outcome == SeatOutcome::Confirmed).collect();
        let documents: BTreeSet<_> = confirmed.iter().map(|s| s.document).collect();
        prop_assert_eq!(documents.len(), confirmed.len(), "a document confirmed two people");
        for seat in &confirmed {
            prop_assert!(seat.score >= Some(result.threshold.score));
            let document = seat.document.expect("confirmed by a document");
            let outcome = &result.documents[document].outcome;
            prop_assert_eq!(outcome, &DocumentOutcome::HolderConfirmed(seat.seat.expect("a seat")));
        }
        let all = confirmed.len() == inside.len() && result.documents.iter().all(|d| matches!(d.outcome, DocumentOutcome::HolderConfirmed(_)));
        let clear = result.vehicle.outcome == VehicleOutcome::AllConfirmed;
        prop_assert_eq!(clear, all && !inside.is_empty() && !papers.is_empty());

        // The order in which documents are handed over decides nothing.
        let reversed: Vec<usize> = papers.iter().rev().copied().collect();
        let again = build(&reversed).call();
        for (a, b) in result.seats.iter().zip(&again.seats) {
            prop_assert_eq!(&a.outcome, &b.outcome);
            prop_assert_eq!(a.document, b.document.map(|d| papers.len() - 1 - d));
        }
    }
}
