//! What the thread owns, and what it writes: entries with their minute, receipts,
//! and the little that it remembers itself.

use super::command::EndedBy;
use super::held::Held;
use super::shared::Shared;
use crate::book::{Book, OpenInLog};
use crate::clock::Timeline;
use crate::hold::keys::KeyFile;
use crate::mac::StoreKey;
use crate::policy::{DAY, Policy};
use crate::store::{Memory, Outcome, Store};
use crate::transaction::slot::Slot;
use crate::{Error, LockedKey};
use rand_core::CryptoRng;
use rowcall_audit::entry::{Count, Minute, OfficerPseudonym};
use rowcall_audit::{Entry, Event, Log, Note, Receipt, receipt_note};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// After how many entries what is open is written down anew.
const SNAPSHOT_EVERY: u64 = 4096;

pub(crate) struct State {
    pub(super) log: Log,
    pub(super) book: Book,
    pub(super) store: Store,
    pub(super) store_key: StoreKey,
    pub(super) keys: KeyFile,
    pub(super) site: LockedKey,
    pub(super) officers: LockedKey,
    pub(super) policy: Policy,
    pub(super) random: Box<dyn CryptoRng + Send>,
    pub(super) shared: Arc<Shared>,
    pub(super) line: Timeline,
    /// A step of the clock that the next append writes first.
    pub(super) step: Option<Entry>,
    pub(super) open: OpenSet,
    pub(super) holds: BTreeMap<u64, Held>,
    /// Receipts that could not be written yet.
    pub(super) unwritten: Vec<EndedBy>,
    /// Outcomes that the database does not have yet.
    pub(super) outcomes: Vec<Outcome>,
    /// Why the database could not take what it should remember, if so.
    pub(super) unremembered: Option<Error>,
    /// The log's size at the last snapshot.
    pub(super) snapshot_at: u64,
}

/// A transaction that may still be in somebody's hand.
pub(super) struct Open {
    pub(super) slot: Arc<Slot>,
    /// When its time is over, since boot.
    pub(super) due: Duration,
}

/// The transactions that have not ended. When custody's thread ends, for whatever
/// reason, what is in them is destroyed.
#[derive(Default)]
pub(super) struct OpenSet(pub(super) BTreeMap<u64, Open>);

impl Drop for OpenSet {
    fn drop(&mut self) {
        for open in self.0.values() {
            open.slot.take_if_free();
        }
    }
}

