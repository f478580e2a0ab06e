//! `samples/audit`: a small log of a lane that nobody drove through, to try
//! `rowcall audit` on.

use crate::root;
use rowcall_audit::entry::*;
use rowcall_audit::{Entry, Error, Event, KeyName, Log, Purpose, Receipt, SignerKey, cosign};
use rowcall_words::{
    log::{
        AdjudicationReason, Approval, DestructionCause, DocumentKind, DocumentVerdict,
        HoldExpiryCause, HoldReason, StopCause,
    },
    outcome::{SeatOutcome, Stage},
    seat::Side,
};
use std::fs;
use std::path::Path;

/// 2026-09-21T06:00Z, in minutes since 1970.
const MORNING: i64 = 29_832_840;
const DAY: i64 = 24 * 60;

/// Writes `samples/audit` anew.
pub(crate) fn make() -> Result<(), String> {
    let folder = root().join("samples/audit");
    for name in ["lane3", "older.checkpoint"] {
        let path = folder.join(name);
        let removed = match path.is_dir() {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        match removed {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {e}", path.display()));
            }
            _ => {}
        }
    }
    make_in(&folder)
}

/// Two days of one lane: holds, an opt-out, a process that died, a clock that
/// was set, another key on the second day. The keys' secrets stand here: these
/// files prove nothing to anybody.
fn make_in(folder: &Path) -> Result<(), String> {
    let said = |e: Error| e.to_string();
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let lane = "lane3.example.org/rowcall";
    let (first, second) = (key(lane, Purpose::Note, 1)?, key(lane, Purpose::Note, 2)?);
    let witness = key("witness.example.org/w1", Purpose::Cosignature, 3)?;
    write("first.key", format!("{}\n", first.verifier()))?;
    write("present.key", format!("{}\n", second.verifier()))?;
    write("witness.key", format!("{}\n", witness.verifier()))?;

    let path = folder.join("lane3");
    let log = Log::create(&path, first, minute(MORNING)).map_err(said)?;
    let mut lane = Lane {
        log,
        now: MORNING,
        pending: Vec::new(),
    };
    lane.start()?;
    for vehicle in 0..12 {
        lane.vehicle(vehicle)?;
    }
    // The process dies with a vehicle at the lane, and comes up again.
    let (left, opened) = lane.open()?;
    lane.now += 4;
    lane.start()?;
    lane.destroy(left, opened, DestructionCause::ProcessEnded, 0, 0)?;
    for vehicle in 12..20 {
        lane.vehicle(vehicle)?;
    }
    lane.stop()?;
    write("older.checkpoint", lane.cosigned(&witness)?)?;

    lane.now = MORNING + DAY;
    lane.log
        .rotate_key(minute(lane.now), second)
        .map_err(said)?;
    lane.start()?;
    for vehicle in 20..30 {
        lane.vehicle(vehicle)?;
    }
    let was = minute(lane.now);
    lane.now -= 3;
    lane.add(Event::ClockStepped { was });
    for vehicle in 30..40 {
        lane.vehicle(vehicle)?;
    }
    lane.stop()?;
    lane.cosigned(&witness)?;
    // Empty where nobody writes; version control would not keep it.
    fs::remove_dir(path.join("tmp")).map_err(|e| e.to_string())
}

fn key(name: &str, purpose: Purpose, seed: u8) -> Result<SignerKey, String> {
    KeyName::new(name)
        .and_then(|name| SignerKey::from_seed(name, purpose, &[seed; 32]))
        .map_err(|e| e.to_string())
}

fn minute(number: i64) -> Minute {
    Minute::from_unix_seconds(60 * number)
}

fn count(number: u64) -> Count {
    Count::saturating(usize::try_from(number).unwrap_or(usize::MAX))
}

fn minutes(number: u32) -> Result<Minutes, String> {
    Minutes::new(number).ok_or_else(|| format!("{number} minutes are out of range"))
}

struct Lane {
    log: Log,
    now: i64,
    pending: Vec<Entry>,
}

impl Lane {
    /// Adds an entry to the next append; its number.
    fn add(&mut self, event: Event) -> u64 {
        let number = self.log.size() + self.pending.len() as u64;
        self.pending.push(Entry {
            minute: minute(self.now),
            event,
        });
        number
    }

    /// Appends once there are a few dozen: each append publishes partial tiles,
    /// and the sample should be few files.
    fn append(&mut self) -> Result<(), String> {
        match self.pending.len() {
            0..64 => Ok(()),
            _ => self.append_all(),
        }
    }

    fn append_all(&mut self) -> Result<(), String> {
        let pending = std::mem::take(&mut self.pending);
        self.log
            .append(&pending)
            .map(drop)
            .map_err(|e| e.to_string())
    }

    fn start(&mut self) -> Result<(), String> {
        self.add(Event::Started {});
        self.add(Event::Configured {
            digest: Digest::of(b"[lane]\nname = \"lane 3\"\n"),
            transaction_limit: minutes(15)?,
            hold_limit: minutes(120)?,
            order_limit: minutes(7 * 24 * 60)?,
            holds_per_day: count(8),
            approval: Approval::TwoOfficers,
        });
        self.append()
    }

    fn stop(&mut self) -> Result<(), String> {
        let cause = StopCause::Operator;
        self.add(Event::Stopped { cause });
        self.append_all()
    }

