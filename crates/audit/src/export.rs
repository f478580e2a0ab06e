//! The part of a log since an older checkpoint, as files that a third party
//! can check against that checkpoint alone.

use crate::folder::{CHECKPOINT, read_capped};
use crate::merkle::{CompactRange, tree_edge};
use crate::note::MAX_NOTE_BYTES;
use crate::statement::rotated_key;
use crate::tile::TILE_WIDTH;
use crate::{Checkpoint, ConsistencyProof, Entry, Error, Hash, LogFolder, Note, VerifierKey};
use std::path::Path;

/// The most bytes of entries that are read from an export.
const MAX_EXPORT_BYTES: usize = 1 << 30;

/// Entries since an older tree, and what ties them to it and to the newer
/// checkpoint: whoever knows the old root folds the edge into it, then appends
/// the entries and arrives at the new root.
#[derive(Clone, Debug)]
pub struct Export {
    /// The right edge of the older tree.
    pub edge: CompactRange,
    /// The proof that the newer tree begins with the older.
    pub consistency: ConsistencyProof,
    /// The entries from the older tree's size on, each as it is stored.
    pub entries: Vec<Vec<u8>>,
}

impl Export {
    /// Takes out of `log` what came after its first `old` entries.
    ///
    /// # Errors
    /// If the log is shorter or cannot be read.
    pub fn new(log: &LogFolder, old: u64) -> Result<Self, Error> {
        let consistency = ConsistencyProof::new(log, old)?;
        let mut entries = Vec::new();
        for index in old / TILE_WIDTH..log.checkpoint().size.div_ceil(TILE_WIDTH) {
            let skip = old.saturating_sub(index * TILE_WIDTH) as usize;
            entries.extend(log.bundle(index)?.into_iter().skip(skip));
        }
        Ok(Self {
            edge: tree_edge(log, old)?,
            consistency,
            entries,
        })
    }

    /// Checks everything but the checkpoint's signatures: that the edge is that
    /// of the tree with `old_root`, that edge and entries give the newer
    /// checkpoint's tree, that every entry is one, and the consistency proof.
    ///
    /// # Errors
    /// If anything of it does not hold.
    pub fn check(&self, old_root: Hash) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::parse(self.consistency.checkpoint.text())?;
        if self.edge.size() != self.consistency.old || self.edge.root() != old_root {
            return Err(Error::log("the export does not continue that checkpoint"));
        }
        self.consistency.check(old_root)?;
        let mut range = self.edge.clone();
        for entry in &self.entries {
            Entry::parse(entry).map_err(|e| e.context(format!("entry {}", range.size())))?;
            range.push(Hash::leaf(entry));
        }
        (range.size() == checkpoint.size && range.root() == checkpoint.root)
            .then_some(checkpoint)
            .ok_or_else(|| Error::log("the exported entries do not give the checkpoint's tree"))
    }

    /// The key that the newer checkpoint must be signed with, to somebody who
    /// knows `key`: that, or the one it was handed over to in these entries.
    pub fn key_after(&self, key: &VerifierKey) -> VerifierKey {
        let entries = self.entries.iter().filter_map(|e| Entry::parse(e).ok());
        entries.fold(key.clone(), |key, entry| {
            rotated_key(&key, &entry).unwrap_or(key)
        })
    }

    /// Writes `checkpoint`, `consistency`, `edge` and `entries` into `folder`,
    /// which is made if it is missing.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let edge: String = self.edge.roots().iter().map(|h| format!("{h}\n")).collect();
        let mut entries = Vec::new();
        for entry in &self.entries {
            entries.extend_from_slice(entry);
            entries.push(b'\n');
        }
        std::fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, e))?;
        let checkpoint = self.consistency.checkpoint.to_string();
        for (name, bytes) in [
            (CHECKPOINT, checkpoint.as_bytes()),
            ("consistency", self.consistency.to_text().as_bytes()),
            ("edge", edge.as_bytes()),
            ("entries", &entries),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, bytes).map_err(|e| Error::io("write", &path, e))?;
        }
        Ok(())
    }

    /// Reads what [`Export::write`] wrote.
    ///
    /// # Errors
    /// If a file is missing, too long or of another form.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let file = |name: &str, limit| read_capped(&folder.join(name), limit);
        let consistency = ConsistencyProof::parse(&file("consistency", 2 * MAX_NOTE_BYTES)?)?;
        let checkpoint = Note::parse(&file(CHECKPOINT, MAX_NOTE_BYTES)?)?;
        if checkpoint != consistency.checkpoint {
            return Err(Error::log(
                "checkpoint and consistency proof are not of one export",
            ));
        }
        let edge = String::from_utf8(file("edge", 4096)?).unwrap_or_default();
        let roots: Option<Vec<_>> = edge.lines().map(Hash::from_base64).collect();
        let edge = roots
            .and_then(|roots| CompactRange::from_roots(consistency.old, roots))
            .ok_or_else(|| Error::log("edge is not the edge of a tree of that size"))?;
        let bytes = file("entries", MAX_EXPORT_BYTES)?;
        let mut entries: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        if entries.pop().is_some_and(|rest| !rest.is_empty()) {
            return Err(Error::log("entries is cut off in the middle of an entry"));
        }
        Ok(Self {
            edge,
            consistency,
            entries,
        })
    }
}
