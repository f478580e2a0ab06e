//! Custody from the inside: the state machine, and what a test must simulate.

mod attack;
mod failure;
mod in_use;
mod key_folder;
mod machine;
mod retention;
mod upgrade;
mod world;

use crate::{ErrorKind, Fact, HoldRequest, Kept, OpenTransaction};
use rowcall_audit::entry::*;
use rowcall_audit::{Event, LogFolder};
use world::*;

#[test]
fn a_transaction_from_opening_to_receipt() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, opening) = custody.open(b"caller-4711", minutes(3)).unwrap();
    open.add_frame(image(1)).unwrap();
    open.set_document(0, image(2), Some(reference(3))).unwrap();
    open.set_occupant(seat(1), image(4), Some(probe(5)))
        .unwrap();
    let score = open.read(|held| {
        let (_, occupant) = held.occupants().next().unwrap();
        let (_, document) = held.documents().next().unwrap();
        occupant
            .probe
            .as_ref()
            .unwrap()
            .compare(document.reference.as_ref().unwrap())
    });
    assert!(score.unwrap().is_some());
    open.record(&[document_fact()]).unwrap();
    let number = open.number();
    let closed = open.close().unwrap();
    let receipt = closed.receipt().text().to_owned();
    closed.receipt().verify(world.signer().verifier()).unwrap();
    let expected = format!(
        "destroyed transaction={number} opened=2026-09-21T14:13Z cause=closed documents=1 \
         images=3 templates=2 holds=0"
    );
    assert!(receipt.contains(&expected), "{receipt}");
    // The caller can show which entry is theirs; with another reference nobody can.
    let log = LogFolder::open(&world.places().log).unwrap();
    let Event::Opened { commitment, .. } = log.entry(number).unwrap().event else {
        panic!("entry {number} is no opening");
    };
    assert_eq!(commitment, Commitment::new(&opening.key, b"caller-4711"));
    assert_ne!(commitment, Commitment::new(&opening.key, b"caller-4712"));
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn whatever_ends_a_transaction_leaves_a_receipt_and_nothing_to_read() {
    let world = World::new();
    let custody = world.start().unwrap();
    let open = || {
        let (mut open, _) = custody.open(b"x", minutes(3)).unwrap();
        open.add_frame(image(1)).unwrap();
        open
    };
    let (dropped, mut limited, mut panicked, mut late, shut) =
        (open(), open(), open(), open(), open());
    drop(dropped);
    let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        panicked.read(|_| panic!("in the detector"))
    }));
    assert!(thrown.is_err());
    let ended = |result: Result<usize, crate::Error>| {
        result.err().map(|e| e.kind()) == Some(ErrorKind::Ended)
    };
    assert!(ended(panicked.read(|held| held.frames().len())));
    world.clock.advance(100);
    assert_eq!(limited.read(|held| held.frames().len()).unwrap(), 1);
    world.clock.advance(80);
    // No tick came in time: reading alone finds the limit.
    assert!(ended(limited.read(|held| held.frames().len())));
    custody.tick().unwrap();
    assert!(ended(late.read(|held| held.frames().len())));
    assert!(late.add_frame(image(1)).is_err());
    let (again, _) = custody.open(b"x", minutes(3)).unwrap();
    custody.shutdown().unwrap();
    for mut open in [shut, again] {
        assert!(ended(open.read(|held| held.frames().len())));
    }
    let causes: Vec<String> = world.entries("destroyed", "cause");
    let mut sorted = causes.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "abandoned",
            "panic",
            "shutdown",
            "time-limit",
            "time-limit",
            "time-limit"
        ]
    );
    world.verify();
}

