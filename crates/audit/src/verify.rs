//! Verifies a whole log in one pass.

mod begun;
mod block;
mod expected;
mod layout;
mod signed;

use crate::entry::Minute;
use crate::folder::{LogFolder, complete_root, growing, read_hashes};
use crate::merkle::CompactRange;
use crate::rules::Rules;
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile};
use crate::{Checkpoint, Error, ErrorKind, Hash, Note, VerifierKey};
use block::{Block, Reader};
use signed::Signed;
use std::path::Path;

/// What to hold a log against.
#[derive(Default)]
pub struct Options {
    /// A key of the log that was learned elsewhere: its first, or one that it
    /// was handed over to. Without one the log is only held against the key
    /// that it states itself, which whoever forges a whole log can do too.
    pub key: Option<VerifierKey>,
    /// Witnesses, each of which must have cosigned the checkpoint or the
    /// remembered one.
    pub witnesses: Vec<VerifierKey>,
    /// A checkpoint seen earlier: the log must still begin with that tree.
    pub remembered: Option<Note>,
    /// When the log is looked at: nothing may be overdue then. Without it,
    /// nothing may be overdue at the log's last entry.
    pub as_of: Option<Minute>,
}

/// A log that holds.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its checkpoint.
    pub checkpoint: Checkpoint,
    /// Its keys in order; the last one signed the checkpoint.
    pub keys: Vec<VerifierKey>,
    /// Whether one of them was given in [`Options::key`].
    pub key_was_given: bool,
    /// The witnesses asked for, with what each cosigned.
    pub witnesses: Vec<Cosigned>,
    /// Names and IDs of signature lines on the checkpoint by keys that are
    /// neither the log's nor those of the witnesses asked for. Nothing is known
    /// of them, and C2SP signed-note has them ignored: anybody could have added
    /// one, or taken one away.
    pub unknown_signatures: Vec<String>,
    /// The size of the remembered checkpoint, if one was given.
    pub remembered: Option<u64>,
    /// The state after the last entry: counts, what is open, what is held.
    pub state: Rules,
}

/// What a witness cosigned.
#[derive(Clone, Debug)]
pub struct Cosigned {
    /// The witness.
    pub witness: VerifierKey,
    /// When it did, in POSIX seconds.
    pub time: u64,
    /// The size of the checkpoint that it cosigned: the log's own, or that of
    /// the remembered one.
    pub size: u64,
}

/// The first thing that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The entry it was found at, if it can be told.
    pub entry: Option<u64>,
    /// What is wrong, in a sentence.
    pub what: String,
    /// Whose fault: [`ErrorKind::Log`] where the log does not hold, another
    /// where it could not be looked at.
    pub kind: ErrorKind,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry {
            Some(entry) => write!(f, "entry {entry}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl Finding {
    fn new(what: impl std::fmt::Display) -> Self {
        Self {
            entry: None,
            what: what.to_string(),
            kind: ErrorKind::Log,
        }
    }

    fn at(entry: u64, what: impl std::fmt::Display) -> Self {
        Self {
            entry: Some(entry),
            ..Self::new(what)
        }
    }

    /// An error that came up at an entry.
    fn error_at(entry: u64, error: Error) -> Self {
        Self {
            entry: Some(entry),
            ..error.into()
        }
    }
}

impl From<Error> for Finding {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind(),
            ..Self::new(error)
        }
    }
}

/// Verifies the log in `folder`: every entry, every stored hash, the
/// checkpoint's signature and the keys before it, the rules of [`Rules`], and
/// that the folder holds these files and no others. `progress` is told how many
/// entries are done, of how many.
///
/// A log that grows meanwhile is verified at the checkpoint that it had at first. What
/// an append is in the middle of writing is no part of that: see `verify/begun.rs` for
/// what counts as such.
///
/// # Errors
/// The first thing that is wrong, by the entry's number.
pub fn verify(
    folder: &Path,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Finding> {
    let (log, partials) = growing::open(folder)?;
    let partials = layout::check(&log, &partials?)?;
    let mut pass = Pass::new(&log, options)?;
    let reader = Reader::new(&log, &partials);
    block::for_each(&reader, |block| {
        pass.take(block, &reader)?;
        progress(pass.range.size(), log.checkpoint().size);
        Ok(())
    })?;
    pass.finish(&log, &partials, options)
}

/// The tree level of the root of a whole block.
const BLOCK_LEVEL: u32 = TILE_WIDTH.ilog2();

/// What one pass carries from block to block.
struct Pass<'a> {
    log: &'a LogFolder,
    rules: Rules,
    range: CompactRange,
    edges: Vec<Vec<Hash>>,
    remembered: Option<Checkpoint>,
    /// The key in force at the remembered size.
    remembered_key: Option<VerifierKey>,
}

impl<'a> Pass<'a> {
    fn new(log: &'a LogFolder, options: &Options) -> Result<Self, Finding> {
        let remembered = options
            .remembered
            .as_ref()
            .map(|note| Checkpoint::parse(note.text()))
            .transpose()
            .map_err(|e| Finding::new(e.context("the remembered checkpoint")))?;
        let checkpoint = log.checkpoint();
        if let Some(old) = &remembered {
            if old.origin != checkpoint.origin {
                return Err(Finding::new(format!(
                    "the remembered checkpoint is of {}, this log is {}",
                    old.origin, checkpoint.origin
                )));
            }
            if old.size > checkpoint.size {
                return Err(Finding::new(format!(
                    "the log was rolled back: it has {} entries, the remembered checkpoint {}",
                    checkpoint.size, old.size
                )));
            }
        }
        let mut pass = Self {
            log,
            rules: Rules::new(checkpoint.origin.clone()),
            range: CompactRange::new(),
            edges: vec![Vec::new(); usize::from(MAX_LEVEL) + 1],
            remembered,
            remembered_key: None,
        };
        pass.check_remembered()?;
        Ok(pass)
    }

