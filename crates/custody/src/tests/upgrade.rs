//! Databases of other versions, other programs, and damaged ones.

use super::world::*;
use crate::hold::seal::{new_key, seal, wrap};
use crate::hold::{NONCE, StoredHold};
use crate::store::VERSION_1;
use crate::{ErrorKind, HoldId, LockedKey};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rowcall_audit::entry::*;
use rowcall_audit::{Entry, Event, Log};
use rowcall_words::log::{Approval, HoldReason};
use std::os::unix::fs::FileExt as _;

/// What a lane left behind whose database was of version 1: a hold of five
/// minutes, made at second 0 of its time line.
fn lane_of_version_1(world: &World, site: u8) -> HoldId {
    let places = world.places();
    let minute = Minute::from_unix_seconds(1_790_000_000);
    let mut random = ChaCha20Rng::seed_from_u64(77);
    let (key, nonce) = (new_key(&mut random), [5; NONCE]);
    let context = "rowcall/hold/v1 transaction=3 reason=suspected-impostor minutes=5";
    let ciphertext = seal(&image(4), &image(3), &key, &nonce, context.as_bytes()).unwrap();
    let mut log = Log::create(&places.log, world.signer(), minute).unwrap();
    let commitment = Commitment::new(&[7; 32], b"reference");
    let events = [
        Event::Started {},
        Event::Configured {
            digest: Digest::of(b""),
            transaction_limit: minutes(3),
            hold_limit: minutes(10),
            order_limit: minutes(10),
            holds_per_day: Count::new(8).unwrap(),
            approval: Approval::OneOfficer,
        },
        Event::Opened {
            commitment,
            limit: minutes(3),
        },
        Event::HoldMade {
            transaction: 3,
            officer: OfficerPseudonym::new(&[3; 32], minute, "b. quist"),
            second: SecondOfficer::None,
            reason: HoldReason::SuspectedImpostor,
            length: minutes(5),
            ciphertext: Digest::of(&ciphertext),
        },
    ];
    let entries = events.map(|event| Entry { minute, event });
    log.append(&entries).unwrap();
    let hold = 4_u32;
    let store = rusqlite::Connection::open(&places.store).unwrap();
    store.execute_batch(VERSION_1).unwrap();
    let row = "INSERT INTO holds VALUES (?, 1, ?, 300, ?, ?)";
    let values = rusqlite::params![hold, context, nonce, ciphertext];
    store.execute(row, values).unwrap();
    let rows = format!(
        "INSERT INTO holds_made VALUES ({hold}, 0);
         INSERT INTO outcomes VALUES (1, 130, '2026-09-21T14:13Z', 'closed', 2, 1, 1);
         INSERT INTO timeline VALUES (1, 0, 1790000000, x'{}', 1000);
         INSERT INTO log_seen VALUES (1, 5, x'{}');",
        "07".repeat(16),
        log.checkpoint()
            .root
            .0
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    );
    store.execute_batch(&rows).unwrap();
    let site = LockedKey::new([site; 32]);
    let bound = StoredHold::key_context_of_version_1(hold.into(), 1);
    let wrapped = wrap(&key, &site, bound.as_bytes(), &mut random).unwrap();
    let keys = std::fs::File::create(places.hold_keys).unwrap();
    keys.write_all_at(&[0; 6 * 72], 0).unwrap();
    keys.write_all_at(&wrapped, 72).unwrap();
    HoldId(hold.into())
}

#[test]
fn a_store_of_version_1_comes_up_with_its_holds() {
    let world = World::new();
    let hold = lane_of_version_1(&world, 2);
    world.clock.advance(60);
    let custody = world.start().unwrap();
    let officer = world.officer("d. holm");
    let pair = custody.view_hold(hold, &officer).unwrap();
    assert_eq!(pair.occupant().rgb(), image(4).rgb());
    assert_eq!(world.entries("destroyed", "cause"), ["process-ended"]);
    custody.shutdown().unwrap();
    let tables = world.numbers();
    let of = |name: &str| {
        tables
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, number)| *number)
    };
    assert_eq!(of("outcomes.ended"), Some(2), "minutes");
    // Again, as one of the present version; and it ends when it was to end.
    let custody = world.start().unwrap();
    assert_eq!(custody.holds().unwrap(), [hold]);
    world.clock.advance(240);
    custody.tick().unwrap();
    assert_eq!(custody.holds().unwrap(), []);
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn a_store_of_version_1_is_not_brought_up_with_another_key() {
    let world = World::new();
    let hold = lane_of_version_1(&world, 8);
    let error = world.start().err().unwrap();
    assert!(error.to_string().contains("site key"), "{error}");
    *world.site.lock().unwrap() = (8, None);
    let custody = world.start().unwrap();
    assert_eq!(custody.holds().unwrap(), [hold]);
    custody.shutdown().unwrap();
    world.verify();
}

#[test]
fn other_databases_are_refused_and_left_alone() {
    let cases = [
        ("PRAGMA user_version = 3", "version 3"),
        ("PRAGMA application_id = 7", "another program"),
        ("CREATE TABLE more (x)", "more"),
        (
            "CREATE TRIGGER t AFTER INSERT ON outcomes BEGIN SELECT 1; END",
            "t in it",
        ),
        ("DROP TABLE snapshot", "snapshot"),
        ("ALTER TABLE outcomes ADD COLUMN name TEXT", "outcomes"),
    ];
    let mut wrong = Vec::new();
    for (statement, said) in cases {
        let world = World::new();
        world.start().unwrap().shutdown().unwrap();
        world.store(statement);
        let lines = world.lines();
        match world.start() {
            Err(error) if error.to_string().contains(said) && error.kind() == ErrorKind::Device => {
            }
            other => wrong.push(format!("{statement}: {:?}", other.err())),
        }
        assert_eq!(world.lines(), lines);
    }
    let world = World::new();
    std::fs::write(
        world.places().store,
        b"this is no database at all, and long enough",
    )
    .unwrap();
    if world.start().is_ok() {
        wrong.push("no database".to_owned());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
