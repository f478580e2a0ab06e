//! The writer: appends that are durable before they are acknowledged.

mod edge;
mod quarantine;
mod recover;

use crate::entry::{Minute, PublicKey};
use crate::folder::durable::{Batch, Date, sync_folder};
use crate::folder::{CHECKPOINT, LogFolder};
use crate::tile::{MAX_SIZE, Tile};
use crate::{
    Checkpoint, Entry, Error, Event, Hash, Note, NoteSignature, Purpose, SignerKey, VerifierKey,
    check_cosignature, statement,
};
use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};

use edge::Edge;
use recover::Beyond;
pub use recover::Recovery;

/// A log open for appending. One process at a time: the folder is locked.
///
/// An append writes and syncs entries and tiles, then replaces the checkpoint
/// atomically and syncs that; only then does it return. Whenever the process or
/// the machine dies, the checkpoint on disk covers every acknowledged entry.
/// Whatever lies beyond it is put aside by [`Log::open`]: it was never
/// acknowledged, or it is the evidence that a checkpoint was rolled back.
pub struct Log {
    folder: PathBuf,
    _lock: File,
    signer: SignerKey,
    note: Note,
    edge: Edge,
    /// Minute of the last entry.
    minute: Minute,
    /// Full tiles whose partial forms are still to be removed.
    superseded: Vec<Tile>,
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
        let lock = recover::begin(folder, Date { minute, size: 0 })?;
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
            edge: Edge::new(),
            minute,
            superseded: Vec::new(),
            failed: false,
        };
        let event = Event::Created { key };
        log.append(&[Entry { minute, event }])?;
        Ok(log)
    }

    /// Opens a log, after a crash too. `keys` are the signing keys at hand; the
    /// one that signed the checkpoint is used (two are at hand when a process
    /// died while it rotated its key). What lies beyond the checkpoint is moved
    /// out of the log, not deleted: see [`Recovery`].
    ///
    /// `seen` is the last checkpoint that the caller remembers. It is compared
    /// before anything is touched.
    ///
    /// # Errors
    /// If there is no log, another process has it open, none of the keys signed
    /// its checkpoint, it does not begin with the tree of `seen`, or its right
    /// edge is damaged.
    pub fn open(
        folder: &Path,
        keys: Vec<SignerKey>,
        seen: Option<&Checkpoint>,
    ) -> Result<(Self, Recovery), Error> {
        recover::open(folder, keys, seen)
    }

    /// Appends entries and returns their numbers once all are durable.
    ///
    /// # Errors
    /// If anything cannot be written. Where the checkpoint on disk is still the
    /// one before, none of the entries is in the log, and the next append may
    /// succeed. Otherwise the log refuses further appends: it has to be opened
    /// anew, which finds out what became durable.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Range<u64>, Error> {
        self.check_usable(entries.len())?;
        let first = self.size();
        if !entries.is_empty() {
            self.write_or_undo(entries, None)?;
        }
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
        self.check_usable(1)?;
        let index = self.size();
        self.write_or_undo(&[entry], Some(new))?;
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
        let mut batch = Batch::new(&self.folder, self.date());
        batch.stage(CHECKPOINT, note.to_string().as_bytes())?;
        batch.place()?;
        self.note = note;
        Ok(())
    }

    /// How many entries the log has.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The checkpoint's content.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: self.signer.verifier().name().clone(),
            size: self.size(),
            root: self.edge.root(),
        }
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

    fn date(&self) -> Date {
        Date {
            minute: self.minute,
            size: self.size(),
        }
    }

    fn check_usable(&mut self, more: usize) -> Result<(), Error> {
        if self.failed {
            self.undo()?;
        }
        if self.size() + more as u64 > MAX_SIZE {
            return Err(Error::operator(
                "the log is full at 2^40 entries: begin another",
            ));
        }
        Ok(())
    }

    fn write_or_undo(
        &mut self,
        entries: &[Entry],
        successor: Option<SignerKey>,
    ) -> Result<(), Error> {
        let written = self.write(entries, successor);
        if written.is_err() {
            self.failed = true;
            // Tried again before the next append.
            let _ = self.undo();
        }
        written
    }

    /// Goes back to the last acknowledged checkpoint after an append that
    /// failed, if it is still the one on disk: then nobody can have seen a later
    /// one. A new checkpoint whose sync failed is not undone: a witness may have
    /// it, and whether it is durable the next process finds out.
    fn undo(&mut self) -> Result<(), Error> {
        let reader = LogFolder::open(&self.folder)?;
        if reader.note() != &self.note {
            return Err(Error::us(
                "an append to the audit log failed after its checkpoint was placed: \
                 open the log anew before the next",
            ));
        }
        // What lies beyond it is this very process's, and nobody has seen it.
        (self.edge, _) = recover::take_up(&reader, self.minute, Beyond::Remove)?;
        self.failed = false;
        Ok(())
    }

    fn write(&mut self, entries: &[Entry], successor: Option<SignerKey>) -> Result<(), Error> {
        let folder = self.folder.clone();
        let old = self.size();
        let minute = entries.last().map_or(self.minute, |entry| entry.minute);
        let date = Date {
            minute,
            size: old + entries.len() as u64,
        };
        let mut batch = Batch::new(&folder, date);
        let mut completed = Vec::new();
        for entry in entries {
            self.edge
                .push(&entry.to_line(), &mut batch, &mut completed)?;
        }
        self.edge.stage(old, &mut batch)?;
        batch.place()?;

        let signer = successor.as_ref().unwrap_or(&self.signer);
        let checkpoint = Checkpoint {
            origin: signer.verifier().name().clone(),
            size: self.size(),
            root: self.edge.root(),
        };
        let note = Note::sign(checkpoint.to_text(), signer)?;
        let mut batch = Batch::new(&folder, date);
        batch.stage(CHECKPOINT, note.to_string().as_bytes())?;
        batch.place()?;
        // From here on nothing fails: the entries are durable.
        self.note = note;
        self.minute = minute;
        if let Some(successor) = successor {
            self.signer = successor;
        }
        self.superseded.extend(completed);
        self.remove_superseded(date);
        Ok(())
    }

    /// Removes the partial forms of tiles that are full now (C2SP tlog-tiles,
    /// "Partial Tiles", allows it), which the checkpoint no longer needs. What
    /// cannot be removed is tried again with the next append: the entries are
    /// durable all the same.
    fn remove_superseded(&mut self, date: Date) {
        let top = &self.folder;
        self.superseded.retain(|tile| {
            let folder = top.join(format!("{tile}.p"));
            match fs::remove_dir_all(&folder) {
                Err(e) => e.kind() != std::io::ErrorKind::NotFound,
                Ok(()) => sync_folder(folder.parent().unwrap_or(top), date).is_err(),
            }
        });
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Log({}, {} entries)", self.folder.display(), self.size())
    }
}
