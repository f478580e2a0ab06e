//! Beginnings and ends: in time, complete, and final.

use super::{GRACE_MINUTES, LiveHold, OpenTransaction, Rules};
use crate::Event;
use crate::entry::{Commitment, Count, Minute};
use rowcall_words::log::DestructionCause;

impl Rules {
    /// Takes a start: it fixes the deadline of everything that was due while no
    /// lane ran, and no later start moves it again.
    pub(super) fn start(&mut self, now: i64) {
        self.run.unclean += u64::from(self.run.running);
        self.run.running = true;
        self.run.number += 1;
        let last = now + GRACE_MINUTES;
        // The memory that held these is gone: whatever their limit was, their
        // receipts are due now.
        for number in std::mem::take(&mut self.of_this_run) {
            if let Some(open) = self.transactions.get_mut(&number) {
                open.last = last;
                self.deadlines.set(number, last);
            }
        }
        // Who looked sees nothing any more, and nothing was stored.
        self.set_ups.clear();
        while let Some(number) = self.deadlines.take_due(now) {
            if let Some(hold) = self.holds.get_mut(&number) {
                hold.last = last;
                self.deadlines.set(number, last);
            }
        }
    }

    /// Takes an opening, due in minute `due`.
    pub(super) fn open_transaction(&mut self, opened: Minute, commitment: Commitment, due: i64) {
        let (number, last) = (self.next, due + GRACE_MINUTES);
        let open = OpenTransaction {
            opened,
            commitment,
            documents: 0,
            holds: 0,
            last,
            run: self.run.number,
        };
        self.transactions.insert(number, open);
        self.of_this_run.insert(number);
        self.deadlines.set(number, last);
    }

    /// Takes a hold, due in minute `due`.
    pub(super) fn hold(&mut self, made: Minute, due: i64) {
        let (number, last) = (self.next, due + GRACE_MINUTES);
        self.holds.insert(number, LiveHold { made, last });
        self.deadlines.set(number, last);
        self.deadlines.set_due(number, due);
    }

    /// Takes a set-up, due in minute `due`.
    pub(super) fn set_up(&mut self, due: i64) {
        let (number, last) = (self.next, due + GRACE_MINUTES);
        self.set_ups.insert(number, last);
        self.deadlines.set(number, last);
    }

    pub(super) fn live_set_up(&self, number: u64) -> Result<(), String> {
        match self.set_ups.contains_key(&number) {
            true => Ok(()),
            false => Err(format!(
                "entry {number} began no set-up, or it has ended already"
            )),
        }
    }

    /// The transaction, which must have been opened since the lane started.
    pub(super) fn open(&mut self, number: u64) -> Result<&mut OpenTransaction, String> {
        let run = self.run.number;
        self.transactions
            .get_mut(&number)
            .filter(|open| open.run == run)
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
        let before_this_run = open.run != self.run.number;
        if before_this_run != (*cause == DestructionCause::ProcessEnded) {
            return Err(format!(
                "transaction {number} ended by {:?}, which is for those, and those only, \
                 that a process left open when it ended",
                cause.as_str()
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
        self.of_this_run.remove(&number);
        Ok(())
    }

    /// Checks that nothing is open beyond its time.
    pub(super) fn check_due(&mut self, now: i64) -> Result<(), String> {
        let (transactions, holds, set_ups) = (&self.transactions, &self.holds, &self.set_ups);
        let last_of = |number| {
            let open = transactions.get(&number).map(|open| open.last);
            let held = || holds.get(&number).map(|hold| hold.last);
            open.or_else(held).or_else(|| set_ups.get(&number).copied())
        };
        match self.deadlines.overdue(now, last_of) {
            None => Ok(()),
            Some(number) if transactions.contains_key(&number) => {
                Err(format!("transaction {number} was not destroyed in time"))
            }
            Some(number) if set_ups.contains_key(&number) => {
                Err(format!("set-up {number} did not end in time"))
            }
            Some(number) => Err(format!("hold {number} did not end in time")),
        }
    }
}
