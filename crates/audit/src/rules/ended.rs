//! Ends: in time, complete, and final.

use super::{GRACE_MINUTES, LiveHold, OpenTransaction, Rules};
use crate::Event;
use crate::entry::{Count, DestructionCause};

impl Rules {
    /// The transaction, which must have been opened since the lane started.
    pub(super) fn open(&mut self, number: u64) -> Result<&mut OpenTransaction, String> {
        let runs = self.runs;
        self.transactions
            .get_mut(&number)
            .filter(|open| open.run == runs)
            .ok_or_else(|| format!("entry {number} opened no transaction, or it has ended already"))
    }

    pub(super) fn live(&self, number: u64) -> Result<&LiveHold, String> {
        self.holds
            .get(&number)
            .ok_or_else(|| format!("entry {number} made no hold, or it has ended already"))
    }

    pub(super) fn end_transaction(&mut self, number: u64, receipt: &Event) -> Result<(), String> {
        let Event::Destroyed {
            opened,
            cause,
            documents,
            holds,
            commitment,
            ..
        } = receipt
        else {
            return Ok(());
        };
        let open = self.transactions.get(&number).ok_or_else(|| {
            format!("entry {number} opened no transaction, or it has ended already")
        })?;
        let before_this_run = open.run != self.runs;
        if before_this_run != (*cause == DestructionCause::ProcessEnded) {
            return Err(format!(
                "transaction {number} ended by {:?}, which is for those, and those only, \
                 that a process left open when it ended",
                cause.code()
            ));
        }
        let count = |number: u64| Count::saturating(usize::try_from(number).unwrap_or(usize::MAX));
        if *opened != open.opened
            || *commitment != open.commitment
            || *documents != count(open.documents)
            || *holds != count(open.holds)
        {
            return Err(format!(
                "the receipt does not agree with what is recorded of transaction {number}"
            ));
        }
        self.transactions.remove(&number);
        Ok(())
    }

    /// Checks that nothing is open beyond its time. What was due while the lane
    /// was down is due when it starts.
    pub(super) fn check_due(&self, now: i64) -> Result<(), String> {
        let limit = |due: i64, of_earlier_run: bool| match of_earlier_run {
            true => due.max(self.started) + GRACE_MINUTES,
            false => due + GRACE_MINUTES,
        };
        // Between two runs nobody is there to end anything.
        if !self.running {
            return Ok(());
        }
        for (number, open) in &self.transactions {
            if now > limit(open.due, open.run != self.runs) {
                return Err(format!("transaction {number} was not destroyed in time"));
            }
        }
        for (number, hold) in &self.holds {
            if now > limit(hold.due, hold.due < self.started) {
                return Err(format!("hold {number} did not end in time"));
            }
        }
        Ok(())
    }
}
