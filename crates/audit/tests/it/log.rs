//! Appending, opening again, handing over, and what is refused.

use crate::sample::*;
use rowcall_audit::entry::*;
use rowcall_audit::merkle::{
    check_consistency, check_inclusion, prove_consistency, prove_inclusion,
};
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{Entry, Event, Hash, Log, LogFolder, Receipt, SharedLog, cosign, receipt_note};
use std::path::Path;

fn check(folder: &Path, options: &Options) -> Result<rowcall_audit::verify::Report, String> {
    verify(folder, options, &mut |_, _| ()).map_err(|finding| finding.to_string())
}

#[test]
fn logs_of_every_awkward_size_verify_however_they_were_appended() {
    let mut wrong = Vec::new();
    for (count, step) in [
        (1, 1),
        (2, 1),
        (255, 100),
        (256, 7),
        (257, 255),
        (258, 1000),
        (512, 256),
        (513, 3),
        (1000, 1000),
        (3000, 41),
    ] {
        let temporary = tempfile::tempdir().unwrap();
        let path = sample(temporary.path(), count, step);
        let options = Options {
            key: Some(key(1).verifier().clone()),
            ..Options::default()
        };
        match check(&path, &options) {
            Ok(report) if report.checkpoint.size == count && report.key_was_given => {}
            other => wrong.push(format!("{count} by {step}: {other:?}")),
        }
        let (log, recovery) = Log::open(&path, vec![key(1)]).unwrap();
        if log.size() != count || recovery.removed != 0 {
            wrong.push(format!("{count} by {step} opens as {log:?}, {recovery:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_log_that_is_opened_anew_between_appends_is_the_same_log() {
    let temporary = tempfile::tempdir().unwrap();
    let whole = sample(temporary.path(), 700, 700);
    let path = temporary.path().join("parts");
    let mut log = Log::create(&path, key(1), minute(0)).unwrap();
    let mut story = Story::new(1);
    let entries: Vec<Entry> = (1..700).map(|_| story.next(&key(1))).collect();
    for part in entries.chunks(67) {
        log.append(part).unwrap();
        drop(log);
        (log, _) = Log::open(&path, vec![key(1)]).unwrap();
    }
    let at = |path| LogFolder::open(path).unwrap().checkpoint().clone();
    assert_eq!(at(&path), at(&whole));
    check(&path, &Options::default()).unwrap();
}

#[test]
fn proofs_from_stored_tiles_hold() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 3000, 500);
    let log = LogFolder::open(&path).unwrap();
    let (size, root) = (log.checkpoint().size, log.checkpoint().root);
    let mut wrong = Vec::new();
    for index in (0..size).step_by(97).chain([0, 255, 256, 2815, 2816, 2999]) {
        let leaf = Hash::leaf(&log.entry_bytes(index).unwrap());
        let path = prove_inclusion(&log, index, size).unwrap();
        if !check_inclusion(&path, index, leaf, size, root) {
            wrong.push(("inclusion", index));
        }
        let old_root = rowcall_audit::merkle::tree_root(&log, index).unwrap();
        let path = prove_consistency(&log, index, size).unwrap();
        if !check_consistency(&path, index, old_root, size, root) {
            wrong.push(("consistency", index));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(prove_inclusion(&log, 3000, size).is_err());
    assert!(log.entry(3000).is_err());
}

#[test]
fn one_writer_at_a_time_and_no_log_over_another() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let log = Log::create(&path, key(1), minute(0)).unwrap();
    let error = Log::open(&path, vec![key(1)]).unwrap_err();
    assert!(error.to_string().contains("another process"), "{error}");
    drop(log);
    assert!(Log::open(&path, vec![key(2)]).is_err());
    let error = Log::create(&path, key(1), minute(0)).unwrap_err();
    assert!(
        error.to_string().contains("holds checkpoint already"),
        "{error}"
    );
    assert!(Log::create(&temporary.path().join("w"), witness(3), minute(0)).is_err());
}

#[test]
fn a_log_outlives_its_key() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 300, 300);
    let remembered = LogFolder::open(&path).unwrap().note().clone();
    let (mut log, _) = Log::open(&path, vec![key(1)]).unwrap();
    assert!(log.rotate_key(minute(200), key(1)).is_err(), "the same key");
    assert_eq!(log.rotate_key(minute(200), key(2)).unwrap(), 300);
    log.rotate_key(minute(201), key(3)).unwrap();
    drop(log);
    assert!(Log::open(&path, vec![key(1)]).is_err());
    // Two keys at hand, as after a crash in the middle: the right one is found.
    let (log, _) = Log::open(&path, vec![key(2), key(3)]).unwrap();
    drop(log);
    for seed in [1, 2, 3] {
        let options = Options {
            key: Some(key(seed).verifier().clone()),
            remembered: Some(remembered.clone()),
            ..Options::default()
        };
        let report = check(&path, &options).unwrap();
        assert_eq!(report.keys.len(), 3);
        assert_eq!(report.remembered, Some(300));
    }
    let stranger = Options {
        key: Some(key(4).verifier().clone()),
        ..Options::default()
    };
    let error = check(&path, &stranger).unwrap_err();
    assert!(error.contains("none of this log's"), "{error}");
    // Back to a retired key: the old holder could go on without being noticed.
    let (mut log, _) = Log::open(&path, vec![key(3)]).unwrap();
    log.rotate_key(minute(202), key(1)).unwrap();
    drop(log);
    let error = check(&path, &Options::default()).unwrap_err();
    assert!(
        error.starts_with("entry 302:") && error.contains("retired"),
        "{error}"
    );
}

#[test]
fn witnesses_are_asked_for_by_name() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 100, 100);
    let (mut log, _) = Log::open(&path, vec![key(1)]).unwrap();
    let options = || Options {
        witnesses: vec![witness(5).verifier().clone()],
        ..Options::default()
    };
    assert!(
        check(&path, &options())
            .unwrap_err()
            .contains("no cosignature")
    );
    let forged = cosign(log.note(), &witness(6), 1_790_000_000).unwrap();
    assert!(log.add_cosignature(witness(5).verifier(), forged).is_err());
    let cosignature = cosign(log.note(), &witness(5), 1_790_000_000).unwrap();
    log.add_cosignature(witness(5).verifier(), cosignature)
        .unwrap();
    let cosigned = log.note().clone();
    assert_eq!(
        check(&path, &options()).unwrap().witnesses[0].1,
        1_790_000_000
    );
    // The log goes on; the cosigned checkpoint is kept by whoever has it.
    let event = Event::ClockStepped { was: minute(34) };
    log.append(&[Entry {
        minute: minute(34),
        event,
    }])
    .unwrap();
    assert!(check(&path, &options()).is_err());
    let with_copy = Options {
        remembered: Some(cosigned),
        ..options()
    };
    assert_eq!(check(&path, &with_copy).unwrap().remembered, Some(100));
}

