//! The trust folder on disk.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rowcall_document::{TrustStore, UnreadableFile};

use crate::failure::Failure;

/// Name of the file that says where the certificates came from.
pub(crate) const PROVENANCE: &str = "provenance.jsonl";

/// Name and contents of every certificate, master list and revocation list
/// directly in `folder`, sorted by name; a single file is taken as it is.
/// Other files, such as notes and the provenance, are passed over.
pub(crate) fn trust_files(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    if folder.is_file() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        return Ok(vec![(name.into_owned(), std::fs::read(folder)?)]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path
            .extension()
            .map(|e| e.to_string_lossy().to_ascii_lowercase());
        let taken = matches!(
            extension.as_deref(),
            Some("der" | "cer" | "crt" | "pem" | "ml" | "crl" | "p7b" | "p7c" | "csca")
        );
        if taken && path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((name.into_owned(), std::fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// A trust store of the certificates in some folders or files and the
/// revocation lists in others, and what of the first could not be read, by its
/// path. A folder of revocation lists lends no trust to what else lies there.
pub(crate) fn load_store(
    trust: &[PathBuf],
    revocation: &[PathBuf],
) -> Result<(TrustStore, Vec<UnreadableFile>), Failure> {
    let mut store = TrustStore::empty();
    let mut unreadable = Vec::new();
    for path in trust {
        let files = trust_files(path).map_err(|e| Failure::file(path, &e))?;
        unreadable.extend(
            store
                .add_files(files)
                .into_iter()
                .map(|file| UnreadableFile {
                    name: full_name(path, &file.name),
                    ..file
                }),
        );
    }
    for path in revocation {
        let files = trust_files(path).map_err(|e| Failure::file(path, &e))?;
        store.add_revocation_lists(files);
    }
    Ok((store, unreadable))
}

/// The path of a file of a trust folder, or of the one file given instead.
pub(crate) fn full_name(path: &Path, name: &str) -> String {
    if path.is_file() {
        path.display().to_string()
    } else {
        path.join(name).display().to_string()
    }
}

/// Today in UTC.
pub(crate) fn today() -> Date {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
}
