//! What can be asked of the thread that owns everything, and how.

use crate::hold::{HoldId, HoldKey, HoldRequest, NONCE};
use crate::transaction::slot::Slot;
use crate::{Error, LockedKey};
use rowcall_audit::entry::{Digest, Leniencies, Minutes, Row, Subject};
use rowcall_audit::{Note, SignerKey};
use rowcall_rollcall::Lane;
use rowcall_words::log::{
    AdjudicationReason, DestructionCause, DocumentKind, DocumentVerdict, SetUpEndCause, StopCause,
};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::time::Duration;
use zeroize::Zeroizing;

/// Where an answer goes. Whoever asked may have gone: then nobody hears it.
pub(crate) struct Reply<T>(SyncSender<Result<T, Error>>);

impl<T> Reply<T> {
    pub(super) fn send(self, answer: Result<T, Error>) {
        let _ = self.0.send(answer);
    }
}

/// A way to the thread.
#[derive(Clone)]
pub(crate) struct Actor(Sender<Command>);

impl Actor {
    pub(super) fn new(commands: Sender<Command>) -> Self {
        Self(commands)
    }

    /// Asks and waits for the answer.
    pub(crate) fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Error> {
        let (reply, answer) = sync_channel(1);
        self.0
            .send(command(Reply(reply)))
            .map_err(|_| Error::stopped())?;
        // The thread ends with what is still asked of it unanswered.
        answer.recv().map_err(|_| Error::stopped())?
    }

    /// As [`Actor::ask`], but waits for the answer no longer than that: none then.
    pub(crate) fn ask_within<T>(
        &self,
        longest: Duration,
        command: impl FnOnce(Reply<T>) -> Command,
    ) -> Option<Result<T, Error>> {
        let (reply, answer) = sync_channel(1);
        if self.0.send(command(Reply(reply))).is_err() {
            return Some(Err(Error::stopped()));
        }
        match answer.recv_timeout(longest) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(Error::stopped())),
        }
    }
}

/// What who stops custody wants of uses that are under way.
pub(crate) enum Uses {
    /// To be told of them at once.
    Told,
    /// To be answered once the last has ended.
    WaitedFor,
}

pub(crate) enum Command {
    Open {
        reference: Zeroizing<Vec<u8>>,
        limit: Minutes,
        lane: Arc<Lane>,
        reply: Reply<Opened>,
    },
    Record {
        transaction: u64,
        facts: Vec<Recorded>,
        reply: Reply<()>,
    },
    /// A transaction's biometrics have been destroyed.
    End {
        ended: EndedBy,
        reply: Reply<Note>,
    },
    /// Asks for what a pair is encrypted with, if the policy allows the hold.
    NewHold {
        request: HoldRequest,
        two: bool,
        reply: Reply<HoldKey>,
    },
    MakeHold {
        made: Box<MakeHold>,
        reply: Reply<HoldId>,
    },
    ViewHold {
        hold: HoldId,
        person: Zeroizing<String>,
        reply: Reply<FoundHold>,
    },
    /// A hold whose ciphertext is not what it was.
    BrokenHold {
        hold: HoldId,
        reply: Reply<()>,
    },
    ReleaseHold {
        hold: HoldId,
        person: Zeroizing<String>,
        reply: Reply<()>,
    },
    SetUp {
        step: SetUp,
        reply: Reply<u64>,
    },
    Holds {
        reply: Reply<Vec<HoldId>>,
    },
    RotateKey {
        new: Box<SignerKey>,
        reply: Reply<()>,
    },
    Checkpoint {
        reply: Reply<Note>,
    },
    Tick {
        reply: Reply<()>,
    },
    Stop {
        cause: StopCause,
        uses: Uses,
        reply: Reply<()>,
    },
    #[cfg(test)]
    Crash {
        reply: Reply<()>,
    },
    #[cfg(test)]
    Fields {
        reply: Reply<Vec<&'static str>>,
    },
}

/// What an administrator does at a lane's cameras, while no transaction is open.
pub(crate) enum SetUp {
    Begin(Zeroizing<String>, Minutes),
    Write(u64, Digest),
    End(u64, SetUpEndCause),
}

pub(crate) struct Opened {
    pub(crate) key: [u8; 32],
    pub(crate) number: u64,
    pub(crate) slot: Arc<Slot>,
    /// When its time is over, since boot.
    pub(crate) due: Duration,
}

/// A transaction whose biometrics are gone, before its receipt is written.
#[derive(Clone, Copy)]
pub(crate) struct EndedBy {
    pub(crate) number: u64,
    pub(crate) cause: DestructionCause,
    pub(crate) images: usize,
    pub(crate) templates: usize,
}

/// A fact with the officer's name still in it.
pub(crate) enum Recorded {
    Arrived,
    Document(DocumentKind, DocumentVerdict, Leniencies),
    Seat(Row, Side, SeatOutcome, Stage),
    Adjudicated(Subject, Zeroizing<String>, AdjudicationReason),
}

/// A pair that is encrypted and stored, before the log has the hold.
pub(crate) struct MakeHold {
    pub(crate) transaction: u64,
    pub(crate) request: HoldRequest,
    pub(crate) key: HoldKey,
    pub(crate) context: String,
    pub(crate) ciphertext: Digest,
    pub(crate) officer: Zeroizing<String>,
    pub(crate) second: Option<Zeroizing<String>>,
}

/// What opens a hold's ciphertext.
pub(crate) struct FoundHold {
    pub(crate) key: LockedKey,
    pub(crate) nonce: [u8; NONCE],
    pub(crate) context: String,
    pub(crate) file: String,
    pub(crate) ciphertext: Digest,
}

impl FoundHold {
    /// Whether these bytes are those whose digest is in the log.
    pub(crate) fn is_ciphertext(&self, bytes: &[u8]) -> bool {
        Digest::of(bytes) == self.ciphertext
    }
}
