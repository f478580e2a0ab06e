//! The right edge of a log: what an append goes on from, kept in memory.

use crate::folder::durable::Batch;
use crate::folder::partials::Partials;
use crate::folder::{PARTIALS, complete_root};
use crate::merkle::CompactRange;
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile};
use crate::{Error, Hash};

/// The last, partial tile of each level, the last bundle, and what folds into
/// the root.
pub(super) struct Edge {
    pub(super) range: CompactRange,
    /// The hashes of the rightmost, partial tile of each level.
    pub(super) levels: Vec<Vec<Hash>>,
    /// The bytes of the rightmost, partial bundle.
    pub(super) bundle: Vec<u8>,
    pub(super) partials: Partials,
}

impl Edge {
    /// That of a log without entries.
    pub(super) fn new() -> Self {
        Self {
            range: CompactRange::new(),
            levels: vec![Vec::new(); usize::from(MAX_LEVEL) + 1],
            bundle: Vec::new(),
            partials: Partials::default(),
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.range.size()
    }

    pub(super) fn root(&self) -> Hash {
        self.range.root()
    }

    /// Appends an entry; every tile that it fills is staged, and added to
    /// `completed`.
    pub(super) fn push(
        &mut self,
        line: &str,
        batch: &mut Batch<'_>,
        completed: &mut Vec<Tile>,
    ) -> Result<(), Error> {
        let length = u16::try_from(line.len()).map_err(|_| Error::us("entry too long"))?;
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(line.as_bytes());
        let mut hash = Hash::leaf(line.as_bytes());
        self.range.push(hash);
        for level in 0..=MAX_LEVEL {
            let edge = &mut self.levels[usize::from(level)];
            edge.push(hash);
            if edge.len() as u64 != TILE_WIDTH {
                return Ok(());
            }
            let (index, _) = Tile::partial(Kind::Hashes(level), self.range.size());
            let full = |kind| Tile {
                kind,
                index: index - 1,
                width: TILE_WIDTH as u16,
            };
            let tile = full(Kind::Hashes(level));
            batch.stage(&tile.to_string(), &concat(edge))?;
            completed.push(tile);
            if level == 0 {
                let tile = full(Kind::Entries);
                batch.stage(&tile.to_string(), &self.bundle)?;
                completed.push(tile);
                self.bundle.clear();
            }
            hash = complete_root(edge);
            edge.clear();
        }
        Ok(())
    }

    /// Stages the partial tiles, after an append to a log of `old` entries.
    pub(super) fn stage(&mut self, old: u64, batch: &mut Batch<'_>) -> Result<(), Error> {
        let new = self.size();
        for level in 0..=MAX_LEVEL {
            let kind = Kind::Hashes(level);
            let (index, width) = Tile::partial(kind, new);
            // A level whose right edge is as it was is on disk already.
            if width > 0 && Tile::partial(kind, old) != (index, width) {
                let tile = Tile { kind, index, width };
                batch.stage(&tile.to_string(), &concat(&self.levels[usize::from(level)]))?;
            }
        }
        let (index, width) = Tile::partial(Kind::Entries, new);
        if width > 0 {
            let kind = Kind::Entries;
            batch.stage(&Tile { kind, index, width }.to_string(), &self.bundle)?;
        }
        self.partials.publish(old, new);
        batch.stage(PARTIALS, self.partials.to_text().as_bytes())
    }
}

pub(super) fn concat(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
