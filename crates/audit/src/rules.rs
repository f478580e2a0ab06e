//! What a sequence of entries must satisfy: everything that was opened is
//! destroyed within its limit, every hold ends, nothing happens after an end.
//!
//! Times are compared on the log's own time line: the entries' minutes, with
//! each declared step of the clock taken out, so that setting a clock neither
//! breaks a log nor stretches a limit.

mod ended;

use crate::entry::{Approval, Commitment, Minute, SecondOfficer};
use crate::statement::{receipt_is_by, rotated_key};
use crate::{Entry, Event, KeyName, Purpose, VerifierKey};
use std::collections::{BTreeMap, VecDeque};

/// How many minutes later than its limit an end may be recorded: times are
/// coarse by a minute, and a lane looks at its limits once a minute.
pub const GRACE_MINUTES: i64 = 2;

/// A transaction that has not ended.
#[derive(Clone, Debug)]
pub struct OpenTransaction {
    /// When it was opened.
    pub opened: Minute,
    /// The opening's commitment.
    pub commitment: Commitment,
    /// How many documents were recorded.
    pub documents: u64,
    /// How many holds were made.
    pub holds: u64,
    due: i64,
    run: u64,
}

/// A hold that has not ended.
#[derive(Clone, Debug)]
pub struct LiveHold {
    /// When it was made.
    pub made: Minute,
    due: i64,
}

/// The state of a log after some of its entries; [`Rules::apply`] takes the
/// next. It holds what is open, not what has ended, so it stays small.
#[derive(Clone, Debug)]
pub struct Rules {
    origin: KeyName,
    keys: Vec<VerifierKey>,
    next: u64,
    last_minute: Option<Minute>,
    /// What to add to a minute to get to the log's own time line.
    offset: i64,
    running: bool,
    /// How many times the lane has started, and when it last did.
    runs: u64,
    started: i64,
    configuration: Option<Configuration>,
    transactions: BTreeMap<u64, OpenTransaction>,
    holds: BTreeMap<u64, LiveHold>,
    recent_holds: VecDeque<i64>,
    counts: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Copy, Debug)]
struct Configuration {
    run: u64,
    transaction_limit: u32,
    hold_limit: u32,
    holds_per_day: u16,
    approval: Approval,
}

