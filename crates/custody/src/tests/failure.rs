//! A machine that fails: what is destroyed all the same, and what follows when
//! it works again.

use super::made;
use super::world::*;
use crate::{Custody, ErrorKind, HoldId, OpenTransaction};
use rowcall_words::log::Approval;
use std::sync::mpsc::channel;

pub(super) fn open_with_pair(custody: &Custody) -> OpenTransaction {
    let (mut open, _) = custody.open(b"x", minutes(3), made::lane()).unwrap();
    open.add_document(presented_as(3, 3), Some(image(3)))
        .unwrap();
    open.add_frame(occupant(1, 4)).unwrap();
    open
}

#[test]
fn receipts_follow_when_the_log_can_be_written_again() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (closed, dropped, mut late) = (
        open_with_pair(&custody),
        open_with_pair(&custody),
        open_with_pair(&custody),
    );
    world.break_log();
    // The step of the clock must not be lost with the entry that it precedes.
    world.clock.jump(-5_000);
    assert!(late.record(&[document_fact()]).is_err());
    assert_eq!(closed.close().unwrap_err().kind(), ErrorKind::Device);
    drop(dropped);
    assert!(custody.open(b"y", minutes(3), made::lane()).is_err());
    world.clock.advance(200);
    assert!(custody.tick().is_err());
    let error = late.read(|held| held.images()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ended);
    world.mend_log();
    custody.tick().unwrap();
    assert_eq!(
        world.entries("destroyed", "cause"),
        ["closed", "abandoned", "time-limit"]
    );
    assert_eq!(world.entries("destroyed", "images"), ["2", "2", "2"]);
    assert_eq!(world.entries("clock-stepped", "was").len(), 1);
    open_with_pair(&custody).close().unwrap();
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn every_hold_loses_its_key_in_time_though_the_log_cannot_be_written() {
    let world = World::new();
    let custody = world.start().unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let noise = world.hold_keys();
    let holds: Vec<HoldId> = (0..3)
        .map(|_| open.hold(&hold_request(), &officer).unwrap())
        .collect();
    open.close().unwrap();
    let with_keys = world.hold_keys();
    world.clock.advance(299);
    world.break_log();
    world.clock.advance(1);
    assert!(custody.tick().is_err());
    let now = world.hold_keys();
    for slot in 0..3 {
        let key = &with_keys[72 * slot..72 * (slot + 1)];
        assert!(!noise.windows(72).any(|window| window == key));
        assert!(!now.windows(72).any(|window| window == key), "{slot}");
    }
    world.mend_log();
    custody.tick().unwrap();
    assert_eq!(custody.holds().unwrap(), []);
    let expired = world.entries("hold-expired", "hold");
    let made: Vec<String> = holds.iter().map(|hold| hold.0.to_string()).collect();
    assert_eq!(expired, made);
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn a_hold_that_cannot_be_stored_counts_and_ends() {
    let world = World::with(Approval::OneOfficer, 3);
    let custody = world.start().unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    world.break_store("INSERT ON holds");
    for _ in 0..3 {
        let error = open.hold(&hold_request(), &officer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Device);
    }
    world.mend_store();
    let error = open.hold(&hold_request(), &officer).unwrap_err();
    assert!(error.to_string().contains("3 holds were made"), "{error}");
    open.close().unwrap();
    assert_eq!(world.entries("hold-expired", "cause"), ["not-stored"; 3]);
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn a_hold_whose_row_cannot_be_deleted_ends_once() {
    let world = World::new();
    let custody = world.start().unwrap();
    let mut open = open_with_pair(&custody);
    let officer = world.officer("officer");
    let (released, expired) = (
        open.hold(&hold_request(), &officer).unwrap(),
        open.hold(&hold_request(), &officer).unwrap(),
    );
    open.close().unwrap();
    world.break_store("DELETE ON holds");
    assert!(custody.release_hold(released, &officer).is_err());
    assert!(custody.release_hold(released, &officer).is_err());
    let error = custody.view_hold(released, &officer).err().unwrap();
    assert!([ErrorKind::Ended, ErrorKind::Device].contains(&error.kind()));
    assert_eq!(custody.holds().unwrap(), [expired]);
    world.clock.advance(300);
    assert!(custody.tick().is_err());
    assert!(custody.tick().is_err());
    assert_eq!(custody.holds().unwrap(), []);
    world.mend_store();
    custody.tick().unwrap();
    assert_eq!(world.entries("hold-released", "hold").len(), 1);
    assert_eq!(world.entries("hold-expired", "hold").len(), 1);
    custody.shutdown().unwrap();
    world.verify();
}

/// A detector that hangs keeps its own transaction and no other.
#[test]
fn a_transaction_in_use_keeps_nothing_else_from_ending() {
    let world = World::new();
    let custody = world.start().unwrap();
    let (mut busy, mut idle) = (open_with_pair(&custody), open_with_pair(&custody));
    let officer = world.officer("officer");
    let hold = idle.hold(&hold_request(), &officer).unwrap();
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
        world.clock.advance(301);
        custody.tick().unwrap();
        let ended = idle.read(|held| held.images()).unwrap_err();
        assert_eq!(ended.kind(), ErrorKind::Ended);
        assert!(custody.view_hold(hold, &world.officer("officer")).is_err());
        assert_eq!(world.entries("destroyed", "cause"), ["time-limit"]);
        go_on.send(()).unwrap();
        assert_eq!(looking.join().unwrap().unwrap(), 2);
    });
    // It ended as its use did, without another tick.
    assert_eq!(world.entries("destroyed", "cause"), ["time-limit"; 2]);
    assert!(busy.read(|held| held.images()).is_err());
    custody.shutdown().unwrap();
}

/// The key file is its owner's alone, also where somebody had made it readable.
#[test]
fn the_key_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let mode = || {
        let file = std::fs::metadata(world.places().hold_keys).unwrap();
        file.permissions().mode() & 0o777
    };
    world.start().unwrap().shutdown().unwrap();
    assert_eq!(mode(), 0o600);
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(world.places().hold_keys, open).unwrap();
    world.start().unwrap().shutdown().unwrap();
    assert_eq!(mode(), 0o600);
}
