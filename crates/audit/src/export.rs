//! The part of a log since an older checkpoint, as files that a third party
//! can check against that checkpoint alone.

use crate::entry::MAX_ENTRY_BYTES;
use crate::folder::{CHECKPOINT, open_regular, read_capped};
use crate::merkle::{CompactRange, tree_edge};
use crate::note::MAX_NOTE_BYTES;
use crate::proof::MAX_PROOF_BYTES;
use crate::statement::rotated_key;
use crate::tile::TILE_WIDTH;
use crate::{Checkpoint, ConsistencyProof, Entry, Error, Hash, LogFolder, Note, VerifierKey};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

const ENTRIES: &str = "entries";

/// A folder with the entries since an older tree, and what ties them to it and
/// to the newer checkpoint: whoever knows the old root folds the edge into it,
/// then appends the entries and arrives at the new root. Neither writing nor
/// checking one holds more than a bundle of entries in memory.
#[derive(Debug)]
pub struct Export {
    folder: PathBuf,
    edge: CompactRange,
    consistency: ConsistencyProof,
}

impl Export {
    /// Writes `checkpoint`, `consistency`, `edge` and `entries` into `folder`,
    /// which is made if it is missing: what came after the first `old` entries
    /// of `log`. How many entries that is.
    ///
    /// # Errors
    /// If the log is shorter or cannot be read, or a file cannot be written.
    pub fn write(log: &LogFolder, old: u64, folder: &Path) -> Result<u64, Error> {
        let consistency = ConsistencyProof::new(log, old)?;
        let edge = tree_edge(log, old)?;
        let edge: String = edge.roots().iter().map(|h| format!("{h}\n")).collect();
        std::fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, e))?;
        for (name, text) in [
            (CHECKPOINT, consistency.checkpoint.to_string()),
            ("consistency", consistency.to_text()),
            ("edge", edge),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
        }
        let path = folder.join(ENTRIES);
        let fail = |e| Error::io("write", &path, e);
        let mut out = BufWriter::new(File::create(&path).map_err(fail)?);
        let mut written = 0;
        for index in old / TILE_WIDTH..log.checkpoint().size.div_ceil(TILE_WIDTH) {
            let skip = old.saturating_sub(index * TILE_WIDTH) as usize;
            for entry in log.bundle(index)?.iter().skip(skip) {
                out.write_all(entry).map_err(fail)?;
                out.write_all(b"\n").map_err(fail)?;
                written += 1;
            }
        }
        out.flush().map_err(fail)?;
        Ok(written)
    }

    /// Opens what [`Export::write`] wrote; the entries are read by
    /// [`Export::check`].
    ///
    /// # Errors
    /// If a file is missing, too long or of another form.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let file = |name: &str, limit| read_capped(&folder.join(name), limit);
        let consistency = ConsistencyProof::parse(&file("consistency", MAX_PROOF_BYTES)?)?;
        let checkpoint = Note::parse(&file(CHECKPOINT, MAX_NOTE_BYTES)?)?;
        if checkpoint != consistency.checkpoint {
            return Err(Error::log(
                "checkpoint and consistency proof are not of one export",
            ));
        }
        let edge = String::from_utf8(file("edge", 4096)?).unwrap_or_default();
        let roots: Option<Vec<_>> = edge.lines().map(Hash::from_base64).collect();
        let canonical = edge.is_empty() || edge.ends_with('\n');
        let edge = roots
            .filter(|_| canonical && !edge.contains('\r'))
            .and_then(|roots| CompactRange::from_roots(consistency.old, roots))
            .ok_or_else(|| Error::log("edge is not the edge of a tree of that size"))?;
        Ok(Self {
            folder: folder.to_owned(),
            edge,
            consistency,
        })
    }

    /// The newer checkpoint.
    pub fn checkpoint(&self) -> &Note {
        &self.consistency.checkpoint
    }

    /// Checks everything: that the edge is that of the tree of `old`, that edge
    /// and entries give the newer checkpoint's tree, that every entry is one,
    /// the consistency proof, and the newer checkpoint's signature by `key` or
    /// by the one that these entries hand the log over to. That checkpoint.
    ///
    /// # Errors
    /// If anything of it does not hold.
    pub fn check(&self, old: &Checkpoint, key: &VerifierKey) -> Result<Checkpoint, Error> {
        let new = Checkpoint::parse(self.checkpoint().text())?;
        let continues = old.size == self.consistency.old
            && self.edge.root() == old.root
            && old.origin == new.origin;
        if !continues {
            return Err(Error::log("the export does not continue that checkpoint"));
        }
        if *key.name() != new.origin {
            return Err(Error::log(format!(
                "the key {key} is not that of {}",
                new.origin
            )));
        }
        self.consistency.check(old.root)?;
        let (range, key) = self.fold(&new, key)?;
        if range.root() != new.root {
            return Err(Error::log(
                "the exported entries do not give the checkpoint's tree",
            ));
        }
        self.checkpoint().verify(&key)?;
        Ok(new)
    }

    /// Folds the entries into the edge one by one, and follows the key.
    fn fold(
        &self,
        new: &Checkpoint,
        key: &VerifierKey,
    ) -> Result<(CompactRange, VerifierKey), Error> {
        let path = self.folder.join(ENTRIES);
        let mut file = BufReader::new(open_regular(&path)?);
        let (mut range, mut key) = (self.edge.clone(), key.clone());
        let mut line = Vec::with_capacity(MAX_ENTRY_BYTES + 2);
        for number in range.size()..new.size {
            let at = |e: Error| e.context(format!("entry {number}"));
            line.clear();
            (&mut file)
                .take(MAX_ENTRY_BYTES as u64 + 2)
                .read_until(b'\n', &mut line)
                .map_err(|e| Error::io("read", &path, e))?;
            let bytes = line
                .strip_suffix(b"\n")
                .ok_or_else(|| at(Error::log("it is missing, cut off or too long")))?;
            let entry = Entry::parse(bytes).map_err(at)?;
            range.push(Hash::leaf(bytes));
            if let Some(new) = rotated_key(&key, &entry) {
                key = new;
            }
        }
        match file.fill_buf().map_err(|e| Error::io("read", &path, e))? {
            [] => Ok((range, key)),
            _ => Err(Error::log(format!(
                "{ENTRIES} has more than the {} entries of its checkpoint",
                new.size
            ))),
        }
    }
}
