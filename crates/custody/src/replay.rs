//! What the audit log says is still open: read once, at start-up.

use crate::Error;
use rowcall_audit::entry::{Commitment, Minute, SeatOutcome};
use rowcall_audit::tile::TILE_WIDTH;
use rowcall_audit::{Entry, Event, LogFolder};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A transaction that the log does not end.
pub(crate) struct LeftOpen {
    pub(crate) opened: Minute,
    pub(crate) commitment: Commitment,
    pub(crate) tally: Tally,
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
    pub(crate) fn count(&mut self, event: &Event) {
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

#[derive(Default)]
pub(crate) struct Replay {
    pub(crate) open: BTreeMap<u64, LeftOpen>,
    pub(crate) holds: BTreeSet<u64>,
    pub(crate) last_minute: Option<Minute>,
}

impl Replay {
    /// Reads the whole log. It is the lane's own and was checked at its right
    /// edge; whether it keeps the rules is for `rowcall audit verify` to say.
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let log = LogFolder::open(folder)?;
        let mut replay = Self::default();
        for block in 0..log.checkpoint().size.div_ceil(TILE_WIDTH) {
            for (offset, bytes) in log.bundle(block)?.iter().enumerate() {
                replay.take(block * TILE_WIDTH + offset as u64, &Entry::parse(bytes)?);
            }
        }
        Ok(replay)
    }

    fn take(&mut self, number: u64, entry: &Entry) {
        self.last_minute = Some(entry.minute);
        match &entry.event {
            Event::Opened { commitment, .. } => {
                let open = LeftOpen {
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
                if let Event::HoldMade { .. } = event {
                    self.holds.insert(number);
                }
                if let Some(open) = transaction_of(event).and_then(|n| self.open.get_mut(&n)) {
                    open.tally.count(event);
                }
            }
        }
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