#[test]
fn a_receipt_stands_by_itself() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 200, 200);
    let log = LogFolder::open(&path).unwrap();
    let receipts: Vec<Entry> = (0..200)
        .map(|index| log.entry(index).unwrap())
        .filter(|entry| matches!(entry.event, Event::Destroyed { .. }))
        .collect();
    assert!(receipts.len() > 10);
    let key = key(1).verifier().clone();
    for entry in &receipts {
        receipt_note(&key, entry).unwrap().verify(&key).unwrap();
        let later = Entry {
            minute: minute(100_000),
            ..entry.clone()
        };
        assert!(receipt_note(&key, &later).unwrap().verify(&key).is_err());
    }
}

#[test]
fn threads_share_syncs_and_lose_nothing() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let shared = SharedLog::new(Log::create(&path, key(1), minute(0)).unwrap());
    shared
        .append(Entry {
            minute: minute(0),
            event: Event::Started {},
        })
        .unwrap();
    let was = Event::ClockStepped { was: minute(0) };
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (shared, was) = (&shared, &was);
                scope.spawn(move || {
                    let entry = Entry {
                        minute: minute(0),
                        event: was.clone(),
                    };
                    (0..20)
                        .map(|_| shared.append(entry.clone()).unwrap())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|t| t.join().unwrap())
            .collect()
    });
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (2..162).collect::<Vec<_>>());
    assert_eq!(shared.into_inner().size(), 162);
    assert_eq!(
        check(&path, &Options::default()).unwrap().state.counts()["clock-stepped"],
        160
    );
}

