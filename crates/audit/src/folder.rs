//! A log's folder: what lies where, read with caps.
//!
//! ```text
//! checkpoint            the signed size and root
//! partials              which widths of partial tiles were published
//! tile/<L>/<N>[.p/<W>]  hashes
//! tile/entries/<N>…     entries
//! tmp/                  files being written; empty when nothing is
//! ```

pub(crate) mod durable;
pub(crate) mod growing;
pub(crate) mod partials;

use crate::merkle::HashReader;
use crate::note::MAX_NOTE_BYTES;
use crate::tile::{HASH_SIZE, Kind, TILE_WIDTH, Tile};
use crate::{Checkpoint, Entry, Error, Hash, Note};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const PARTIALS: &str = "partials";
pub(crate) const TEMPORARY: &str = "tmp";

/// The most bytes of an entry bundle: 256 entries of at most 1,024 bytes.
pub(crate) const MAX_BUNDLE_BYTES: usize = 256 * (2 + crate::entry::MAX_ENTRY_BYTES);

/// A log's folder at the size that its checkpoint states, for reading. Nothing
/// is verified by reading; [`crate::verify`] does that.
pub struct LogFolder {
    path: PathBuf,
    note: Note,
    checkpoint: Checkpoint,
    tiles: RefCell<BTreeMap<Tile, Vec<Hash>>>,
}

impl LogFolder {
    /// Opens the folder and reads its checkpoint.
    ///
    /// # Errors
    /// If there is no readable checkpoint.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = path.join(CHECKPOINT);
        let bytes = read_capped(&file, MAX_NOTE_BYTES)?;
        let place = || file.display().to_string();
        let note = Note::parse(&bytes).map_err(|e| e.context(place()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|e| e.context(place()))?;
        Ok(Self {
            path: path.to_owned(),
            note,
            checkpoint,
            tiles: RefCell::default(),
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The checkpoint as signed.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The checkpoint's content.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The entries of bundle `index` (256 of them, fewer in the last) as they
    /// are stored.
    ///
    /// # Errors
    /// If the bundle is missing, cannot be read, or is no bundle of its width.
    pub fn bundle(&self, index: u64) -> Result<Vec<Vec<u8>>, Error> {
        let tile = self.tile_at(Kind::Entries, index)?;
        let bytes = read_bundle(&self.path, tile)?;
        let entries = split_bundle(&bytes, tile.width).map_err(|e| e.context(tile))?;
        Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// Entry `index` as it is stored.
    ///
    /// # Errors
    /// If the log has no such entry, or its bundle cannot be read.
    pub fn entry_bytes(&self, index: u64) -> Result<Vec<u8>, Error> {
        if index >= self.checkpoint.size {
            return Err(Error::operator(format!(
                "there is no entry {index} in a log of {} entries (the first is entry 0)",
                self.checkpoint.size
            )));
        }
        let mut bundle = self.bundle(index / TILE_WIDTH)?;
        Ok(bundle.swap_remove((index % TILE_WIDTH) as usize))
    }

    /// Entry `index`.
    ///
    /// # Errors
    /// As [`LogFolder::entry_bytes`], and if the bytes are no entry.
    pub fn entry(&self, index: u64) -> Result<Entry, Error> {
        Entry::parse(&self.entry_bytes(index)?).map_err(|e| e.context(format!("entry {index}")))
    }

    /// The tile or bundle `index` with the width that it has at this size.
    fn tile_at(&self, kind: Kind, index: u64) -> Result<Tile, Error> {
        let full = Tile::full_count(kind, self.checkpoint.size);
        let (last, partial) = Tile::partial(kind, self.checkpoint.size);
        let width = match index {
            _ if index < full => TILE_WIDTH as u16,
            _ if index == last && partial > 0 => partial,
            _ => return Err(Error::operator(format!("the log ends before tile {index}"))),
        };
        Ok(Tile { kind, index, width })
    }
}

impl HashReader for LogFolder {
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Error> {
        let kind = Kind::Hashes((level / 8) as u8);
        let within = level % 8;
        let first = index << within;
        let tile = self.tile_at(kind, first / TILE_WIDTH)?;
        let mut tiles = self.tiles.borrow_mut();
        let hashes = match tiles.get(&tile) {
            Some(hashes) => hashes,
            None => tiles.entry(tile).or_insert(read_hashes(&self.path, tile)?),
        };
        let offset = (first % TILE_WIDTH) as usize;
        hashes
            .get(offset..offset + (1 << within))
            .map(complete_root)
            .ok_or_else(|| Error::log(format!("{tile} does not reach that far")))
    }
}

/// The root of a complete subtree: `hashes` has a power of two of them.
pub(crate) fn complete_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        for pair in 0..row.len() / 2 {
            row[pair] = Hash::node(&row[2 * pair], &row[2 * pair + 1]);
        }
        row.truncate(row.len() / 2);
    }
    row.first().copied().unwrap_or_else(Hash::empty)
}

/// The hashes of one stored tile.
pub(crate) fn read_hashes(folder: &Path, tile: Tile) -> Result<Vec<Hash>, Error> {
    let read = |tile: Tile| {
        let expected = usize::from(tile.width) * HASH_SIZE;
        let bytes = read_capped(&folder.join(tile.to_string()), expected)?;
        if bytes.len() != expected {
            return Err(Error::log(format!(
                "{tile} has {} bytes instead of {expected}",
                bytes.len()
            )));
        }
        let (hashes, _) = bytes.as_chunks::<HASH_SIZE>();
        Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
    };
    read(tile).or_else(|error| {
        let full = growing::superseding(folder, tile).ok_or(error)?;
        let mut hashes: Vec<_> = read(full)?;
        hashes.truncate(usize::from(tile.width));
        Ok(hashes)
    })
}

/// The bytes of one stored bundle.
pub(crate) fn read_bundle(folder: &Path, tile: Tile) -> Result<Vec<u8>, Error> {
    let read = |tile: Tile| read_capped(&folder.join(tile.to_string()), MAX_BUNDLE_BYTES);
    read(tile).or_else(|error| {
        let full = growing::superseding(folder, tile).ok_or(error)?;
        let mut bytes = read(full)?;
        let entries = split_bundle(&bytes, full.width).map_err(|e| e.context(full))?;
        let kept = entries[..usize::from(tile.width)].iter();
        let kept = kept.map(|entry| 2 + entry.len()).sum();
        bytes.truncate(kept);
        Ok(bytes)
    })
}

/// The entries of a bundle of `width`: big-endian 16-bit lengths before each
/// (C2SP tlog-tiles, "Log entries").
pub(crate) fn split_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, Error> {
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, after)) = after.split_at_checked(length) else {
            return Err(Error::log("its last entry is cut off"));
        };
        entries.push(entry);
        rest = after;
    }
    if !rest.is_empty() || entries.len() != usize::from(width) {
        return Err(Error::log(format!(
            "it has {} entries instead of {width}, or bytes after them",
            entries.len()
        )));
    }
    Ok(entries)
}

