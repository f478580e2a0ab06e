//! Custody from the inside: the state machine, and what a test must simulate.

mod attack;
mod failure;
mod in_use;
mod key_folder;
mod machine;
#[path = "../tests/made.rs"]
mod made;
mod retention;
mod upgrade;
mod world;

use crate::{ErrorKind, Fact, HoldRequest, Kept, OpenTransaction, document_subject, seat_subject};
use rowcall_audit::entry::*;
use rowcall_audit::{Event, LogFolder};
use rowcall_words::log::{AdjudicationReason, Approval, HoldReason};
use world::*;

#[test]
fn a_transaction_from_opening_to_receipt() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, opening) = custody
        .open(b"caller-4711", minutes(3), made::lane())
        .unwrap();
    open.add_frame(made::nobody(image(1))).unwrap();
    open.add_document(presented_as(2, 3), Some(image(2)))
        .unwrap();
    open.add_frame(occupant(1, 4)).unwrap();
    let seen = open.read(|held| (held.frames().len(), held.documents().len()));
    assert_eq!(seen.unwrap(), (2, 1));
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
        let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
        open.add_frame(made::nobody(image(1))).unwrap();
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
    assert!(late.add_frame(made::nobody(image(1))).is_err());
    let (again, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
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
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.add_frame(made::nobody(image(1))).unwrap();
    open.add_frame(occupant(1, 2)).unwrap();
    open.add_frame(occupant(2, 2)).unwrap();
    open.add_document(presented(3), Some(image(3))).unwrap();
    open.opt_out(seat_subject(seat(1)).unwrap()).unwrap();
    let counts = |open: &mut OpenTransaction| {
        let faces = |h: &crate::Biometrics| h.frames().iter().map(|f| f.faces.len()).sum::<usize>();
        open.read(|h| (faces(h), h.portrait(0).is_some())).unwrap()
    };
    assert_eq!(counts(&mut open), (1, true), "the other seat's stays");
    // A picture that was taken before and comes later.
    assert_eq!(open.add_frame(occupant(1, 2)).unwrap(), Kept::Kept);
    assert_eq!(counts(&mut open), (1, true));
    open.add_frame(occupant(2, 2)).unwrap();
    assert_eq!(counts(&mut open), (2, true));
    open.opt_out(document_subject(0)).unwrap();
    assert_eq!(counts(&mut open), (2, false));
    // What could not be masked, or isn't there, is refused: the wish would be lost.
    assert!(open.opt_out(seat_subject(seat(3)).unwrap()).is_err());
    assert!(open.opt_out(document_subject(1)).is_err());
    open.opt_out(Subject::Vehicle).unwrap();
    assert_eq!(counts(&mut open), (0, false));
    assert_eq!(open.add_frame(occupant(2, 1)).unwrap(), Kept::OptedOut);
    assert_eq!(counts(&mut open), (0, false));
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn a_frame_in_which_nothing_is_new_is_counted_and_not_kept() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    let sketch = |picture| rowcall_face::Sketch::of(&image(picture));
    assert!(
        !open.count_unchanged("front", sketch(1)).unwrap(),
        "nothing is kept yet"
    );
    open.add_frame(occupant(1, 2)).unwrap();
    let kept = |open: &mut OpenTransaction| {
        let counts = |h: &crate::Biometrics| {
            let frames = h.frames().iter().map(|f| (f.faces.len(), f.count()));
            frames.collect::<Vec<_>>()
        };
        open.read(counts).unwrap()
    };
    assert!(
        !open.count_unchanged("front", sketch(2)).unwrap(),
        "once more"
    );
    assert!(
        !open.count_unchanged("side", sketch(3)).unwrap(),
        "another camera"
    );
    assert!(open.count_unchanged("front", sketch(3)).unwrap());
    assert!(
        !open.count_unchanged("front", sketch(3)).unwrap(),
        "once more"
    );
    assert!(
        open.count_unchanged("front", sketch(2)).unwrap(),
        "back again"
    );
    assert_eq!(kept(&mut open), [(1, 3)]);
    let receipt = open.close().unwrap().receipt().to_string();
    custody.shutdown().unwrap();
    world.verify();
    // Each frame counts once, and a template for the one face that was kept.
    assert!(
        receipt.contains("images=3") && receipt.contains("templates=1"),
        "{receipt}"
    );
}

