//! The tiles that a checkpoint calls for.

use crate::folder::growing;
use crate::folder::partials::Partials;
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile, kinds, tiles};
use std::collections::BTreeSet;
use std::path::Path;

/// The tiles that a checkpoint calls for.
pub(super) struct Expected {
    size: u64,
    partial: BTreeSet<Tile>,
}

impl Expected {
    pub(super) fn new(size: u64, partials: &Partials) -> Self {
        Self {
            size,
            partial: partials.tiles(size).collect(),
        }
    }

    /// Those of the checkpoint that the log has by now, if that can be read.
    pub(super) fn now(folder: &Path) -> Option<Self> {
        let (log, partials) = growing::open(folder).ok()?;
        Some(Self::new(log.checkpoint().size, &partials.ok()?))
    }

    /// Of how many entries.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// How many they are.
    pub(super) fn count(&self) -> u64 {
        let full = kinds(self.size).map(|kind| Tile::full_count(kind, self.size));
        full.sum::<u64>() + self.partial.len() as u64
    }

    /// All of them, the full ones first.
    pub(super) fn tiles(&self) -> impl Iterator<Item = Tile> {
        let full = tiles(self.size).filter(|tile| u64::from(tile.width) == TILE_WIDTH);
        full.chain(self.partial.iter().copied())
    }

    /// The partial tiles and bundles that were published.
    pub(super) fn into_partial(self) -> Vec<Tile> {
        self.partial.into_iter().collect()
    }

    /// Whether it covers the full form of a partial tile.
    pub(super) fn supersedes(&self, tile: &Tile) -> bool {
        tile.index < Tile::full_count(tile.kind, self.size)
    }

    pub(super) fn has(&self, tile: &Tile) -> bool {
        let known = !matches!(tile.kind, Kind::Hashes(level) if level > MAX_LEVEL);
        match u64::from(tile.width) == TILE_WIDTH {
            true => known && tile.index < Tile::full_count(tile.kind, self.size),
            false => self.partial.contains(tile),
        }
    }
}