/// Opens a regular file: not a link, whose target is nobody's to copy, and not a
/// pipe or a device, which might never end or never begin.
pub(crate) fn open_regular(path: &Path) -> Result<File, Error> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let fail = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => Error::log(format!("{} is missing", path.display())),
        _ => Error::io("read", path, source),
    };
    let irregular = || Error::log(format!("{} is not a regular file", path.display()));
    // Opening a pipe would wait for its writer, and a link is refused below.
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let file = File::options()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
        .map_err(|e| match e.raw_os_error() {
            Some(code) if code == rustix::io::Errno::LOOP.raw_os_error() => irregular(),
            _ => fail(e),
        })?;
    match file.metadata().map_err(fail)?.is_file() {
        true => Ok(file),
        false => Err(irregular()),
    }
}

/// Reads a regular file of at most `limit` bytes.
pub(crate) fn read_capped(path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    open_regular(path)?
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::io("read", path, e))?;
    if bytes.len() > limit {
        return Err(Error::log(format!(
            "{} is longer than the {limit} bytes that it can have",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Every file under `folder`, as paths relative to it with `/` between; links
/// are listed as files and not followed.
pub(crate) fn list(folder: &Path) -> Result<Vec<String>, Error> {
    let mut files = Vec::new();
    let mut pending = vec![String::new()];
    while let Some(relative) = pending.pop() {
        let path = folder.join(&relative);
        let fail = |e| Error::io("list", &path, e);
        for item in std::fs::read_dir(&path).map_err(fail)? {
            let item = item.map_err(fail)?;
            let name = item.file_name();
            let name = name.to_string_lossy();
            let child = match relative.as_str() {
                "" => name.into_owned(),
                _ => format!("{relative}/{name}"),
            };
            if item.file_type().map_err(fail)?.is_dir() {
                pending.push(child);
            } else {
                files.push(child);
            }
        }
    }
    files.sort();
    Ok(files)
}
