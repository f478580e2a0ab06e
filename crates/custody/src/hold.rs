//! Holds: one image pair, encrypted, for a stated reason and time.

pub(crate) mod keys;
pub(crate) mod seal;

use crate::biometrics::Seat;
use rowcall_audit::entry::{HoldReason, Minutes};
use rowcall_face::Image;

/// What an officer asks for.
pub struct HoldRequest<'a> {
    /// The occupant's seat.
    pub seat: Seat,
    /// The document, by the order of presentation.
    pub document: u16,
    /// Why.
    pub reason: HoldReason,
    /// For how long at most.
    pub length: Minutes,
    /// The officer: made into the day's pseudonym, never stored.
    pub officer: &'a str,
    /// A second officer, where the policy asks for one.
    pub second: Option<&'a str>,
}

/// A hold, named by the log entry that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HoldId(pub u64);

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
