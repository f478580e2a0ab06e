//! What is known of a log after some of its entries: what is open and what
//! counts, not what has ended, so it stays small.

use super::deadlines::Deadlines;
use super::keys::Keys;
use crate::entry::{Commitment, Minute};
use crate::{KeyName, VerifierKey};
use rowcall_words::log::Approval;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
    /// The last minute, on the log's time line, in which it may end.
    pub(super) last: i64,
    pub(super) run: u64,
}

/// A hold that has not ended.
#[derive(Clone, Debug)]
pub struct LiveHold {
    /// When it was made.
    pub made: Minute,
    /// As [`OpenTransaction::last`].
    pub(super) last: i64,
}

/// The state of a log after some of its entries; [`Rules::apply`] takes the
/// next.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(super) origin: KeyName,
    pub(super) keys: Keys,
    pub(super) next: u64,
    pub(super) last_minute: Option<Minute>,
    /// What to add to a minute to get to the log's own time line.
    pub(super) offset: i64,
    /// By how many minutes the clock was set in all, forward or back.
    pub(super) stepped: u64,
    pub(super) run: Run,
    pub(super) configuration: Option<Configuration>,
    pub(super) transactions: BTreeMap<u64, OpenTransaction>,
    /// Those that were opened since the lane started.
    pub(super) of_this_run: BTreeSet<u64>,
    pub(super) holds: BTreeMap<u64, LiveHold>,
    /// Set-ups that have not ended, with the last minute in which each may.
    pub(super) set_ups: BTreeMap<u64, i64>,
    pub(super) deadlines: Deadlines,
    pub(super) recent_holds: VecDeque<i64>,
    pub(super) counts: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    pub(super) running: bool,
    /// How many times the lane has started, and how many of those without
    /// having stopped before.
    pub(super) number: u64,
    pub(super) unclean: u64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Configuration {
    pub(super) run: u64,
    pub(super) transaction_limit: u32,
    pub(super) hold_limit: u32,
    pub(super) order_limit: u32,
    pub(super) holds_per_day: u16,
    pub(super) approval: Approval,
}

impl Rules {
    /// A log of this name without any entry.
    pub fn new(origin: KeyName) -> Self {
        Self {
            origin,
            keys: Keys::default(),
            next: 0,
            last_minute: None,
            offset: 0,
            stepped: 0,
            run: Run::default(),
            configuration: None,
            transactions: BTreeMap::new(),
            of_this_run: BTreeSet::new(),
            holds: BTreeMap::new(),
            set_ups: BTreeMap::new(),
            deadlines: Deadlines::default(),
            recent_holds: VecDeque::new(),
            counts: BTreeMap::new(),
        }
    }

    /// How many entries were taken.
    pub fn size(&self) -> u64 {
        self.next
    }

    /// The log's keys so far, the one that signs now last.
    pub fn keys(&self) -> &[VerifierKey] {
        self.keys.all()
    }

    /// Minute of the last entry.
    pub fn last_minute(&self) -> Option<Minute> {
        self.last_minute
    }

    /// Whether the lane runs, as far as the log says.
    pub fn is_running(&self) -> bool {
        self.run.running
    }

    /// How many times the lane has started. Each start after something was due
    /// fixes the deadline of what was due before it.
    pub fn starts(&self) -> u64 {
        self.run.number
    }

    /// How many times it started without having stopped before: its process had
    /// died.
    pub fn unclean_starts(&self) -> u64 {
        self.run.unclean
    }

    /// By how many minutes the lane says that its clock was set, all steps
    /// added up whichever way they went.
    pub fn clock_stepped_minutes(&self) -> u64 {
        self.stepped
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
        self.keys.all().last()
    }

    /// The last entry's minute on the log's own time line.
    pub(super) fn now(&self) -> i64 {
        let last = self.last_minute.map_or(0, Minute::since_1970);
        i64::from(last) + self.offset
    }
}
