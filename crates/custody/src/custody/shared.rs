//! What everybody in custody knows without asking its thread.

use crate::hold::files::HoldFiles;
use crate::officer::{Officer, Seal};
use crate::{Clock, Error};
use rowcall_audit::KeyName;
use rowcall_audit::entry::Minute;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What transactions need to know without asking.
pub(crate) struct Shared {
    /// Nothing may be used any more.
    pub(crate) stopped: AtomicBool,
    /// Custody's thread has failed.
    pub(crate) failed: AtomicBool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) log: KeyName,
    pub(crate) files: HoldFiles,
    pub(crate) seal: Arc<Seal>,
}

impl Shared {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    pub(crate) fn minute(&self) -> Minute {
        Minute::from_unix_seconds(self.clock.read().wall)
    }

    pub(crate) fn check(&self, officer: &Officer) -> Result<(), Error> {
        match officer.is_of(&self.seal) {
            true => Ok(()),
            false => Err(Error::us("an officer that another custody's log-in made")),
        }
    }
}
