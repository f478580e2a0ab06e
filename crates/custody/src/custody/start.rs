//! Starting, after whatever happened to the process before.

use super::{Custody, Ended, Inner, State};
use crate::Error;
use crate::clock::{Clock, Timeline};
use crate::custody::holds::key_context;
use crate::hold::keys::KeyFile;
use crate::hold::seal;
use crate::policy::{Keys, Places, Policy};
use crate::replay::Replay;
use crate::store::Store;
use rand_core::CryptoRng;
use rowcall_audit::entry::{DestructionCause, HoldExpiryCause, Minute};
use rowcall_audit::merkle::tree_root;
use rowcall_audit::{Entry, Event, Log, LogFolder, Recovery};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// What was found at start-up: worth a line in the start-up log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Started {
    /// What the audit log's recovery removed.
    pub recovery: Recovery,
    /// Transactions that the last process had left open; their receipts are
    /// written now.
    pub left_open: usize,
    /// Holds that ended at start-up.
    pub holds_ended: usize,
    /// The machine was booted with its clock behind: every hold was ended.
    pub clock_uncertain: bool,
}

impl Custody {
    /// Takes custody up, or begins it where there is nothing yet: opens and
    /// recovers the audit log, writes a receipt for every transaction that a
    /// process left open when it ended, and ends holds that are over or no
    /// longer whole.
    ///
    /// # Errors
    /// If another process has it, a key does not fit, the log has been rolled
    /// back behind what was seen of it, or anything cannot be read or written.
    pub fn start(
        places: &Places,
        policy: Policy,
        keys: Keys,
        clock: Box<dyn Clock>,
        mut random: Box<dyn CryptoRng + Send>,
    ) -> Result<(Self, Started), Error> {
        let reading = clock.read();
        let minute = Minute::from_unix_seconds(reading.wall);
        let (log, recovery) = open_log(places, keys.log, minute)?;
        let store = Store::open(&places.store)?;
        check_seen(places, &store)?;
        let key_file = KeyFile::open(&places.hold_keys, policy.live_holds, &mut *random)?;
        let replay = Replay::read(&places.log)?;
        let resumed = match store.timeline()? {
            Some((now, last)) => Timeline::resume(now, last, reading),
            None => Timeline::resume(0, reading, reading),
        };
        let last_minute = replay.last_minute.unwrap_or(minute);
        let step = (resumed.step.is_some() || minute < last_minute).then(|| {
            let expected = resumed.step.map_or(0, |step| step.expected);
            let was = Minute::from_unix_seconds(expected).max(last_minute);
            Entry {
                minute,
                event: Event::ClockStepped { was },
            }
        });
        let (line, clock_uncertain) = (resumed.line, resumed.uncertain);
        let mut state = State {
            log,
            store,
            keys: key_file,
            site: keys.site,
            officers: keys.officers,
            policy,
            clock,
            random,
            line,
            last_minute,
            step,
            open: BTreeMap::new(),
            unwritten: Vec::new(),
            unended: Vec::new(),
            undeleted: BTreeSet::new(),
            stopped: false,
        };
        let mut started = Started {
            recovery,
            left_open: replay.open.len(),
            clock_uncertain,
            holds_ended: 0,
        };
        state.announce()?;
        state.end_left_open(&replay)?;
        started.holds_ended = state.settle_holds(&replay, clock_uncertain)?;
        state.housekeep()?;
        let inner = Arc::new(Inner {
            state: Mutex::new(state),
        });
        Ok((Self { inner }, started))
    }
}

impl State {
    fn announce(&mut self) -> Result<(), Error> {
        let minute = self.minute();
        let policy = &self.policy;
        let configured = Event::Configured {
            digest: policy.configuration,
            transaction_limit: policy.transaction_limit,
            hold_limit: policy.hold_limit,
            order_limit: policy.hold_limit,
            holds_per_day: policy.holds_per_day,
            approval: policy.approval,
        };
        self.append(minute, &[Event::Started {}, configured])?;
        Ok(())
    }

    /// The memory of the process that opened them is gone, and with it what
    /// they held; how much that was, nobody knows: the receipt says 0.
    fn end_left_open(&mut self, replay: &Replay) -> Result<(), Error> {
        for (number, left) in &replay.open {
            self.write_receipt(Ended {
                number: *number,
                opened: left.opened,
                commitment: left.commitment,
                cause: DestructionCause::ProcessEnded,
                tally: left.tally,
                images: 0,
                templates: 0,
            })?;
        }
        Ok(())
    }

    /// Brings log, store and key file to one state; how many holds ended.
    fn settle_holds(&mut self, replay: &Replay, uncertain: bool) -> Result<usize, Error> {
        let mut ended = 0;
        let mut in_use = Vec::new();
        let stored = self.store.holds()?;
        for hold in &stored {
            if !replay.holds.contains(&hold.hold) {
                // Ended in the log: its row was to be deleted next.
                self.keys.shred(hold.slot, &mut *self.random)?;
                self.store.delete_hold(hold.hold)?;
                continue;
            }
            let context = key_context(hold)?;
            let key = seal::unwrap(&self.keys.read(hold.slot)?, &self.site, context.as_bytes());
            let cause = match key {
                _ if uncertain => HoldExpiryCause::ClockUncertain,
                _ if hold.due <= self.line.now => HoldExpiryCause::Time,
                None => HoldExpiryCause::KeyMissing,
                Some(_) => {
                    in_use.push(hold.slot);
                    continue;
                }
            };
            self.expire(hold, cause)?;
            ended += 1;
        }
        // In the log but not stored: the process ended in between.
        for number in &replay.holds {
            if !stored.iter().any(|hold| hold.hold == *number) {
                let (hold, cause) = (*number, HoldExpiryCause::NotStored);
                let minute = self.minute();
                self.append(minute, &[Event::HoldExpired { hold, cause }])?;
                ended += 1;
            }
        }
        // A key without a hold: the process ended before the hold was stored.
        for slot in (0..self.keys.slots()).filter(|slot| !in_use.contains(slot)) {
            self.keys.shred(slot, &mut *self.random)?;
        }
        Ok(ended)
    }
}

fn open_log(
    places: &Places,
    mut keys: Vec<rowcall_audit::SignerKey>,
    minute: Minute,
) -> Result<(Log, Recovery), Error> {
    if places.log.join("checkpoint").exists() {
        return Ok(Log::open(&places.log, keys, None)?);
    }
    // A log that was there and is gone must not be begun anew in silence.
    if places.store.exists()
        && let Some((size, _)) = Store::open(&places.store)?.log_seen()?
    {
        return Err(Error::device(format!(
            "the audit log in {} is gone: it had {size} entries. Put it back before going on",
            places.log.display()
        )));
    }
    if keys.is_empty() {
        return Err(Error::operator(
            "no key was given to sign the audit log with",
        ));
    }
    let log = Log::create(&places.log, keys.swap_remove(0), minute)?;
    Ok((log, Recovery::default()))
}

/// Holds the log against the last checkpoint that the store remembers.
fn check_seen(places: &Places, store: &Store) -> Result<(), Error> {
    let Some((size, root)) = store.log_seen()? else {
        return Ok(());
    };
    let log = LogFolder::open(&places.log)?;
    if log.checkpoint().size < size || tree_root(&log, size)? != root {
        return Err(Error::device(format!(
            "the audit log was rolled back or replaced: it has {} entries and had {size}. \
             Keep both folder and store as they are and find out why before going on",
            log.checkpoint().size
        )));
    }
    Ok(())
}
