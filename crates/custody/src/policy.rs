//! What the lane's configuration allows.

use crate::LockedKey;
use rowcall_audit::SignerKey;
use rowcall_audit::entry::{Approval, Count, Digest, Minutes};
use std::path::PathBuf;

/// Limits of custody, from the lane's configuration. They are written to the
/// audit log at every start, so that an outsider can hold the lane to them.
#[derive(Clone, Debug)]
pub struct Policy {
    /// SHA-256 of the whole configuration, the public notice's text in it.
    pub configuration: Digest,
    /// The longest that a transaction may stay open.
    pub transaction_limit: Minutes,
    /// The longest that a hold may last.
    pub hold_limit: Minutes,
    /// How many holds may be made in 24 hours.
    pub holds_per_day: Count,
    /// How many officers a hold needs.
    pub approval: Approval,
    /// How many holds there may be at a time.
    pub live_holds: u16,
    /// How long outcomes without identity are kept.
    pub keep_outcomes: Minutes,
}

/// Where custody keeps what it keeps.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder of the audit log.
    pub log: PathBuf,
    /// The database.
    pub store: PathBuf,
    /// The file of hold keys. It belongs into no back-up; on a file system that
    /// copies on write, overwriting in place destroys nothing (docs/security.md).
    pub hold_keys: PathBuf,
}

/// The lane's secrets.
pub struct Keys {
    /// The key that signs the audit log; two if the process may have died while
    /// it handed the log over from one to the other.
    pub log: Vec<SignerKey>,
    /// Wraps the keys of holds.
    pub site: LockedKey,
    /// Makes officers' names into pseudonyms.
    pub officers: LockedKey,
}
