//! A transaction that is in use at a bad moment, and what is asked meanwhile.

use super::failure::open_with_pair;
use super::made;
use super::world::*;
use crate::seat_subject;
use crate::{ErrorKind, Officer};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Shutting down waits for nobody: holds end, what is free ends, what is in use
/// ends as its use does, and then the log says that the lane stopped.
#[test]
fn shutting_down_waits_for_no_use() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut busy, mut idle) = (open_with_pair(&custody), open_with_pair(&custody));
    let officer = world.officer("officer");
    let hold = idle.hold(&hold_request(), &officer).unwrap();
    let with_key = world.hold_keys();
    let ((begun, wait_begun), (go_on, wait)) = (channel(), channel());
    std::thread::scope(|scope| {
        let busy = &mut busy;
        let looking = scope.spawn(move || {
            busy.read(|held| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                held.images()
            })
        });
        wait_begun.recv().unwrap();
        // Past the hold's time, and the transactions' own.
        world.clock.advance(301);
        let before = Instant::now();
        let error = custody.shutdown().unwrap_err();
        assert!(before.elapsed() < Duration::from_secs(5));
        assert_eq!(error.kind(), ErrorKind::InUse);
        assert_eq!(world.entries("hold-expired", "hold"), [hold.0.to_string()]);
        assert_ne!(world.hold_keys(), with_key);
        assert_eq!(world.entries("destroyed", "cause"), ["shutdown"]);
        assert_eq!(idle.read(|_| ()).unwrap_err().kind(), ErrorKind::Ended);
        assert_eq!(world.entries("stopped", "cause"), [""; 0]);
        go_on.send(()).unwrap();
        assert_eq!(looking.join().unwrap().unwrap(), 2);
    });
    assert_eq!(world.entries("destroyed", "cause"), ["shutdown"; 2]);
    assert_eq!(busy.read(|_| ()).unwrap_err().kind(), ErrorKind::Ended);
    assert_eq!(
        busy.record(&[document_fact()]).unwrap_err().kind(),
        ErrorKind::Ended
    );
    // The thread says it after it has answered.
    let until = Instant::now() + Duration::from_secs(10);
    while world.entries("stopped", "cause").is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(world.entries("stopped", "cause"), ["operator"]);
    world.verify();
}

/// Who wants to waits for the last use, and hears how the stop went.
#[test]
fn a_stop_that_waits_is_answered_as_the_last_use_ends() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut busy, mut idle) = (open_with_pair(&custody), open_with_pair(&custody));
    let (begun, wait_begun) = channel();
    std::thread::scope(|scope| {
        let (busy, idle) = (&mut busy, &mut idle);
        scope.spawn(move || {
            busy.read(|_| {
                begun.send(()).unwrap();
                // Until the stop has begun, and a little longer.
                let until = Instant::now() + Duration::from_secs(30);
                while idle.read(|_| ()).is_ok() && Instant::now() < until {
                    std::thread::sleep(Duration::from_millis(5));
                }
            })
        });
        wait_begun.recv().unwrap();
        custody.stop_within(Duration::from_secs(60)).unwrap();
        assert_eq!(world.entries("destroyed", "cause"), ["shutdown"; 2]);
        assert_eq!(world.entries("stopped", "cause"), ["operator"]);
    });
    world.verify();
}

#[test]
fn a_stop_waits_no_longer_than_it_is_to() {
    let world = World::new();
    let custody = world.start().unwrap();
    let mut busy = open_with_pair(&custody);
    let error = busy.read(|_| custody.stop_within(Duration::from_millis(50)).unwrap_err());
    assert_eq!(error.unwrap().kind(), ErrorKind::InUse);
    let until = Instant::now() + Duration::from_secs(10);
    while world.entries("stopped", "cause").is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(world.entries("stopped", "cause"), ["operator"]);
}

