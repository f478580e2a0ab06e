//! Image pairs that are kept for a while.

use rowcall_custody::{HoldId, HoldRequest, Officer, Proposal};

use super::Transaction;
use crate::{Error, view::HoldView};

impl Transaction {
    /// Puts an image pair on hold, or proposes to where it takes two officers; `by` is
    /// the officer's name, for who is to consent.
    pub(crate) fn hold(
        &self,
        request: &HoldRequest,
        officer: &Officer,
        by: &str,
    ) -> Result<HoldId, Error> {
        let mut inner = self.lock();
        let hold = inner.open()?.hold(request, officer)?;
        inner.holds.push(hold_view(request, by, None));
        self.refresh_locked(&mut inner)?;
        Ok(hold)
    }

    /// Proposes a hold, where it takes two officers.
    pub(crate) fn propose_hold(
        &self,
        request: &HoldRequest,
        officer: &Officer,
        by: &str,
    ) -> Result<Proposal, Error> {
        let mut inner = self.lock();
        let proposal = inner.open()?.propose_hold(request, officer)?;
        let view = hold_view(request, by, Some(proposal.number().to_string()));
        inner.holds.push(view);
        self.refresh_locked(&mut inner)?;
        Ok(proposal)
    }

    pub(crate) fn consent(&self, proposal: Proposal, officer: &Officer) -> Result<HoldId, Error> {
        let mut inner = self.lock();
        let hold = inner.open()?.consent(proposal, officer)?;
        let number = Some(proposal.number().to_string());
        for view in inner.holds.iter_mut().filter(|h| h.proposal == number) {
            view.proposal = None;
        }
        self.refresh_locked(&mut inner)?;
        Ok(hold)
    }
}

fn hold_view(request: &HoldRequest, by: &str, proposal: Option<String>) -> HoldView {
    HoldView {
        proposal,
        proposed_by: by.to_owned(),
        seat: request.seat,
        document: usize::from(request.document),
        reason: request.reason,
        minutes: request.length.get(),
    }
}
