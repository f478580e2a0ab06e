//! An append-only audit log that outsiders can verify.
//!
//! The log is an RFC 6962 Merkle tree, laid out on disk as C2SP tlog-tiles,
//! with a checkpoint that is a C2SP signed note; witnesses can add C2SP
//! tlog-cosignatures. What an entry can say is a closed list with one canonical
//! spelling, and no field of it can hold personal data.

pub mod browser;
mod checkpoint;
mod cosignature;
pub mod entry;
mod error;
mod export;
mod folder;
mod key;
mod log;
pub mod merkle;
mod note;
mod proof;
pub mod rules;
mod statement;
pub mod tile;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use cosignature::{check_cosignature, cosign};
pub use entry::{Entry, Event};
pub use error::{Error, ErrorKind};
pub use export::Export;
pub use folder::LogFolder;
pub use key::{KeyName, Purpose, SignerKey, VerifierKey};
pub use log::{Log, Recovery};
pub use merkle::Hash;
pub use note::{Note, NoteSignature};
pub use proof::{ConsistencyProof, InclusionProof, MAX_PROOF_BYTES};
pub use rules::Rules;
pub use statement::{Receipt, receipt_note};
