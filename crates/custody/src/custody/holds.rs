//! Making, looking at and ending holds.

use super::command::{FoundHold, MakeHold};
use super::held::{Held, Stage};
use super::state::State;
use crate::Error;
use crate::hold::files::{HoldFiles, NAME};
use crate::hold::{HoldId, HoldKey, HoldRequest, NONCE, StoredHold, seal};
use crate::policy::DAY;
use rowcall_audit::Event;
use rowcall_audit::entry::{Digest, Minute, SecondOfficer};
use rowcall_words::log::{Approval, HoldExpiryCause};

impl State {
    /// Checks a request against the policy, before anything is encrypted for it;
    /// gives what to encrypt with.
    pub(super) fn new_hold(&mut self, request: &HoldRequest, two: bool) -> Result<HoldKey, Error> {
        self.check_hold(request, two)?;
        let (mut nonce, mut name) = ([0; NONCE], [0; NAME]);
        self.random.fill_bytes(&mut nonce);
        self.random.fill_bytes(&mut name);
        Ok(HoldKey {
            key: seal::new_key(&mut *self.random),
            nonce,
            file: HoldFiles::name(&name),
        })
    }

    /// Records a hold, then stores its key: nothing can ever be opened that the
    /// log does not know of.
    pub(super) fn make_hold(&mut self, made: MakeHold) -> Result<HoldId, Error> {
        let request = made.request;
        let slot = self.check_hold(&request, made.second.is_some())?;
        if made.second.as_ref() == Some(&made.officer) {
            return Err(Error::operator("the second officer must be another person"));
        }
        if !self.open.0.contains_key(&made.transaction) {
            return Err(Error::ended("transaction"));
        }
        let minute = self.minute();
        // Counted first: whatever happens then, the log never has more holds in
        // a day than the policy allows.
        self.store
            .count_hold(self.next_entry(), self.line.now.div_euclid(60))?;
        let second = made.second.as_ref();
        let second = second.map(|person| self.pseudonym(minute, person));
        let event = Event::HoldMade {
            transaction: made.transaction,
            officer: self.pseudonym(minute, &made.officer),
            second: second.map_or(SecondOfficer::None, SecondOfficer::Pseudonym),
            reason: request.reason,
            length: request.length,
            ciphertext: made.ciphertext,
        };
        let hold = self.append(minute, &[event])?;
        let due = self.line.now + 60 * i64::from(request.length.get());
        let stored = StoredHold {
            hold,
            slot,
            context: made.context,
            due: 60 * due.div_euclid(60),
            file: made.key.file,
            nonce: made.key.nonce,
        };
        let context = stored.key_context(&self.shared.log, &made.ciphertext);
        let wrapped = seal::wrap(
            &made.key.key,
            &self.site,
            context.as_bytes(),
            &mut *self.random,
        );
        let kept = wrapped
            .and_then(|wrapped| self.keys.write(slot, &wrapped))
            .and_then(|()| self.store.insert_hold(&stored));
        let held = Held {
            stored,
            due,
            stage: Stage::Live,
        };
        self.holds.insert(hold, held);
        match kept {
            Ok(()) => Ok(HoldId(hold)),
            Err(error) => {
                // Tried again until it is done.
                let _ = self.expire(hold, HoldExpiryCause::NotStored);
                Err(error)
            }
        }
    }

    /// Checks a request against the policy; gives a free slot of the key file.
    fn check_hold(&mut self, request: &HoldRequest, two: bool) -> Result<u16, Error> {
        self.minute();
        let policy = &self.policy;
        let limit = policy.limit_of(request.reason);
        if request.length > limit {
            return Err(Error::operator(format!(
                "a hold for this reason may last {} minutes at most",
                limit.get()
            )));
        }
        if policy.approval == Approval::TwoOfficers && !two {
            return Err(Error::operator(
                "a hold needs a second officer here: propose it, and let another consent",
            ));
        }
        let since = self.line.now.div_euclid(60) - DAY;
        let made = self.store.holds_made_since(since)?;
        if made >= u64::from(policy.holds_per_day.get()) {
            return Err(Error::operator(format!(
                "{made} holds were made in the last 24 hours; more are not allowed"
            )));
        }
        if self.holds.len() >= usize::from(policy.live_holds) {
            return Err(Error::operator(
                "there are as many holds as there may be: release one",
            ));
        }
        self.free_slot()
    }

    /// A slot of the key file without a hold's key.
    pub(super) fn free_slot(&self) -> Result<u16, Error> {
        let taken = |slot: &u16| self.holds.values().any(|held| held.stored.slot == *slot);
        (0..self.keys.slots())
            .find(|slot| !taken(slot))
            .ok_or_else(|| Error::us("the key file has no free slot"))
    }

