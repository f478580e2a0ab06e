//! The custodian: opens transactions, ends those whose time is over, and
//! writes everything that happens to the audit log.

mod holds;
mod record;
mod start;

use crate::clock::{Clock, Timeline};
use crate::hold::keys::KeyFile;
use crate::hold::{HeldPair, HoldId};
use crate::policy::Policy;
use crate::replay::Tally;
use crate::store::{Store, StoredHold};
use crate::transaction::{Live, OpenTransaction, Opening, Slot};
use crate::{Error, LockedKey, lock};
use rand_core::CryptoRng;
use rowcall_audit::entry::{Commitment, DestructionCause, Minute, Minutes, StopCause};
use rowcall_audit::{Entry, Event, Log, Note, SignerKey};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

pub use start::Started;

/// Custody of one lane's biometrics.
///
/// Call [`Custody::tick`] at least every half minute: that is when time limits
/// and holds end. [`Custody::shutdown`] destroys what is open; so does dropping
/// it, and so does the end of the process in whatever way, because nothing but
/// holds is ever written.
pub struct Custody {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) state: Mutex<State>,
}

pub(crate) struct State {
    log: Log,
    store: Store,
    keys: KeyFile,
    site: LockedKey,
    officers: LockedKey,
    policy: Policy,
    clock: Box<dyn Clock>,
    random: Box<dyn CryptoRng + Send>,
    line: Timeline,
    last_minute: Minute,
    /// A step of the clock that the next append writes first.
    step: Option<Entry>,
    open: BTreeMap<u64, Open>,
    /// Receipts that could not be written yet.
    unwritten: Vec<Ended>,
    /// Holds that are in the log and could neither be stored nor ended.
    unended: Vec<StoredHold>,
    /// Holds that have ended in the log and whose row is still to be deleted.
    undeleted: BTreeSet<u64>,
    stopped: bool,
}

struct Open {
    slot: Arc<Mutex<Slot>>,
    due: i64,
}

#[cfg(test)]
impl State {
    /// What custody itself remembers beside files, keys and open transactions,
    /// for the retention table. Matched without `..`, as in `Biometrics`.
    pub(crate) fn field_names(self) -> Vec<&'static str> {
        let Self {
            // In the table as files, keys, database and open transactions.
            log: _,
            store: _,
            keys: _,
            site: _,
            officers: _,
            open,
            // Nothing of anybody.
            clock: _,
            random: _,
            stopped: _,
            policy: _,
            line: _,
            last_minute: _,
            step: _,
            unwritten,
            unended: _,
            undeleted: _,
        } = self;
        for Open { slot: _, due: _ } in open.into_values() {}
        for ended in unwritten {
            let Ended {
                number: _,
                opened: _,
                commitment: _,
                cause: _,
                tally: _,
                images: _,
                templates: _,
            } = ended;
        }
        vec!["policy", "time", "unwritten", "unended"]
    }
}

#[cfg(test)]
impl Custody {
    /// See [`State::field_names`].
    pub(crate) fn field_names(self) -> Vec<&'static str> {
        self.inner.stop(StopCause::Operator).unwrap();
        let inner = self.inner.clone();
        drop(self);
        let Inner { state } = Arc::into_inner(inner).unwrap();
        state.into_inner().unwrap().field_names()
    }

    /// What a killed process does: nothing more.
    pub(crate) fn crash(self) {
        let mut state = lock(&self.inner.state);
        state.stopped = true;
        for open in std::mem::take(&mut state.open).into_values() {
            if let Ok(mut slot) = open.slot.try_lock() {
                *slot = Slot::Ended(None);
            }
        }
    }
}

/// A transaction whose biometrics are gone, before its receipt is written.
struct Ended {
    number: u64,
    opened: Minute,
    commitment: Commitment,
    cause: DestructionCause,
    tally: Tally,
    images: usize,
    templates: usize,
}

impl Custody {
    /// Opens a transaction: once this returns, its opening is durable in the
    /// audit log, and nothing was captured before. `reference` is the calling
    /// system's own name for it, of which only a commitment is kept.
    ///
    /// # Errors
    /// If custody has been shut down, `limit` is above the policy's, or the log
    /// cannot be written.
    pub fn open(
        &self,
        reference: &[u8],
        limit: Minutes,
    ) -> Result<(OpenTransaction, Opening), Error> {
        let mut state = lock(&self.inner.state);
        state.check_running()?;
        if limit > state.policy.transaction_limit {
            return Err(Error::operator(format!(
                "a transaction may last {} minutes at most",
                state.policy.transaction_limit.get()
            )));
        }
        let mut key = [0; 32];
        state.random.fill_bytes(&mut key);
        let commitment = Commitment::new(&key, reference);
        let minute = state.minute();
        let number = state.append(minute, &[Event::Opened { commitment, limit }])?;
        let live = Live {
            biometrics: crate::Biometrics::default(),
            opened: minute,
            commitment,
            tally: Tally::default(),
        };
        let slot = Arc::new(Mutex::new(Slot::Open(Box::new(live))));
        let due = state.line.now + 60 * i64::from(limit.get());
        let open = Open {
            slot: slot.clone(),
            due,
        };
        state.open.insert(number, open);
        drop(state);
        let inner = self.inner.clone();
        let opening = Opening {
            key,
            transaction: number,
        };
        Ok((
            OpenTransaction {
                inner,
                slot,
                number,
            },
            opening,
        ))
    }