    /// Takes the next up to 256 entries.
    fn take(&mut self, block: Block, reader: &Reader<'_>) -> Result<(), Finding> {
        let first = self.range.size();
        let remembered = self.remembered.as_ref().map_or(0, |old| old.size);
        // A whole block is pushed as one, unless the remembered tree ends in it.
        let last = first + block.leaves.len() as u64;
        let whole = block
            .root
            .filter(|_| !(first + 1..last).contains(&remembered));
        for (offset, entry) in block.entries.iter().enumerate() {
            self.rules
                .apply_checked(entry, block.signed.get(&offset))
                .map_err(|what| Finding::at(first + offset as u64, what))?;
            if whole.is_none() {
                self.range.push(block.leaves[offset]);
                self.check_remembered()?;
            }
        }
        if let Some(root) = whole {
            self.range.push_subtree(root, BLOCK_LEVEL);
            self.check_remembered()?;
        }
        if let Some(finding) = block.finding {
            return Err(finding);
        }
        reader.set_key(self.rules.key());
        match block.root {
            Some(root) => self.push(1, root)?,
            None => self.edges[0] = block.leaves,
        }
        Ok(())
    }

    /// Adds a hash to a level above the leaves; a full tile is held against the
    /// stored one.
    fn push(&mut self, level: u8, hash: Hash) -> Result<(), Finding> {
        let Some(edge) = self.edges.get_mut(usize::from(level)) else {
            return Ok(());
        };
        edge.push(hash);
        if (edge.len() as u64) < TILE_WIDTH {
            return Ok(());
        }
        let tile = Tile {
            kind: Kind::Hashes(level),
            index: Tile::full_count(Kind::Hashes(level), self.range.size()) - 1,
            width: TILE_WIDTH as u16,
        };
        check_tile(self.log, tile, edge)?;
        let root = complete_root(edge);
        edge.clear();
        self.push(level + 1, root)
    }

    fn check_remembered(&mut self) -> Result<(), Finding> {
        match &self.remembered {
            Some(old) if old.size == self.range.size() => {
                self.remembered_key = self.rules.key().cloned();
                match old.root == self.range.root() {
                    true => Ok(()),
                    false => Err(Finding::new(format!(
                        "the log's first {} entries are not those of the remembered checkpoint",
                        old.size
                    ))),
                }
            }
            _ => Ok(()),
        }
    }

    fn finish(
        mut self,
        log: &LogFolder,
        partials: &[Tile],
        options: &Options,
    ) -> Result<Report, Finding> {
        for tile in partials {
            if let Kind::Hashes(level) = tile.kind {
                let edge = &self.edges[usize::from(level)];
                check_tile(log, *tile, &edge[..usize::from(tile.width).min(edge.len())])?;
            }
        }
        if self.range.root() != log.checkpoint().root {
            return Err(Finding::new(
                "the tree of the entries is not the one that the checkpoint signs",
            ));
        }
        let keys = self.rules.keys().to_vec();
        let signer = keys
            .last()
            .ok_or_else(|| Finding::new("the log is empty"))?;
        if let Some(given) = &options.key
            && !keys.contains(given)
        {
            return Err(Finding::new(format!(
                "the key {given} is none of this log's: it began with {} and is now {signer}",
                keys[0]
            )));
        }
        let signed = Signed {
            note: log.note(),
            checkpoint: log.checkpoint(),
            remembered: options.remembered.as_ref().zip(self.remembered.as_ref()),
            keys: &keys,
        };
        signed.check(signer, self.remembered_key.as_ref())?;
        let witnesses = signed.witnesses(&options.witnesses)?;
        let unknown_signatures = signed.unknown(&options.witnesses);
        match options.as_of {
            Some(minute) => self.rules.check_at(minute),
            None => self.rules.check_at_end(),
        }
        .map_err(Finding::new)?;
        Ok(Report {
            checkpoint: log.checkpoint().clone(),
            witnesses,
            unknown_signatures,
            key_was_given: options.key.is_some(),
            remembered: self.remembered.as_ref().map(|old| old.size),
            keys,
            state: self.rules,
        })
    }
}

/// Holds a stored tile against the hashes that the entries give.
fn check_tile(log: &LogFolder, tile: Tile, expected: &[Hash]) -> Result<(), Finding> {
    let stored = read_hashes(log.path(), tile)?;
    match stored.iter().zip(expected).position(|(a, b)| a != b) {
        None if stored.len() == expected.len() => Ok(()),
        at => {
            let per_hash = match tile.kind {
                Kind::Hashes(level) => TILE_WIDTH.pow(u32::from(level)),
                Kind::Entries => 1,
            };
            let first = (tile.index * TILE_WIDTH + at.unwrap_or(0) as u64) * per_hash;
            Err(Finding::at(
                first,
                format!("the hash stored in {tile} is not that of the entries"),
            ))
        }
    }
}
