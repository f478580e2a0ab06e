//! Beginning a log, and taking one up again after whatever happened.

use super::Log;
use super::edge::{Edge, concat};
use super::quarantine::Quarantine;
use crate::entry::Minute;
use crate::folder::durable::{Batch, Date, sync_folder};
use crate::folder::growing::PAUSE;
use crate::folder::partials::Partials;
use crate::folder::{LogFolder, PARTIALS, TEMPORARY, list, read_capped, read_hashes};
use crate::merkle::CompactRange;
use crate::merkle::tree_root;
use crate::tile::{Kind, MAX_LEVEL, TILE_WIDTH, Tile};
use crate::{Checkpoint, Error, Hash, SignerKey};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// What [`Log::open`] found beyond the last checkpoint and put aside. A process
/// that dies leaves entries there that were never acknowledged; whoever rolls
/// back a checkpoint leaves those that were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// How many files were put aside.
    pub aside: usize,
    /// Where they are now: a folder of its own beside the log's. Nothing but a
    /// person who has looked at it should delete it.
    pub quarantine: Option<PathBuf>,
}

/// What happens to files beyond the checkpoint.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// They are put aside.
    Quarantine,
    /// They are removed: this process made them, in an append that failed.
    Remove,
}

/// Files that a process leaves behind which dies while it begins a log.
const FIRST_BATCH: [&str; 3] = [PARTIALS, "tile/0/000.p/1", "tile/entries/000.p/1"];

/// Makes and locks the folder of a log that does not exist yet.
pub(super) fn begin(folder: &Path, date: Date) -> Result<File, Error> {
    let temporary = folder.join(TEMPORARY);
    fs::create_dir_all(&temporary).map_err(|e| Error::io("make the folder", &temporary, e))?;
    let lock = lock(folder)?;
    let foreign: Vec<_> = list(folder)?
        .into_iter()
        .filter(|file| !FIRST_BATCH.contains(&file.as_str()) && !is_temporary(file))
        .collect();
    if let Some(first) = foreign.first() {
        return Err(Error::operator(format!(
            "cannot begin a log in {}: it holds {first} already ({} files). \
             Give an empty folder, or open the log that is there",
            folder.display(),
            foreign.len()
        )));
    }
    empty_temporary(folder)?;
    if let Some(parent) = folder.parent().filter(|p| !p.as_os_str().is_empty()) {
        File::open(parent)
            .and_then(|file| file.sync_all())
            .map_err(|e| Error::io("sync the folder", parent, e))?;
    }
    sync_folder(folder, date)?;
    Ok(lock)
}

pub(super) fn open(
    folder: &Path,
    keys: Vec<SignerKey>,
    seen: Option<&Checkpoint>,
) -> Result<(Log, Recovery), Error> {
    let lock = lock(folder)?;
    let reader = LogFolder::open(folder)?;
    let signer = keys
        .into_iter()
        .find(|key| reader.note().verify(key.verifier()).is_ok())
        .filter(|key| key.verifier().name() == &reader.checkpoint().origin)
        .ok_or_else(|| {
            Error::operator(format!(
                "the checkpoint in {} is not signed by the key that was given",
                folder.display()
            ))
        })?;
    if let Some(seen) = seen {
        check_seen(&reader, seen)?;
    }
    let last = reader.checkpoint().size.checked_sub(1);
    let last = last.ok_or_else(|| Error::log("the log is empty"))?;
    let minute = reader.entry(last)?.minute;
    let (edge, recovery) = take_up(&reader, minute, Beyond::Quarantine)?;
    let log = Log {
        folder: folder.to_owned(),
        _lock: lock,
        signer,
        note: reader.note().clone(),
        edge,
        minute,
        superseded: Vec::new(),
        failed: false,
    };
    Ok((log, recovery))
}

/// Holds the log against a checkpoint that was seen of it.
fn check_seen(log: &LogFolder, seen: &Checkpoint) -> Result<(), Error> {
    let now = log.checkpoint();
    let same = now.origin == seen.origin && now.size >= seen.size;
    if same && tree_root(log, seen.size)? == seen.root {
        return Ok(());
    }
    Err(Error::log(format!(
        "the log in {} was rolled back or replaced: it has {} entries of {} and had {} of {}. \
         Nothing was touched: keep the folder as it is and find out why before going on",
        log.path().display(),
        now.size,
        now.origin,
        seen.size,
        seen.origin
    )))
}

/// Reads the right edge at the checkpoint of `reader`, whose last entry is of
/// `minute`, and clears away what lies beyond it. The folder must be locked.
pub(super) fn take_up(
    reader: &LogFolder,
    minute: Minute,
    beyond: Beyond,
) -> Result<(Edge, Recovery), Error> {
    let (folder, size) = (reader.path(), reader.checkpoint().size);
    let levels = (0..=MAX_LEVEL)
        .map(|level| read_edge(folder, Kind::Hashes(level), size))
        .collect::<Result<Vec<_>, _>>()?;
    let range = edge_range(&levels);
    if range.root() != reader.checkpoint().root || range.size() != size {
        return Err(Error::log(format!(
            "the tiles in {} do not belong to its checkpoint at {size} entries: \
             restore the folder from a copy",
            folder.display()
        )));
    }
    let bundle = read_bundle(reader, &levels[0])?;
    let (recovery, partials) = clear_beyond(folder, size, &levels, &bundle, beyond)?;
    let _ = fs::create_dir(folder.join(TEMPORARY));
    let stored = read_capped(&folder.join(PARTIALS), Partials::MAX_BYTES);
    if stored.ok().as_deref() != Some(partials.to_text().as_bytes()) {
        let mut batch = Batch::new(folder, Date { minute, size });
        batch.stage(PARTIALS, partials.to_text().as_bytes())?;
        batch.place()?;
    }
    let edge = Edge {
        range,
        levels,
        bundle,
        partials,
    };
    Ok((edge, recovery))
}

