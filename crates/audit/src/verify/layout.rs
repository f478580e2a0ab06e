//! The files of a log's folder: these and no others.
//!
//! What the checkpoint claims is not believed before the files are there: they
//! are counted as they are found, so a claimed size costs nothing, and the first
//! thing that does not belong ends the walk.

use super::Finding;
use crate::folder::partials::Partials;
use crate::folder::{CHECKPOINT, LogFolder, PARTIALS, TEMPORARY, read_capped};
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile, kinds, tiles};
use crate::{Error, ErrorKind};
use std::collections::BTreeSet;
use std::fs::FileType;

/// Checks the names of all files against those that the checkpoint calls for,
/// and gives the partial tiles and bundles that were published.
pub(super) fn check(log: &LogFolder) -> Result<Vec<Tile>, Finding> {
    let size = log.checkpoint().size;
    let bytes = read_capped(&log.path().join(PARTIALS), Partials::MAX_BYTES)?;
    let partials = Partials::parse(&bytes, size).map_err(|e| Finding::new(e.context(PARTIALS)))?;
    let expected = Expected {
        size,
        partial: partials.tiles(size).collect(),
    };
    let full = kinds(size).map(|kind| Tile::full_count(kind, size));
    let wanted = full.sum::<u64>() + expected.partial.len() as u64;
    if Walk::new(log, &expected).tiles()? != wanted {
        return Err(missing(log, &expected));
    }
    Ok(expected.partial.into_iter().collect())
}

/// The tiles that a checkpoint calls for.
struct Expected {
    size: u64,
    partial: BTreeSet<Tile>,
}

impl Expected {
    fn has(&self, tile: &Tile) -> bool {
        let known = !matches!(tile.kind, Kind::Hashes(level) if level > MAX_LEVEL);
        match u64::from(tile.width) == TILE_WIDTH {
            true => known && tile.index < Tile::full_count(tile.kind, self.size),
            false => self.partial.contains(tile),
        }
    }
}

/// A walk through the folder that gives up at the first thing that is wrong.
struct Walk<'a> {
    log: &'a LogFolder,
    expected: &'a Expected,
    tiles: u64,
}

impl<'a> Walk<'a> {
    fn new(log: &'a LogFolder, expected: &'a Expected) -> Self {
        Self {
            log,
            expected,
            tiles: 0,
        }
    }

    /// How many of the expected tiles there are.
    fn tiles(mut self) -> Result<u64, Finding> {
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            let path = self.log.path().join(&folder);
            let fail = |e| Finding::from(Error::io("list", &path, e));
            let mut empty = true;
            for item in std::fs::read_dir(&path).map_err(fail)? {
                let item = item.map_err(fail)?;
                let name = item.file_name();
                let name = name.to_string_lossy();
                let child = match folder.as_str() {
                    "" => name.into_owned(),
                    _ => format!("{folder}/{name}"),
                };
                empty = false;
                match item.file_type().map_err(fail)? {
                    kind if kind.is_dir() => match can_be_folder(&child) {
                        true => pending.push(child),
                        false => return Err(self.foreign(&child)),
                    },
                    kind => self.file(&child, kind)?,
                }
            }
            // The lane makes the one for files being written, empty when none is.
            if empty && folder != TEMPORARY {
                return Err(Finding::new(format!(
                    "{folder} is an empty folder, which no log has"
                )));
            }
        }
        Ok(self.tiles)
    }

    fn file(&mut self, name: &str, kind: FileType) -> Result<(), Finding> {
        let tile = Tile::parse(name).ok();
        let known = match &tile {
            Some(tile) => self.expected.has(tile),
            None => [CHECKPOINT, PARTIALS].contains(&name),
        };
        if !known {
            return Err(self.foreign(name));
        }
        if !kind.is_file() {
            return Err(Finding::new(format!(
                "{name} is not a regular file: copy the log's files themselves, not links to them"
            )));
        }
        self.tiles += u64::from(tile.is_some());
        Ok(())
    }

    fn foreign(&self, name: &str) -> Finding {
        Finding::new(format!(
            "{name} does not belong to a log of {} entries: the checkpoint was rolled back, or \
             the lane died while it wrote (starting it puts aside what it had not acknowledged)",
            self.expected.size
        ))
    }
}

/// Whether a log can have a folder of this name: no deeper than a tile's path,
/// which for 2⁴⁰ entries has four groups of digits.
fn can_be_folder(name: &str) -> bool {
    let mut parts = name.split('/');
    match (parts.next(), parts.clone().count()) {
        (Some(TEMPORARY), 0) => true,
        (Some("tile"), 0..=5) => parts.all(|part| part.len() <= 7),
        _ => false,
    }
}

/// Names the first tile that is not there. Each one that is was found by the
/// walk, so this takes no more steps than there are files.
fn missing(log: &LogFolder, expected: &Expected) -> Finding {
    let is_missing = |tile: &Tile| {
        let found = std::fs::symlink_metadata(log.path().join(tile.to_string()));
        found.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound)
    };
    let full = tiles(expected.size).filter(|tile| u64::from(tile.width) == TILE_WIDTH);
    let Some(tile) = full
        .chain(expected.partial.iter().copied())
        .find(is_missing)
    else {
        return Finding {
            kind: ErrorKind::Device,
            ..Finding::new("the log's files changed while they were counted")
        };
    };
    let what = format!("{tile} is missing");
    match tile.kind {
        Kind::Entries => Finding::at(tile.index * TILE_WIDTH, what),
        Kind::Hashes(_) => Finding::new(what),
    }
}
