//! What a log's key signs besides checkpoints: receipts and key rotations.
//!
//! Both are the text of a signed note of three lines (what it is, the log's
//! name, the entry up to its signature), so that any note verifier can check
//! one by itself.

use crate::entry::{Commitment, Count, Minute, PublicKey, SignatureBytes};
use crate::{Entry, Error, Event, KeyName, Note, Purpose, SignerKey, VerifierKey};
use rowcall_words::log::DestructionCause;

/// A receipt of destruction before it is signed: the lane's statement that the
/// biometrics of one transaction are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When the destruction was.
    pub minute: Minute,
    /// The entry that opened the transaction.
    pub transaction: u64,
    /// When it had been opened.
    pub opened: Minute,
    /// Why it ended.
    pub cause: DestructionCause,
    /// How many documents had been recorded.
    pub documents: Count,
    /// How many pictures were destroyed.
    pub images: Count,
    /// How many templates were destroyed.
    pub templates: Count,
    /// How many image pairs stay on hold, encrypted.
    pub holds: Count,
    /// The opening's commitment.
    pub commitment: Commitment,
}

impl Receipt {
    /// The receipt as an entry, signed.
    pub fn sign(self, key: &SignerKey) -> Entry {
        let mut entry = Entry {
            minute: self.minute,
            event: Event::Destroyed {
                transaction: self.transaction,
                opened: self.opened,
                cause: self.cause,
                documents: self.documents,
                images: self.images,
                templates: self.templates,
                holds: self.holds,
                commitment: self.commitment,
                signature: SignatureBytes::new([0; 64]),
            },
        };
        let text = receipt_text(key.verifier().name(), &entry);
        if let Event::Destroyed { signature, .. } = &mut entry.event {
            *signature = SignatureBytes::new(key.sign(text.as_bytes()));
        }
        entry
    }
}

/// The receipt in `entry` as a signed note of its own, to be handed out; `None`
/// if the entry is no receipt. Nothing is verified.
pub fn receipt_note(signer: &VerifierKey, entry: &Entry) -> Option<Note> {
    let Event::Destroyed { signature, .. } = &entry.event else {
        return None;
    };
    Some(Note::from_parts(
        receipt_text(signer.name(), entry),
        signer,
        signature.bytes(),
    ))
}

/// Whether `entry` is a receipt that `key` signed.
pub(crate) fn receipt_is_by(key: &VerifierKey, entry: &Entry) -> bool {
    match &entry.event {
        Event::Destroyed { signature, .. } => key.verifies(
            receipt_text(key.name(), entry).as_bytes(),
            signature.bytes(),
        ),
        _ => false,
    }
}

/// The entry by which `old` hands the log over to `new`.
pub(crate) fn rotate(minute: Minute, old: &SignerKey, new: &SignerKey) -> Result<Entry, Error> {
    let (from, to) = (old.verifier(), new.verifier());
    if to.name() != from.name() || to.purpose() != Purpose::Note || to == from {
        return Err(Error::operator(format!(
            "{to} cannot follow {from}: the new key must be another one of the same name and type"
        )));
    }
    let key = PublicKey::new(to.bytes());
    let text = rotation_text(from.name(), minute, &key);
    let event = Event::KeyRotated {
        key,
        by_old: SignatureBytes::new(old.sign(text.as_bytes())),
        by_new: SignatureBytes::new(new.sign(text.as_bytes())),
    };
    Ok(Entry { minute, event })
}

/// The key that `entry` hands the log over to, if `old` and the new key both
/// signed it.
pub(crate) fn rotated_key(old: &VerifierKey, entry: &Entry) -> Option<VerifierKey> {
    let Event::KeyRotated {
        key,
        by_old,
        by_new,
    } = &entry.event
    else {
        return None;
    };
    let new = VerifierKey::new(old.name().clone(), Purpose::Note, key.bytes()).ok()?;
    let text = rotation_text(old.name(), entry.minute, key);
    let good = old.verifies(text.as_bytes(), by_old.bytes())
        && new.verifies(text.as_bytes(), by_new.bytes())
        && new != *old;
    good.then_some(new)
}

fn receipt_text(origin: &KeyName, entry: &Entry) -> String {
    let line = entry.to_line();
    let unsigned = line.split(" signature=").next().unwrap_or_default();
    format!("rowcall/receipt/v1\n{origin}\n{unsigned}\n")
}

fn rotation_text(origin: &KeyName, minute: Minute, key: &PublicKey) -> String {
    let unsigned = SignatureBytes::new([0; 64]);
    let line = Entry {
        minute,
        event: Event::KeyRotated {
            key: *key,
            by_old: unsigned,
            by_new: unsigned,
        },
    }
    .to_line();
    let unsigned = line.split(" by_old=").next().unwrap_or_default();
    format!("rowcall/key-rotation/v1\n{origin}\n{unsigned}\n")
}
