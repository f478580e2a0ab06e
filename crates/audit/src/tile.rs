//! Where a log's tiles lie: the paths of C2SP tlog-tiles.

use crate::Error;
use std::fmt;

/// Hashes in a full tile, and entries in a full bundle (C2SP tlog-tiles,
/// "Merkle Tree").
pub const TILE_WIDTH: u64 = 256;

/// Bytes of one hash.
pub const HASH_SIZE: usize = 32;

/// The levels that a log of up to 2⁴⁰ entries has.
pub const MAX_LEVEL: u8 = 5;

/// The most entries that this crate reads or writes in one log: 2⁴⁰, a
/// thousand vehicles a second for thirty years.
pub const MAX_SIZE: u64 = 1 << 40;

/// What a resource of a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The hashes of one tree level, counted in steps of eight levels.
    Hashes(u8),
    /// The entries themselves, length-prefixed.
    Entries,
}

/// One tile or entry bundle. Its [`fmt::Display`] form is its path under the
/// log's folder, `tile/<L>/<N>[.p/<W>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub kind: Kind,
    /// Its number within its level, from 0.
    pub index: u64,
    /// How many hashes or entries it has, 1..=256; 256 is a full tile.
    pub width: u16,
}

impl Tile {
    /// The width of the rightmost tile of `kind` in a tree of `size` entries,
    /// 0..=255 (same clause: `floor(s / 256**l) mod 256`), and its index.
    pub fn partial(kind: Kind, size: u64) -> (u64, u16) {
        let nodes = nodes(kind, size);
        (nodes / TILE_WIDTH, (nodes % TILE_WIDTH) as u16)
    }

    /// How many full tiles of `kind` a tree of `size` entries has.
    pub fn full_count(kind: Kind, size: u64) -> u64 {
        nodes(kind, size) / TILE_WIDTH
    }

    /// Reads a path; anything but the one form that [`fmt::Display`] gives is
    /// refused.
    ///
    /// # Errors
    /// If `path` is not the canonical path of a tile or bundle.
    pub fn parse(path: &str) -> Result<Self, Error> {
        let refuse = || Error::log(format!("{path:?} is not the path of a tile or bundle"));
        let rest = path.strip_prefix("tile/").ok_or_else(refuse)?;
        let (kind, rest) = rest.split_once('/').ok_or_else(refuse)?;
        let kind = match kind {
            "entries" => Kind::Entries,
            level => Kind::Hashes(level.parse().map_err(|_| refuse())?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| refuse())?),
            None => (rest, TILE_WIDTH as u16),
        };
        let mut index = 0_u64;
        for part in number.split('/') {
            let digits = part.strip_prefix('x').unwrap_or(part);
            let digits: u64 = digits.parse().map_err(|_| refuse())?;
            index = index
                .checked_mul(1000)
                .and_then(|i| i.checked_add(digits))
                .ok_or_else(refuse)?;
        }
        let tile = Self { kind, index, width };
        // One form only: whatever the lax reading above let through (signs,
        // missing zeroes) does not print as it was read.
        let canonical = width != 0 && tile.to_string() == path;
        let in_range = !matches!(kind, Kind::Hashes(level) if level > 63);
        (canonical && in_range).then_some(tile).ok_or_else(refuse)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Hashes(level) => write!(f, "tile/{level}/")?,
            Kind::Entries => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups.iter().skip(1).rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if u64::from(self.width) < TILE_WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// The tiles that a tree of `size` entries must have and no others, except
/// narrower forms of the partial ones: bundles first, then level by level.
pub fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    kinds(size).flat_map(move |kind| {
        let full = Tile::full_count(kind, size);
        let (index, width) = Tile::partial(kind, size);
        (0..full)
            .map(move |index| Tile {
                kind,
                index,
                width: TILE_WIDTH as u16,
            })
            .chain((width > 0).then_some(Tile { kind, index, width }))
    })
}

/// The kinds of resource that a tree of `size` entries has.
pub fn kinds(size: u64) -> impl Iterator<Item = Kind> {
    std::iter::once(Kind::Entries)
        .chain((0..=MAX_LEVEL).map(Kind::Hashes))
        .take_while(move |kind| nodes(*kind, size) > 0)
}

fn nodes(kind: Kind, size: u64) -> u64 {
    match kind {
        Kind::Entries | Kind::Hashes(0) => size,
        Kind::Hashes(level) => size.checked_shr(8 * u32::from(level)).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_c2sp_writes_them() {
        let cases = [
            (Kind::Hashes(0), 1_234_067, 256, "tile/0/x001/x234/067"),
            (Kind::Hashes(0), 0, 256, "tile/0/000"),
            (Kind::Hashes(0), 273, 112, "tile/0/273.p/112"),
            (Kind::Hashes(1), 1, 17, "tile/1/001.p/17"),
            (Kind::Entries, 1000, 1, "tile/entries/x001/000.p/1"),
            (Kind::Entries, 999, 256, "tile/entries/999"),
        ];
        let wrong: Vec<_> = cases
            .into_iter()
            .filter(|&(kind, index, width, path)| {
                let tile = Tile { kind, index, width };
                tile.to_string() != path || Tile::parse(path).ok() != Some(tile)
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn other_forms_are_refused() {
        let paths = [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/00/001",
            "tile/+0/001",
            "tile/64/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000.p/1/",
            "tile/0/x001",
            "tile/0/-01",
            "tile/data/000",
            "/tile/0/000",
            "tile/0/x18/x446/x744/x073/x709/x551/616",
            "tile/0/001.p/+5",
            "tile/0/000.p/1.p/2",
        ];
        let accepted: Vec<_> = paths.iter().filter(|p| Tile::parse(p).is_ok()).collect();
        assert!(accepted.is_empty(), "{accepted:?}");
    }

    /// C2SP tlog-tiles, "Partial Tiles": its two worked examples.
    #[test]
    fn the_tiles_of_a_size_as_c2sp_counts_them() {
        let hashes =
            |size| -> Vec<Tile> { tiles(size).filter(|t| t.kind != Kind::Entries).collect() };
        let of = |tiles: &[Tile], level, full: bool| {
            tiles
                .iter()
                .filter(|t| t.kind == Kind::Hashes(level) && (t.width == 256) == full)
                .map(|t| t.width)
                .collect::<Vec<_>>()
        };
        let seventy = hashes(70_000);
        assert_eq!(of(&seventy, 0, true).len(), 273);
        assert_eq!(of(&seventy, 0, false), [112]);
        assert_eq!(of(&seventy, 1, true).len(), 1);
        assert_eq!(of(&seventy, 1, false), [17]);
        assert_eq!(of(&seventy, 2, true).len(), 0);
        assert_eq!(of(&seventy, 2, false), [1]);
        assert_eq!(seventy.len(), 273 + 1 + 1 + 1 + 1);
        let small: Vec<String> = hashes(256).iter().map(Tile::to_string).collect();
        assert_eq!(small, ["tile/0/000", "tile/1/000.p/1"]);
    }
}
