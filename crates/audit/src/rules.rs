//! What a sequence of entries must satisfy: everything that was opened is
//! destroyed within its limit, every hold ends, nothing happens after an end.
//!
//! Times are compared on the log's own time line: the entries' minutes, with
//! each declared step of the clock taken out, so that setting a clock neither
//! breaks a log nor stretches a limit.

mod deadlines;
mod ended;
mod keys;
mod state;

use crate::entry::{Minute, SecondOfficer};
use crate::statement::{receipt_is_by, rotated_key};
use crate::{Entry, Event, VerifierKey};
use rowcall_words::log::Approval;

use state::Configuration;
pub use state::{LiveHold, OpenTransaction, Rules};

/// How many minutes later than its limit an end may be recorded: times are
/// coarse by a minute, and a lane looks at its limits once a minute.
pub const GRACE_MINUTES: i64 = 2;

impl Rules {
    /// Takes the next entry.
    ///
    /// # Errors
    /// A sentence saying which rule the entry breaks.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), String> {
        self.apply_checked(entry, None)
    }

    /// As [`Rules::apply`], where the receipt in `entry` was found to be signed
    /// by `receipt_key` already.
    pub(crate) fn apply_checked(
        &mut self,
        entry: &Entry,
        receipt_key: Option<&VerifierKey>,
    ) -> Result<(), String> {
        let now = self.advance(entry)?;
        self.check_place(&entry.event)?;
        // A process that comes up finds things overdue; what matters is that it
        // ends them then, which the entry after these shows.
        if !comes_between_runs(&entry.event) {
            self.check_due(now)?;
        }
        match &entry.event {
            Event::Created { key } => self.keys.begin(&self.origin, key)?,
            Event::Started {} => self.start(now),
            Event::Stopped { .. } => {
                if let Some(open) = self.transactions.keys().next() {
                    return Err(format!("the lane stopped with transaction {open} open"));
                }
                self.run.running = false;
                self.set_ups.clear();
            }
            Event::Configured {
                transaction_limit,
                hold_limit,
                order_limit,
                holds_per_day,
                approval,
                ..
            } => {
                self.configuration = Some(Configuration {
                    run: self.run.number,
                    transaction_limit: transaction_limit.get(),
                    hold_limit: hold_limit.get(),
                    order_limit: order_limit.get(),
                    holds_per_day: holds_per_day.get(),
                    approval: *approval,
                });
            }
            Event::ClockStepped { .. } => {}
            Event::Opened { commitment, limit } => {
                if limit.get() > self.configured()?.transaction_limit {
                    return Err("its limit is above the configured one".to_owned());
                }
                self.open_transaction(entry.minute, *commitment, now + i64::from(limit.get()));
            }
            Event::Document { transaction, .. } => self.open(*transaction)?.documents += 1,
            Event::Arrived { transaction }
            | Event::Seat { transaction, .. }
            | Event::Adjudicated { transaction, .. } => {
                self.open(*transaction)?;
            }
            Event::HoldMade {
                transaction,
                length,
                ..
            } => {
                self.check_hold(&entry.event, now)?;
                self.open(*transaction)?.holds += 1;
                self.hold(entry.minute, now + i64::from(length.get()));
            }
            Event::HoldViewed { hold, .. } => {
                self.live(*hold)?;
            }
            Event::HoldReleased { hold, .. } | Event::HoldExpired { hold, .. } => {
                self.live(*hold)?;
                self.holds.remove(hold);
            }
            Event::Destroyed { transaction, .. } => {
                let key = self.key().ok_or("the log has no key")?;
                if receipt_key != Some(key) && !receipt_is_by(key, entry) {
                    return Err("the receipt is not signed by the log's key".to_owned());
                }
                self.end_transaction(*transaction, &entry.event)?;
            }
            Event::SetUpBegan { limit, .. } => {
                self.configured()?;
                self.set_up(now + i64::from(limit.get()));
            }
            Event::SetUpEnded { set_up, .. } => {
                self.live_set_up(*set_up)?;
                self.set_ups.remove(set_up);
            }
            Event::LaneFileWritten { set_up, .. } => self.live_set_up(*set_up)?,
            Event::KeyRotated { .. } => {
                let key = self.key().ok_or("the log has no key")?;
                let new = rotated_key(key, entry)
                    .ok_or("the new key is not signed by the old one and by itself")?;
                self.keys.follow(new)?;
            }
        }
        *self.counts.entry(entry.event.kind()).or_default() += 1;
        self.next += 1;
        Ok(())
    }

    /// Checks that nothing is overdue when the log is looked at, at `minute` on
    /// the clock of its last entry. A lane that is stopped, or whose process
    /// died, destroys nothing: what was due meanwhile is overdue.
    ///
    /// # Errors
    /// A sentence saying what is overdue.
    pub fn check_at(&mut self, minute: Minute) -> Result<(), String> {
        let now = i64::from(minute.since_1970()) + self.offset;
        self.check_due(now.max(self.now()))
            .map_err(|what| match self.run.running {
                true => what,
                false => format!("{what}: the lane is stopped, and nobody has seen to it"),
            })
    }

    /// Checks that nothing is overdue at the log's last entry.
    pub(crate) fn check_at_end(&mut self) -> Result<(), String> {
        match self.run.running {
            true => self.check_due(self.now()),
            false => Ok(()),
        }
    }

    /// Checks the entry's minute and gives it on the log's own time line.
    fn advance(&mut self, entry: &Entry) -> Result<i64, String> {
        let minute = i64::from(entry.minute.since_1970());
        let expected = match entry.event {
            Event::ClockStepped { was } => was,
            _ => entry.minute,
        };
        if self.last_minute.is_some_and(|last| expected < last) {
            return Err("its time is before that of the entry before it".to_owned());
        }
        let step = i64::from(expected.since_1970()) - minute;
        self.offset += step;
        self.stepped += step.unsigned_abs();
        self.last_minute = Some(entry.minute);
        Ok(minute + self.offset)
    }

    /// Checks that an entry of this kind may stand here.
    fn check_place(&self, event: &Event) -> Result<(), String> {
        let first = self.next == 0;
        if first != matches!(event, Event::Created { .. }) {
            return Err("a log begins with its \"created\" entry and has no other".to_owned());
        }
        if !self.run.running && !comes_between_runs(event) {
            return Err(format!(
                "a {:?} entry while the lane is stopped",
                event.kind()
            ));
        }
        Ok(())
    }

    /// Checks a hold against the configuration.
    fn check_hold(&mut self, made: &Event, now: i64) -> Result<(), String> {
        let configuration = self.configured()?;
        let Event::HoldMade {
            officer,
            second,
            reason,
            length,
            ..
        } = made
        else {
            return Ok(());
        };
        match (configuration.approval, second) {
            (_, SecondOfficer::Pseudonym(second)) if second == officer => {
                return Err("both officers of the hold are one".to_owned());
            }
            (Approval::TwoOfficers, SecondOfficer::None) => {
                return Err("the hold lacks its second officer".to_owned());
            }
            _ => {}
        }
        let limit = match reason.is_order() {
            true => configuration.order_limit,
            false => configuration.hold_limit,
        };
        if length.get() > limit {
            return Err("the hold is longer than configured".to_owned());
        }
        // A day less the coarseness of two times. The time line never goes back,
        // so the oldest is in front.
        let day_ago = now - (24 * 60 - 1);
        while self
            .recent_holds
            .front()
            .is_some_and(|made| *made <= day_ago)
        {
            self.recent_holds.pop_front();
        }
        self.recent_holds.push_back(now);
        match self.recent_holds.len() > usize::from(configuration.holds_per_day) {
            true => Err("more holds in a day than configured".to_owned()),
            false => Ok(()),
        }
    }

    fn configured(&self) -> Result<Configuration, String> {
        self.configuration
            .filter(|configuration| configuration.run == self.run.number)
            .ok_or_else(|| "the lane has not stated its configuration since it started".to_owned())
    }
}

/// Whether such an entry can stand where no lane runs.
fn comes_between_runs(event: &Event) -> bool {
    matches!(
        event,
        Event::Created { .. }
            | Event::Started {}
            | Event::ClockStepped { .. }
            | Event::KeyRotated { .. }
    )
}
