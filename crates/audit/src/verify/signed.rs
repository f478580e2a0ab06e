//! Who signed the checkpoint, and what: every line by a key that is known must
//! hold, and what cannot be said of the others is said.

use super::{Cosigned, Finding};
use crate::cosignature::cosignature;
use crate::{Checkpoint, Note, VerifierKey};
use std::collections::BTreeSet;

/// A checkpoint with its signatures, and the one that somebody remembers.
pub(super) struct Signed<'a> {
    pub(super) note: &'a Note,
    pub(super) checkpoint: &'a Checkpoint,
    pub(super) remembered: Option<(&'a Note, &'a Checkpoint)>,
    pub(super) keys: &'a [VerifierKey],
}

impl Signed<'_> {
    /// Checks the log's own signatures: `signer` signed the checkpoint,
    /// `remembered` is the key that must have signed the remembered one, and no
    /// line claims falsely to be by any key that the log ever had.
    pub(super) fn check(
        &self,
        signer: &VerifierKey,
        remembered: Option<&VerifierKey>,
    ) -> Result<(), Finding> {
        let place = |place: &'static str| move |e: crate::Error| Finding::new(e.context(place));
        self.note.verify(signer).map_err(place("checkpoint"))?;
        self.note
            .reject_false(self.keys)
            .map_err(place("checkpoint"))?;
        let Some((note, old)) = self.remembered else {
            return Ok(());
        };
        let in_remembered = place("the remembered checkpoint");
        if let Some(key) = remembered {
            note.verify(key).map_err(in_remembered)?;
        }
        note.reject_false(self.keys)
            .map_err(place("the remembered checkpoint"))?;
        // Two copies of one checkpoint: what was signed stays signed.
        if old.size == self.checkpoint.size
            && let Some(gone) = lines(note).difference(&lines(self.note)).next()
        {
            return Err(Finding::new(format!(
                "checkpoint: the signature of {gone} that the remembered copy has was removed"
            )));
        }
        Ok(())
    }

    /// What each of `witnesses` cosigned. A cosignature that is there and false
    /// is never made good by another one.
    pub(super) fn witnesses(&self, witnesses: &[VerifierKey]) -> Result<Vec<Cosigned>, Finding> {
        witnesses
            .iter()
            .map(|witness| self.cosigned(witness))
            .collect()
    }

    fn cosigned(&self, witness: &VerifierKey) -> Result<Cosigned, Finding> {
        let of = |note, size, place: &str| match cosignature(note, witness) {
            Ok(time) => Ok(time.map(|time| Cosigned {
                witness: witness.clone(),
                time,
                size,
            })),
            Err(e) => Err(Finding::from(e.context(place))),
        };
        let present = of(self.note, self.checkpoint.size, "checkpoint")?;
        let remembered = match self.remembered {
            Some((note, old)) => of(note, old.size, "the remembered checkpoint")?,
            None => None,
        };
        present
            .or(remembered)
            .ok_or_else(|| Finding::new(format!("checkpoint: no cosignature of {witness}")))
    }

    /// The lines of which nothing is known, as `name+ID`.
    pub(super) fn unknown(&self, witnesses: &[VerifierKey]) -> Vec<String> {
        let known: BTreeSet<String> = self.keys.iter().chain(witnesses).map(line_of).collect();
        lines(self.note).difference(&known).cloned().collect()
    }
}

fn lines(note: &Note) -> BTreeSet<String> {
    let signatures = note.signatures().iter();
    signatures
        .map(|line| format!("{}+{:08x}", line.name, line.id))
        .collect()
}

fn line_of(key: &VerifierKey) -> String {
    format!("{}+{:08x}", key.name(), key.id())
}
