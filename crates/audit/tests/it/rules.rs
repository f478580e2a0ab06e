//! Rules that a sequence of entries breaks, and where verifying says so.
//!
//! One long file, since it is one table: the same one that the verifier in the browser
//! is held against.

use crate::sample::*;
use rowcall_audit::entry::*;
use rowcall_audit::verify::{Options, Report, verify};
use rowcall_audit::{Entry, Event, Log, Receipt};
use rowcall_words::log::{
    Approval, DestructionCause, HoldExpiryCause, HoldReason, SetUpEndCause, StopCause,
};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;
use std::path::Path;

fn check(folder: &Path, options: &Options) -> Result<Report, String> {
    verify(folder, options, &mut |_, _| ()).map_err(|finding| finding.to_string())
}

/// A log from its second entry on, and how what is said of it begins: nothing,
/// where it holds.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) entries: Vec<Entry>,
    pub(crate) said: &'static str,
}

/// Logs that keep to the rules, and logs that break one.
pub(crate) fn cases() -> Vec<Case> {
    let officer = OfficerPseudonym::new(&[9; 32], minute(0), "officer");
    let other = OfficerPseudonym::new(&[9; 32], minute(0), "other");
    let limit = |n| Minutes::new(n).unwrap();
    let commitment = Commitment::new(&[7; 32], b"reference");
    let configured = |approval| Event::Configured {
        digest: Digest::of(b""),
        transaction_limit: limit(30),
        hold_limit: limit(60),
        order_limit: limit(90),
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
    let held_for = |reason, second, length| Event::HoldMade {
        transaction: 3,
        officer,
        second,
        reason,
        length: limit(length),
        ciphertext: Digest::of(b""),
    };
    let hold = |second, length| held_for(HoldReason::SuspectedImpostor, second, length);
    let order = |reason, length| held_for(reason, SecondOfficer::None, length);
    let viewed = |hold| Event::HoldViewed { hold, officer };
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
    let set_up = |n| Event::SetUpBegan {
        officer,
        limit: limit(n),
    };
    let looked = |set_up| Event::SetUpEnded {
        set_up,
        cause: SetUpEndCause::Closed,
    };
    let written = |set_up| Event::LaneFileWritten {
        set_up,
        digest: Digest::of(b"zones"),
    };
    let step = |was| Event::ClockStepped { was: minute(was) };
    let none = SecondOfficer::None;
    let second = SecondOfficer::Pseudonym;
    // A hold in another transaction, so many minutes after the first.
    let held_again = |n| {
        let again = Event::HoldMade {
            transaction: 7,
            officer,
            second: SecondOfficer::None,
            reason: HoldReason::SuspectedImpostor,
            length: limit(1),
            ciphertext: Digest::of(b""),
        };
        vec![
            at(0, hold(none, 1)),
            receipt(0, DestructionCause::Closed, 1, 1),
            at(1, expired(4)),
            at(n, opened(30)),
            at(n, again),
        ]
    };
    // Entries 1, 2 and 3 are as `begun`; the tail follows. Then what is said.
    let cases: Vec<(&'static str, Vec<Entry>, &'static str)> = vec![
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
            "zones set up",
            vec![
                at(0, set_up(15)),
                at(9, written(4)),
                at(17, looked(4)),
                closed(18),
            ],
            "",
        ),
        (
            "set up too long",
            vec![at(0, set_up(15)), at(18, looked(4))],
            "entry 5: set-up 4 did not end in time",
        ),
        (
            "looked at, and never ended",
            vec![at(0, set_up(15)), closed(18)],
            "entry 5: set-up 4 did not end in time",
        ),
        (
            "zones written by nobody who looks",
            vec![at(0, set_up(15)), at(1, looked(4)), at(1, written(4))],
            "entry 6: entry 4 began no set-up",
        ),
        (
            "ended twice",
            vec![at(0, set_up(15)), at(1, looked(4)), at(1, looked(4))],
            "entry 6: entry 4 began no set-up",
        ),
        (
            "a set-up ends with the process",
            vec![
                at(0, set_up(15)),
                closed(0),
                at(99, Event::Started {}),
                at(99, looked(4)),
            ],
            "entry 7: entry 4 began no set-up",
        ),
        (
            "a set-up ends with the stop",
            vec![at(0, set_up(15)), closed(0), at(0, stop())],
            "",
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
            "two holds in not quite a day",
            held_again(1438),
            "entry 8: more holds in a day",
        ),
        ("two holds in two days", held_again(1439), ""),
        (
            "an order keeps longer",
            vec![
                at(0, order(HoldReason::LegalOrder, 90)),
                receipt(0, DestructionCause::Closed, 1, 1),
            ],
            "",
        ),
        (
            "an order for ever",
            vec![at(0, order(HoldReason::LegalOrder, 91))],
            "entry 4: the hold is longer",
        ),
        (
            "an incident for ever",
            vec![at(0, order(HoldReason::Incident, 91))],
            "entry 4: the hold is longer",
        ),
        (
            "a start after it was due, then others, moves no deadline",
            vec![
                at(0, hold(none, 2)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(3, Event::Started {}),
                at(720, Event::Started {}),
                at(1440, Event::Started {}),
                at(1440, viewed(4)),
            ],
            "entry 9: hold 4 did not end in time",
        ),
        (
            "nor does an orderly stop between",
            vec![
                at(0, hold(none, 2)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(1, stop()),
                at(1000, Event::Started {}),
                at(1001, stop()),
                at(2000, Event::Started {}),
                at(2000, expired(4)),
            ],
            "entry 10: hold 4 did not end in time",
        ),
        (
            "a start before it is due does not count as one after",
            vec![
                at(0, hold(none, 9)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(3, Event::Started {}),
                at(500, Event::Started {}),
                at(502, expired(4)),
            ],
            "",
        ),
        (
            "what a process left open is due at the next start, and not at the last",
            vec![
                at(10, Event::Started {}),
                at(500, Event::Started {}),
                at(999, Event::Started {}),
                receipt(999, DestructionCause::ProcessEnded, 0, 1),
            ],
            "entry 7: transaction 3 was not destroyed in time",
        ),
        (
            "nor at its limit",
            vec![
                at(1, Event::Started {}),
                receipt(20, DestructionCause::ProcessEnded, 0, 1),
            ],
            "entry 5: transaction 3 was not destroyed in time",
        ),
        (
            "overdue at the very end",
            vec![
                at(0, hold(none, 2)),
                receipt(1, DestructionCause::Closed, 1, 1),
                at(90, step(90)),
            ],
            "hold 4 did not end in time",
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
    let alone = vec![at(0, hold(none, 1))];
    let of_two = (
        "one of two",
        alone,
        "entry 4: the hold lacks its second",
        Approval::TwoOfficers,
    );
    cases
        .into_iter()
        .map(|(name, tail, said)| (name, tail, said, Approval::OneOfficer))
        .chain([of_two])
        .map(|(name, tail, said, approval)| Case {
            name,
            entries: [begun(approval), tail].concat(),
            said,
        })
        .collect()
}

#[test]
fn the_rules_name_the_entry_that_breaks_them() {
    let mut wrong = Vec::new();
    for Case {
        name,
        entries,
        said: expected,
    } in cases()
    {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("log");
        let mut log = Log::create(&path, key(1), minute(0)).unwrap();
        log.append(&entries).unwrap();
        let said = check(&path, &Options::default()).err().unwrap_or_default();
        if !said.starts_with(expected) || said.is_empty() != expected.is_empty() {
            wrong.push(format!("{name}: {said:?}"));
        }
    }
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

/// Nobody ends a hold while the lane is stopped: whoever looks later is told.
#[test]
fn a_stopped_lane_with_an_overdue_hold() {
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("log");
    let mut log = Log::create(&path, key(1), minute(0)).unwrap();
    let mut story = Story::new(1);
    // To the receipt of the first transaction with a hold, which is then left.
    let mut entries = Vec::new();
    loop {
        let entry = story.next(&key(1));
        let held = matches!(entry.event, Event::HoldMade { .. });
        let released = matches!(entry.event, Event::HoldReleased { .. });
        if !released {
            entries.push(entry);
        }
        if held || released {
            entries.retain(|e| !matches!(e.event, Event::HoldReleased { .. }));
        }
        if released {
            // The number of the receipt's transaction does not depend on it.
            entries.push(story.next(&key(1)));
            break;
        }
    }
    let last = entries.last().unwrap().minute;
    let cause = StopCause::Operator;
    entries.push(Entry {
        minute: last,
        event: Event::Stopped { cause },
    });
    log.append(&entries).unwrap();
    let at = |minutes: i64| Options {
        as_of: Some(Minute::from_unix_seconds(
            60 * (i64::from(last.since_1970()) + minutes),
        )),
        ..Options::default()
    };
    let report = check(&path, &Options::default()).unwrap();
    assert_eq!(
        (report.state.starts(), report.state.unclean_starts()),
        (1, 0)
    );
    assert!(check(&path, &at(5)).is_ok());
    let error = check(&path, &at(24 * 60)).unwrap_err();
    assert!(error.contains("the lane is stopped"), "{error}");
}
