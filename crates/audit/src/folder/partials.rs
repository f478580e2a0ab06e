//! Which partial tiles a log has published.
//!
//! C2SP tlog-tiles asks a log to serve the partial tiles of every checkpoint it
//! produced, until the full tile exists. Which those are depends on how appends
//! were grouped, so the log states it in a file: without it nobody could tell a
//! deleted partial tile from one that never was.

use crate::Error;
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile};
use std::collections::{BTreeMap, BTreeSet};

const HEADER: &str = "rowcall/partials/v1";

/// The published widths of the rightmost tile of each level. Entry bundles have
/// those of level 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Partials(pub(crate) BTreeMap<u8, BTreeSet<u16>>);

impl Partials {
    /// The most bytes of the file.
    pub(crate) const MAX_BYTES: usize = 8 * 1024;

    /// Adds the widths of the checkpoint at `new`, after one at `old`.
    pub(crate) fn publish(&mut self, old: u64, new: u64) {
        for level in 0..=MAX_LEVEL {
            let kind = Kind::Hashes(level);
            let (before, (index, width)) = (Tile::partial(kind, old), Tile::partial(kind, new));
            let widths = self.0.entry(level).or_default();
            if before.0 != index {
                widths.clear();
            }
            if width > 0 {
                widths.insert(width);
            }
        }
        self.0.retain(|_, widths| !widths.is_empty());
    }

    /// The partial tiles and bundles that must exist at `size`.
    pub(crate) fn tiles(&self, size: u64) -> impl Iterator<Item = Tile> {
        self.0.iter().flat_map(move |(level, widths)| {
            let kinds = [
                Some(Kind::Hashes(*level)),
                (*level == 0).then_some(Kind::Entries),
            ];
            kinds.into_iter().flatten().flat_map(move |kind| {
                let (index, _) = Tile::partial(kind, size);
                widths.iter().map(move |&width| Tile { kind, index, width })
            })
        })
    }

    /// The file's one form.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (level, widths) in &self.0 {
            text.push_str(&level.to_string());
            for width in widths {
                text.push_str(&format!(" {width}"));
            }
            text.push('\n');
        }
        text
    }

    /// Reads the file at a checkpoint of `size` entries.
    pub(crate) fn parse(bytes: &[u8], size: u64) -> Result<Self, Error> {
        let refuse = |why| Error::log(format!("it is not this log's list of partial tiles: {why}"));
        let text = std::str::from_utf8(bytes).map_err(|_| refuse("not text"))?;
        let mut partials = Self::default();
        for line in text.lines().skip(1) {
            let mut words = line.split(' ').map(str::parse::<u16>);
            let level = words
                .next()
                .and_then(Result::ok)
                .and_then(|l| u8::try_from(l).ok());
            let level = level.ok_or_else(|| refuse("a line without a level"))?;
            let widths = words
                .collect::<Result<BTreeSet<_>, _>>()
                .map_err(|_| refuse("a width that is no number"))?;
            partials.0.insert(level, widths);
        }
        if partials.to_text() != text {
            return Err(refuse("not in its canonical form"));
        }
        for level in 0..=MAX_LEVEL {
            let (_, width) = Tile::partial(Kind::Hashes(level), size);
            let last = partials.0.get(&level).and_then(|widths| widths.last());
            if last.copied().unwrap_or(0) != width || u64::from(width) >= TILE_WIDTH {
                return Err(refuse("it is of another checkpoint"));
            }
        }
        let known = |level: &u8| *level <= MAX_LEVEL;
        let positive = |widths: &BTreeSet<u16>| widths.first().is_some_and(|width| *width > 0);
        if !partials.0.keys().all(known) || !partials.0.values().all(positive) {
            return Err(refuse("a level or width that no log has"));
        }
        Ok(partials)
    }
}
