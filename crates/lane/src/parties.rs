//! Parties of a lane whose stations are apart: from their documents to the cameras.
//!
//! A party is known by a code that it shows, by the caller's reference, or by its place in
//! the order; not by a plate, and not by anything that is in a document. Of code and
//! reference hashes are kept, under a secret of the process, as long as the transaction is
//! open. Whoever is overtaken loses their place in the order: from then on nobody is taken
//! for the next one by it.

use rand_core::Rng as _;
use rowcall_custody::system::system_random;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    Error,
    config::apart::{Apart, Sequence},
};

/// A hash with the process's secret in it.
type Hash = [u8; 32];

/// Symbols of a code: none is taken for another when it is read out or typed.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 40 bits: of 64 parties one is guessed in seventeen thousand million tries.
const LENGTH: usize = 8;

/// The parties of a lane, in the order in which they presented documents.
pub(crate) struct Parties {
    all: Vec<Party>,
    most: usize,
    order: Sequence,
    secret: Hash,
}

struct Party {
    transaction: String,
    code: Hash,
    reference: Option<Hash>,
    has_arrived: bool,
    was_overtaken: bool,
}

/// What a vehicle that comes to the cameras is known by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown<'a> {
    /// The caller's own name for the transaction.
    Reference(&'a str),
    /// What the party was given.
    Code(&'a str),
    /// Its place in the order.
    Place,
}

impl Parties {
    pub(crate) fn new(apart: &Apart) -> Self {
        let mut secret = [0; 32];
        system_random().fill_bytes(&mut secret);
        Self {
            all: Vec::new(),
            most: usize::try_from(apart.parties).unwrap_or(usize::MAX),
            order: apart.order,
            secret,
        }
    }

    /// Takes a party in that begins with its documents; the code that it shows.
    ///
    /// # Errors
    /// If too many are under way, or another has the reference.
    pub(crate) fn add(
        &mut self,
        transaction: &str,
        reference: &str,
    ) -> Result<Zeroizing<String>, Error> {
        if self.under_way() >= self.most {
            return Err(Error::busy(format_args!(
                "{} parties are under way to this lane's cameras: one has to come, or its time to be over",
                self.most
            )));
        }
        let reference = match reference {
            "" => None,
            given => Some(self.hash("reference", given.as_bytes())),
        };
        if reference.is_some() && self.all.iter().any(|party| party.reference == reference) {
            return Err(Error::conflict(
                "reference: another party of this lane has it: a reference names one",
            ));
        }
        let code = new_code();
        self.all.push(Party {
            transaction: transaction.to_owned(),
            code: self.hash("code", code.as_bytes()),
            reference,
            has_arrived: false,
            was_overtaken: false,
        });
        Ok(shown(&code))
    }

    /// The transaction of a party whose vehicle is there now: nobody else can claim it.
    /// None under way, and nothing shown, is nobody's.
    ///
    /// # Errors
    /// If there is no such party, it has come already, or the order doesn't say who it is.
    pub(crate) fn claim(&mut self, by: Shown<'_>) -> Result<Option<String>, Error> {
        let found = match by {
            Shown::Reference(reference) => {
                let hash = Some(self.hash("reference", reference.as_bytes()));
                self.all.iter().position(|party| party.reference == hash)
            }
            Shown::Code(code) => {
                let hash = self.hash("code", written(code).as_bytes());
                self.all.iter().position(|party| party.code == hash)
            }
            Shown::Place => match self.all.iter().position(|party| !party.has_arrived) {
                None => return Ok(None),
                Some(next) => {
                    self.check_order()?;
                    Some(next)
                }
            },
        };
        let Some(at) = found else {
            return Err(Error::gone("party"));
        };
        if self.all[at].has_arrived {
            return Err(Error::conflict(
                "this party has come to the cameras already: two vehicles don't have one party; go on by hand",
            ));
        }
        let (before, from) = self.all.split_at_mut(at);
        from[0].has_arrived = true;
        for party in before.iter_mut().filter(|party| !party.has_arrived) {
            party.was_overtaken = true;
        }
        Ok(Some(from[0].transaction.clone()))
    }

    /// A party that was claimed is under way again: its coming couldn't be recorded.
    pub(crate) fn give_back(&mut self, transaction: &str) {
        for party in &mut self.all {
            if party.transaction == transaction {
                party.has_arrived = false;
            }
        }
    }

    /// Forgets a party whose transaction has ended.
    pub(crate) fn forget(&mut self, transaction: &str) {
        self.all.retain(|party| party.transaction != transaction);
    }

    /// How many haven't come to the cameras yet.
    pub(crate) fn under_way(&self) -> usize {
        self.all.iter().filter(|party| !party.has_arrived).count()
    }

    fn check_order(&self) -> Result<(), Error> {
        let mut under_way = self.all.iter().filter(|party| !party.has_arrived);
        match (self.order, under_way.any(|party| party.was_overtaken)) {
            (Sequence::Kept, false) => Ok(()),
            (Sequence::Free, _) => Err(Error::conflict(
                "vehicles may overtake on the way to this lane's cameras: name the party by its code or reference",
            )),
            (Sequence::Kept, true) => Err(Error::conflict(
                "a party was overtaken, so that the order doesn't say who this is: name the party by its code or reference, or go on by hand",
            )),
        }
    }

    fn hash(&self, what: &str, bytes: &[u8]) -> Hash {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(what.as_bytes());
        hash.update([0]);
        hash.update(bytes);
        hash.finalize().into()
    }
}

fn new_code() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0_u8; LENGTH]);
    system_random().fill_bytes(&mut *bytes);
    let symbols = bytes.iter().map(|byte| SYMBOLS[usize::from(byte % 32)]);
    Zeroizing::new(symbols.map(char::from).collect())
}

/// As it is printed: two groups of four.
fn shown(code: &str) -> Zeroizing<String> {
    let (first, second) = code.split_at(LENGTH / 2);
    Zeroizing::new(format!("{first}-{second}"))
}

/// A code as it was typed or read, with what is taken for another symbol put right.
fn written(code: &str) -> Zeroizing<String> {
    let symbols = code.chars().filter(|c| !matches!(c, '-' | ' '));
    let symbols = symbols.map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    // No code is longer: what is isn't copied whole.
    Zeroizing::new(symbols.take(LENGTH + 1).collect())
}

#[cfg(test)]
mod tests;
