//! What the fuzz targets of the audit log do with their input: whatever reads it
//! writes it again as it was. The same functions run as a stable test over valid
//! files and their mutations (`crates/audit/tests/it/parse.rs`).

use rowcall_audit::tile::Tile;
use rowcall_audit::{
    Checkpoint, ConsistencyProof, Entry, Hash, InclusionProof, Note, SignerKey, VerifierKey,
};

/// Signed notes, what they carry, and the proofs that end in one.
pub(crate) fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes, "a note");
        if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
            assert_eq!(checkpoint.to_text(), note.text(), "a checkpoint");
        }
    }
    if let Ok(proof) = InclusionProof::parse(bytes) {
        let _ = proof.check(b"entry");
        assert_eq!(proof.to_text().as_bytes(), bytes, "an inclusion proof");
    }
    if let Ok(proof) = ConsistencyProof::parse(bytes) {
        let _ = proof.check(Hash::empty());
        assert_eq!(proof.to_text().as_bytes(), bytes, "a consistency proof");
    }
}

/// Names of tiles, entries, and keys.
pub(crate) fn tile(bytes: &[u8]) {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_line().as_bytes(), bytes, "an entry");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_text(), text, "a checkpoint");
    }
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text, "a key");
    }
    if let Ok(tile) = Tile::parse(text) {
        assert_eq!(tile.to_string(), text, "a tile's name");
    }
    let _ = SignerKey::parse_secret_text(text);
}