#[test]
fn the_rules_name_the_entry_that_breaks_them() {
    let officer = OfficerPseudonym::new(&[9; 32], minute(0), "officer");
    let other = OfficerPseudonym::new(&[9; 32], minute(0), "other");
    let limit = |n| Minutes::new(n).unwrap();
    let commitment = Commitment::new(&[7; 32], b"reference");
    let configured = |approval| Event::Configured {
        digest: Digest::of(b""),
        transaction_limit: limit(30),
        hold_limit: limit(60),
        holds_per_day: Count::new(1).unwrap(),
        approval,
    };
    let opened = |n| Event::Opened {
        commitment,
        limit: limit(n),
    };
    let seat = |transaction| Event::Seat {
        transaction,
        row: Row::new(1).unwrap(),
        side: Side::Left,
        outcome: SeatOutcome::Confirmed,
        stage: Stage::Match,
    };
    let hold = |second, length| Event::HoldMade {
        transaction: 3,
        officer,
        second,
        reason: HoldReason::LegalOrder,
        length: limit(length),
        ciphertext: Digest::of(b""),
    };
    let receipt = |at, cause, holds, signer| {
        Receipt {
            minute: minute(at),
            transaction: 3,
            opened: minute(0),
            cause,
            documents: Count::new(0).unwrap(),
            images: Count::new(0).unwrap(),
            templates: Count::new(0).unwrap(),
            holds: Count::new(holds).unwrap(),
            commitment,
        }
        .sign(&key(signer))
    };
    let closed = |at| receipt(at, DestructionCause::Closed, 0, 1);
    let at = |n, event| Entry {
        minute: minute(n),
        event,
    };
    let begun = |approval| {
        vec![
            at(0, Event::Started {}),
            at(0, configured(approval)),
            at(0, opened(30)),
        ]
    };
    let stop = || Event::Stopped {
        cause: StopCause::Operator,
    };
    let expired = |hold| Event::HoldExpired {
        hold,
        cause: HoldExpiryCause::Time,
    };
    let step = |was| Event::ClockStepped { was: minute(was) };
    let none = SecondOfficer::None;
    let second = SecondOfficer::Pseudonym;
    // Entries 1, 2 and 3 are as `begun`; the tail follows. Then what is said.
    let cases: Vec<(&str, Vec<Entry>, &str)> = vec![
        ("in time", vec![closed(32)], ""),
        ("closed, then stopped", vec![closed(1), at(1, stop())], ""),
        (
            "too late",
            vec![closed(33)],
            "entry 4: transaction 3 was not destroyed in time",
        ),
        (
            "overdue at another",
            vec![at(33, seat(3))],
            "entry 4: transaction 3 was not destroyed",
        ),
        (
            "after its end",
            vec![closed(1), at(1, seat(3))],
            "entry 5: entry 3 opened no transaction",
        ),
        (
            "twice ended",
            vec![closed(1), closed(1)],
            "entry 5: entry 3 opened no transaction",
        ),
        (
            "never opened",
            vec![at(0, seat(2))],
            "entry 4: entry 2 opened no transaction",
        ),
        (
            "stopped while open",
            vec![at(1, stop())],
            "entry 4: the lane stopped with transaction 3",
        ),
        (
            "after the stop",
            vec![closed(1), at(1, stop()), at(1, opened(3))],
            "entry 6: a \"opened\" entry while",
        ),
        (
            "time goes back",
            vec![closed(1), at(0, opened(3))],
            "entry 5: its time is before",
        ),
        (
            "the clock is set back",
            vec![at(5, seat(3)), at(0, step(5)), closed(27)],
            "",
        ),
        (
            "set back, too late",
            vec![at(5, seat(3)), at(0, step(5)), closed(28)],
            "entry 6: transaction 3 was not",
        ),
        ("set forward", vec![at(500, step(5)), closed(527)], ""),
        (
            "set forward, too late",
            vec![at(500, step(5)), closed(528)],
            "entry 5: transaction 3 was not",
        ),
        (
            "crash, next day",
            vec![
                at(1440, Event::Started {}),
                receipt(1441, DestructionCause::ProcessEnded, 0, 1),
            ],
            "",
        ),
        (
            "crash, dawdling",
            vec![
                at(1440, Event::Started {}),
                receipt(1443, DestructionCause::ProcessEnded, 0, 1),
            ],
            "entry 5: transaction 3 was not",
        ),
        (
            "crash, closed as if not",
            vec![at(9, Event::Started {}), closed(9)],
            "entry 5: transaction 3 ended by \"closed\"",
        ),
        (
            "no crash",
            vec![receipt(1, DestructionCause::ProcessEnded, 0, 1)],
            "entry 4: transaction 3 ended by \"process-ended\"",
        ),
        (
            "another key",
            vec![receipt(1, DestructionCause::Closed, 0, 2)],
            "entry 4: the receipt is not signed",
        ),
        (
            "holds miscounted",
            vec![receipt(1, DestructionCause::Closed, 1, 1)],
            "entry 4: the receipt does not agree",
        ),
        (
            "limit too long",
            vec![at(0, opened(31))],
            "entry 4: its limit is above",
        ),
        (
            "not configured",
            vec![
                closed(0),
                at(0, stop()),
                at(0, Event::Started {}),
                at(0, opened(1)),
            ],
            "entry 7: the lane has not stated",
        ),
        (
            "two creations",
            vec![at(
                0,
                Event::Created {
                    key: PublicKey::new([0; 32]),
                },
            )],
            "entry 4: a log begins",
        ),
        (
            "held and expired",
            vec![
                at(0, hold(none, 60)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(62, expired(4)),
            ],
            "",
        ),
        (
            "held too long",
            vec![
                at(0, hold(none, 60)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(63, expired(4)),
            ],
            "entry 6: hold 4 did not end in time",
        ),
        (
            "held across a stop",
            vec![
                at(0, hold(none, 9)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(1, stop()),
                at(99, Event::Started {}),
                at(100, expired(4)),
            ],
            "",
        ),
        (
            "hold for ever",
            vec![at(0, hold(none, 61))],
            "entry 4: the hold is longer",
        ),
        (
            "two holds a day",
            vec![at(0, hold(none, 1)), at(0, hold(none, 1))],
            "entry 5: more holds in a day",
        ),
        (
            "no such hold",
            vec![at(0, expired(3))],
            "entry 4: entry 3 made no hold",
        ),
        (
            "ended twice",
            vec![at(0, hold(none, 1)), at(0, expired(4)), at(0, expired(4))],
            "entry 6: entry 4 made no hold",
        ),
        (
            "needless second",
            vec![
                at(0, hold(second(other), 1)),
                receipt(0, DestructionCause::Closed, 1, 1),
            ],
            "",
        ),
        (
            "one officer twice",
            vec![at(0, hold(second(officer), 1))],
            "entry 4: both officers",
        ),
    ];
    let mut wrong = Vec::new();
    let mut run = |name: &str, approval, tail: Vec<Entry>, expected: &str| {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("log");
        let mut log = Log::create(&path, key(1), minute(0)).unwrap();
        log.append(&begun(approval)).unwrap();
        log.append(&tail).unwrap();
        let said = check(&path, &Options::default()).err().unwrap_or_default();
        if !said.starts_with(expected) || said.is_empty() != expected.is_empty() {
            wrong.push(format!("{name}: {said:?}"));
        }
    };
    for (name, tail, expected) in cases {
        run(name, Approval::OneOfficer, tail, expected);
    }
    let alone = vec![at(0, hold(none, 1))];
    run(
        "one of two",
        Approval::TwoOfficers,
        alone,
        "entry 4: the hold lacks its second",
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn overdue_when_it_is_looked_at() {
    let temporary = tempfile::tempdir().unwrap();
    let path = sample(temporary.path(), 6, 6);
    let at = |n| Options {
        as_of: Some(minute(n)),
        ..Options::default()
    };
    assert!(check(&path, &at(31)).is_ok());
    let error = check(&path, &at(34)).unwrap_err();
    assert!(
        error.contains("transaction 3 was not destroyed in time"),
        "{error}"
    );
}
