//! Confirmed only on evidence that can bear it: whose portrait, whose documents,
//! and who is on the seat.

use rowcall_face::{Component, PortraitDefect};
use rowcall_picture::Turn;
use rowcall_rollcall::{DocumentNote, DocumentOutcome, ReferralReason, RollCall, SeatOutcome};
use rowcall_words::outcome::{Ambiguity, VehicleOutcome, VehicleReason};

use crate::{NOBODYS, refer, seat};
use crate::{person::Person, scene::Scene, zone::Zone};

fn outcomes(result: &RollCall) -> Vec<&DocumentOutcome> {
    result.documents.iter().map(|d| &d.outcome).collect()
}

#[test]
fn a_second_document_lends_its_portrait_to_nobody() {
    // A morph is like both the holder of the genuine document and the stranger.
    let holder = Person::new(1);
    let stranger = Person::new(2);
    let morph = Person::new(3).like(1, 0.62).like(2, 0.62);
    let forged = Scene::new(1)
        .sees("front", "1-left", &stranger)
        .presents("01", &holder)
        .presents_forged("02", &holder, &morph)
        .call();
    assert_ne!(forged.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(forged.vehicle.outcome, VehicleOutcome::Refer);
    // Likewise where the forged one may not confirm by itself.
    let untrusted = Scene::new(1)
        .sees("front", "1-left", &stranger)
        .presents("01", &holder)
        .presents_broken("02", &stranger)
        .call();
    assert_ne!(
        untrusted.documents[0].outcome,
        DocumentOutcome::HolderConfirmed(seat("1-left"))
    );
    assert_eq!(
        untrusted.seats[0].outcome,
        refer(ReferralReason::DocumentNotTrusted)
    );
}

#[test]
fn two_documents_of_one_number_with_two_faces_confirm_nobody_until_an_officer_decides() {
    let (a, b) = (Person::new(1), Person::new(2));
    let scene = || {
        Scene::new(1)
            .sees("front", "1-left", &a)
            .presents("01", &a)
            .presents_forged("02", &a, &b)
    };
    let differ = scene().call();
    assert_eq!(
        differ.seats[0].outcome,
        refer(ReferralReason::Ambiguous(Ambiguity::PortraitsDiffer))
    );
    for document in &differ.documents {
        assert_eq!(document.outcome, DocumentOutcome::HolderNotFound);
        assert!(document.notes.contains(&DocumentNote::PortraitsDiffer));
        assert_eq!(document.seat, Some(seat("1-left")), "whom to look at");
    }
    // An officer takes the other document out ...
    let decided = scene().sets_aside(1).call();
    assert_eq!(decided.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(decided.documents[1].outcome, DocumentOutcome::SetAside);
    assert_eq!(decided.vehicle.outcome, VehicleOutcome::AllConfirmed);
    // ... or says that both are the holder's; each must still agree by itself.
    let joined = scene().joins(&[0, 1]).call();
    assert_ne!(joined.seats[0].outcome, SeatOutcome::Confirmed);
    assert!(
        joined.documents[0]
            .notes
            .contains(&DocumentNote::JoinedByOfficer(1))
    );
}

#[test]
fn documents_are_one_persons_only_if_nothing_speaks_against_it() {
    let zone = |number, name, born, sex| Zone {
        number,
        name,
        born,
        sex,
    };
    let cut = "WOLFESCHLEGELSTEINHAUSENBERGERDORFFHOLM";
    for (case, one, other, holders) in [
        (
            "one document twice",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            1,
        ),
        (
            "one number, another birthday",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000001", "DOE<<ANN", "850204", 'F'),
            2,
        ),
        (
            "one number, another name",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000001", "ROE<<ANN", "850203", 'F'),
            2,
        ),
        (
            "one number, another sex",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000001", "DOE<<ANN", "850203", 'M'),
            2,
        ),
        (
            "one number, sex left open",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000001", "DOE<<ANN", "850203", '<'),
            1,
        ),
        (
            "two passports of one name and birthday",
            zone("X00000001", "DOE<<ANN", "850203", 'F'),
            zone("X00000002", "DOE<<ANN", "850203", 'F'),
            2,
        ),
        (
            "names cut off by the zone",
            zone("X00000001", cut, "850203", 'M'),
            zone("X00000002", cut, "850203", 'M'),
            2,
        ),
        (
            "born on 1 January",
            zone("X00000001", "DOE<<ANN", "900101", 'F'),
            zone("X00000002", "DOE<<ANN", "900101", 'F'),
            2,
        ),
    ] {
        let a = Person::new(1);
        let result = Scene::new(1)
            .presents_zone("01", &one, &a)
            .presents_zone("02", &other, &a)
            .call();
        assert_eq!(result.vehicle.documents.holders, holders, "{case}");
    }
}

#[test]
fn an_absent_twins_passport_is_not_confirmed_by_the_present_ones_portrait() {
    let (present, absent) = (Person::new(1), Person::new(2));
    let cut = "WOLFESCHLEGELSTEINHAUSENBERGERDORFFHOLM";
    let zone = |number| Zone {
        number,
        name: cut,
        born: "840314",
        sex: 'M',
    };
    let result = Scene::new(1)
        .sees("front", "1-left", &present)
        .presents_zone("01", &zone("X00000001"), &present)
        .presents_zone("02", &zone("X00000002"), &absent)
        .call();
    assert_eq!(
        outcomes(&result),
        [
            &DocumentOutcome::HolderConfirmed(seat("1-left")),
            &DocumentOutcome::HolderNotFound
        ]
    );
    assert_eq!(result.vehicle.reasons, [VehicleReason::DocumentReferred]);
}

#[test]
fn a_portrait_that_fails_its_own_gate_counts_neither_for_nor_against() {
    let a = Person::new(1);
    let small = |q: &mut rowcall_face::Quality, _: &mut _| q.inter_eye_distance = 9.0;
    let alone = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents_poorly("01", &a, small)
        .call();
    assert_eq!(
        alone.seats[0].outcome,
        refer(ReferralReason::PortraitUnusable)
    );
    assert_eq!(
        outcomes(&alone),
        [&DocumentOutcome::PoorPortrait(vec![
            PortraitDefect::Quality(Component::InterEyeDistance)
        ])]
    );
    assert_eq!(alone.comparisons, 0);
    // Beside a good one of the same document it doesn't stand in the way, and is told.
    let beside = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents("01", &a)
        .presents_poorly("02", &a, small)
        .call();
    assert_eq!(beside.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(beside.seats[0].document, Some(0));
    assert_eq!(beside.seats[0].uncompared, [1], "told on the seat");
    assert_eq!(beside.vehicle.reasons, [VehicleReason::DocumentReferred]);
    assert!(matches!(
        beside.documents[1].outcome,
        DocumentOutcome::PoorPortrait(_)
    ));
    for (case, expected, change) in [
        (
            "dark glasses",
            PortraitDefect::Quality(Component::EyesVisible),
            (|q, _| q.eyes_visible = 0.2)
                as fn(&mut rowcall_face::Quality, &mut rowcall_face::PortraitView),
        ),
        (
            "a cap down to the brows",
            PortraitDefect::Quality(Component::FaceOcclusionPrevention),
            |q, _| q.forehead_detail = 0.05,
        ),
        ("two faces", PortraitDefect::SeveralFaces, |_, v| {
            v.second_face = 0.6
        }),
    ] {
        let result = Scene::new(1)
            .sees("front", "1-left", &a)
            .presents_poorly("01", &a, change)
            .call();
        assert_eq!(
            outcomes(&result),
            [&DocumentOutcome::PoorPortrait(vec![expected])],
            "{case}"
        );
        assert_ne!(result.seats[0].outcome, SeatOutcome::Confirmed, "{case}");
    }
    let turned = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents_poorly("01", &a, |_, v| v.turn = Turn::Half)
        .call();
    assert_eq!(turned.seats[0].outcome, SeatOutcome::Confirmed);
    let framed = Scene::new(1)
        .sees("front", "1-left", &a)
        .presents_poorly("01", &a, |_, v| v.border = 0.9)
        .call();
    assert_eq!(framed.documents[0].notes, [DocumentNote::PortraitFramed]);
    assert_eq!(framed.seats[0].outcome, SeatOutcome::Confirmed);
    assert_eq!(
        turned.documents[0].notes,
        [DocumentNote::PortraitTurned(180)]
    );
}

#[test]
fn two_people_on_one_seat_in_different_frames_confirm_nobody() {
    let (holder, other) = (Person::new(1), Person::new(2));
    let crowded = refer(ReferralReason::Ambiguous(Ambiguity::SeveralFaces));
    for (case, frames) in [
        ("the last", 2..3),
        ("the first, of the vehicle before", 0..1),
        ("all but one", 1..3),
    ] {
        let scene = Scene::new(1).sees("front", "1-left", &holder);
        let result = scene
            .swaps("front", &other, frames)
            .presents("01", &holder)
            .call();
        assert_eq!(result.seats[0].outcome, crowded, "{case}");
    }
    // Behind dark glasses the other can't be compared with a portrait, but was seen.
    for (case, frames) in [("the first", 0..1), ("all but one", 0..2)] {
        let result = Scene::new(1)
            .sees("front", "1-left", &holder)
            .swaps("front", &other, frames.clone())
            .hides_eyes("front", frames.clone())
            .presents("01", &holder)
            .call();
        let hidden = refer(ReferralReason::PoorQuality(vec![Component::EyesVisible]));
        assert_eq!(result.seats[0].outcome, hidden, "{case}");
        let taken_off = Scene::new(1)
            .sees("front", "1-left", &holder)
            .hides_eyes("front", frames)
            .presents("01", &holder)
            .call();
        assert_eq!(taken_off.seats[0].outcome, SeatOutcome::Confirmed, "{case}");
    }
    let all = Scene::new(1)
        .sees("front", "1-left", &holder)
        .swaps("front", &other, 0..3)
        .presents("01", &holder)
        .call();
    assert_eq!(all.seats[0].outcome, NOBODYS);
}