impl Rules {
    /// A log of this name without any entry.
    pub fn new(origin: KeyName) -> Self {
        Self {
            origin,
            keys: Vec::new(),
            next: 0,
            last_minute: None,
            offset: 0,
            running: false,
            runs: 0,
            started: 0,
            configuration: None,
            transactions: BTreeMap::new(),
            holds: BTreeMap::new(),
            recent_holds: VecDeque::new(),
            counts: BTreeMap::new(),
        }
    }

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
            Event::Created { key } => {
                let key = VerifierKey::new(self.origin.clone(), Purpose::Note, key.bytes());
                self.keys.push(key.map_err(|e| e.to_string())?);
            }
            Event::Started {} => {
                self.running = true;
                self.runs += 1;
                self.started = now;
            }
            Event::Stopped { .. } => {
                if let Some(open) = self.transactions.keys().next() {
                    return Err(format!("the lane stopped with transaction {open} open"));
                }
                self.running = false;
            }
            Event::Configured {
                transaction_limit,
                hold_limit,
                holds_per_day,
                approval,
                ..
            } => {
                self.configuration = Some(Configuration {
                    run: self.runs,
                    transaction_limit: transaction_limit.get(),
                    hold_limit: hold_limit.get(),
                    holds_per_day: holds_per_day.get(),
                    approval: *approval,
                });
            }
            Event::ClockStepped { .. } => {}
            Event::Opened { commitment, limit } => {
                if limit.get() > self.configured()?.transaction_limit {
                    return Err("its limit is above the configured one".to_owned());
                }
                let open = OpenTransaction {
                    opened: entry.minute,
                    commitment: *commitment,
                    documents: 0,
                    holds: 0,
                    due: now + i64::from(limit.get()),
                    run: self.runs,
                };
                self.transactions.insert(self.next, open);
            }
            Event::Document { transaction, .. } => self.open(*transaction)?.documents += 1,
            Event::Seat { transaction, .. } | Event::Adjudicated { transaction, .. } => {
                self.open(*transaction)?;
            }
            Event::HoldMade {
                transaction,
                officer,
                second,
                length,
                ..
            } => {
                let configuration = self.configured()?;
                match (configuration.approval, second) {
                    (_, SecondOfficer::Pseudonym(second)) if second == officer => {
                        return Err("both officers of the hold are one".to_owned());
                    }
                    (Approval::TwoOfficers, SecondOfficer::None) => {
                        return Err("the hold lacks its second officer".to_owned());
                    }
                    _ => {}
                }
                if length.get() > configuration.hold_limit {
                    return Err("the hold is longer than configured".to_owned());
                }
                // A day less the coarseness of two times.
                self.recent_holds.retain(|made| *made > now - (24 * 60 - 1));
                self.recent_holds.push_back(now);
                if self.recent_holds.len() > usize::from(configuration.holds_per_day) {
                    return Err("more holds in a day than configured".to_owned());
                }
                self.open(*transaction)?.holds += 1;
                let hold = LiveHold {
                    made: entry.minute,
                    due: now + i64::from(length.get()),
                };
                self.holds.insert(self.next, hold);
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
            Event::KeyRotated { .. } => {
                let key = self.key().ok_or("the log has no key")?;
                let new = rotated_key(key, entry)
                    .ok_or("the new key is not signed by the old one and by itself")?;
                if self.keys.contains(&new) {
                    return Err("the new key is one that was retired before".to_owned());
                }
                self.keys.push(new);
            }
        }
        *self.counts.entry(entry.event.kind()).or_default() += 1;
        self.next += 1;
        Ok(())
    }

    /// Checks that nothing is overdue when the log is looked at, at `minute` on
    /// the clock of its last entry.
    ///
    /// # Errors
    /// A sentence saying what is overdue.
    pub fn check_at(&self, minute: Minute) -> Result<(), String> {
        let now = i64::from(minute.since_1970()) + self.offset;
        let last = self
            .last_minute
            .map_or(0, |m| i64::from(m.since_1970()) + self.offset);
        if self.running {
            self.check_due(now.max(last))
        } else {
            Ok(())
        }
    }

    /// How many entries were taken.
    pub fn size(&self) -> u64 {
        self.next
    }

    /// The log's keys so far, the one that signs now last.
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    /// Minute of the last entry.
    pub fn last_minute(&self) -> Option<Minute> {
        self.last_minute
    }

    /// Whether the lane runs, as far as the log says.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Transactions that have not ended, by the entry that opened them.
    pub fn open_transactions(&self) -> &BTreeMap<u64, OpenTransaction> {
        &self.transactions
    }

    /// Holds that have not ended, by the entry that made them.
    pub fn live_holds(&self) -> &BTreeMap<u64, LiveHold> {
        &self.holds
    }

    /// How many entries there are of each kind.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    pub(crate) fn key(&self) -> Option<&VerifierKey> {
        self.keys.last()
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
        self.offset += i64::from(expected.since_1970()) - minute;
        self.last_minute = Some(entry.minute);
        Ok(minute + self.offset)
    }

    /// Checks that an entry of this kind may stand here.
    fn check_place(&self, event: &Event) -> Result<(), String> {
        let first = self.next == 0;
        if first != matches!(event, Event::Created { .. }) {
            return Err("a log begins with its \"created\" entry and has no other".to_owned());
        }
        if !self.running && !comes_between_runs(event) {
            return Err(format!(
                "a {:?} entry while the lane is stopped",
                event.kind()
            ));
        }
        Ok(())
    }

    fn configured(&self) -> Result<Configuration, String> {
        self.configuration
            .filter(|configuration| configuration.run == self.runs)
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
