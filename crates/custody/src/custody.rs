//! The custodian: opens transactions, ends those whose time is over, and
//! writes everything that happens to the audit log.
//!
//! One thread owns log, database, key file and keys (`actor`), and everybody else
//! asks it. It never waits for a transaction that is in use, so nothing that is
//! done with one, whatever it asks meanwhile, can keep it from its work. What is
//! asked while it writes is written together with the next sync.

mod actor;
pub(crate) mod command;
mod group;
mod held;
mod holds;
mod settle;
pub(crate) mod shared;
mod start;
mod state;

use crate::hold::{HeldPair, HoldId, seal};
use crate::officer::Officer;
use crate::transaction::{OpenTransaction, Opening};
use crate::{Error, ErrorKind};
use rowcall_audit::entry::{Digest, Minutes};
use rowcall_audit::{Note, SignerKey};
use rowcall_rollcall::Lane;
use rowcall_words::log::{SetUpEndCause, StopCause};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use zeroize::Zeroizing;

use command::{Actor, Command, Uses};
use shared::Shared;

pub use start::Started;

/// Custody of one lane's biometrics.
///
/// Time limits and holds end by themselves, within twenty seconds;
/// [`Custody::tick`] ends them at once and says what went wrong: call it every
/// half minute. [`Custody::shutdown`] destroys what is open; so does dropping it,
/// and so does the end of the process in whatever way, because nothing but holds
/// is ever written.
pub struct Custody {
    actor: Actor,
    shared: Arc<Shared>,
}

impl Custody {
    /// Opens a transaction: once this returns, its opening is durable in the
    /// audit log, and nothing was captured before. `reference` is the calling
    /// system's own name for it, of which only a commitment is kept; `lane` is where it
    /// stands, which says what belongs to which seat.
    ///
    /// # Errors
    /// If custody has been shut down, `limit` is above the policy's, or the log
    /// cannot be written.
    pub fn open(
        &self,
        reference: &[u8],
        limit: Minutes,
        lane: Arc<Lane>,
    ) -> Result<(OpenTransaction, Opening), Error> {
        let opened = self.actor.ask(|reply| Command::Open {
            reference: Zeroizing::new(reference.to_vec()),
            limit,
            lane,
            reply,
        })?;
        let opening = Opening {
            key: opened.key,
            transaction: opened.number,
        };
        let open = OpenTransaction::new(
            self.actor.clone(),
            self.shared.clone(),
            opened.slot,
            opened.number,
            opened.due,
        );
        Ok((open, opening))
    }

    /// Ends what is over: holds beyond their time first, then transactions
    /// beyond their limit; one that is in use ends as its use does. Writes
    /// receipts that could not be written before, deletes outcomes that are too
    /// old, and remembers time and checkpoint.
    ///
    /// # Errors
    /// If the log or the store cannot be written; what was over has ended all
    /// the same. [`crate::ErrorKind::Us`] if custody's thread has failed: all that
    /// was open is destroyed, and the process must be started anew for holds to
    /// end.
    pub fn tick(&self) -> Result<(), Error> {
        let ticked = self.actor.ask(|reply| Command::Tick { reply });
        // It says that it stops before it does; if it is gone without, it has failed.
        let gone = matches!(&ticked, Err(e) if e.kind() == ErrorKind::Ended);
        let failed = gone && !self.shared.is_stopped();
        match failed || self.shared.failed.load(Ordering::SeqCst) {
            true => Err(Error::us(
                "custody's thread has failed: what was open is destroyed. Start the process \
                 anew, so that holds end in time, and report it",
            )),
            false => ticked,
        }
    }

    /// Decrypts a hold for an officer to look at; that they did goes to the log
    /// first.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if there is no such hold any more.
    pub fn view_hold(&self, hold: HoldId, officer: &Officer) -> Result<HeldPair, Error> {
        self.shared.check(officer)?;
        let person = officer.person().clone();
        let found = self.actor.ask(|reply| Command::ViewHold {
            hold,
            person,
            reply,
        })?;
        let ciphertext = self.shared.files.read(&found.file)?;
        let whole = ciphertext.filter(|bytes| found.is_ciphertext(bytes));
        let pair = whole.and_then(|bytes| {
            seal::open(bytes, &found.key, &found.nonce, found.context.as_bytes())
        });
        if pair.is_none() {
            self.actor
                .ask(|reply| Command::BrokenHold { hold, reply })?;
        }
        pair.ok_or_else(|| Error::ended("hold"))
    }

    /// Ends a hold before its time: its key is destroyed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if there is no such hold any more.
    pub fn release_hold(&self, hold: HoldId, officer: &Officer) -> Result<(), Error> {
        self.shared.check(officer)?;
        let person = officer.person().clone();
        self.actor.ask(|reply| Command::ReleaseHold {
            hold,
            person,
            reply,
        })
    }

