//! Readers of foreign files: no bytes make them fail otherwise than by an error,
//! and what they accept is written as it was read.

use crate::sample::*;
use proptest::prelude::*;
use rowcall_audit::tile::Tile;
use rowcall_audit::{
    Checkpoint, ConsistencyProof, Export, InclusionProof, LogFolder, Note, SignerKey, VerifierKey,
};
use std::fs;
use std::sync::LazyLock;

/// Valid files, to change bytes of.
static VALID: LazyLock<[String; 5]> = LazyLock::new(|| {
    let temporary = tempfile::tempdir().unwrap();
    let log = LogFolder::open(&sample(temporary.path(), 300, 300)).unwrap();
    [
        log.note().to_string(),
        log.note().text().to_owned(),
        InclusionProof::new(&log, 70).unwrap().to_text(),
        ConsistencyProof::new(&log, 77).unwrap().to_text(),
        key(1).verifier().to_string(),
    ]
});

static EXPORT: LazyLock<Export> = LazyLock::new(|| {
    let temporary = tempfile::tempdir().unwrap();
    let log = LogFolder::open(&sample(temporary.path(), 20, 20)).unwrap();
    Export::new(&log, 7).unwrap()
});

/// Gives `bytes` to every reader; whatever reads them writes them again.
fn read_all(bytes: &[u8]) -> Result<(), TestCaseError> {
    let again = |text: String| {
        prop_assert_eq!(text.as_bytes(), bytes);
        Ok(())
    };
    if let Ok(note) = Note::parse(bytes) {
        again(note.to_string())?;
    }
    if let Ok(proof) = InclusionProof::parse(bytes) {
        let _ = proof.check(b"entry");
        again(proof.to_text())?;
    }
    if let Ok(proof) = ConsistencyProof::parse(bytes) {
        let _ = proof.check(rowcall_audit::Hash::empty());
        again(proof.to_text())?;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        again(checkpoint.to_text())?;
    }
    if let Ok(key) = VerifierKey::parse(text) {
        again(key.to_string())?;
    }
    if let Ok(tile) = Tile::parse(text) {
        again(tile.to_string())?;
    }
    let _ = SignerKey::parse_secret_text(text);
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes)?;
    }

    #[test]
    fn valid_files_with_changed_bytes(
        which in 0_usize..5,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = VALID[which].clone().into_bytes();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        read_all(&bytes)?;
        bytes.truncate(cut.index(bytes.len()));
        read_all(&bytes)?;
    }

    #[test]
    fn lines_that_look_like_numbers_and_hashes(text in "(old|index|rowcall/x|c2sp.org/tlog-proof@v1)?[ 0-9a-zA-Z+/=\n-]{0,200}") {
        read_all(text.as_bytes())?;
    }

    /// An export whose parts were changed is refused, and never fails otherwise.
    #[test]
    fn an_export_with_changed_bytes(
        which in 0_usize..4,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let temporary = tempfile::tempdir().unwrap();
        let (root, folder) = (EXPORT.edge.root(), temporary.path());
        EXPORT.write(folder).unwrap();
        let file = folder.join(["checkpoint", "consistency", "edge", "entries"][which]);
        let mut bytes = fs::read(&file).unwrap();
        let at = at.index(bytes.len());
        let changed = bytes[at] != byte;
        bytes[at] = byte;
        fs::write(&file, &bytes).unwrap();
        let accepted = Export::read(folder).is_ok_and(|export| {
            let signed = export.consistency.checkpoint.verify(key(1).verifier());
            export.check(root).is_ok() && signed.is_ok()
        });
        prop_assert_eq!(accepted, !changed);
    }
}