/// Everything that can be asked of custody, and of every other transaction, is
/// answered inside a use.
#[test]
fn nothing_that_is_asked_inside_a_use_waits_for_it() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut first, mut second) = (open_with_pair(&custody), open_with_pair(&custody));
    let officer = world.officer("officer");
    let hold = second.hold(&hold_request(), &officer).unwrap();
    let (done, wait) = channel();
    std::thread::scope(|scope| {
        let (custody, first, world) = (&custody, &mut first, &world);
        scope.spawn(move || {
            let officer: Officer = world.officer("officer");
            let inside = first.read(|_| {
                second.read(|held| held.images()).unwrap();
                second.record(&[document_fact()]).unwrap();
                custody.tick().unwrap();
                custody.view_hold(hold, &officer).unwrap();
                custody.release_hold(hold, &officer).unwrap();
                custody.rotate_key(signer(9)).unwrap();
                let (third, _) = custody.open(b"y", minutes(1), made::lane()).unwrap();
                third.close().unwrap();
                world.clock.advance(181);
                custody.tick().unwrap();
                second.close().unwrap()
            });
            let receipt = inside.unwrap().receipt().text().to_owned();
            assert!(receipt.contains("cause=time-limit"), "{receipt}");
            done.send(()).unwrap();
        });
        assert!(
            wait.recv_timeout(Duration::from_secs(30)).is_ok(),
            "something waits for itself"
        );
    });
    custody.shutdown().unwrap();
}

/// Many lanes in one custody: each gets its own answers, and they share syncs.
#[test]
fn lanes_share_syncs_and_mix_nothing_up() {
    let world = World::new();
    let custody = world.start().unwrap();
    std::thread::scope(|scope| {
        for lane in 0..4_u64 {
            let custody = &custody;
            scope.spawn(move || {
                for vehicle in 0..10 {
                    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
                    let number = open.number();
                    for _ in 0..lane {
                        open.record(&[document_fact()]).unwrap();
                    }
                    open.add_frame(made::nobody(image(vehicle))).unwrap();
                    let closed = open.close().unwrap();
                    let receipt = closed.receipt().text();
                    let expected = format!("transaction={number} ");
                    assert!(receipt.contains(&expected), "{receipt}");
                    let expected = format!("documents={lane} images=1 ");
                    assert!(receipt.contains(&expected), "{receipt}");
                }
            });
        }
    });
    custody.shutdown().unwrap();
    let report = world.verify();
    assert_eq!(report.state.counts()["destroyed"], 40);
    assert_eq!(report.state.counts()["document"], 60);
}

/// Officers are those whom this custody's log-in made.
#[test]
fn another_custodys_officer_is_none() {
    let (world, other) = (World::new(), World::new());
    let (custody, elsewhere) = (world.start().unwrap(), other.start().unwrap());
    let mut open = open_with_pair(&custody);
    let stranger = other.officer("b. quist");
    let error = open.hold(&hold_request(), &stranger).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Us);
    let quist = world.officer("b. quist");
    let hold = open.hold(&hold_request(), &quist).unwrap();
    assert!(custody.view_hold(hold, &stranger).is_err());
    assert!(custody.release_hold(hold, &stranger).is_err());
    assert_eq!(custody.holds().unwrap(), [hold]);
    drop(elsewhere);
}

