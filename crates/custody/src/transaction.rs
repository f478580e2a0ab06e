//! A transaction: open, or closed. The open one can be read; closing it
//! consumes it, so nothing can read a closed one.

mod fact;
mod held;
pub(crate) mod slot;

use crate::Error;
use crate::biometrics::{Biometrics, Kept, Seen};
use crate::custody::command::{Actor, Command, EndedBy};
use crate::custody::shared::Shared;
use rowcall_audit::Note;
use rowcall_audit::entry::Subject;
use rowcall_face::{Image, Sketch};
use rowcall_rollcall::{Lane, Presented};
use rowcall_words::log::DestructionCause;
use rowcall_words::seat::Seat;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

pub use fact::Fact;
use slot::{Live, Slot};

/// An open transaction: the only way to its biometrics. It is not `Clone`, and
/// whoever uses it has it for themselves, so a use of it cannot wait for another.
///
/// Dropping it without closing, or a panic while it is read, destroys the
/// biometrics too, with a receipt that says so; so does its time limit, after
/// which every use gives [`crate::ErrorKind::Ended`].
pub struct OpenTransaction {
    actor: Actor,
    shared: Arc<Shared>,
    slot: Arc<Slot>,
    number: u64,
    /// When its time is over, since boot.
    due: Duration,
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
/// entries of the log are this transaction's
/// ([`rowcall_audit::entry::Commitment::new`]).
pub struct Opening {
    /// The key of the commitment.
    pub key: [u8; 32],
    /// The entry that opened the transaction.
    pub transaction: u64,
}

impl OpenTransaction {
    pub(crate) fn new(
        actor: Actor,
        shared: Arc<Shared>,
        slot: Arc<Slot>,
        number: u64,
        due: Duration,
    ) -> Self {
        Self {
            actor,
            shared,
            slot,
            number,
            due,
        }
    }

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
    pub fn read<R>(&mut self, look: impl FnOnce(&Biometrics) -> R) -> Result<R, Error> {
        self.with(|live| Ok(look(&live.biometrics)))
    }

    /// Takes what a camera saw into custody; beyond 512 frames, half of the busiest
    /// camera's go. Faces of a seat that opted out are destroyed as they come.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn add_frame(&mut self, seen: Seen) -> Result<Kept, Error> {
        self.with(|live| Ok(live.biometrics.add_frame(seen)))
    }

    /// Counts a frame in which whoever was seen in the camera's last is where they were, and
    /// nobody else: it isn't kept. `false` if that can't be said of it, since
    /// nothing of the camera is kept yet, or since it shows the last picture once more, as a
    /// camera that stands still does: then it is for [`OpenTransaction::add_frame`].
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn count_unchanged(&mut self, camera: &str, sketch: Sketch) -> Result<bool, Error> {
        self.with(|live| Ok(live.biometrics.count_unchanged(camera, sketch)))
    }