/// Of more frames than are kept every other one goes, and is counted.
#[test]
fn frames_that_make_room_stay_counted() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    // The first of the pairs go, which have nobody, then the last.
    for i in 0..=crate::MAX_FRAMES {
        let seen = match i % 2 == 0 {
            true => made::nobody(image(i as u8)),
            false => occupant(1, i as u8),
        };
        open.add_frame(seen).unwrap();
    }
    let (kept, faces, all) = open
        .read(|h| {
            let frames = h.frames().iter();
            (
                frames.len(),
                frames.clone().map(|f| f.faces.len()).sum::<usize>(),
                frames.map(rowcall_rollcall::Frame::count).sum::<usize>(),
            )
        })
        .unwrap();
    assert_eq!((kept, all), (257, 513));
    assert_eq!(faces, 256, "of each two that with a face stays");
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

/// Another's cut-out shows a part of the zone of who opted out: that is black.
#[test]
fn the_zone_of_who_opted_out_is_black_in_anothers_picture() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    let white = || rowcall_face::Image::from_rgb(100, 100, vec![255; 30_000]).unwrap();
    let other = || made::somebody(1, white(), made::template(1));
    open.add_frame(other()).unwrap();
    let black = |open: &mut OpenTransaction| {
        let count = |held: &crate::Biometrics| {
            let face = held.frames().last().unwrap().faces[0].face;
            let cut = held.cut(held.frames().len() - 1, face).unwrap();
            let pixels = cut.image().rgb().chunks(3);
            pixels.filter(|p| *p == [0; 3]).count()
        };
        open.read(count).unwrap()
    };
    assert_eq!(black(&mut open), 0);
    open.opt_out(seat_subject(seat(2)).unwrap()).unwrap();
    // The cut-out reaches from line 0 to 68, and is 55 wide; the zone begins at 50.
    let earlier = black(&mut open);
    assert!((900..1100).contains(&earlier), "{earlier}");
    open.add_frame(other()).unwrap();
    assert_eq!(black(&mut open), earlier);
}

#[test]
fn holds_are_limited_looked_at_and_end() {
    let world = World::with(Approval::TwoOfficers, 4);
    let custody = world.start().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.add_document(presented(3), Some(image(3))).unwrap();
    open.add_frame(occupant(1, 4)).unwrap();
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
    assert_eq!(pair.occupant().rgb(), made::shown(1, &image(4)));
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
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.add_document(presented(3), Some(image(3))).unwrap();
    open.add_frame(occupant(1, 4)).unwrap();
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
        let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
        open.add_document(presented(3), Some(image(3))).unwrap();
        open.add_frame(occupant(1, 4)).unwrap();
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
    custody
        .open(b"x", minutes(3), made::lane())
        .unwrap()
        .0
        .close()
        .unwrap();
    custody.shutdown().unwrap();
    std::fs::remove_dir_all(&log).unwrap();
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("is gone"), "{error}");
    std::fs::rename(&copy, &log).unwrap();
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("rolled back"), "{error}");
}

#[test]
fn a_party_that_never_came_ends_by_its_time_limit() {
    let world = World::new();
    let custody = world.start().unwrap();
    let open = || custody.open(b"", minutes(3), made::lane()).unwrap().0;
    let (waits, comes) = (open(), open());
    let receipt = waits.expire().unwrap().receipt().to_string();
    assert!(receipt.contains("cause=time-limit"), "{receipt}");
    comes.record(&[Fact::Arrived]).unwrap();
    comes.close().unwrap();
    custody.shutdown().unwrap();
    assert_eq!(world.entries("arrived", "transaction").len(), 1);
    world.verify();
}

#[test]
fn facts_go_to_the_log_without_names() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (open, _) = custody
        .open(b"MUSTERMANN", minutes(3), made::lane())
        .unwrap();
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
