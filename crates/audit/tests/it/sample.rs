//! Logs to test with: whatever a lane writes, in an order that it could.

use rowcall_audit::entry::*;
use rowcall_audit::{Entry, Event, KeyName, Log, Purpose, Receipt, SignerKey};
use rowcall_words::log::{
    AdjudicationReason, Approval, DestructionCause, DocumentKind, DocumentVerdict, HoldReason,
};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;
use std::path::{Path, PathBuf};

pub(crate) const ORIGIN: &str = "lane3.example.org/rowcall";

pub(crate) fn key(seed: u8) -> SignerKey {
    let name = KeyName::new(ORIGIN).unwrap();
    SignerKey::from_seed(name, Purpose::Note, &[seed; 32]).unwrap()
}

pub(crate) fn witness(seed: u8) -> SignerKey {
    let name = KeyName::new("witness.example/w1").unwrap();
    SignerKey::from_seed(name, Purpose::Cosignature, &[seed; 32]).unwrap()
}

pub(crate) fn minute(n: u64) -> Minute {
    Minute::from_unix_seconds(1_790_000_000 + 60 * n as i64)
}

/// Writes entries from the one after `created` on, `count` in all, in steps of
/// `step` per append; three in a minute. Returns the log.
pub(crate) fn grow(mut log: Log, count: u64, step: usize) -> Log {
    let mut pending = Vec::new();
    let mut story = Story::new(log.size());
    while log.size() + (pending.len() as u64) < count {
        pending.push(story.next(log.signer()));
        if pending.len() == step {
            log.append(&pending).unwrap();
            pending.clear();
        }
    }
    log.append(&pending).unwrap();
    log
}

pub(crate) fn sample(folder: &Path, count: u64, step: usize) -> PathBuf {
    let path = folder.join("log");
    let log = Log::create(&path, key(1), minute(0)).unwrap();
    drop(grow(log, count, step));
    path
}

/// The entries of a lane that handles one vehicle after another.
pub(crate) struct Story {
    number: u64,
    step: u64,
    repeat: u64,
    transaction: u64,
    opened: Minute,
    hold: u64,
}

impl Story {
    /// A story whose first entry will have `number` and is a start.
    pub(crate) fn new(number: u64) -> Self {
        Self {
            number,
            step: 0,
            repeat: 0,
            transaction: 0,
            opened: minute(0),
            hold: 0,
        }
    }

    pub(crate) fn next(&mut self, signer: &SignerKey) -> Entry {
        let now = minute(self.number / 3);
        let commitment = Commitment::new(&[7; 32], b"reference");
        let officer = OfficerPseudonym::new(&[9; 32], now, "officer");
        let transaction = self.transaction;
        let held = self.number % 1000 < 10;
        let event = match self.step {
            0 => Event::Started {},
            1 => Event::Configured {
                digest: Digest::of(b"configuration"),
                transaction_limit: Minutes::new(30).unwrap(),
                hold_limit: Minutes::new(60).unwrap(),
                order_limit: Minutes::new(600).unwrap(),
                holds_per_day: Count::new(60).unwrap(),
                approval: Approval::OneOfficer,
            },
            2 => {
                (self.transaction, self.opened, self.repeat) = (self.number, now, 0);
                Event::Opened {
                    commitment,
                    limit: Minutes::new(30).unwrap(),
                }
            }
            3 => Event::Document {
                transaction,
                kind: DocumentKind::Passport,
                verdict: DocumentVerdict::Trusted,
                leniencies: Leniencies::new(0).unwrap(),
            },
            4 => Event::Seat {
                transaction,
                row: Row::new(1).unwrap(),
                side: Side::Left,
                outcome: SeatOutcome::Confirmed,
                stage: Stage::Match,
            },
            5 => Event::Seat {
                transaction,
                row: Row::new(1).unwrap(),
                side: Side::Right,
                outcome: SeatOutcome::PoorQuality,
                stage: Stage::Quality,
            },
            6 => Event::Adjudicated {
                transaction,
                subject: Subject::Vehicle,
                officer,
                reason: AdjudicationReason::ConfirmedByEye,
            },
            7 => {
                self.hold = self.number;
                Event::HoldMade {
                    transaction,
                    officer,
                    second: SecondOfficer::None,
                    reason: HoldReason::SuspectedImpostor,
                    length: Minutes::new(10).unwrap(),
                    ciphertext: Digest::of(&self.number.to_be_bytes()),
                }
            }
            8 => Event::HoldReleased {
                hold: self.hold,
                officer,
            },
            _ => {
                let receipt = Receipt {
                    minute: now,
                    transaction,
                    opened: self.opened,
                    cause: DestructionCause::Closed,
                    documents: Count::new(5).unwrap(),
                    images: Count::new(5).unwrap(),
                    templates: Count::new(3).unwrap(),
                    holds: Count::new(u16::from(self.hold > transaction)).unwrap(),
                    commitment,
                };
                self.number += 1;
                self.step = 2;
                return receipt.sign(signer);
            }
        };
        self.number += 1;
        self.repeat += 1;
        // Five documents, five seats; few vehicles end in a hold.
        self.step = match self.step {
            3 if self.repeat < 6 => 3,
            4 if self.repeat < 10 => 4,
            6 if !held => 9,
            step => step + 1,
        };
        Entry { minute: now, event }
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).unwrap();
        }
    }
}

/// Every file under `folder`.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let item = item.unwrap();
        if item.file_type().unwrap().is_dir() {
            found.extend(files(&item.path()));
        } else {
            found.push(item.path());
        }
    }
    found.sort();
    found
}