    /// Counts a frame that was taken and couldn't be read.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn count_unreadable(&mut self) -> Result<(), Error> {
        self.with(|live| {
            live.biometrics.count_unreadable();
            Ok(())
        })
    }

    /// Says whether a camera has failed while the vehicle is there: what it would have
    /// seen is missing, whatever it showed before.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn set_camera_failed(&mut self, camera: &str, failed: bool) -> Result<(), Error> {
        self.with(|live| {
            live.biometrics.set_camera_failed(camera, failed);
            Ok(())
        })
    }

    /// Gives a document its place among those presented before it is read: until
    /// then it confirms nobody.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`], and beyond 64 documents.
    pub fn announce_document(&mut self, id: String) -> Result<usize, Error> {
        self.with(|live| live.biometrics.announce_document(id))
    }

    /// Takes a document that was read into custody, in its place, with its portrait
    /// turned upright.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; if no such document was announced.
    pub fn set_document(
        &mut self,
        place: usize,
        presented: Presented,
        portrait: Option<Image>,
    ) -> Result<Kept, Error> {
        self.with(|live| live.biometrics.set_document(place, presented, portrait))
    }

    /// Takes a document into custody, as both of these.
    ///
    /// # Errors
    /// As these.
    pub fn add_document(
        &mut self,
        presented: Presented,
        portrait: Option<Image>,
    ) -> Result<usize, Error> {
        self.with(|live| {
            let place = live.biometrics.announce_document(presented.id.clone())?;
            live.biometrics.set_document(place, presented, portrait)?;
            Ok(place)
        })
    }

    /// Says how many people are inside, or that nobody knows.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn declare(&mut self, occupants: Option<u8>) -> Result<(), Error> {
        self.with(|live| {
            live.biometrics.declare(occupants);
            Ok(())
        })
    }

    /// Says which sort of vehicle has come, where that wasn't known as it was opened.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; once a frame was taken, and if somebody opted out on a
    /// seat that `lane` hasn't.
    pub fn set_lane(&mut self, lane: Arc<Lane>) -> Result<(), Error> {
        self.with(|live| live.biometrics.set_lane(lane))
    }

    /// Takes a document out, since it isn't this vehicle's, or back in.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; if no such document was presented.
    pub fn set_aside(&mut self, place: usize, aside: bool) -> Result<(), Error> {
        self.with(|live| live.biometrics.set_aside(place, aside))
    }

    /// Says that documents are one holder's.
    ///
    /// # Errors
    /// As [`OpenTransaction::set_aside`].
    pub fn join(&mut self, places: BTreeSet<usize>) -> Result<(), Error> {
        self.with(|live| live.biometrics.join(places))
    }

    /// Destroys what was seen of a seat so far, so that it is captured anew.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`].
    pub fn recapture(&mut self, seat: Seat) -> Result<(), Error> {
        self.with(|live| {
            live.biometrics.recapture(seat);
            Ok(())
        })
    }

    /// Destroys what belongs to somebody who opts out: their faces in every frame
    /// taken so far, their zone where it shows beside another's face, and every hold
    /// of theirs that was proposed; whatever comes of them later is destroyed as it
    /// comes.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; if the lane has no such seat, which couldn't be
    /// masked, or no such document was presented.
    pub fn opt_out(&mut self, subject: Subject) -> Result<(), Error> {
        self.with(|live| live.opt_out(subject))
    }

    /// Writes facts to the audit log: durable when this returns. It needs nothing
    /// of what a use of the biometrics has in hand.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ended`] if the transaction has ended; if the log cannot
    /// be written.
    pub fn record(&self, facts: &[Fact<'_>]) -> Result<(), Error> {
        self.end_if_over();
        let facts = facts
            .iter()
            .map(|fact| fact.recorded(&self.shared))
            .collect::<Result<_, _>>()?;
        self.actor.ask(|reply| Command::Record {
            transaction: self.number,
            facts,
            reply,
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

    /// As [`OpenTransaction::close`], of one whose time is over before custody's own limit
    /// for it, such as a party that never came to the cameras: the receipt says so.
    ///
    /// # Errors
    /// As [`OpenTransaction::close`].
    pub fn expire(self) -> Result<ClosedTransaction, Error> {
        let receipt = self.end(DestructionCause::TimeLimit)?;
        Ok(ClosedTransaction {
            number: self.number,
            receipt,
        })
    }

    /// Destroys the biometrics, unless that is done already; gives the receipt.
    fn end(&self, cause: DestructionCause) -> Result<Note, Error> {
        let (images, templates) = match self.slot.take() {
            Ok(counts) => counts,
            Err(receipt) => return receipt.ok_or_else(|| Error::ended("transaction")),
        };
        let ended = EndedBy {
            number: self.number,
            cause,
            images,
            templates,
        };
        let receipt = self.actor.ask(|reply| Command::End { ended, reply })?;
        self.slot.set_receipt(receipt.clone());
        Ok(receipt)
    }

    /// Ends it if custody has been shut down or its time is over. Custody itself
    /// leaves alone what is in use; whoever used it looks here after that.
    fn end_if_over(&self) {
        let cause = if self.shared.is_stopped() {
            DestructionCause::Shutdown
        } else if self.shared.clock.read().since_boot >= self.due {
            DestructionCause::TimeLimit
        } else {
            return;
        };
        // An unwritten receipt is kept and tried again.
        let _ = self.end(cause);
    }

    /// Runs `act` on the live transaction, unless it has ended or must end now.
    fn with<R>(&mut self, act: impl FnOnce(&mut Live) -> Result<R, Error>) -> Result<R, Error> {
        self.end_if_over();
        let slot = self.slot.clone();
        let done = slot.with(|live| catch_unwind(AssertUnwindSafe(|| act(live))));
        match done.ok_or_else(|| Error::ended("transaction"))? {
            Ok(result) => {
                self.end_if_over();
                result
            }
            Err(panic) => {
                let _ = self.end(DestructionCause::Panic);
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
