//! The writer: appends that are durable before they are acknowledged.

mod recover;
mod shared;

use crate::entry::{Minute, PublicKey};
use crate::folder::durable::{Batch, sync_folder};
use crate::folder::partials::Partials;
use crate::folder::{CHECKPOINT, PARTIALS, complete_root};
use crate::merkle::CompactRange;
use crate::tile::{Kind, MAX_LEVEL, MAX_SIZE, TILE_WIDTH, Tile};
use crate::{
    Checkpoint, Entry, Error, Event, Hash, Note, NoteSignature, Purpose, SignerKey, VerifierKey,
    check_cosignature, statement,
};
use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use recover::Recovery;
pub use shared::SharedLog;

/// A log open for appending. One process at a time: the folder is locked.
///
/// An append writes and syncs entries and tiles, then replaces the checkpoint
/// atomically and syncs that; only then does it return. Whenever the process or
/// the machine dies, the checkpoint on disk covers every acknowledged entry,
/// and whatever lies beyond it was never acknowledged and is removed by
/// [`Log::open`].
pub struct Log {
    folder: PathBuf,
    _lock: File,
    signer: SignerKey,
    note: Note,
    range: CompactRange,
    /// The hashes of the rightmost, partial tile of each level.
    edges: Vec<Vec<Hash>>,
    /// The bytes of the rightmost, partial bundle.
    bundle: Vec<u8>,
    partials: Partials,
    failed: bool,
}

impl Log {
    /// Begins a log in `folder`, which is made if it is missing, and must hold
    /// nothing but what an earlier attempt to begin one left behind. Its first
    /// entry names `signer`'s public key.
    ///
    /// # Errors
    /// If the folder holds a log already or anything else, or cannot be
    /// written; or if `signer` is a witness's key.
    pub fn create(folder: &Path, signer: SignerKey, minute: Minute) -> Result<Self, Error> {
        if signer.verifier().purpose() != Purpose::Note {
            return Err(Error::operator(
                "a log signs with a key of type 0x01, not a witness's",
            ));
        }
        let lock = recover::begin(folder)?;
        let key = PublicKey::new(signer.verifier().bytes());
        let origin = signer.verifier().name().clone();
        let empty = Checkpoint {
            origin,
            size: 0,
            root: Hash::empty(),
        };
        let mut log = Self {
            folder: folder.to_owned(),
            _lock: lock,
            note: Note::sign(empty.to_text(), &signer)?,
            signer,
            range: CompactRange::new(),
            edges: vec![Vec::new(); usize::from(MAX_LEVEL) + 1],
            bundle: Vec::new(),
            partials: Partials::default(),
            failed: false,
        };
        let event = Event::Created { key };
        log.append(&[Entry { minute, event }])?;
        Ok(log)
    }

    /// Opens a log, after a crash too: what lies beyond the checkpoint was never
    /// acknowledged and is removed. `keys` are the signing keys at hand; the
    /// one that signed the checkpoint is used (two are at hand when a process
    /// died while it rotated its key).
    ///
    /// # Errors
    /// If there is no log, another process has it open, none of the keys signed
    /// its checkpoint, or its right edge is damaged.
    pub fn open(folder: &Path, keys: Vec<SignerKey>) -> Result<(Self, Recovery), Error> {
        recover::open(folder, keys)
    }

