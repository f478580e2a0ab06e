//! A transaction: open, or closed. The open one can be read; closing it
//! consumes it, so nothing can read a closed one.

use crate::biometrics::{Biometrics, Kept, Seat};
use crate::custody::Inner;
use crate::hold::{HoldId, HoldRequest};
use crate::replay::Tally;
use crate::{Error, lock};
use rowcall_audit::entry::{
    AdjudicationReason, Commitment, DestructionCause, DocumentKind, DocumentVerdict, Leniencies,
    Minute, Row, SeatOutcome, Side, Stage, Subject,
};
use rowcall_audit::{Event, Note};
use rowcall_face::{Image, Probe, Reference};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};

/// An open transaction: the only way to its biometrics. It is not `Clone`.
///
/// Dropping it without closing, or a panic while it is read, destroys the
/// biometrics too, with a receipt that says so; so does its time limit, after
/// which every use gives [`crate::ErrorKind::Ended`].
pub struct OpenTransaction {
    pub(crate) inner: Arc<Inner>,
    pub(crate) slot: Arc<Mutex<Slot>>,
    pub(crate) number: u64,
}

/// A transaction whose biometrics are destroyed. What is left of it is its
/// receipt.
#[derive(Clone, Debug)]
pub struct ClosedTransaction {
    number: u64,
    receipt: Note,
}

/// The caller's half of the opening's commitment: hand it to the inspection
/// system and keep no copy. With its own reference it can later show which
/// entries of the log are this transaction's ([`Commitment::new`]).
pub struct Opening {
    /// The key of the commitment.
    pub key: [u8; 32],
    /// The entry that opened the transaction.
    pub transaction: u64,
}

/// Something about a transaction that goes to the audit log.
#[derive(Clone, Copy, Debug)]
pub enum Fact<'a> {
    /// A document was read.
    Document {
        /// What it is.
        kind: DocumentKind,
        /// What was found.
        verdict: DocumentVerdict,
        /// Which defects were let pass.
        leniencies: Leniencies,
    },
    /// A seat was decided.
    Seat {
        /// The row.
        row: Row,
        /// The side.
        side: Side,
        /// Confirmed, or why not.
        outcome: SeatOutcome,
        /// The stage that decided.
        stage: Stage,
    },
    /// An officer decided a referral.
    Adjudicated {
        /// What about.
        subject: Subject,
        /// Who: made into the day's pseudonym, never stored.
        officer: &'a str,
        /// Why.
        reason: AdjudicationReason,
    },
}

/// Where the biometrics are, or are no more: there is no state in which the
/// transaction has ended and they are still there.
pub(crate) enum Slot {
    Open(Box<Live>),
    /// With its receipt, once that is durable.
    Ended(Option<Note>),
}

pub(crate) struct Live {
    pub(crate) biometrics: Biometrics,
    pub(crate) opened: Minute,
    pub(crate) commitment: Commitment,
    pub(crate) tally: Tally,
}

impl OpenTransaction {
    /// The entry of the audit log that opened it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Looks at the biometrics. Nothing borrowed from them can leave `look`;
    /// the transaction cannot end while it runs, so it should be short: if its
    /// time is over by then, it ends as `look` returns. If `look` panics, the
    /// biometrics are destroyed before the panic goes on.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if the time limit has passed.
    pub fn read<R>(&self, look: impl FnOnce(&Biometrics) -> R) -> Result<R, Error> {
        self.with(|live| Ok(look(&live.biometrics)))
    }

