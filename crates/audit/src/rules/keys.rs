//! The log's keys: each introduced by the one before it, none twice.

use crate::entry::PublicKey;
use crate::{KeyName, Purpose, VerifierKey};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    all: Vec<VerifierKey>,
    known: BTreeSet<[u8; 32]>,
}

impl Keys {
    /// All so far, the one that signs now last.
    pub(super) fn all(&self) -> &[VerifierKey] {
        &self.all
    }

    /// Takes the first one.
    pub(super) fn begin(&mut self, origin: &KeyName, key: &PublicKey) -> Result<(), String> {
        let key = VerifierKey::new(origin.clone(), Purpose::Note, key.bytes());
        self.follow(key.map_err(|e| e.to_string())?)
    }

    /// Takes the next one, whose signatures are checked already.
    pub(super) fn follow(&mut self, key: VerifierKey) -> Result<(), String> {
        if !self.known.insert(key.bytes()) {
            return Err("the new key is one that was retired before".to_owned());
        }
        self.all.push(key);
        Ok(())
    }
}
