//! Where the biometrics are, or are no more.

use crate::biometrics::Biometrics;
use crate::hold::{HoldKey, HoldRequest};
use crate::{Error, lock};
use rowcall_audit::Note;
use rowcall_audit::entry::{Digest, Subject};
use rowcall_rollcall::Lane;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError, TryLockError};
use zeroize::Zeroizing;

/// The one place of a transaction's biometrics, between whoever uses it and
/// custody, which ends it. There is no state in which the transaction has ended
/// and they are still there.
pub(crate) struct Slot(Mutex<Content>);

enum Content {
    Open(Box<Live>),
    /// With its receipt, once that is durable.
    Ended(Option<Note>),
}

pub(crate) struct Live {
    pub(crate) biometrics: Biometrics,
    pub(crate) proposals: BTreeMap<u32, Proposed>,
}

/// A hold that one officer has proposed: the pair as it was then, encrypted, and
/// nowhere else.
pub(crate) struct Proposed {
    pub(crate) request: HoldRequest,
    pub(crate) officer: Zeroizing<String>,
    pub(crate) key: HoldKey,
    pub(crate) context: String,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) digest: Digest,
}

impl Live {
    pub(crate) fn opt_out(&mut self, subject: Subject) -> Result<(), Error> {
        if !self.biometrics.opt_out(subject) {
            return Err(Error::operator(
                "the lane has no such seat, which couldn't be masked, or no such document was presented",
            ));
        }
        let biometrics = &self.biometrics;
        self.proposals.retain(|_, proposed| {
            let request = &proposed.request;
            !biometrics.is_seat_out(request.seat) && !biometrics.is_document_out(request.document)
        });
        Ok(())
    }
}

/// How many pictures and templates were ever taken in.
pub(crate) type Counts = (usize, usize);

impl Slot {
    /// Of a transaction at this lane, empty.
    pub(crate) fn new(lane: Arc<Lane>) -> Self {
        Self(Mutex::new(Content::Open(Box::new(Live {
            biometrics: Biometrics::new(lane),
            proposals: BTreeMap::new(),
        }))))
    }

    /// Uses what is there; `None` if it has ended.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut Live) -> R) -> Option<R> {
        match &mut *lock(&self.0) {
            Content::Open(live) => Some(act(live)),
            Content::Ended(_) => None,
        }
    }

    /// Destroys what is there, or gives the receipt of what was.
    pub(crate) fn take(&self) -> Result<Counts, Option<Note>> {
        take(&mut lock(&self.0))
    }

    /// As [`Slot::take`], unless it is in use at this moment or has ended.
    pub(crate) fn take_if_free(&self) -> Option<Counts> {
        let mut content = match self.0.try_lock() {
            Ok(content) => content,
            Err(TryLockError::Poisoned(content)) => PoisonError::into_inner(content),
            Err(TryLockError::WouldBlock) => return None,
        };
        take(&mut content).ok()
    }

    /// Keeps the receipt of what has ended. Never waits: custody calls it.
    pub(crate) fn set_receipt(&self, receipt: Note) {
        if let Ok(mut content) = self.0.try_lock()
            && let Content::Ended(kept) = &mut *content
        {
            *kept = Some(receipt);
        }
    }
}

fn take(content: &mut Content) -> Result<Counts, Option<Note>> {
    match std::mem::replace(content, Content::Ended(None)) {
        Content::Open(live) => {
            let counts = (live.biometrics.images(), live.biometrics.templates());
            // Before anything that can fail.
            drop(live);
            Ok(counts)
        }
        Content::Ended(receipt) => {
            *content = Content::Ended(receipt.clone());
            Err(receipt)
        }
    }
}
