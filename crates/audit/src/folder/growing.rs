//! What a log's folder looks like while somebody writes to it.
//!
//! No file of a log ever changes, but `checkpoint` and `partials`; so who reads at one
//! checkpoint finds all of it, however the log grows meanwhile, once three things are
//! known. An append puts its files in place before the checkpoint that covers them
//! ([`crate::verify`] says what becomes of those). It replaces `partials` before the
//! checkpoint, too ([`open`]). And it removes partial tiles that the next checkpoint
//! doesn't need ([`superseding`]).

use super::partials::Partials;
use super::{LogFolder, PARTIALS, read_capped};
use crate::Error;
use crate::tile::{TILE_WIDTH, Tile};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// For how long one append may go on. Its syncs take milliseconds, on a disk that others
/// use as well seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait before looking again.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Whether a process has the log open for writing.
pub(crate) fn has_writer(folder: &Path) -> bool {
    // Given back as the file is closed; a writer that wants it just now tries again.
    let held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    File::open(folder).is_ok_and(held)
}

/// The checkpoint, and the list of partial tiles that is of it.
///
/// The outer error is the checkpoint's, the inner one that of a list which is still of
/// another checkpoint after [`PATIENCE`], or which nobody is replacing.
pub(crate) fn open(folder: &Path) -> Result<(LogFolder, Result<Partials, Error>), Error> {
    let begun = Instant::now();
    loop {
        let writing = has_writer(folder);
        let log = LogFolder::open(folder)?;
        let partials = read_capped(&folder.join(PARTIALS), Partials::MAX_BYTES).and_then(|bytes| {
            Partials::parse(&bytes, log.checkpoint().size).map_err(|e| e.context(PARTIALS))
        });
        let moved = || LogFolder::open(folder).is_ok_and(|now| now.note() != log.note());
        if partials.is_ok() || begun.elapsed() > PATIENCE || !(writing || moved()) {
            return Ok((log, partials));
        }
        std::thread::sleep(PAUSE);
    }
}

/// The full form of a partial tile that is gone because a later checkpoint covers the
/// full one, which begins with it (C2SP tlog-tiles, "Partial Tiles").
pub(crate) fn superseding(folder: &Path, tile: Tile) -> Option<Tile> {
    let full = Tile {
        width: TILE_WIDTH as u16,
        ..tile
    };
    let covered = |log: LogFolder| full.index < Tile::full_count(full.kind, log.checkpoint().size);
    let superseded =
        tile != full && is_missing(folder, tile) && LogFolder::open(folder).is_ok_and(covered);
    superseded.then_some(full)
}

pub(crate) fn is_missing(folder: &Path, tile: Tile) -> bool {
    let found = std::fs::symlink_metadata(folder.join(tile.to_string()));
    found.is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound)
}
