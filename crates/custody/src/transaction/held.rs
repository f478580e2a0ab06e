//! Putting one image pair of a transaction on hold: by one officer, or by one who
//! proposes it and another who consents.

use super::OpenTransaction;
use super::slot::{Live, Proposed};
use crate::custody::command::{Command, MakeHold};
use crate::hold::{HoldKey, HoldRequest, Proposal, pair_context, seal};
use crate::{Error, HoldId, Officer};
use rowcall_audit::entry::Digest;

/// The most holds that may be proposed at a time in one transaction: each is an
/// encrypted pair in memory.
const MAX_PROPOSALS: usize = 4;

impl OpenTransaction {
    /// Puts one image pair on hold: it is encrypted under a key of its own, and
    /// stays when the transaction ends, until its time is over or an officer
    /// releases it.
    ///
    /// # Errors
    /// As [`OpenTransaction::read`]; if there is no such pair; if the policy
    /// forbids it (length, number, a second officer); if it cannot be stored.
    pub fn hold(&mut self, request: &HoldRequest, officer: &Officer) -> Result<HoldId, Error> {
        let proposed = self.encrypt(request, officer, false)?;
        self.make(proposed, None)
    }

    /// Proposes a hold that needs a second officer. The pair is encrypted as it is
    /// now and stays in this transaction, under a key that is nowhere else, until
    /// the other one consents.
    ///
    /// # Errors
    /// As [`OpenTransaction::hold`], and beyond four proposals.
    pub fn propose_hold(
        &mut self,
        request: &HoldRequest,
        officer: &Officer,
    ) -> Result<Proposal, Error> {
        let proposed = self.encrypt(request, officer, true)?;
        self.with(|live| {
            if live.proposals.len() >= MAX_PROPOSALS {
                return Err(Error::operator("four holds are proposed already"));
            }
            // It may have been opted out of while it was encrypted.
            pair(live, request)?;
            let last = live.proposals.last_key_value();
            let number = last.map_or(0, |(number, _)| number + 1);
            live.proposals.insert(number, proposed);
            Ok(Proposal(number))
        })
    }

    /// Consents to a hold that another officer has proposed, which makes it.
    ///
    /// # Errors
    /// As [`OpenTransaction::hold`]; if it was proposed by the same person, is not
    /// proposed, or what it was about has been opted out of.
    pub fn consent(&mut self, proposal: Proposal, second: &Officer) -> Result<HoldId, Error> {
        self.shared.check(second)?;
        let proposed = self.with(|live| {
            let proposed = live.proposals.get(&proposal.0);
            let proposed = proposed.ok_or_else(|| Error::operator("no such hold is proposed"))?;
            if proposed.officer == *second.person() {
                return Err(Error::operator("the second officer must be another person"));
            }
            let taken = live.proposals.remove(&proposal.0);
            taken.ok_or_else(|| Error::us("a proposal that went"))
        })?;
        self.make(proposed, Some(second))
    }

    /// Encrypts a pair, on this thread: custody goes on meanwhile.
    fn encrypt(
        &mut self,
        request: &HoldRequest,
        officer: &Officer,
        two: bool,
    ) -> Result<Proposed, Error> {
        self.shared.check(officer)?;
        let request = *request;
        self.with(|live| pair(live, &request).map(drop))?;
        let key: HoldKey = self.actor.ask(|reply| Command::NewHold {
            request,
            two,
            reply,
        })?;
        let context = pair_context(&self.shared.log, self.number, &request);
        let ciphertext = self.with(|live| {
            let (occupant, portrait) = pair(live, &request)?;
            seal::seal(occupant, portrait, &key.key, &key.nonce, context.as_bytes())
        })?;
        Ok(Proposed {
            request,
            officer: officer.person().clone(),
            key,
            context,
            digest: Digest::of(&ciphertext),
            ciphertext,
        })
    }

    /// Stores the ciphertext and has custody make the hold of it.
    fn make(&mut self, proposed: Proposed, second: Option<&Officer>) -> Result<HoldId, Error> {
        let (files, file) = (self.shared.files.clone(), proposed.key.file.clone());
        let minute = self.shared.minute();
        files.write(&file, &proposed.ciphertext, minute)?;
        let made = Box::new(MakeHold {
            transaction: self.number,
            request: proposed.request,
            key: proposed.key,
            context: proposed.context,
            ciphertext: proposed.digest,
            officer: proposed.officer,
            second: second.map(|officer| officer.person().clone()),
        });
        let made = self.actor.ask(|reply| Command::MakeHold { made, reply });
        if made.is_err() {
            // Its key is nowhere: what is left is noise, which the next start
            // removes if this does not.
            let _ = files.remove(&file, minute);
        }
        made
    }
}

fn pair<'a>(
    live: &'a Live,
    request: &HoldRequest,
) -> Result<(&'a rowcall_face::Image, &'a rowcall_face::Image), Error> {
    live.biometrics
        .pair(request.seat, request.document)
        .ok_or_else(|| Error::operator("there is no picture of that seat or document"))
}
