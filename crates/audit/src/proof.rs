//! Proofs as files: what a third party needs to check one claim about a log
//! without having the log.

use crate::merkle::{check_consistency, check_inclusion, prove_consistency, prove_inclusion};
use crate::note::MAX_NOTE_BYTES;
use crate::{Checkpoint, Error, Hash, LogFolder, Note};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The proof that an entry is in a log: C2SP tlog-proof, conventionally in a
/// file that ends in `.tlog-proof`. The entry itself is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// What somebody put into the proof for an application's use. Nothing
    /// vouches for it; [`InclusionProof::new`] puts nothing in.
    pub extra: Option<Vec<u8>>,
    /// The entry's number.
    pub index: u64,
    /// From the leaf's sibling up (RFC 6962, section 2.1.1).
    pub path: Vec<Hash>,
    /// The checkpoint, with all of its signatures.
    pub checkpoint: Note,
}

/// The proof that an older tree is the beginning of a log: the body of C2SP
/// tlog-witness's `add-checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The older tree's size.
    pub old: u64,
    /// RFC 6962, section 2.1.2.
    pub path: Vec<Hash>,
    /// The newer checkpoint, with all of its signatures.
    pub checkpoint: Note,
}

/// The most bytes of a proof file that are read: a note, the hashes, and as much
/// again of extra data.
pub const MAX_PROOF_BYTES: usize = 2 * MAX_NOTE_BYTES;

const INCLUSION: &str = "c2sp.org/tlog-proof@v1";

impl InclusionProof {
    /// Proves entry `index` of `log`.
    ///
    /// # Errors
    /// If there is no such entry, or the tiles cannot be read or do not give
    /// the checkpoint's root.
    pub fn new(log: &LogFolder, index: u64) -> Result<Self, Error> {
        let proof = Self {
            extra: None,
            index,
            path: prove_inclusion(log, index, log.checkpoint().size)?,
            checkpoint: log.note().clone(),
        };
        proof.check(&log.entry_bytes(index)?)?;
        Ok(proof)
    }

    /// Checks that the entry with these bytes is the one at the proof's index,
    /// in the tree of the proof's checkpoint, whose signatures are the caller's
    /// to verify ([`Note::verify`]).
    ///
    /// # Errors
    /// If it is not.
    pub fn check(&self, entry: &[u8]) -> Result<(), Error> {
        let Checkpoint { size, root, .. } = Checkpoint::parse(self.checkpoint.text())?;
        check_inclusion(&self.path, self.index, Hash::leaf(entry), size, root)
            .then_some(())
            .ok_or_else(|| Error::log(format!("the proof of entry {} is false", self.index)))
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref();
        let extra = extra.map_or_else(String::new, |e| format!("extra {}\n", STANDARD.encode(e)));
        format!(
            "{INCLUSION}\n{extra}index {}\n{}\n{}",
            self.index,
            lines(&self.path),
            self.checkpoint
        )
    }

    /// Reads [`InclusionProof::to_text`].
    ///
    /// # Errors
    /// If it is not that form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let refuse = || Error::log("this is no proof file, or not in its canonical form");
        let head = format!("{INCLUSION}\n");
        let mut rest = bytes.strip_prefix(head.as_bytes()).ok_or_else(refuse)?;
        let mut extra = None;
        if let Some(after) = rest.strip_prefix(b"extra ") {
            let end = after.iter().position(|byte| *byte == b'\n');
            let (line, after) = after.split_at(end.ok_or_else(refuse)?);
            extra = Some(STANDARD.decode(line).map_err(|_| refuse())?);
            rest = &after[1..];
        }
        let (index, path, checkpoint) = parse(rest, "index ")?;
        let proof = Self {
            extra,
            index,
            path,
            checkpoint,
        };
        canonical(bytes, &proof.to_text()).map(|()| proof)
    }
}

impl ConsistencyProof {
    /// Proves that `log` begins with the tree of its first `old` entries.
    ///
    /// # Errors
    /// If the log is shorter, or the tiles cannot be read.
    pub fn new(log: &LogFolder, old: u64) -> Result<Self, Error> {
        Ok(Self {
            old,
            path: prove_consistency(log, old, log.checkpoint().size)?,
            checkpoint: log.note().clone(),
        })
    }

    /// Checks the proof against the older tree's root.
    ///
    /// # Errors
    /// If the newer tree does not begin with the older one.
    pub fn check(&self, old_root: Hash) -> Result<(), Error> {
        let Checkpoint { size, root, .. } = Checkpoint::parse(self.checkpoint.text())?;
        check_consistency(&self.path, self.old, old_root, size, root)
            .then_some(())
            .ok_or_else(|| {
                Error::log(format!(
                    "the log of {size} entries does not begin with that tree of {}",
                    self.old
                ))
            })
    }

    /// The file.
    pub fn to_text(&self) -> String {
        format!(
            "old {}\n{}\n{}",
            self.old,
            lines(&self.path),
            self.checkpoint
        )
    }

    /// Reads [`ConsistencyProof::to_text`].
    ///
    /// # Errors
    /// If it is not that form.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let (old, path, checkpoint) = parse(bytes, "old ")?;
        let proof = Self {
            old,
            path,
            checkpoint,
        };
        canonical(bytes, &proof.to_text()).map(|()| proof)
    }
}

fn lines(path: &[Hash]) -> String {
    path.iter().map(|hash| format!("{hash}\n")).collect()
}

fn parse(bytes: &[u8], head: &str) -> Result<(u64, Vec<Hash>, Note), Error> {
    let refuse = || Error::log("this is no proof file, or not in its canonical form");
    if bytes.len() > MAX_PROOF_BYTES {
        return Err(refuse());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse())?;
    let rest = text.strip_prefix(head).ok_or_else(refuse)?;
    let (proof, note) = rest.split_once("\n\n").ok_or_else(refuse)?;
    let mut lines = proof.lines();
    let number = lines
        .next()
        .and_then(|n| n.parse().ok())
        .ok_or_else(refuse)?;
    let path = lines
        .map(Hash::from_base64)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(refuse)?;
    Ok((number, path, Note::parse(note.as_bytes())?))
}

fn canonical(bytes: &[u8], text: &str) -> Result<(), Error> {
    (text.as_bytes() == bytes)
        .then_some(())
        .ok_or_else(|| Error::log("this proof file is not in its canonical form"))
}
