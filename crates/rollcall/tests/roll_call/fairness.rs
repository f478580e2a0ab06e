//! Whatever people look like, decisions are one to one and fair.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rowcall_rollcall::{DocumentOutcome, SeatOutcome};
use rowcall_words::outcome::VehicleOutcome;

use crate::{person::Person, scene::Scene};

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