    pub(super) fn view_hold(&mut self, hold: HoldId, person: &str) -> Result<FoundHold, Error> {
        self.expire_holds()?;
        let stored = self.live(hold)?.stored.clone();
        let Some(ciphertext) = self.ciphertext(hold.0) else {
            return Err(Error::us("a hold that the log does not have"));
        };
        let context = stored.key_context(&self.shared.log, &ciphertext);
        let wrapped = self.keys.read(stored.slot)?;
        let Some(key) = seal::unwrap(&wrapped, &self.site, context.as_bytes()) else {
            self.broken_hold(hold)?;
            return Err(Error::ended("hold"));
        };
        let minute = self.minute();
        let officer = self.pseudonym(minute, person);
        let hold = hold.0;
        self.append(minute, &[Event::HoldViewed { hold, officer }])?;
        Ok(FoundHold {
            key,
            nonce: stored.nonce,
            context: stored.context,
            file: stored.file,
            ciphertext,
        })
    }

    pub(super) fn release_hold(&mut self, hold: HoldId, person: &str) -> Result<(), Error> {
        self.expire_holds()?;
        self.live(hold)?;
        let minute = self.minute();
        let officer = self.pseudonym(minute, person);
        let hold = hold.0;
        self.end_hold(hold, Event::HoldReleased { hold, officer })
    }

    /// Ends a hold whose key or ciphertext is not what it was.
    pub(super) fn broken_hold(&mut self, hold: HoldId) -> Result<(), Error> {
        self.expire(hold.0, HoldExpiryCause::KeyMissing)
    }

    /// Ends every hold whose time is over, keys first: one that fails does not
    /// keep the others from ending.
    pub(super) fn expire_holds(&mut self) -> Result<(), Error> {
        let minute = self.minute();
        let (now, line) = (self.line.now, self.log_line(minute));
        let mut result = Ok(());
        for (&hold, held) in &mut self.holds {
            let in_log = self.book.holds.get(&hold).map(|hold| hold.due);
            // By custody's own time line, or by the log's: whichever is earlier.
            let over = held.due <= now || in_log.is_some_and(|due| due < line);
            if over && matches!(held.stage, Stage::Live) {
                let cause = HoldExpiryCause::Time;
                let event = Event::HoldExpired { hold, cause };
                let shredded = self.keys.shred(held.stored.slot, &mut *self.random);
                result = result.and(shredded.map(|()| held.stage = Stage::Shredded(event)));
            }
        }
        result.and(self.settle_ended())
    }

    /// Destroys a hold's key, says so, deletes its ciphertext: in this order,
    /// so that the log never claims a destruction that was not.
    pub(super) fn expire(&mut self, hold: u64, cause: HoldExpiryCause) -> Result<(), Error> {
        self.end_hold(hold, Event::HoldExpired { hold, cause })
    }

    fn end_hold(&mut self, hold: u64, event: Event) -> Result<(), Error> {
        if let Some(held) = self.holds.get_mut(&hold)
            && matches!(held.stage, Stage::Live)
        {
            self.keys.shred(held.stored.slot, &mut *self.random)?;
            held.stage = Stage::Shredded(event);
        }
        self.settle_ended()
    }

    /// Goes on with every end that has begun.
    pub(super) fn settle_ended(&mut self) -> Result<(), Error> {
        let shredded = |held: &Held| match &held.stage {
            Stage::Shredded(event) => Some(event.clone()),
            _ => None,
        };
        let events: Vec<Event> = self.holds.values().filter_map(shredded).collect();
        let minute = self.minute();
        if !events.is_empty() {
            self.append(minute, &events)?;
            for held in self.holds.values_mut() {
                if let Stage::Shredded(_) = held.stage {
                    held.stage = Stage::Logged;
                }
            }
        }
        let logged = |(hold, held): (&u64, &Held)| {
            matches!(held.stage, Stage::Logged).then(|| (*hold, held.stored.file.clone()))
        };
        let logged: Vec<(u64, String)> = self.holds.iter().filter_map(logged).collect();
        let mut result = Ok(());
        for (hold, file) in logged {
            let removed = self.shared.files.remove(&file, minute);
            let deleted = removed.and_then(|()| self.store.delete_hold(hold));
            match deleted {
                Ok(()) => drop(self.holds.remove(&hold)),
                Err(error) => result = result.and(Err(error)),
            }
        }
        result
    }

    /// Holds that have not ended.
    pub(super) fn live_holds(&self) -> Vec<HoldId> {
        let live = self.holds.iter();
        let live = live.filter(|(_, held)| matches!(held.stage, Stage::Live));
        live.map(|(hold, _)| HoldId(*hold)).collect()
    }

    /// The digest of a hold's ciphertext, as the log has it.
    pub(super) fn ciphertext(&self, hold: u64) -> Option<Digest> {
        self.book.holds.get(&hold).map(|hold| hold.ciphertext)
    }

    fn live(&self, hold: HoldId) -> Result<&Held, Error> {
        self.holds
            .get(&hold.0)
            .filter(|held| matches!(held.stage, Stage::Live))
            .ok_or_else(|| Error::ended("hold"))
    }

    /// The present minute on the log's own time line.
    pub(super) fn log_line(&self, minute: Minute) -> i64 {
        match &self.step {
            Some(rowcall_audit::Entry {
                event: Event::ClockStepped { was },
                ..
            }) => self.book.line(*was),
            _ => self.book.line(minute),
        }
    }
}
