//! Making, looking at and ending holds.

use super::State;
use crate::Error;
use crate::hold::{HeldPair, HoldId, HoldRequest, seal};
use crate::store::StoredHold;
use rowcall_audit::Event;
use rowcall_audit::entry::{Approval, Digest, HoldExpiryCause, SecondOfficer};
use rowcall_face::Image;

/// Seconds in which [`crate::Policy::holds_per_day`] counts. A minute more than
/// a day, because the log's times are coarse by one.
pub(super) const DAY: i64 = 24 * 60 * 60 + 60;

/// How a hold came out.
pub(crate) enum Made {
    /// It is made.
    Hold(HoldId),
    /// It is in the log, made and expired, because it could not be stored.
    Lost(Error),
    /// It was refused, and nothing is in the log.
    Refused(Error),
}

impl Made {
    pub(crate) fn was_recorded(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }

    pub(crate) fn into_result(self) -> Result<HoldId, Error> {
        match self {
            Self::Hold(hold) => Ok(hold),
            Self::Lost(error) | Self::Refused(error) => Err(error),
        }
    }
}

impl State {
    /// Records a hold, then stores it: nothing is ever kept that the log does
    /// not know of.
    pub(crate) fn make_hold(
        &mut self,
        transaction: u64,
        occupant: &Image,
        portrait: &Image,
        request: &HoldRequest<'_>,
    ) -> Made {
        let slot = match self.check_hold(request) {
            Ok(slot) => slot,
            Err(error) => return Made::Refused(error),
        };
        let context = format!(
            "rowcall/hold/v1 transaction={transaction} reason={} minutes={}",
            request.reason.code(),
            request.length.get()
        );
        let key = seal::new_key(&mut *self.random);
        let sealed = seal::seal(
            occupant,
            portrait,
            &key,
            context.as_bytes(),
            &mut *self.random,
        );
        let sealed = match sealed {
            Ok(sealed) => sealed,
            Err(error) => return Made::Refused(error),
        };
        let minute = self.minute();
        // Counted first: whatever happens then, the log never has more holds in
        // a day than the policy allows.
        if let Err(error) = self.store.count_hold(self.next_entry(), self.line.now) {
            return Made::Refused(error);
        }
        let second = request.second.map(|name| self.pseudonym(minute, name));
        let event = Event::HoldMade {
            transaction,
            officer: self.pseudonym(minute, request.officer),
            second: second.map_or(SecondOfficer::None, SecondOfficer::Pseudonym),
            reason: request.reason,
            length: request.length,
            ciphertext: Digest::of(&sealed.ciphertext),
        };
        let hold = match self.append(minute, &[event]) {
            Ok(hold) => hold,
            Err(error) => return Made::Refused(error),
        };
        let stored = StoredHold {
            hold,
            slot,
            due: self.line.now + 60 * i64::from(request.length.get()),
            context,
        };
        let kept = key_context(&stored).and_then(|context| {
            let wrapped = seal::wrap(&key, &self.site, context.as_bytes(), &mut *self.random)?;
            self.keys.write(slot, &wrapped)?;
            self.store.insert_hold(&stored, &sealed)?;
            self.store.set_timeline(self.line.now, self.line.last)
        });
        match kept {
            Ok(()) => Made::Hold(HoldId(hold)),
            Err(error) => {
                let ended = self.expire(&stored, HoldExpiryCause::NotStored);
                if ended.is_err() && !self.undeleted.contains(&hold) {
                    self.unended.push(stored);
                }
                Made::Lost(error)
            }
        }
    }

    /// Checks a request against the policy; gives a free slot of the key file.
    fn check_hold(&mut self, request: &HoldRequest<'_>) -> Result<u16, Error> {
        self.check_running()?;
        self.minute();
        let policy = &self.policy;
        if request.length > policy.hold_limit {
            return Err(Error::operator(format!(
                "a hold may last {} minutes at most",
                policy.hold_limit.get()
            )));
        }
        match (policy.approval, request.second) {
            (Approval::TwoOfficers, None) => {
                return Err(Error::operator("a hold needs a second officer here"));
            }
            (_, Some(second)) if second == request.officer => {
                return Err(Error::operator("the second officer must be another person"));
            }
            _ => {}
        }
        let made = self.store.holds_made_since(self.line.now - DAY)?;
        if made >= u64::from(policy.holds_per_day.get()) {
            return Err(Error::operator(format!(
                "{made} holds were made in the last 24 hours; more are not allowed"
            )));
        }
        let stored = self.store.holds()?;
        let taken = stored.iter().chain(&self.unended).map(|hold| hold.slot);
        let taken: Vec<u16> = taken.collect();
        (0..self.keys.slots().min(policy.live_holds))
            .find(|slot| !taken.contains(slot))
            .ok_or_else(|| Error::operator("there are as many holds as there may be: release one"))
    }