    /// Ends what is over: transactions beyond their limit, holds beyond their
    /// time. Writes receipts that could not be written before, deletes outcomes
    /// that are too old, and remembers time and checkpoint.
    ///
    /// # Errors
    /// If the log or the store cannot be written; what was over has ended all
    /// the same.
    pub fn tick(&self) -> Result<(), Error> {
        let mut state = lock(&self.inner.state);
        state.check_running()?;
        state.minute();
        let due: Vec<_> = state
            .open
            .iter()
            .filter(|(_, open)| open.due <= state.line.now)
            .map(|(number, open)| (*number, open.slot.clone()))
            .collect();
        // Not under the lock on the state: a transaction may be in use, and its
        // user may be waiting for that lock.
        drop(state);
        let mut result = Ok(());
        for (number, slot) in due {
            let mut slot = match slot.try_lock() {
                Ok(slot) => slot,
                Err(TryLockError::Poisoned(slot)) => PoisonError::into_inner(slot),
                // In use: it ends when that use does, and keeps neither the
                // others nor the holds from ending.
                Err(TryLockError::WouldBlock) => continue,
            };
            let cause = DestructionCause::TimeLimit;
            let ended = self.inner.end_locked(number, &mut slot, cause);
            result = result.and(ended.map(drop));
        }
        let mut state = lock(&self.inner.state);
        state.check_running()?;
        result
            .and(state.expire_holds())
            .and(state.write_unwritten())
            .and(state.housekeep())
    }

    /// Decrypts a hold for an officer to look at; that they did goes to the log
    /// first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if there is no such hold any more.
    pub fn view_hold(&self, hold: HoldId, officer: &str) -> Result<HeldPair, Error> {
        lock(&self.inner.state).view_hold(hold, officer)
    }

    /// Ends a hold before its time: its key is destroyed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if there is no such hold any more.
    pub fn release_hold(&self, hold: HoldId, officer: &str) -> Result<(), Error> {
        lock(&self.inner.state).release_hold(hold, officer)
    }

    /// Holds that have not ended.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn holds(&self) -> Result<Vec<HoldId>, Error> {
        let holds = lock(&self.inner.state).live_holds()?;
        Ok(holds.iter().map(|stored| HoldId(stored.hold)).collect())
    }

    /// Hands the audit log over to another key of the same name. Keep both keys
    /// until this returns.
    ///
    /// # Errors
    /// As [`Log::rotate_key`].
    pub fn rotate_key(&self, new: SignerKey) -> Result<(), Error> {
        let mut state = lock(&self.inner.state);
        state.check_running()?;
        let minute = state.minute();
        state.append(minute, &[])?;
        state.log.rotate_key(minute, new)?;
        state.last_minute = minute;
        Ok(())
    }

    /// The audit log's present checkpoint, for a witness.
    pub fn checkpoint(&self) -> Note {
        lock(&self.inner.state).log.note().clone()
    }

    /// Destroys what is open and stops. Transactions that are still in some
    /// hand give [`crate::ErrorKind::Ended`] from then on.
    ///
    /// # Errors
    /// If the log or the store cannot be written; the biometrics are destroyed
    /// all the same.
    pub fn shutdown(self) -> Result<(), Error> {
        self.inner.stop(StopCause::Operator)
    }
}

impl Drop for Custody {
    fn drop(&mut self) {
        let cause = match std::thread::panicking() {
            true => StopCause::Failure,
            false => StopCause::Operator,
        };
        // Nothing if it is stopped already.
        let _ = self.inner.stop(cause);
    }
}

impl Inner {
    /// Ends a transaction; gives its receipt, also if it had ended before.
    pub(crate) fn end(
        &self,
        number: u64,
        slot: &Mutex<Slot>,
        cause: DestructionCause,
    ) -> Result<Note, Error> {
        self.end_locked(number, &mut lock(slot), cause)
    }

    pub(crate) fn end_locked(
        &self,
        number: u64,
        slot: &mut Slot,
        cause: DestructionCause,
    ) -> Result<Note, Error> {
        let live = match std::mem::replace(slot, Slot::Ended(None)) {
            Slot::Open(live) => live,
            Slot::Ended(receipt) => {
                *slot = Slot::Ended(receipt.clone());
                return receipt.ok_or_else(|| Error::ended("transaction"));
            }
        };
        let ended = Ended {
            number,
            opened: live.opened,
            commitment: live.commitment,
            cause,
            tally: live.tally,
            images: live.biometrics.images(),
            templates: live.biometrics.templates(),
        };
        // Before anything that can fail.
        drop(live);
        let receipt = lock(&self.state).write_receipt(ended)?;
        *slot = Slot::Ended(Some(receipt.clone()));
        Ok(receipt)
    }

    fn stop(&self, cause: StopCause) -> Result<(), Error> {
        let mut state = lock(&self.state);
        if state.stopped {
            return Ok(());
        }
        state.stopped = true;
        let open: Vec<_> = state
            .open
            .iter()
            .map(|(number, open)| (*number, open.slot.clone()))
            .collect();
        drop(state);
        let mut result = Ok(());
        for (number, slot) in open {
            let ended = self.end(number, &slot, DestructionCause::Shutdown);
            result = result.and(ended.map(drop));
        }
        let mut state = lock(&self.state);
        // A receipt that could not be written above is tried once more here.
        state.write_unwritten()?;
        let minute = state.minute();
        state.append(minute, &[Event::Stopped { cause }])?;
        result.and(state.housekeep())
    }
}