#[test]
fn who_opts_out_is_neither_kept_nor_taken_in() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3)).unwrap();
    open.add_frame(image(1)).unwrap();
    open.set_occupant(seat(1), image(2), None).unwrap();
    open.set_occupant(seat(2), image(2), None).unwrap();
    open.set_document(0, image(3), None).unwrap();
    open.opt_out(Subject::Seat(seat(1).0, seat(1).1)).unwrap();
    let counts = |open: &mut OpenTransaction| {
        open.read(|h| {
            (
                h.frames().len(),
                h.documents().count(),
                h.occupants().count(),
            )
        })
        .unwrap()
    };
    assert_eq!(counts(&mut open), (0, 1, 1), "the frames showed the seat");
    assert_eq!(
        open.set_occupant(seat(1), image(2), None).unwrap(),
        Kept::OptedOut
    );
    assert_eq!(
        open.set_occupant(seat(2), image(2), None).unwrap(),
        Kept::Kept
    );
    open.opt_out(Subject::Document(Count::new(0).unwrap()))
        .unwrap();
    assert_eq!(
        open.set_document(0, image(3), None).unwrap(),
        Kept::OptedOut
    );
    // No frame has that seat masked.
    assert_eq!(open.add_frame(image(1)).unwrap(), Kept::OptedOut);
    open.opt_out(Subject::Vehicle).unwrap();
    assert_eq!(counts(&mut open), (0, 0, 0));
    assert_eq!(open.add_frame(image(1)).unwrap(), Kept::OptedOut);
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn holds_are_limited_looked_at_and_end() {
    let world = World::with(Approval::TwoOfficers, 4);
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3)).unwrap();
    open.set_document(0, image(3), None).unwrap();
    open.set_occupant(seat(1), image(4), None).unwrap();
    let (quist, rask, holm) = (
        world.officer("b. quist"),
        world.officer("c. rask"),
        world.officer("d. holm"),
    );
    let ask = hold_request;
    let refused = [
        HoldRequest {
            length: minutes(11),
            ..ask()
        },
        HoldRequest {
            reason: HoldReason::LegalOrder,
            length: minutes(21),
            ..ask()
        },
        HoldRequest {
            seat: seat(2),
            ..ask()
        },
        HoldRequest {
            document: 1,
            ..ask()
        },
    ];
    let accepted = refused
        .iter()
        .filter(|request| open.propose_hold(request, &quist).is_ok());
    assert_eq!(accepted.count(), 0);
    // One officer cannot make it, nor consent to their own.
    assert!(open.hold(&ask(), &quist).is_err());
    let proposal = open.propose_hold(&ask(), &quist).unwrap();
    let again = world.officer("b. quist");
    for same in [&quist, &again] {
        let error = open.consent(proposal, same).unwrap_err();
        assert!(error.to_string().contains("another person"), "{error}");
    }
    let made = open.consent(proposal, &rask).unwrap();
    assert!(open.consent(proposal, &rask).is_err(), "consented to once");
    custody.release_hold(made, &quist).unwrap();
    let hold = |open: &mut OpenTransaction| {
        let proposal = open.propose_hold(&ask(), &quist)?;
        open.consent(proposal, &rask)
    };
    let keys_before = world.hold_keys();
    let (first, second) = (hold(&mut open).unwrap(), hold(&mut open).unwrap());
    open.close().unwrap();
    let keys_with = world.hold_keys();
    assert_ne!(keys_before, keys_with);
    let pair = custody.view_hold(first, &holm).unwrap();
    assert_eq!(pair.occupant().rgb(), image(4).rgb());
    assert_eq!(pair.portrait().rgb(), image(3).rgb());
    custody.release_hold(first, &quist).unwrap();
    assert!(custody.view_hold(first, &holm).is_err());
    // The wrapped key of the released hold is nowhere in the file any more, and
    // that of the other still is.
    let now = world.hold_keys();
    let kept = |slot: usize| {
        now.windows(72)
            .any(|w| w == &keys_with[72 * slot..72 * (slot + 1)])
    };
    assert_eq!((kept(0), kept(1)), (false, true));
    // Set back by a year, set forward by a year: true time counts.
    world.clock.jump(-365 * 86_400);
    custody.tick().unwrap();
    world.clock.advance(200);
    custody.tick().unwrap();
    assert!(custody.view_hold(second, &holm).is_ok());
    world.clock.jump(2 * 365 * 86_400);
    world.clock.advance(90);
    custody.tick().unwrap();
    assert!(custody.view_hold(second, &holm).is_ok());
    world.clock.advance(10);
    assert_eq!(
        custody.view_hold(second, &holm).err().map(|e| e.kind()),
        Some(ErrorKind::Ended)
    );
    assert_eq!(custody.holds().unwrap(), []);
    // Four a day.
    let (mut open, _) = custody.open(b"x", minutes(3)).unwrap();
    open.set_document(0, image(3), None).unwrap();
    open.set_occupant(seat(1), image(4), None).unwrap();
    hold(&mut open).unwrap();
    let error = hold(&mut open).unwrap_err();
    assert!(error.to_string().contains("4 holds were made"), "{error}");
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn a_hold_survives_a_restart_but_not_a_clock_set_back_across_a_boot() {
    for (down, jump, reboot, lives) in [
        (60, 0, false, true),
        (60, 0, true, true),
        (60, -100_000, false, true),
        (60, -100_000, true, false),
        (400, 0, false, false),
        (400, -100_000, false, false),
        (60, 100_000, false, true),
        (60, 100_000, true, false),
    ] {
        let world = World::new();
        let custody = world.start().unwrap();
        let (mut open, _) = custody.open(b"x", minutes(3)).unwrap();
        open.set_document(0, image(3), None).unwrap();
        open.set_occupant(seat(1), image(4), None).unwrap();
        let hold = open
            .hold(&hold_request(), &world.officer("b. quist"))
            .unwrap();
        custody.crash();
        drop(open);
        world.clock.advance(down);
        world.clock.jump(jump);
        if reboot {
            world.clock.reboot();
        }
        let custody = world.start().unwrap();
        let name = format!("down {down} s, clock set by {jump} s, reboot {reboot}");
        assert_eq!(
            custody.view_hold(hold, &world.officer("d. holm")).is_ok(),
            lives,
            "{name}"
        );
        custody.shutdown().unwrap();
        world.verify();
    }
}

#[test]
fn a_log_rolled_back_behind_what_the_store_saw_stops_the_lane() {
    let world = World::new();
    world.start().unwrap().shutdown().unwrap();
    let (log, copy) = (world.places().log, world.folder().join("copy"));
    copy_folder(&log, &copy);
    let custody = world.start().unwrap();
    custody.open(b"x", minutes(3)).unwrap().0.close().unwrap();
    custody.shutdown().unwrap();
    std::fs::remove_dir_all(&log).unwrap();
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("is gone"), "{error}");
    std::fs::rename(&copy, &log).unwrap();
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("rolled back"), "{error}");
}

#[test]
fn facts_go_to_the_log_without_names() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (open, _) = custody.open(b"MUSTERMANN", minutes(3)).unwrap();
    let adjudicated = Fact::Adjudicated {
        subject: Subject::Vehicle,
        officer: &world.officer("OFFICERNAME"),
        reason: AdjudicationReason::ConfirmedByEye,
    };
    open.record(&[document_fact(), adjudicated]).unwrap();
    open.close().unwrap();
    custody.shutdown().unwrap();
    let all = world.everything();
    for name in ["MUSTERMANN", "OFFICERNAME"] {
        assert!(
            !all.windows(name.len()).any(|w| w == name.as_bytes()),
            "{name}"
        );
    }
    assert_eq!(world.entries("adjudicated", "reason"), ["confirmed-by-eye"]);
    world.verify();
}