/// Locks the folder itself, so that the log needs no lock file. Who verifies it looks
/// for a moment whether somebody has it: that is waited for.
fn lock(folder: &Path) -> Result<File, Error> {
    let file = File::open(folder).map_err(|e| Error::io("open the log", folder, e))?;
    for _ in 0..20 {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(e)) => return Err(Error::io("lock", folder, e)),
        }
    }
    Err(Error::operator(format!(
        "another process has the audit log in {} open",
        folder.display()
    )))
}

fn read_edge(folder: &Path, kind: Kind, size: u64) -> Result<Vec<Hash>, Error> {
    let (index, width) = Tile::partial(kind, size);
    if width == 0 {
        return Ok(Vec::new());
    }
    read_hashes(folder, Tile { kind, index, width })
}

/// The tree's right edge from the partial tiles: highest level first, each hash
/// is a complete subtree.
fn edge_range(edges: &[Vec<Hash>]) -> CompactRange {
    let mut range = CompactRange::new();
    for (level, edge) in edges.iter().enumerate().rev() {
        for hash in edge {
            range.push_subtree(*hash, 8 * level as u32);
        }
    }
    range
}

/// The bytes of the partial bundle, whose entries must be those of the tree.
fn read_bundle(reader: &LogFolder, leaves: &[Hash]) -> Result<Vec<u8>, Error> {
    if leaves.is_empty() {
        return Ok(Vec::new());
    }
    let index = reader.checkpoint().size / TILE_WIDTH;
    let mut bytes = Vec::new();
    for (entry, leaf) in reader.bundle(index)?.iter().zip(leaves) {
        if Hash::leaf(entry) != *leaf {
            return Err(Error::log("the last entries are not those of the tree"));
        }
        bytes.extend_from_slice(&(entry.len() as u16).to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Clears away every tile that the checkpoint does not cover, and temporary
/// files; says which partial tiles are published.
fn clear_beyond(
    folder: &Path,
    size: u64,
    edges: &[Vec<Hash>],
    bundle: &[u8],
    beyond: Beyond,
) -> Result<(Recovery, Partials), Error> {
    // Files that were never put in place are no evidence of anything.
    empty_temporary(folder)?;
    let mut aside = Vec::new();
    let mut partials = Partials::default();
    for file in list(folder)? {
        let Ok(tile) = Tile::parse(&file) else {
            continue;
        };
        let (last, width) = Tile::partial(tile.kind, size);
        let whole = u64::from(tile.width) == TILE_WIDTH;
        let covered = if whole {
            tile.index < last
        } else {
            tile.index == last && tile.width <= width
        };
        // A narrower tile must be the beginning of the present one: it could be
        // left from a branch that an earlier recovery cut off.
        let kept = covered
            && (whole || {
                let present = match tile.kind {
                    Kind::Entries => bundle.to_vec(),
                    Kind::Hashes(level) => concat(&edges[usize::from(level)]),
                };
                read_capped(&folder.join(&file), present.len())
                    .is_ok_and(|bytes| present.starts_with(&bytes))
            });
        if !kept {
            aside.push(file);
        } else if let (Kind::Hashes(level), false) = (tile.kind, whole) {
            partials.0.entry(level).or_default().insert(tile.width);
        }
    }
    // Both forms of a width are published together or not at all.
    for tile in partials.clone().tiles(size) {
        if tile.kind == Kind::Entries
            && (aside.contains(&tile.to_string()) || !folder.join(tile.to_string()).is_file())
            && let Some(widths) = partials.0.get_mut(&0)
        {
            widths.remove(&tile.width);
            let hashes = Tile {
                kind: Kind::Hashes(0),
                ..tile
            };
            aside.push(hashes.to_string());
        }
    }
    let mut recovery = Recovery::default();
    let mut quarantine = Quarantine::of(folder, size);
    for file in &aside {
        match beyond {
            Beyond::Quarantine => quarantine.take(file)?,
            Beyond::Remove => remove(&folder.join(file))?,
        }
        remove_empty(folder, file);
        recovery.aside += 1;
    }
    recovery.quarantine = quarantine.close()?;
    Ok((recovery, partials))
}

fn remove(path: &Path) -> Result<(), Error> {
    fs::remove_file(path).map_err(|e| Error::io("remove", path, e))
}

/// Removes the folders that `file` lay in, as far as nothing else is in them.
fn remove_empty(top: &Path, file: &str) {
    for folder in Path::new(file).ancestors().skip(1) {
        if folder.as_os_str().is_empty() || fs::remove_dir(top.join(folder)).is_err() {
            return;
        }
    }
}

fn empty_temporary(folder: &Path) -> Result<usize, Error> {
    let mut removed = 0;
    for file in list(folder)?.into_iter().filter(|file| is_temporary(file)) {
        let path = folder.join(&file);
        fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?;
        removed += 1;
    }
    Ok(removed)
}

fn is_temporary(file: &str) -> bool {
    file.strip_prefix(TEMPORARY)
        .is_some_and(|rest| rest.starts_with('/'))
}
