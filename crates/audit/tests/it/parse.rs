//! Readers of foreign files: no bytes make them fail otherwise than by an error,
//! and what they accept is written as it was read.

use crate::sample::*;
use proptest::prelude::*;
use rowcall_audit::merkle::tree_root;
use rowcall_audit::{Checkpoint, ConsistencyProof, Export, InclusionProof, LogFolder};
use std::fs;
use std::sync::LazyLock;

#[path = "../../../../fuzz/bodies/audit.rs"]
mod bodies;

/// Valid files, to change bytes of.
static VALID: LazyLock<[String; 8]> = LazyLock::new(|| {
    let temporary = tempfile::tempdir().unwrap();
    let log = LogFolder::open(&sample(temporary.path(), 300, 300)).unwrap();
    [
        log.note().to_string(),
        log.note().text().to_owned(),
        InclusionProof::new(&log, 70).unwrap().to_text(),
        ConsistencyProof::new(&log, 77).unwrap().to_text(),
        key(1).verifier().to_string(),
        "tile/0/x001/234.p/255".to_owned(),
        log.entry(77).unwrap().to_line(),
        InclusionProof::new(&log, 70).unwrap().to_text().replacen(
            "\nindex",
            "\nextra AAECAw==\nindex",
            1,
        ),
    ]
});

/// The log that is exported from its seventh entry on.
static EXPORTED: LazyLock<(tempfile::TempDir, Checkpoint)> = LazyLock::new(|| {
    let temporary = tempfile::tempdir().unwrap();
    let log = LogFolder::open(&sample(temporary.path(), 20, 20)).unwrap();
    let old = Checkpoint {
        size: 7,
        root: tree_root(&log, 7).unwrap(),
        ..log.checkpoint().clone()
    };
    (temporary, old)
});

/// Gives `bytes` to every reader.
fn read_all(bytes: &[u8]) {
    bodies::note(bytes);
    bodies::tile(bytes);
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn valid_files_with_changed_bytes(
        which in 0_usize..8,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = VALID[which].clone().into_bytes();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        read_all(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        read_all(&bytes);
    }

    #[test]
    fn lines_that_look_like_numbers_and_hashes(text in "(old|index|rowcall/x|c2sp.org/tlog-proof@v1)?[ 0-9a-zA-Z+/=\n-]{0,200}") {
        read_all(text.as_bytes());
    }

    /// An export whose parts were changed is refused, and never fails otherwise.
    #[test]
    fn an_export_with_changed_bytes(
        which in 0_usize..4,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let temporary = tempfile::tempdir().unwrap();
        let (whole, old) = &*EXPORTED;
        let folder = temporary.path();
        let log = LogFolder::open(&whole.path().join("log")).unwrap();
        Export::write(&log, old.size, folder).unwrap();
        let file = folder.join(["checkpoint", "consistency", "edge", "entries"][which]);
        let mut bytes = fs::read(&file).unwrap();
        let at = at.index(bytes.len());
        let changed = bytes[at] != byte;
        bytes[at] = byte;
        fs::write(&file, &bytes).unwrap();
        let accepted = Export::open(folder)
            .is_ok_and(|export| export.check(old, key(1).verifier()).is_ok());
        prop_assert_eq!(accepted, !changed);
    }
}