    fn open(&mut self) -> Result<(u64, Minute), String> {
        let number = self.log.size() + self.pending.len() as u64;
        let limit = minutes(10)?;
        let commitment = commitment(number);
        self.add(Event::Opened { commitment, limit });
        self.append()?;
        Ok((number, minute(self.now)))
    }

    /// One vehicle: two to four documents and occupants, of whom one opts out
    /// here and there, and one is referred.
    fn vehicle(&mut self, vehicle: u64) -> Result<(), String> {
        self.now += 2;
        let (transaction, opened) = self.open()?;
        let people = 2 + vehicle % 3;
        let officer = |name| OfficerPseudonym::new(&[4; 32], opened, name);
        for document in 0..people {
            self.add(Event::Document {
                transaction,
                kind: match document % 2 {
                    0 => DocumentKind::Passport,
                    _ => DocumentKind::IdentityCard,
                },
                verdict: DocumentVerdict::Trusted,
                leniencies: Leniencies::new(0).ok_or("leniencies")?,
            });
        }
        for person in 0..people {
            let row = Row::new(1 + (person / 2) as u8).ok_or("row")?;
            let side = [Side::Left, Side::Right][person as usize % 2];
            let (outcome, stage) = match (person, vehicle % 10) {
                (1, 4) => (SeatOutcome::OptedOut, Stage::Policy),
                (1, 7) => (SeatOutcome::PoorQuality, Stage::Quality),
                (0, 9) => (SeatOutcome::NoMatchingDocument, Stage::Match),
                _ => (SeatOutcome::Confirmed, Stage::Match),
            };
            self.add(Event::Seat {
                transaction,
                row,
                side,
                outcome,
                stage,
            });
            let reason = match outcome {
                SeatOutcome::OptedOut => AdjudicationReason::CheckedByHand,
                SeatOutcome::PoorQuality => AdjudicationReason::ConfirmedByEye,
                SeatOutcome::NoMatchingDocument => AdjudicationReason::SentToSecondary,
                _ => continue,
            };
            self.add(Event::Adjudicated {
                transaction,
                subject: Subject::Seat(row, side),
                officer: officer("b. quist"),
                reason,
            });
        }
        self.append()?;
        let mut hold = None;
        if vehicle % 10 == 9 {
            hold = Some(self.add(Event::HoldMade {
                transaction,
                officer: officer("b. quist"),
                second: SecondOfficer::Pseudonym(officer("c. rask")),
                reason: HoldReason::SuspectedImpostor,
                length: minutes(5)?,
                ciphertext: Digest::of(&transaction.to_be_bytes()),
            }));
            self.append()?;
        }
        self.now += 1;
        let holds = u64::from(hold.is_some());
        self.destroy(transaction, opened, DestructionCause::Closed, people, holds)?;
        match hold {
            Some(hold) => self.end_hold(hold, vehicle < 20, officer("d. holm")),
            None => Ok(()),
        }
    }

    /// A hold is looked at and released, or left until its time is over.
    fn end_hold(
        &mut self,
        hold: u64,
        early: bool,
        officer: OfficerPseudonym,
    ) -> Result<(), String> {
        self.add(Event::HoldViewed { hold, officer });
        if early {
            self.add(Event::HoldReleased { hold, officer });
        } else {
            self.now += 4;
            let cause = HoldExpiryCause::Time;
            self.add(Event::HoldExpired { hold, cause });
        }
        self.append()
    }

    fn destroy(
        &mut self,
        transaction: u64,
        opened: Minute,
        cause: DestructionCause,
        people: u64,
        holds: u64,
    ) -> Result<(), String> {
        let receipt = Receipt {
            minute: minute(self.now),
            transaction,
            opened,
            cause,
            documents: count(people),
            // A portrait for each document; three frames and a best shot for each seat.
            images: count(5 * people),
            templates: count(2 * people),
            holds: count(holds),
            commitment: commitment(transaction),
        };
        self.pending.push(receipt.sign(self.log.signer()));
        self.append()
    }

    /// Has the checkpoint cosigned, two seconds into the next minute.
    fn cosigned(&mut self, witness: &SignerKey) -> Result<String, String> {
        let time = u64::try_from(60 * self.now + 62).map_err(|e| e.to_string())?;
        let cosignature = cosign(self.log.note(), witness, time).map_err(|e| e.to_string())?;
        self.log
            .add_cosignature(witness.verifier(), cosignature)
            .map_err(|e| e.to_string())?;
        Ok(self.log.note().to_string())
    }
}

fn commitment(transaction: u64) -> Commitment {
    Commitment::new(&[5; 32], format!("vehicle {transaction}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn contents(folder: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            let name = format!("{name}/{}", path.file_name().unwrap().display());
            match path.is_dir() {
                true => contents(&path, &name, files),
                false => drop(files.insert(name, fs::read(path).unwrap())),
            }
        }
    }

    #[test]
    fn the_committed_sample_is_what_this_makes() {
        let temporary = tempfile::tempdir().unwrap();
        make_in(temporary.path()).unwrap();
        let (mut made, mut committed) = (BTreeMap::new(), BTreeMap::new());
        contents(temporary.path(), "", &mut made);
        contents(&root().join("samples/audit"), "", &mut committed);
        let names = |files: &BTreeMap<String, _>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(&committed));
        let differ: Vec<_> = made
            .iter()
            .filter(|(name, bytes)| &committed[*name] != *bytes)
            .map(|(name, _)| name)
            .collect();
        assert!(differ.is_empty(), "cargo xtask sample-log: {differ:?}");
    }
}