impl State {
    /// Looks at the clock: the minute for the next entries. A step of the wall
    /// clock is noted and written with them.
    pub(super) fn minute(&mut self) -> Minute {
        let step = self.line.advance(self.shared.clock.read());
        let minute = Minute::from_unix_seconds(self.line.last.wall);
        let last = match &self.step {
            Some(step) => step.minute,
            None => self.book.last_minute.unwrap_or(minute),
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

    /// Appends events of `minute`; the number of the first. Once this returns
    /// they are durable, and the database remembers the log's new size; that it
    /// could not is said by the next tick.
    pub(super) fn append(&mut self, minute: Minute, events: &[Event]) -> Result<u64, Error> {
        let skipped = u64::from(self.step.is_some());
        let events = events.iter().cloned().map(|event| Entry { minute, event });
        let entries: Vec<Entry> = self.step.iter().cloned().chain(events).collect();
        let range = self.log.append(&entries)?;
        entries.iter().for_each(|entry| self.book.take(entry));
        self.step = None;
        self.remember();
        Ok(range.start + skipped)
    }

    /// The number that the next event will have.
    pub(super) fn next_entry(&self) -> u64 {
        self.log.size() + u64::from(self.step.is_some())
    }

    pub(super) fn pseudonym(&self, minute: Minute, person: &str) -> OfficerPseudonym {
        OfficerPseudonym::new(self.officers.bytes(), minute, person)
    }

    /// The receipt of a transaction that has ended, and its outcome.
    pub(super) fn receipt(
        &self,
        minute: Minute,
        ended: EndedBy,
    ) -> Result<(Event, Written), Error> {
        let OpenInLog {
            opened,
            commitment,
            tally,
        } = self
            .book
            .open
            .get(&ended.number)
            .copied()
            .ok_or_else(|| Error::us("a receipt for what the log does not have open"))?;
        let entry = Receipt {
            minute,
            transaction: ended.number,
            opened,
            cause: ended.cause,
            documents: saturating(tally.documents),
            images: Count::saturating(ended.images),
            templates: Count::saturating(ended.templates),
            holds: saturating(tally.holds),
            commitment,
        }
        .sign(self.log.signer());
        let note = receipt_note(self.log.signer().verifier(), &entry)
            .ok_or_else(|| Error::us("a receipt that is none"))?;
        let outcome = Outcome {
            transaction: ended.number,
            ended: self.line.now / 60,
            minute: minute.to_string(),
            cause: ended.cause.as_str(),
            documents: tally.documents,
            confirmed: tally.confirmed,
            referred: tally.referred,
        };
        Ok((entry.event, Written { note, outcome }))
    }

    /// Writes receipts in one append; those that cannot be written are kept and
    /// tried again. The slots get theirs to hand out.
    pub(super) fn write_receipts(
        &mut self,
        ended: Vec<(EndedBy, Option<Arc<Slot>>)>,
    ) -> Result<(), Error> {
        if ended.is_empty() {
            return Ok(());
        }
        let minute = self.minute();
        let receipts: Result<Vec<_>, Error> = ended
            .iter()
            .map(|(ended, _)| self.receipt(minute, *ended))
            .collect();
        let written = receipts.and_then(|receipts| {
            let (events, written): (Vec<Event>, Vec<Written>) = receipts.into_iter().unzip();
            self.outcomes
                .extend(written.iter().map(|written| written.outcome.clone()));
            let appended = self.append(minute, &events);
            if appended.is_err() {
                self.outcomes.truncate(self.outcomes.len() - events.len());
            }
            appended.map(|_| written)
        });
        match written {
            Ok(written) => {
                for ((_, slot), Written { note, .. }) in ended.into_iter().zip(written) {
                    if let Some(slot) = slot {
                        slot.set_receipt(note);
                    }
                }
                Ok(())
            }
            Err(error) => {
                self.unwritten
                    .extend(ended.into_iter().map(|(ended, _)| ended));
                Err(error)
            }
        }
    }

    /// Writes the receipts that could not be written.
    pub(super) fn write_unwritten(&mut self) -> Result<(), Error> {
        let unwritten = std::mem::take(&mut self.unwritten);
        self.write_receipts(unwritten.into_iter().map(|ended| (ended, None)).collect())
    }

    /// Tells the database what an append changed.
    pub(super) fn remember(&mut self) {
        let seen = self.log.checkpoint();
        let memory = Memory {
            outcomes: &self.outcomes,
            seen: &seen,
            now: self.line.now,
            last: self.line.last,
            key: &self.store_key,
        };
        self.unremembered = self.store.remember(&memory).err();
        if self.unremembered.is_none() {
            self.outcomes.clear();
        }
    }

    /// Forgets what is too old and writes down what is open.
    pub(super) fn housekeep(&mut self, snapshot: bool) -> Result<(), Error> {
        let now = self.line.now / 60;
        let keep = i64::from(self.policy.keep_outcomes.get());
        self.remember();
        if snapshot || self.log.size() >= self.snapshot_at + SNAPSHOT_EVERY {
            let text = self.book.snapshot(&self.log.checkpoint());
            self.store.set_snapshot(&text, &self.store_key)?;
            self.snapshot_at = self.log.size();
        }
        self.store.forget(now - keep, now - DAY)?;
        match self.unremembered.clone() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Dates every file by a whole minute.
    pub(super) fn date(&mut self) {
        let minute = Minute::from_unix_seconds(self.line.last.wall);
        self.keys.date(minute);
        self.store.date(minute);
    }
}

/// A receipt that is to be appended.
pub(super) struct Written {
    pub(super) note: Note,
    pub(super) outcome: Outcome,
}

fn saturating(number: u64) -> Count {
    Count::saturating(usize::try_from(number).unwrap_or(usize::MAX))
}

#[cfg(test)]
impl State {
    /// What custody itself remembers beside files, keys and open transactions,
    /// for the retention table. Matched without `..`, as in `Biometrics`.
    pub(super) fn field_names(self) -> Vec<&'static str> {
        let Self {
            // In the table as files, keys, database, log and open transactions.
            log: _,
            book: Book { .. },
            store: _,
            store_key: _,
            keys: _,
            site: _,
            officers: _,
            open,
            // As the database's holds.
            holds: _,
            // Nothing of anybody.
            random: _,
            shared: _,
            policy: _,
            line: _,
            step: _,
            unwritten,
            outcomes: _,
            unremembered: _,
            snapshot_at: _,
        } = self;
        let _ = |Open { slot: _, due: _ }: &Open| open.0.len();
        for ended in unwritten {
            let EndedBy {
                number: _,
                cause: _,
                images: _,
                templates: _,
            } = ended;
        }
        vec!["policy", "time", "unwritten", "unended"]
    }
}
