//! Blocks of 256 entries, read and hashed by several threads, given on in
//! order.

use super::Finding;
use crate::folder::{LogFolder, complete_root, read_bundle, read_hashes, split_bundle};
use crate::statement::receipt_is_by;
use crate::tile::{Kind, TILE_WIDTH, Tile};
use crate::{Entry, Event, Hash, VerifierKey};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::sync::{PoisonError, RwLock};

/// One block, checked as far as it can be by itself.
pub(super) struct Block {
    /// Its entries, up to the first that is wrong.
    pub(super) entries: Vec<Entry>,
    pub(super) leaves: Vec<Hash>,
    /// The root of a block of all 256 entries.
    pub(super) root: Option<Hash>,
    /// Receipts by their place in the block, with the key that signed them.
    pub(super) signed: BTreeMap<usize, VerifierKey>,
    /// What is wrong after those entries.
    pub(super) finding: Option<Finding>,
}

/// What the threads need to read blocks.
pub(super) struct Reader<'a> {
    folder: &'a Path,
    size: u64,
    /// The published partial bundles, narrower than the last block or as wide.
    bundles: Vec<Tile>,
    key: RwLock<Option<VerifierKey>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(log: &'a LogFolder, partials: &[Tile]) -> Self {
        let bundles = partials.iter().filter(|tile| tile.kind == Kind::Entries);
        Self {
            folder: log.path(),
            size: log.checkpoint().size,
            bundles: bundles.copied().collect(),
            key: RwLock::new(None),
        }
    }

    /// Tells the threads which key to try receipts with. A wrong guess costs
    /// time only: the pass tries again with the key that is right.
    pub(super) fn set_key(&self, key: Option<&VerifierKey>) {
        let mut current = self.key.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref() != key {
            *current = key.cloned();
        }
    }

    fn read(&self, index: u64) -> Block {
        let mut block = Block {
            entries: Vec::with_capacity(TILE_WIDTH as usize),
            leaves: Vec::with_capacity(TILE_WIDTH as usize),
            root: None,
            signed: BTreeMap::new(),
            finding: None,
        };
        block.finding = self.fill(index, &mut block).err();
        if block.leaves.len() as u64 == TILE_WIDTH {
            block.root = Some(complete_root(&block.leaves));
        }
        block
    }

    fn fill(&self, index: u64, block: &mut Block) -> Result<(), Finding> {
        let first = index * TILE_WIDTH;
        let width = (self.size - first).min(TILE_WIDTH) as u16;
        let tile = |kind| Tile { kind, index, width };
        let at_first = |error| Finding::error_at(first, error);
        let bundle = tile(Kind::Entries);
        let bytes = read_bundle(self.folder, bundle).map_err(at_first)?;
        let stored = read_hashes(self.folder, tile(Kind::Hashes(0))).map_err(at_first)?;
        let entries = split_bundle(&bytes, width).map_err(|e| at_first(e.context(bundle)))?;
        let key = self
            .key
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for (offset, (bytes, stored)) in entries.iter().zip(&stored).enumerate() {
            let number = first + offset as u64;
            let leaf = Hash::leaf(bytes);
            if leaf != *stored {
                return Err(Finding::at(number, "its hash is not the one in the tree"));
            }
            let entry = Entry::parse(bytes).map_err(|e| Finding::at(number, e))?;
            if let (Some(key), Event::Destroyed { .. }) = (&key, &entry.event)
                && receipt_is_by(key, &entry)
            {
                block.signed.insert(offset, key.clone());
            }
            block.entries.push(entry);
            block.leaves.push(leaf);
        }
        for narrower in self.bundles.iter().filter(|b| b.index == index) {
            let part = read_bundle(self.folder, *narrower).map_err(at_first)?;
            let count: usize = entries[..usize::from(narrower.width).min(entries.len())]
                .iter()
                .map(|entry| entry.len() + 2)
                .sum();
            if part != bytes[..count] {
                return Err(at_first(crate::Error::log(format!(
                    "{narrower} is not the beginning of {bundle}"
                ))));
            }
        }
        Ok(())
    }
}

/// Reads all blocks with as many threads as the machine has and gives them to
/// `take` in order, until it fails.
pub(super) fn for_each(
    reader: &Reader<'_>,
    mut take: impl FnMut(Block) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let blocks = reader.size.div_ceil(TILE_WIDTH);
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..threads)
            .map(|thread| {
                let (send, receive) = sync_channel(4);
                scope.spawn(move || {
                    for index in (thread..blocks).step_by(threads as usize) {
                        // The receiver is gone when something was wrong.
                        if send.send(reader.read(index)).is_err() {
                            return;
                        }
                    }
                });
                receive
            })
            .collect();
        for index in 0..blocks {
            let block = lanes[(index % threads) as usize]
                .recv()
                .map_err(|_| Finding::new("the verifier itself failed: please report it"))?;
            take(block)?;
        }
        Ok(())
    })
}
