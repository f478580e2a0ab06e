//! Bringing log, database, key file and folder of holds to one state.

use super::command::EndedBy;
use super::held::{Held, Stage};
use super::state::State;
use crate::hold::files::{HoldFiles, NAME};
use crate::hold::{StoredHold, seal};
use crate::mac::key_check;
use crate::{Error, LockedKey};
use rowcall_audit::entry::Digest;
use rowcall_audit::{Event, LogFolder, SignerKey};
use rowcall_words::log::{DestructionCause, HoldExpiryCause};

impl State {
    /// Says that the lane starts, and with the same append what has ended while
    /// there was none: a process that dies in the middle of starting leaves
    /// nothing half said. How many holds ended.
    pub(super) fn announce(
        &mut self,
        successor: Option<SignerKey>,
        uncertain: bool,
    ) -> Result<usize, Error> {
        if let Some(successor) = successor {
            self.hand_over(successor)?;
        }
        let ended = self.end_holds(uncertain)?;
        let minute = self.minute();
        let policy = &self.policy;
        let mut events = vec![
            Event::Started {},
            Event::Configured {
                digest: policy.configuration,
                transaction_limit: policy.transaction_limit,
                hold_limit: policy.hold_limit,
                order_limit: policy.order_limit,
                holds_per_day: policy.holds_per_day,
                approval: policy.approval,
            },
        ];
        // The memory of the process that opened them is gone, and with it what
        // they held; how much that was, nobody knows: the receipt says 0.
        let left: Vec<u64> = self.book.open.keys().copied().collect();
        for number in left {
            let ended = EndedBy {
                number,
                cause: DestructionCause::ProcessEnded,
                images: 0,
                templates: 0,
            };
            let (event, written) = self.receipt(minute, ended)?;
            events.push(event);
            self.outcomes.push(written.outcome);
        }
        events.extend(ended.iter().cloned());
        self.append(minute, &events)?;
        for held in self.holds.values_mut() {
            if let Stage::Shredded(_) = held.stage {
                held.stage = Stage::Logged;
            }
        }
        self.settle_ended()?;
        Ok(ended.len())
    }

    fn hand_over(&mut self, successor: SignerKey) -> Result<(), Error> {
        let minute = self.minute();
        self.append(minute, &[])?;
        let number = self.log.rotate_key(minute, successor)?;
        let entry = LogFolder::open(self.log.folder())?.entry(number)?;
        self.book.take(&entry);
        self.remember();
        Ok(())
    }

    /// Takes up the stored holds, and destroys the keys of those that are over;
    /// what there is to say of them.
    fn end_holds(&mut self, uncertain: bool) -> Result<Vec<Event>, Error> {
        let minute = self.minute();
        let line = self.log_line(minute);
        let mut events = Vec::new();
        for stored in self.store.holds()? {
            let hold = stored.hold;
            let in_log = self.book.holds.get(&hold).copied();
            let Some(in_log) = in_log else {
                // Ended in the log: its row was to be deleted next.
                self.keys.shred(stored.slot, &mut *self.random)?;
                self.take(stored, Stage::Logged);
                continue;
            };
            let context = stored.key_context(&self.shared.log, &in_log.ciphertext);
            let wrapped = self.keys.read(stored.slot);
            let whole = wrapped
                .is_ok_and(|key| seal::unwrap(&key, &self.site, context.as_bytes()).is_some());
            let cause = match whole {
                _ if uncertain => HoldExpiryCause::ClockUncertain,
                _ if stored.due <= self.line.now || in_log.due < line => HoldExpiryCause::Time,
                false => HoldExpiryCause::KeyMissing,
                true => {
                    self.take(stored, Stage::Live);
                    continue;
                }
            };
            if stored.slot < self.keys.slots() {
                self.keys.shred(stored.slot, &mut *self.random)?;
            }
            let event = Event::HoldExpired { hold, cause };
            events.push(event.clone());
            self.take(stored, Stage::Shredded(event));
        }
        // In the log but not stored: the process ended in between.
        for &hold in self.book.holds.keys() {
            if !self.holds.contains_key(&hold) {
                let cause = HoldExpiryCause::NotStored;
                events.push(Event::HoldExpired { hold, cause });
            }
        }
        // A key without a hold: the process ended before the hold was stored.
        let live = |slot: &u16| {
            let mut held = self.holds.values();
            held.any(|held| matches!(held.stage, Stage::Live) && held.stored.slot == *slot)
        };
        for slot in (0..self.keys.slots()).filter(|slot| !live(slot)) {
            self.keys.shred(slot, &mut *self.random)?;
        }
        let known = |name: &str| self.holds.values().any(|held| held.stored.file == name);
        self.shared.files.retain(known, minute)?;
        Ok(events)
    }

