//! The shared test data, which is not part of the repository.

use std::path::PathBuf;

/// The folder with the documents, if it is here. Says so where it is not; in
/// CI (`CI=true`) its absence is a failure.
#[expect(unreachable_pub, reason = "one helper for every test binary")]
pub fn documents() -> Option<PathBuf> {
    let root = std::env::var_os("ROWCALL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let documents = root.join("documents");
    if documents.is_dir() {
        return Some(documents);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "CI must have the shared documents, and {} is not there",
        documents.display()
    );
    eprintln!(
        "SKIPPED: no shared documents at {} (set ROWCALL_SHARED)",
        documents.display()
    );
    None
}