    /// Takes a camera frame into custody; with more than 64 the oldest goes.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn add_frame(&self, frame: Image) -> Result<Kept, Error> {
        self.with(|live| Ok(live.biometrics.add_frame(frame)))
    }

    /// Takes a document's portrait, and its template, into custody in place of
    /// what there was under this number.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`], and beyond 64 documents.
    pub fn set_document(
        &self,
        number: u16,
        portrait: Image,
        reference: Option<Reference>,
    ) -> Result<Kept, Error> {
        self.with(|live| live.biometrics.set_document(number, portrait, reference))
    }

    /// Takes an occupant's best picture, and the fused template, into custody
    /// in place of what there was for this seat.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`], and beyond 64 occupants.
    pub fn set_occupant(
        &self,
        seat: Seat,
        best: Image,
        probe: Option<Probe>,
    ) -> Result<Kept, Error> {
        self.with(|live| live.biometrics.set_occupant(seat, best, probe))
    }

    /// Destroys what belongs to somebody who opts out, and every frame taken so
    /// far; whatever comes of them later is destroyed as it comes.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn opt_out(&self, subject: Subject) -> Result<(), Error> {
        self.with(|live| {
            live.biometrics.opt_out(subject);
            Ok(())
        })
    }

    /// Writes facts to the audit log: durable when this returns.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`], and if the log cannot be written.
    pub fn record(&self, facts: &[Fact<'_>]) -> Result<(), Error> {
        self.with(|live| {
            let mut state = lock(&self.inner.state);
            let minute = state.minute();
            let events: Vec<Event> = facts
                .iter()
                .map(|fact| fact.event(self.number, |name| state.pseudonym(minute, name)))
                .collect();
            state.append(minute, &events)?;
            events.iter().for_each(|event| live.tally.count(event));
            Ok(())
        })
    }

    /// Puts one image pair on hold: it is encrypted under a key of its own, and
    /// stays when the transaction ends, until its time is over or an officer
    /// releases it.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; if there is no such pair; if the policy
    /// forbids it (length, number, officers); if it cannot be stored.
    pub fn hold(&self, request: &HoldRequest<'_>) -> Result<HoldId, Error> {
        self.with(|live| {
            let (occupant, portrait) = live
                .biometrics
                .pair(request.seat, request.document)
                .ok_or_else(|| Error::operator("there is no picture of that seat or document"))?;
            let mut state = lock(&self.inner.state);
            let hold = state.make_hold(self.number, occupant, portrait, request);
            live.tally.holds += u64::from(hold.was_recorded());
            hold.into_result()
        })
    }

    /// Destroys the biometrics and writes the receipt.
    ///
    /// # Errors
    /// If the receipt cannot be written. The biometrics are destroyed all the
    /// same, and the receipt is written as soon as the log can be.
    pub fn close(self) -> Result<ClosedTransaction, Error> {
        let receipt = self.end(DestructionCause::Closed)?;
        Ok(ClosedTransaction {
            number: self.number,
            receipt,
        })
    }

    fn end(&self, cause: DestructionCause) -> Result<Note, Error> {
        self.inner.end(self.number, &self.slot, cause)
    }

    /// Runs `act` on the live transaction, unless it has ended or must end now.
    fn with<R>(&self, act: impl FnOnce(&mut Live) -> Result<R, Error>) -> Result<R, Error> {
        if lock(&self.inner.state).is_due(self.number) {
            // An unwritten receipt is kept and tried again.
            let _ = self.end(DestructionCause::TimeLimit);
        }
        let mut slot = lock(&self.slot);
        let Slot::Open(live) = &mut *slot else {
            return Err(Error::ended("transaction"));
        };
        match catch_unwind(AssertUnwindSafe(|| act(live))) {
            Ok(result) => {
                // A tick leaves alone what is in use.
                if lock(&self.inner.state).is_due(self.number) {
                    let cause = DestructionCause::TimeLimit;
                    let _ = self.inner.end_locked(self.number, &mut slot, cause);
                }
                result
            }
            Err(panic) => {
                let _ = self
                    .inner
                    .end_locked(self.number, &mut slot, DestructionCause::Panic);
                drop(slot);
                resume_unwind(panic)
            }
        }
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        let cause = match std::thread::panicking() {
            true => DestructionCause::Panic,
            false => DestructionCause::Abandoned,
        };
        // Does nothing to a transaction that has ended.
        let _ = self.end(cause);
    }
}

impl ClosedTransaction {
    /// The entry of the audit log that had opened it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The receipt: a signed note that can be checked by itself.
    pub fn receipt(&self) -> &Note {
        &self.receipt
    }
}

impl Fact<'_> {
    fn event(
        &self,
        transaction: u64,
        pseudonym: impl Fn(&str) -> rowcall_audit::entry::OfficerPseudonym,
    ) -> Event {
        match *self {
            Self::Document {
                kind,
                verdict,
                leniencies,
            } => Event::Document {
                transaction,
                kind,
                verdict,
                leniencies,
            },
            Self::Seat {
                row,
                side,
                outcome,
                stage,
            } => Event::Seat {
                transaction,
                row,
                side,
                outcome,
                stage,
            },
            Self::Adjudicated {
                subject,
                officer,
                reason,
            } => Event::Adjudicated {
                transaction,
                subject,
                officer: pseudonym(officer),
                reason,
            },
        }
    }
}