/// A hold that is proposed is of the pair as it was, and goes with whoever opts
/// out, or with the transaction.
#[test]
fn what_is_proposed_goes_with_the_transaction_and_with_an_opt_out() {
    use rowcall_audit::entry::{Count, Subject};
    use rowcall_words::log::Approval;
    let world = World::with(Approval::TwoOfficers, 8);
    let custody = world.start().unwrap();
    let (quist, rask) = (world.officer("b. quist"), world.officer("c. rask"));
    let mut open = open_with_pair(&custody);
    let proposal = open.propose_hold(&hold_request(), &quist).unwrap();
    open.add_frame(occupant(1, 9)).unwrap();
    let hold = open.consent(proposal, &rask).unwrap();
    let pair = custody.view_hold(hold, &quist).unwrap();
    assert_eq!(pair.occupant().rgb(), made::shown(1, &image(4)));
    for subject in [
        seat_subject(seat(1)).unwrap(),
        Subject::Document(Count::new(0).unwrap()),
        Subject::Vehicle,
    ] {
        let mut open = open_with_pair(&custody);
        let proposal = open.propose_hold(&hold_request(), &quist).unwrap();
        open.opt_out(subject).unwrap();
        assert!(open.consent(proposal, &rask).is_err(), "{subject:?}");
        open.close().unwrap();
    }
    for _ in 0..4 {
        open.propose_hold(&hold_request(), &quist).unwrap();
    }
    assert!(open.propose_hold(&hold_request(), &quist).is_err());
    // Nothing is on disk before the second consents.
    let files = || std::fs::read_dir(world.places().holds).unwrap().count();
    assert_eq!(files(), 1);
    custody.release_hold(hold, &quist).unwrap();
    assert_eq!(files(), 0);
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

/// Which sort of vehicle it is may be said until something of it was seen, and takes no
/// opting out back.
#[test]
fn the_sort_of_vehicle_is_said_before_it_is_seen() {
    use rowcall_audit::entry::Subject;
    let world = World::new();
    let custody = world.start().unwrap();
    let seats = |open: &mut crate::OpenTransaction| {
        let call = |b: &crate::Biometrics| b.declaration().opted_out_seats.len();
        open.read(call).unwrap()
    };
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.set_lane(made::one_row()).unwrap();
    open.opt_out(Subject::Vehicle).unwrap();
    assert_eq!(seats(&mut open), 1);
    open.set_lane(made::lane()).unwrap();
    assert_eq!(seats(&mut open), 2, "all seats of the sort that came");
    open.close().unwrap();
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.opt_out(seat_subject(seat(2)).unwrap()).unwrap();
    let refused = open.set_lane(made::one_row()).unwrap_err().to_string();
    assert!(refused.contains("opted out"), "{refused}");
    open.add_frame(occupant(1, 9)).unwrap();
    let refused = open.set_lane(made::lane()).unwrap_err().to_string();
    assert!(refused.contains("before the first frame"), "{refused}");
    open.close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

/// Should custody's own thread fail, what is open is destroyed and that is said.
#[test]
fn a_failure_of_custody_itself_destroys_what_is_open() {
    let world = World::new();
    let (custody, mut open) = {
        let custody = world.start().unwrap();
        let open = open_with_pair(&custody);
        (custody, open)
    };
    world.clock.fail();
    assert_eq!(custody.tick().unwrap_err().kind(), ErrorKind::Us);
    world.clock.mend();
    // It may still be clearing away.
    let until = Instant::now() + Duration::from_secs(30);
    while open.read(|_| ()).is_ok() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(open.read(|_| ()).unwrap_err().kind(), ErrorKind::Ended);
    assert_eq!(custody.tick().unwrap_err().kind(), ErrorKind::Us);
    drop((open, custody));
    let custody = world.start().unwrap();
    assert_eq!(world.entries("destroyed", "cause"), ["process-ended"]);
    custody.shutdown().unwrap();
    world.verify();
}

/// A lane whose own timer has stopped keeps nothing from ending.
#[test]
fn what_is_over_ends_though_nobody_asks() {
    let world = World::new();
    let custody = world.start().unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let hold = open.hold(&hold_request(), &officer).unwrap();
    world.clock.advance(301);
    let until = Instant::now() + Duration::from_secs(30);
    while world.entries("destroyed", "cause").is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(world.entries("hold-expired", "hold"), [hold.0.to_string()]);
    assert_eq!(world.entries("destroyed", "cause"), ["time-limit"]);
    assert!(open.read(|_| ()).is_err());
    custody.shutdown().unwrap();
    world.verify();
}
