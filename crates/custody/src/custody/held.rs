//! A hold in memory, and how far its end has come.

use crate::hold::StoredHold;
use rowcall_audit::Event;

/// A hold that may still have to be ended.
pub(super) struct Held {
    pub(super) stored: StoredHold,
    /// When it ends, in seconds on custody's own time line. The process that made
    /// it knows the second, a later one the whole minute before.
    pub(super) due: i64,
    pub(super) stage: Stage,
}

/// How far its end has come. Each step is tried again until it succeeds.
pub(super) enum Stage {
    /// It has not ended.
    Live,
    /// Its key is destroyed; this is to be written to the log.
    Shredded(Event),
    /// The log has it; its file and its row are to be deleted.
    Logged,
}
