//! The life of every biometric, from capture to destruction.
//!
//! A [`Custody`] opens transactions. An [`OpenTransaction`] owns its pictures
//! and templates in memory; [`OpenTransaction::close`] consumes it, wipes them
//! and gives a signed receipt, which is in the audit log by then. The one thing
//! that can outlast a transaction is an officer's hold of one image pair,
//! encrypted under a key of its own that is destroyed when its time is over.
//!
//! ```compile_fail
//! # fn f(mut open: rowcall_custody::OpenTransaction) {
//! open.close();
//! open.read(|biometrics| biometrics.frames().len()); // moved: it is closed
//! # }
//! ```

mod biometrics;
mod book;
mod clock;
mod custody;
mod cut;
mod error;
mod hold;
mod key_folder;
mod mac;
mod officer;
mod policy;
mod store;
mod subject;
pub mod system;
mod transaction;

pub use biometrics::{Biometrics, Kept, MAX_DOCUMENTS, MAX_FRAMES, Seen};
pub use clock::{Clock, Reading};
pub use custody::{Custody, Started};
pub use cut::Cut;
pub use error::{Error, ErrorKind};
pub use hold::{HeldPair, HoldId, HoldRequest, Proposal};
pub use key_folder::{KeyFolder, Which};
pub use officer::{LogIn, Officer};
pub use policy::{Keys, Places, Policy};
pub use subject::{document_subject, log_seat, seat_subject};
pub use system::LockedKey;
pub use transaction::{ClosedTransaction, Fact, OpenTransaction, Opening};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a panic: what is behind these locks is either whole or
/// ended, and must be destroyed in any case.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// What tests of several kinds share names the crate from outside.
#[cfg(test)]
extern crate self as rowcall_custody;
#[cfg(test)]
mod tests;
