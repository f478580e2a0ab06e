//! Appending, opening again, handing over, and what is refused.

use crate::sample::*;
use rowcall_audit::merkle::{
    check_consistency, check_inclusion, prove_consistency, prove_inclusion,
};
use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{Entry, Event, Hash, Log, LogFolder, cosign, receipt_note};
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
        let (log, recovery) = Log::open(&path, vec![key(1)], None).unwrap();
        if log.size() != count || recovery.aside != 0 {
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
        (log, _) = Log::open(&path, vec![key(1)], None).unwrap();
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
    let error = Log::open(&path, vec![key(1)], None).unwrap_err();
    assert!(error.to_string().contains("another process"), "{error}");
    drop(log);
    assert!(Log::open(&path, vec![key(2)], None).is_err());
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
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
    assert!(log.rotate_key(minute(101), key(1)).is_err(), "the same key");
    assert_eq!(log.rotate_key(minute(101), key(2)).unwrap(), 300);
    log.rotate_key(minute(102), key(3)).unwrap();
    drop(log);
    assert!(Log::open(&path, vec![key(1)], None).is_err());
    // Two keys at hand, as after a crash in the middle: the right one is found.
    let (log, _) = Log::open(&path, vec![key(2), key(3)], None).unwrap();
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
    let (mut log, _) = Log::open(&path, vec![key(3)], None).unwrap();
    log.rotate_key(minute(103), key(1)).unwrap();
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
    let (mut log, _) = Log::open(&path, vec![key(1)], None).unwrap();
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
        check(&path, &options()).unwrap().witnesses[0].time,
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
    let report = check(&path, &with_copy).unwrap();
    // It says which of the two was cosigned.
    assert_eq!(
        (report.remembered, report.witnesses[0].size),
        (Some(100), 100)
    );
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