    fn take(&mut self, stored: StoredHold, stage: Stage) {
        let due = stored.due;
        self.holds.insert(stored.hold, Held { stored, due, stage });
    }

    /// Wraps the keys of all holds anew with the site key that the database does
    /// not know yet. Each is written to a free slot before its old one is
    /// overwritten, so that a process can die anywhere in it; how many.
    pub(super) fn rewrap(&mut self, former: Option<&LockedKey>) -> Result<Option<usize>, Error> {
        let next = key_check(&self.site);
        if let Some(former) = former {
            self.store
                .set_site_checks(&key_check(former), Some(&next))?;
        }
        let mut done = 0;
        let stored = self.store.holds()?;
        let mut taken: Vec<u16> = stored.iter().map(|hold| hold.slot).collect();
        for mut hold in stored {
            let Some(digest) = self.ciphertext(hold.hold) else {
                continue;
            };
            let context = hold.key_context(&self.shared.log, &digest);
            let wrapped = self.keys.read(hold.slot)?;
            let by_former =
                former.and_then(|former| seal::unwrap(&wrapped, former, context.as_bytes()));
            let Some(key) = by_former else {
                continue;
            };
            let slots = 0..self.keys.slots();
            let free = slots.into_iter().find(|slot| !taken.contains(slot));
            let free = free.ok_or_else(|| Error::us("the key file has no free slot"))?;
            let old = std::mem::replace(&mut hold.slot, free);
            let context = hold.key_context(&self.shared.log, &digest);
            let wrapped = seal::wrap(&key, &self.site, context.as_bytes(), &mut *self.random)?;
            self.keys.write(free, &wrapped)?;
            self.store.move_hold(hold.hold, free)?;
            self.keys.shred(old, &mut *self.random)?;
            taken.retain(|slot| *slot != old);
            taken.push(free);
            done += 1;
        }
        // Time is vouched for by the new key before the old one is forgotten.
        self.remember();
        if let Some(error) = self.unremembered.take() {
            return Err(error);
        }
        self.store.set_site_checks(&next, None)?;
        Ok(former.map(|_| done))
    }

    /// Takes over the holds of a database of version 1: their ciphertexts become
    /// files, and their keys are bound to what decides over them now. The old ones
    /// stay where they are until the new ones are durable.
    pub(super) fn take_holds_of_version_1(&mut self) -> Result<(), Error> {
        let old = self.store.holds_of_version_1()?;
        if old.is_empty() {
            return Ok(());
        }
        let minute = self.minute();
        let mut taken: Vec<u16> = old.iter().map(|hold| hold.slot).collect();
        let slots = taken.iter().max().map_or(0, |slot| slot + 1) + old.len() as u16;
        self.keys.grow(slots, &mut *self.random)?;
        let mut holds = Vec::new();
        let mut opened = 0;
        for hold in &old {
            let context = StoredHold::key_context_of_version_1(hold.hold, hold.slot);
            let wrapped = self.keys.read(hold.slot)?;
            let Some(key) = seal::unwrap(&wrapped, &self.site, context.as_bytes()) else {
                continue;
            };
            opened += 1;
            let Some(digest) = self.ciphertext(hold.hold) else {
                continue;
            };
            if digest != Digest::of(&hold.ciphertext) {
                continue;
            }
            let mut slots = 0..self.keys.slots();
            let free = slots.find(|slot| !taken.contains(slot));
            let free = free.ok_or_else(|| Error::us("the key file has no free slot"))?;
            taken.push(free);
            let mut name = [0; NAME];
            self.random.fill_bytes(&mut name);
            let stored = StoredHold {
                hold: hold.hold,
                slot: free,
                context: hold.context.clone(),
                due: 60 * hold.due.div_euclid(60),
                file: HoldFiles::name(&name),
                nonce: hold.nonce,
            };
            self.shared
                .files
                .write(&stored.file, &hold.ciphertext, minute)?;
            let context = stored.key_context(&self.shared.log, &digest);
            let wrapped = seal::wrap(&key, &self.site, context.as_bytes(), &mut *self.random)?;
            self.keys.write(free, &wrapped)?;
            holds.push(stored);
        }
        if opened == 0 {
            return Err(Error::operator(
                "the site key opens none of the holds in custody's store of version 1. \
                 Give the key that they were made with",
            ));
        }
        self.store.take_holds_of_version_1(&holds)
    }
}
