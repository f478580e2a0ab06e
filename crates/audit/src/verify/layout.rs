//! The files of a log's folder: these and no others.
//!
//! What the checkpoint claims is not believed before the files are there: they
//! are counted as they are found, so a claimed size costs nothing, and the first
//! thing that does not belong ends the walk.

use super::Finding;
use super::begun::Begun;
use super::expected::Expected;
use crate::Error;
use crate::folder::partials::Partials;
use crate::folder::{CHECKPOINT, LogFolder, PARTIALS, TEMPORARY, growing};
use crate::tile::{Kind, TILE_WIDTH, Tile};
use std::fs::FileType;

/// Checks the names of all files against those that the checkpoint calls for,
/// and gives the partial tiles and bundles that were published.
pub(super) fn check(log: &LogFolder, partials: &Partials) -> Result<Vec<Tile>, Finding> {
    let size = log.checkpoint().size;
    let expected = Expected::new(size, partials);
    let found = Walk::new(log, &expected).tiles()?;
    if found != expected.count()
        && let Some(finding) = missing(log, &expected)
    {
        return Err(finding);
    }
    Ok(expected.into_partial())
}

/// A walk through the folder that gives up at the first thing that is wrong.
struct Walk<'a> {
    log: &'a LogFolder,
    expected: &'a Expected,
    begun: Begun<'a>,
    tiles: u64,
}

impl<'a> Walk<'a> {
    fn new(log: &'a LogFolder, expected: &'a Expected) -> Self {
        Self {
            log,
            expected,
            begun: Begun::new(log.path()),
            tiles: 0,
        }
    }

    /// How many of the expected tiles there are.
    fn tiles(mut self) -> Result<u64, Finding> {
        let mut pending = vec![String::new()];
        while let Some(folder) = pending.pop() {
            let path = self.log.path().join(&folder);
            let fail = |e| Finding::from(Error::io("list", &path, e));
            let items = match std::fs::read_dir(&path) {
                // Removed since it was listed. If it held what is wanted, that is missed.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && !folder.is_empty() => {
                    continue;
                }
                items => items.map_err(fail)?,
            };
            let mut empty = true;
            for item in items {
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
                        false => return Err(foreign(&child, self.expected)),
                    },
                    kind => self.file(&child, kind)?,
                }
            }
            // The lane makes the one for files being written, empty when none is.
            if empty && folder != TEMPORARY && !self.begun.take_folder(&folder) {
                return Err(empty_folder(&folder));
            }
        }
        match self.begun.settle() {
            Ok(()) => Ok(self.tiles),
            Err((folder, true)) => Err(empty_folder(&folder)),
            Err((file, false)) => Err(foreign(&file, self.expected)),
        }
    }

    fn file(&mut self, name: &str, kind: FileType) -> Result<(), Finding> {
        let tile = Tile::parse(name).ok();
        let known = match &tile {
            Some(tile) => self.expected.has(tile),
            None => [CHECKPOINT, PARTIALS].contains(&name),
        };
        if !known {
            return match kind.is_file() && self.begun.take_file(name) {
                true => Ok(()),
                false => Err(foreign(name, self.expected)),
            };
        }
        if !kind.is_file() {
            return Err(Finding::new(format!(
                "{name} is not a regular file: copy the log's files themselves, not links to them"
            )));
        }
        self.tiles += u64::from(tile.is_some());
        Ok(())
    }
}

fn foreign(name: &str, expected: &Expected) -> Finding {
    Finding::new(format!(
        "{name} does not belong to a log of {} entries: the checkpoint was rolled back, or \
         the lane died while it wrote (starting it puts aside what it had not acknowledged)",
        expected.size()
    ))
}

fn empty_folder(name: &str) -> Finding {
    Finding::new(format!("{name} is an empty folder, which no log has"))
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
fn missing(log: &LogFolder, expected: &Expected) -> Option<Finding> {
    let is_missing = |tile: &Tile| {
        growing::is_missing(log.path(), *tile) && growing::superseding(log.path(), *tile).is_none()
    };
    let tile = expected.tiles().find(is_missing)?;
    let what = format!("{tile} is missing");
    Some(match tile.kind {
        Kind::Entries => Finding::at(tile.index * TILE_WIDTH, what),
        Kind::Hashes(_) => Finding::new(what),
    })
}
