//! The files of a log's folder: these and no others.

use super::Finding;
use crate::folder::partials::Partials;
use crate::folder::{CHECKPOINT, LogFolder, PARTIALS, list, read_capped};
use crate::tile::{TILE_WIDTH, Tile, tiles};
use std::collections::BTreeSet;

/// Checks the names of all files against those that the checkpoint calls for,
/// and gives the partial tiles and bundles that were published.
pub(super) fn check(log: &LogFolder) -> Result<Vec<Tile>, Finding> {
    let size = log.checkpoint().size;
    let bytes = read_capped(&log.path().join(PARTIALS), Partials::MAX_BYTES)?;
    let partials = Partials::parse(&bytes, size).map_err(|e| Finding::new(e.context(PARTIALS)))?;
    let partial: Vec<Tile> = partials.tiles(size).collect();
    let full = tiles(size).filter(|tile| u64::from(tile.width) == TILE_WIDTH);
    let expected: BTreeSet<String> = full
        .chain(partial.iter().copied())
        .map(|tile| tile.to_string())
        .chain([CHECKPOINT.to_owned(), PARTIALS.to_owned()])
        .collect();
    let found: BTreeSet<String> = list(log.path())?.into_iter().collect();
    if let Some(missing) = expected.difference(&found).next() {
        let what = format!("{missing} is missing");
        return Err(match Tile::parse(missing) {
            Ok(tile) if missing.starts_with("tile/entries/") => {
                Finding::at(tile.index * TILE_WIDTH, what)
            }
            _ => Finding::new(what),
        });
    }
    if let Some(foreign) = found.difference(&expected).next() {
        return Err(Finding::new(format!(
            "{foreign} does not belong to a log of {size} entries: the checkpoint was rolled \
             back, or the lane died while it wrote (starting it removes what it had not \
             acknowledged)"
        )));
    }
    Ok(partial)
}