    pub(super) fn view_hold(&mut self, hold: HoldId, officer: &str) -> Result<HeldPair, Error> {
        self.check_running()?;
        self.expire_holds()?;
        let stored = self.live_hold(hold)?;
        let sealed = self
            .store
            .sealed(hold.0)?
            .ok_or_else(|| Error::ended("hold"))?;
        let context = key_context(&stored)?;
        let wrapped = self.keys.read(stored.slot)?;
        let key = seal::unwrap(&wrapped, &self.site, context.as_bytes());
        let pair = key.and_then(|key| seal::open(sealed, &key, stored.context.as_bytes()));
        let Some(pair) = pair else {
            self.expire(&stored, HoldExpiryCause::KeyMissing)?;
            return Err(Error::ended("hold"));
        };
        let minute = self.minute();
        let officer = self.pseudonym(minute, officer);
        let hold = hold.0;
        self.append(minute, &[Event::HoldViewed { hold, officer }])?;
        Ok(pair)
    }

    pub(super) fn release_hold(&mut self, hold: HoldId, officer: &str) -> Result<(), Error> {
        self.check_running()?;
        self.expire_holds()?;
        let stored = self.live_hold(hold)?;
        self.keys.shred(stored.slot, &mut *self.random)?;
        let minute = self.minute();
        let officer = self.pseudonym(minute, officer);
        let hold = hold.0;
        self.append(minute, &[Event::HoldReleased { hold, officer }])?;
        self.undeleted.insert(hold);
        self.delete_ended()
    }

    /// Ends every hold whose time is over, and those that could not be stored.
    /// One that fails does not keep the others from ending.
    pub(super) fn expire_holds(&mut self) -> Result<(), Error> {
        self.minute();
        let mut result = self.delete_ended();
        for stored in std::mem::take(&mut self.unended) {
            let ended = self.expire(&stored, HoldExpiryCause::NotStored);
            if ended.is_err() && !self.undeleted.contains(&stored.hold) {
                self.unended.push(stored);
            }
            result = result.and(ended);
        }
        for stored in self.live_holds()? {
            if stored.due <= self.line.now {
                result = result.and(self.expire(&stored, HoldExpiryCause::Time));
            }
        }
        result
    }

    /// Destroys a hold's key, says so, deletes its ciphertext: in this order,
    /// so that the log never claims a destruction that was not.
    pub(super) fn expire(
        &mut self,
        stored: &StoredHold,
        cause: HoldExpiryCause,
    ) -> Result<(), Error> {
        self.keys.shred(stored.slot, &mut *self.random)?;
        let minute = self.minute();
        let hold = stored.hold;
        self.append(minute, &[Event::HoldExpired { hold, cause }])?;
        self.undeleted.insert(hold);
        self.delete_ended()
    }

    /// Holds that have not ended.
    pub(super) fn live_holds(&self) -> Result<Vec<StoredHold>, Error> {
        let mut holds = self.store.holds()?;
        holds.retain(|stored| !self.undeleted.contains(&stored.hold));
        Ok(holds)
    }

    fn live_hold(&self, hold: HoldId) -> Result<StoredHold, Error> {
        self.store
            .hold(hold.0)?
            .filter(|stored| !self.undeleted.contains(&stored.hold))
            .ok_or_else(|| Error::ended("hold"))
    }

    /// Deletes the rows of holds that have ended in the log, once each.
    fn delete_ended(&mut self) -> Result<(), Error> {
        while let Some(hold) = self.undeleted.first().copied() {
            self.store.delete_hold(hold)?;
            self.undeleted.remove(&hold);
        }
        Ok(())
    }
}

/// What a wrapped key is bound to: its hold and its place in the file.
pub(super) fn key_context(stored: &StoredHold) -> Result<String, Error> {
    Ok(format!(
        "rowcall/hold-key/v1 hold={} slot={}",
        stored.hold, stored.slot
    ))
}
