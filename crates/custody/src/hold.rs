//! Holds: one image pair, encrypted, for a stated reason and time.

pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod seal;

use crate::LockedKey;
use rowcall_audit::KeyName;
use rowcall_audit::entry::{Digest, Minutes};
use rowcall_face::Image;
use rowcall_words::log::HoldReason;
use rowcall_words::seat::Seat;

pub(crate) use seal::NONCE;

/// What an officer asks for.
#[derive(Clone, Copy, Debug)]
pub struct HoldRequest {
    /// The occupant's seat.
    pub seat: Seat,
    /// The document, by the order of presentation.
    pub document: u16,
    /// Why.
    pub reason: HoldReason,
    /// For how long at most.
    pub length: Minutes,
}

/// A hold, named by the log entry that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HoldId(pub u64);

/// A hold that one officer has proposed in a transaction and that another has to
/// consent to. Nothing is stored before; it ends with the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Proposal(pub(crate) u32);

impl Proposal {
    /// Its number within its transaction.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for Proposal {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

/// The image pair of a hold, decrypted for an officer to look at; wiped when
/// dropped. Its pictures cannot be taken out of it.
pub struct HeldPair {
    pub(crate) occupant: Image,
    pub(crate) portrait: Image,
}

impl HeldPair {
    /// The occupant.
    pub fn occupant(&self) -> &Image {
        &self.occupant
    }

    /// The document's portrait.
    pub fn portrait(&self) -> &Image {
        &self.portrait
    }
}

/// What a pair is encrypted with, and the name of its file.
pub(crate) struct HoldKey {
    pub(crate) key: LockedKey,
    pub(crate) nonce: [u8; NONCE],
    pub(crate) file: String,
}

/// A stored hold: everything of it but its key and its ciphertext.
#[derive(Clone)]
pub(crate) struct StoredHold {
    pub(crate) hold: u64,
    /// Its key's place in the key file.
    pub(crate) slot: u16,
    /// What is authenticated with the ciphertext.
    pub(crate) context: String,
    /// When it ends, on custody's own time line, to the whole minute before.
    pub(crate) due: i64,
    /// The name of the ciphertext's file.
    pub(crate) file: String,
    pub(crate) nonce: [u8; NONCE],
}

impl StoredHold {
    /// What its key is bound to: whatever decides how long it lives and what it
    /// opens. `ciphertext` is the digest that the log has of it.
    pub(crate) fn key_context(&self, log: &KeyName, ciphertext: &Digest) -> String {
        format!(
            "rowcall/hold-key/v2 log={log} hold={} slot={} due={} file={} ciphertext={}",
            self.hold,
            self.slot,
            self.due,
            self.file,
            base16ct::lower::encode_string(ciphertext.bytes())
        )
    }

    /// As version 1 of the database bound it.
    pub(crate) fn key_context_of_version_1(hold: u64, slot: u16) -> String {
        format!("rowcall/hold-key/v1 hold={hold} slot={slot}")
    }
}

/// What is authenticated with a pair's ciphertext.
pub(crate) fn pair_context(log: &KeyName, transaction: u64, request: &HoldRequest) -> String {
    format!(
        "rowcall/hold/v2 log={log} transaction={transaction} reason={} minutes={}",
        request.reason.as_str(),
        request.length.get()
    )
}
