//! What custody writes: entries with their minute, receipts, and the little
//! that it remembers itself.

use super::{Ended, State, holds};
use crate::Error;
use crate::store::Outcome;
use rowcall_audit::entry::{Count, Minute, OfficerPseudonym};
use rowcall_audit::{Entry, Event, Note, Receipt, receipt_note};

impl State {
    /// Looks at the clock: the minute for the next entries. A step of the wall
    /// clock is noted and written with them.
    pub(crate) fn minute(&mut self) -> Minute {
        let step = self.line.advance(self.clock.read());
        let minute = Minute::from_unix_seconds(self.line.last.wall);
        let last = match &self.step {
            Some(step) => step.minute,
            None => self.last_minute,
        };
        if step.is_some() || minute < last {
            let expected = step.map_or(0, |step| step.expected);
            let was = Minute::from_unix_seconds(expected).max(last);
            // Of two steps with nothing between, the first says where the old
            // time was, the second where the new one is.
            let was = match self.step.take() {
                Some(Entry {
                    event: Event::ClockStepped { was },
                    ..
                }) => was,
                _ => was,
            };
            self.step = Some(Entry {
                minute,
                event: Event::ClockStepped { was },
            });
        }
        minute
    }

    /// Appends events of `minute`; the number of the first.
    pub(crate) fn append(&mut self, minute: Minute, events: &[Event]) -> Result<u64, Error> {
        let skipped = u64::from(self.step.is_some());
        let entries: Vec<Entry> = self
            .step
            .iter()
            .cloned()
            .chain(events.iter().map(|event| Entry {
                minute,
                event: event.clone(),
            }))
            .collect();
        let range = self.log.append(&entries)?;
        if !entries.is_empty() {
            self.last_minute = minute;
        }
        self.step = None;
        Ok(range.start + skipped)
    }

    /// The number that the next event will have.
    pub(crate) fn next_entry(&self) -> u64 {
        self.log.size() + u64::from(self.step.is_some())
    }

    pub(crate) fn pseudonym(&self, minute: Minute, officer: &str) -> OfficerPseudonym {
        OfficerPseudonym::new(self.officers.bytes(), minute, officer)
    }

    /// Whether the transaction's time is over.
    pub(crate) fn is_due(&mut self, number: u64) -> bool {
        self.minute();
        let now = self.line.now;
        self.open.get(&number).is_some_and(|open| open.due <= now)
    }

    pub(super) fn check_running(&self) -> Result<(), Error> {
        match self.stopped {
            true => Err(Error::operator("custody has been shut down")),
            false => Ok(()),
        }
    }

    pub(super) fn write_receipt(&mut self, ended: Ended) -> Result<Note, Error> {
        self.open.remove(&ended.number);
        let minute = self.minute();
        let entry = Receipt {
            minute,
            transaction: ended.number,
            opened: ended.opened,
            cause: ended.cause,
            documents: saturating(ended.tally.documents),
            images: Count::saturating(ended.images),
            templates: Count::saturating(ended.templates),
            holds: saturating(ended.tally.holds),
            commitment: ended.commitment,
        }
        .sign(self.log.signer());
        let note = receipt_note(self.log.signer().verifier(), &entry);
        let outcome = Outcome {
            transaction: ended.number,
            ended: self.line.now,
            minute: minute.to_string(),
            cause: ended.cause.code(),
            documents: ended.tally.documents,
            confirmed: ended.tally.confirmed,
            referred: ended.tally.referred,
        };
        if let Err(error) = self.append(minute, &[entry.event]) {
            self.unwritten.push(ended);
            return Err(error);
        }
        self.store.insert_outcome(&outcome)?;
        note.ok_or_else(|| Error::us("a receipt that is none"))
    }

    /// Writes the receipts that could not be written; each that still cannot
    /// stays.
    pub(super) fn write_unwritten(&mut self) -> Result<(), Error> {
        let mut result = Ok(());
        for ended in std::mem::take(&mut self.unwritten) {
            result = result.and(self.write_receipt(ended).map(drop));
        }
        result
    }

    pub(super) fn housekeep(&mut self) -> Result<(), Error> {
        let now = self.line.now;
        let keep = 60 * i64::from(self.policy.keep_outcomes.get());
        self.store.forget(now - keep, now - holds::DAY)?;
        self.store.set_timeline(now, self.line.last)?;
        let checkpoint = rowcall_audit::Checkpoint::parse(self.log.note().text())?;
        self.store.set_log_seen(checkpoint.size, checkpoint.root)
    }
}

fn saturating(number: u64) -> Count {
    Count::saturating(usize::try_from(number).unwrap_or(usize::MAX))
}