    /// Holds that have not ended.
    ///
    /// # Errors
    /// If custody has been shut down.
    pub fn holds(&self) -> Result<Vec<HoldId>, Error> {
        self.actor.ask(|reply| Command::Holds { reply })
    }

    /// Records that somebody looks at a lane's cameras to set zones up, for as long as
    /// `limit`; the number of the entry. What they see is in no custody: whoever calls
    /// this shows it, stores nothing of it, and ends it in time.
    ///
    /// # Errors
    /// If custody has been shut down, or the log can't be written: then nothing may be
    /// shown.
    pub fn begin_set_up(&self, officer: &Officer, limit: Minutes) -> Result<u64, Error> {
        self.shared.check(officer)?;
        let step = command::SetUp::Begin(officer.person().clone(), limit);
        self.actor.ask(|reply| Command::SetUp { step, reply })
    }

    /// Records that a lane file is written in the set-up that entry `set_up` began.
    ///
    /// # Errors
    /// As [`Custody::begin_set_up`]: then it may not be written.
    pub fn record_lane_file(&self, set_up: u64, digest: Digest) -> Result<(), Error> {
        let step = command::SetUp::Write(set_up, digest);
        self.actor
            .ask(|reply| Command::SetUp { step, reply })
            .map(drop)
    }

    /// Records the end of a set-up: once, within its limit.
    ///
    /// # Errors
    /// As [`Custody::begin_set_up`]; it is to be recorded again then.
    pub fn end_set_up(&self, set_up: u64, cause: SetUpEndCause) -> Result<(), Error> {
        let step = command::SetUp::End(set_up, cause);
        self.actor
            .ask(|reply| Command::SetUp { step, reply })
            .map(drop)
    }

    /// Hands the audit log over to another key of the same name. Keep both keys
    /// until this returns.
    ///
    /// # Errors
    /// As [`rowcall_audit::Log::rotate_key`].
    pub fn rotate_key(&self, new: SignerKey) -> Result<(), Error> {
        let new = Box::new(new);
        self.actor.ask(|reply| Command::RotateKey { new, reply })
    }

    /// The audit log's present checkpoint, for a witness.
    ///
    /// # Errors
    /// If custody has been shut down.
    pub fn checkpoint(&self) -> Result<Note, Error> {
        self.actor.ask(|reply| Command::Checkpoint { reply })
    }

    /// Destroys what is open and stops: transactions that are still in some hand
    /// give [`crate::ErrorKind::Ended`] from then on. One that is in use at this
    /// moment ends as that use does, and the log says that the lane stopped once
    /// the last has.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InUse`] if there is such a one, which this does not
    /// wait for; or if the log or the store cannot be written. The biometrics that
    /// can be destroyed are destroyed all the same.
    pub fn shutdown(self) -> Result<(), Error> {
        self.stop(StopCause::Operator)
    }

    /// As [`Custody::shutdown`], where custody is shared: afterwards every use gives
    /// [`crate::ErrorKind::Ended`]. It waits for uses that are under way, no longer than
    /// `longest`, and isn't to be called inside one.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InUse`] if one goes on longer; else as [`Custody::shutdown`].
    pub fn stop_within(&self, longest: Duration) -> Result<(), Error> {
        let (cause, uses) = (StopCause::Operator, Uses::WaitedFor);
        let stop = |reply| Command::Stop { cause, uses, reply };
        let answer = self.actor.ask_within(longest, stop);
        answer.unwrap_or_else(|| {
            Err(Error::in_use(
                "a transaction is in use still: it is destroyed as its use ends, and the log \
                 says then that the lane stopped",
            ))
        })
    }

    fn stop(&self, cause: StopCause) -> Result<(), Error> {
        let uses = Uses::Told;
        let stop = |reply| Command::Stop { cause, uses, reply };
        self.actor.ask(stop)
    }
}

#[cfg(test)]
impl Custody {
    /// What a killed process does: nothing more.
    pub(crate) fn crash(self) {
        let _ = self.actor.ask(|reply| Command::Crash { reply });
    }

    /// See [`state::State::field_names`].
    pub(crate) fn field_names(self) -> Vec<&'static str> {
        let fields = self.actor.ask(|reply| Command::Fields { reply });
        fields.unwrap()
    }
}

impl Drop for Custody {
    fn drop(&mut self) {
        let cause = match std::thread::panicking() {
            true => StopCause::Failure,
            false => StopCause::Operator,
        };
        // Nothing if it is stopped already.
        let _ = self.stop(cause);
    }
}