    /// Appends entries and returns their numbers once all are durable.
    ///
    /// # Errors
    /// If anything cannot be written. The log then refuses further appends: it
    /// has to be opened anew, which finds out what became durable.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Range<u64>, Error> {
        let first = self.size();
        if entries.is_empty() {
            return Ok(first..first);
        }
        self.check_usable(entries.len())?;
        self.failed = true;
        self.write(entries, None)?;
        self.failed = false;
        Ok(first..self.size())
    }

    /// Hands the log over to `new`, by an entry that both keys sign; the
    /// checkpoint over it is signed by the new key alone. Keep the old key
    /// until this returns.
    ///
    /// # Errors
    /// As [`Log::append`], and if `new` is not another key of the same name.
    pub fn rotate_key(&mut self, minute: Minute, new: SignerKey) -> Result<u64, Error> {
        let entry = statement::rotate(minute, &self.signer, &new)?;
        let index = self.size();
        self.check_usable(1)?;
        self.failed = true;
        self.write(&[entry], Some(new))?;
        self.failed = false;
        Ok(index)
    }

    /// Adds a witness's cosignature to the checkpoint. The next append makes a
    /// new checkpoint without it; keep a copy of [`Log::note`] to show later.
    ///
    /// # Errors
    /// If it is not a cosignature of `witness` on this very checkpoint, or
    /// cannot be written.
    pub fn add_cosignature(
        &mut self,
        witness: &VerifierKey,
        cosignature: NoteSignature,
    ) -> Result<(), Error> {
        let mut note = self.note.clone();
        note.attach(cosignature);
        check_cosignature(&note, witness)?;
        let mut batch = Batch::new(&self.folder);
        batch.stage(CHECKPOINT, note.to_string().as_bytes())?;
        batch.place()?;
        self.note = note;
        Ok(())
    }

    /// How many entries the log has.
    pub fn size(&self) -> u64 {
        self.range.size()
    }

    /// The checkpoint as it lies on disk.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The key that signs now.
    pub fn signer(&self) -> &SignerKey {
        &self.signer
    }

    /// The log's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn check_usable(&self, more: usize) -> Result<(), Error> {
        if self.failed {
            return Err(Error::us(
                "an earlier append to the audit log failed: open the log anew before the next",
            ));
        }
        if self.size() + more as u64 > MAX_SIZE {
            return Err(Error::operator(
                "the log is full at 2^40 entries: begin another",
            ));
        }
        Ok(())
    }

    fn write(&mut self, entries: &[Entry], successor: Option<SignerKey>) -> Result<(), Error> {
        let folder = self.folder.clone();
        let old = self.size();
        let mut batch = Batch::new(&folder);
        let mut completed = Vec::new();
        for entry in entries {
            let line = entry.to_line();
            let length = u16::try_from(line.len()).map_err(|_| Error::us("entry too long"))?;
            self.bundle.extend_from_slice(&length.to_be_bytes());
            self.bundle.extend_from_slice(line.as_bytes());
            self.push(Hash::leaf(line.as_bytes()), &mut batch, &mut completed)?;
        }
        let new = self.size();
        for level in 0..=MAX_LEVEL {
            let kind = Kind::Hashes(level);
            let (index, width) = Tile::partial(kind, new);
            // A level whose right edge is as it was is on disk already.
            if width > 0 && Tile::partial(kind, old) != (index, width) {
                let tile = Tile { kind, index, width };
                batch.stage(&tile.to_string(), &concat(&self.edges[usize::from(level)]))?;
            }
        }
        let (index, width) = Tile::partial(Kind::Entries, new);
        if width > 0 {
            let kind = Kind::Entries;
            batch.stage(&Tile { kind, index, width }.to_string(), &self.bundle)?;
        }
        self.partials.publish(old, new);
        batch.stage(PARTIALS, self.partials.to_text().as_bytes())?;
        batch.place()?;

        if let Some(successor) = successor {
            self.signer = successor;
        }
        let checkpoint = Checkpoint {
            origin: self.signer.verifier().name().clone(),
            size: new,
            root: self.range.root(),
        };
        self.note = Note::sign(checkpoint.to_text(), &self.signer)?;
        let mut batch = Batch::new(&folder);
        batch.stage(CHECKPOINT, self.note.to_string().as_bytes())?;
        batch.place()?;
        self.remove_superseded(&completed)
    }

    /// Appends a leaf hash; every tile that it fills is staged.
    fn push(
        &mut self,
        leaf: Hash,
        batch: &mut Batch<'_>,
        completed: &mut Vec<Tile>,
    ) -> Result<(), Error> {
        self.range.push(leaf);
        let mut hash = leaf;
        for level in 0..=MAX_LEVEL {
            let edge = &mut self.edges[usize::from(level)];
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

    /// Removes the partial forms of tiles that are full now (C2SP tlog-tiles,
    /// "Partial Tiles", allows it), which the checkpoint no longer needs.
    fn remove_superseded(&self, completed: &[Tile]) -> Result<(), Error> {
        for tile in completed {
            let folder = self.folder.join(format!("{tile}.p"));
            match fs::remove_dir_all(&folder) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &folder, e));
                }
                Err(_) => {}
                Ok(()) => sync_folder(folder.parent().unwrap_or(&self.folder))?,
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Log({}, {} entries)", self.folder.display(), self.size())
    }
}

fn concat(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
