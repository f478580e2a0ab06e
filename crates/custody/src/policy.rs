//! What the lane's configuration allows.

use crate::LockedKey;
use rowcall_audit::SignerKey;
use rowcall_audit::entry::{Count, Digest, Minutes};
use rowcall_words::log::{Approval, HoldReason};
use std::path::PathBuf;

/// Limits of custody, from the lane's configuration. They are written to the
/// audit log at every start, so that an outsider can hold the lane to them.
/// None of them keeps anything from being destroyed: who has to keep something,
/// for an order or an incident, makes a hold, which ends too.
#[derive(Clone, Debug)]
pub struct Policy {
    /// SHA-256 of the whole configuration, the public notice's text in it.
    pub configuration: Digest,
    /// The longest that a transaction may stay open.
    pub transaction_limit: Minutes,
    /// The longest that a hold may last.
    pub hold_limit: Minutes,
    /// The longest that a hold may last that an order or an incident asks for
    /// ([`HoldReason::is_order`]).
    pub order_limit: Minutes,
    /// How many holds may be made in 24 hours.
    pub holds_per_day: Count,
    /// How many officers a hold needs.
    pub approval: Approval,
    /// How many holds there may be at a time.
    pub live_holds: u16,
    /// How long outcomes without identity are kept.
    pub keep_outcomes: Minutes,
}

/// Minutes in which [`Policy::holds_per_day`] counts. One more than a
/// day has, because the log's times are coarse by one.
pub(crate) const DAY: i64 = 24 * 60 + 1;

impl Policy {
    /// The longest that a hold for this reason may last.
    pub(crate) fn limit_of(&self, reason: HoldReason) -> Minutes {
        match reason.is_order() {
            true => self.order_limit,
            false => self.hold_limit,
        }
    }
}

/// Where custody keeps what it keeps. The database and what lies beside it, the
/// key file and the folder of holds are made readable by their owner alone.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of the audit log.
    pub log: PathBuf,
    /// The database.
    pub store: PathBuf,
    /// The folder of holds' ciphertexts, a file each.
    pub holds: PathBuf,
    /// The file of hold keys. It belongs into no back-up; on a file system that
    /// copies on write, overwriting in place destroys nothing (docs/security.md).
    pub hold_keys: PathBuf,
}

/// The lane's secrets; [`crate::KeyFolder`] makes and keeps them.
pub struct Keys {
    /// The key that signs the audit log. Where another follows that signed it
    /// until now, the log is handed over from that to this one.
    pub log: Vec<SignerKey>,
    /// Wraps the keys of holds.
    pub site: LockedKey,
    /// The key that wrapped them until now: they are wrapped anew with `site`.
    pub former_site: Option<LockedKey>,
    /// Makes officers' names into pseudonyms.
    pub officers: LockedKey,
}
