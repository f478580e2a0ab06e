//! What the audit log says is still open: kept with each entry that is written,
//! and taken up at the start from a snapshot and the entries since.

use crate::Error;
use rowcall_audit::entry::{Commitment, Digest, Minute};
use rowcall_audit::merkle::tree_root;
use rowcall_audit::tile::TILE_WIDTH;
use rowcall_audit::{Entry, Event, LogFolder};
use rowcall_words::outcome::SeatOutcome;
use std::collections::BTreeMap;

/// A transaction that the log does not end.
#[derive(Clone, Copy)]
pub(crate) struct OpenInLog {
    pub(crate) opened: Minute,
    pub(crate) commitment: Commitment,
    pub(crate) tally: Tally,
}

/// A hold that the log does not end.
#[derive(Clone, Copy)]
pub(crate) struct HoldInLog {
    /// When its time is over, in minutes of the log's own time line.
    pub(crate) due: i64,
    /// The digest of its ciphertext.
    pub(crate) ciphertext: Digest,
}

/// What was recorded of a transaction, in numbers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) documents: u64,
    pub(crate) holds: u64,
    pub(crate) confirmed: u64,
    pub(crate) referred: u64,
}

impl Tally {
    fn count(&mut self, event: &Event) {
        match event {
            Event::Document { .. } => self.documents += 1,
            Event::HoldMade { .. } => self.holds += 1,
            Event::Seat { outcome, .. } if *outcome == SeatOutcome::Confirmed => {
                self.confirmed += 1;
            }
            Event::Seat { .. } => self.referred += 1,
            _ => {}
        }
    }
}

/// The log's entries so far, as far as custody has to know them.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) size: u64,
    pub(crate) open: BTreeMap<u64, OpenInLog>,
    pub(crate) holds: BTreeMap<u64, HoldInLog>,
    pub(crate) last_minute: Option<Minute>,
    /// What to add to a minute to get to the log's own time line.
    offset: i64,
    /// How many entries came from a snapshot.
    from_snapshot: u64,
}

const SNAPSHOT: &str = "rowcall/snapshot/v1";

impl Book {
    /// Reads the log: what came after `snapshot`, if it is one of this log, or
    /// everything. The log is the lane's own and was checked at its right edge;
    /// whether it keeps the rules is for `rowcall audit verify` to say.
    pub(crate) fn read(log: &LogFolder, snapshot: Option<&str>) -> Result<Self, Error> {
        let taken = snapshot.and_then(|text| Self::take_up(log, text));
        let mut book = taken.unwrap_or_default();
        let size = log.checkpoint().size;
        while book.size < size {
            let skip = (book.size % TILE_WIDTH) as usize;
            for bytes in log.bundle(book.size / TILE_WIDTH)?.iter().skip(skip) {
                book.take(&Entry::parse(bytes)?);
            }
        }
        Ok(book)
    }

    /// How many entries were read one by one.
    pub(crate) fn read_here(&self) -> u64 {
        self.size - self.from_snapshot
    }

    /// Takes the log's next entry.
    pub(crate) fn take(&mut self, entry: &Entry) {
        let number = self.size;
        if let Event::ClockStepped { was } = entry.event {
            self.offset += i64::from(was.since_1970()) - i64::from(entry.minute.since_1970());
        }
        self.size += 1;
        self.last_minute = Some(entry.minute);
        match &entry.event {
            Event::Opened { commitment, .. } => {
                let open = OpenInLog {
                    opened: entry.minute,
                    commitment: *commitment,
                    tally: Tally::default(),
                };
                self.open.insert(number, open);
            }
            Event::Destroyed { transaction, .. } => {
                self.open.remove(transaction);
            }
            Event::HoldReleased { hold, .. } | Event::HoldExpired { hold, .. } => {
                self.holds.remove(hold);
            }
            event => {
                if let Event::HoldMade {
                    length, ciphertext, ..
                } = event
                {
                    let hold = HoldInLog {
                        due: self.line(entry.minute) + i64::from(length.get()),
                        ciphertext: *ciphertext,
                    };
                    self.holds.insert(number, hold);
                }
                if let Some(open) = transaction_of(event).and_then(|n| self.open.get_mut(&n)) {
                    open.tally.count(event);
                }
            }
        }
    }

    /// A minute on the log's own time line.
    pub(crate) fn line(&self, minute: Minute) -> i64 {
        i64::from(minute.since_1970()) + self.offset
    }

    /// What is open after `log`'s entries, in numbers alone: what else there is to
    /// know of it stands in the entries.
    pub(crate) fn snapshot(&self, log: &rowcall_audit::Checkpoint) -> String {
        let mut text = format!(
            "{SNAPSHOT}\n{} {} {} {}\n",
            log.origin, log.size, log.root, self.offset
        );
        for (number, OpenInLog { tally, .. }) in &self.open {
            text += &format!(
                "open {number} {} {} {} {}\n",
                tally.documents, tally.holds, tally.confirmed, tally.referred
            );
        }
        for (number, hold) in &self.holds {
            text += &format!("hold {number} {}\n", hold.due);
        }
        text
    }

    /// `None` unless `text` is a snapshot of the beginning of this log.
    fn take_up(log: &LogFolder, text: &str) -> Option<Self> {
        let mut lines = text.strip_prefix(SNAPSHOT)?.strip_prefix('\n')?.lines();
        let head: Vec<&str> = lines.next()?.split(' ').collect();
        let [origin, size, root, offset] = head.as_slice() else {
            return None;
        };
        let size: u64 = size.parse().ok()?;
        let last = size.checked_sub(1)?;
        let same = *origin == log.checkpoint().origin.as_str()
            && size <= log.checkpoint().size
            && tree_root(log, size).ok()?.to_string() == *root;
        if !same {
            return None;
        }
        let mut book = Self {
            size,
            from_snapshot: size,
            offset: offset.parse().ok()?,
            last_minute: Some(log.entry(last).ok()?.minute),
            ..Self::default()
        };
        for line in lines {
            let (kind, rest) = line.split_once(' ')?;
            let numbers: Vec<i64> = rest
                .split(' ')
                .map(|number| number.parse().ok())
                .collect::<Option<_>>()?;
            let number = u64::try_from(*numbers.first()?).ok()?;
            let entry = log.entry(number).ok()?;
            match (kind, numbers.as_slice(), entry.event) {
                (
                    "open",
                    [_, documents, holds, confirmed, referred],
                    Event::Opened { commitment, .. },
                ) => {
                    let open = OpenInLog {
                        opened: entry.minute,
                        commitment,
                        tally: Tally {
                            documents: documents.unsigned_abs(),
                            holds: holds.unsigned_abs(),
                            confirmed: confirmed.unsigned_abs(),
                            referred: referred.unsigned_abs(),
                        },
                    };
                    book.open.insert(number, open);
                }
                ("hold", [_, due], Event::HoldMade { ciphertext, .. }) => {
                    let due = *due;
                    book.holds.insert(number, HoldInLog { due, ciphertext });
                }
                _ => return None,
            }
        }
        Some(book)
    }
}

fn transaction_of(event: &Event) -> Option<u64> {
    match event {
        Event::Document { transaction, .. }
        | Event::Seat { transaction, .. }
        | Event::HoldMade { transaction, .. } => Some(*transaction),
        _ => None,
    }
}
