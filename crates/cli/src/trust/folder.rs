//! The trust folder on disk.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rowcall_pki::trust::{TrustStore, UnreadableFile};

use crate::failure::Failure;

/// Name of the file that says where the certificates came from.
pub(crate) const PROVENANCE: &str = "provenance.jsonl";

/// Certificates, master lists and revocation lists of a folder.
#[derive(Default)]
struct TrustFiles {
    /// Name and contents, sorted by name.
    files: Vec<(String, Vec<u8>)>,
    /// Those that can't be opened, by their names in the folder.
    unreadable: Vec<UnreadableFile>,
}

/// What is directly in `folder`; a single file is taken as it is. Other files,
/// such as notes and the provenance, are passed over.
fn trust_files(folder: &Path) -> std::io::Result<TrustFiles> {
    let mut found = TrustFiles::default();
    if folder.is_file() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        found
            .files
            .push((name.into_owned(), std::fs::read(folder)?));
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path
            .extension()
            .map(|e| e.to_string_lossy().to_ascii_lowercase());
        let taken = matches!(
            extension.as_deref(),
            Some("der" | "cer" | "crt" | "pem" | "ml" | "crl" | "p7b" | "p7c" | "csca")
        );
        if taken && !path.is_dir() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.into_owned();
            match std::fs::read(&path) {
                Ok(bytes) => found.files.push((name, bytes)),
                Err(e) => found.unreadable.push(UnreadableFile {
                    name,
                    why: format!("it can't be opened: {e}"),
                }),
            }
        }
    }
    found.files.sort();
    found.unreadable.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// A trust store of the certificates in some folders or files and the
/// revocation lists in others, and what of either could not be read, by its
/// path. A folder of revocation lists lends no trust to what else lies there.
pub(crate) fn load_store(
    trust: &[PathBuf],
    revocation: &[PathBuf],
) -> Result<(TrustStore, Vec<UnreadableFile>), Failure> {
    let mut store = TrustStore::empty();
    let mut unreadable = Vec::new();
    for path in trust {
        add_to(&mut unreadable, path, |files| store.add_files(files))?;
    }
    for path in revocation {
        add_to(&mut unreadable, path, |files| {
            store.add_revocation_lists(files)
        })?;
    }
    Ok((store, unreadable))
}

/// Hands the files of `path` to `add`, and those that can't be opened or that
/// it can't read to `unreadable`.
pub(crate) fn add_to(
    unreadable: &mut Vec<UnreadableFile>,
    path: &Path,
    add: impl FnOnce(Vec<(String, Vec<u8>)>) -> Vec<UnreadableFile>,
) -> Result<(), Failure> {
    let found = trust_files(path).map_err(|e| Failure::file(path, &e))?;
    let malformed = add(found.files);
    unreadable.extend(
        found
            .unreadable
            .into_iter()
            .chain(malformed)
            .map(|file| UnreadableFile {
                name: full_name(path, &file.name),
                ..file
            }),
    );
    Ok(())
}

/// The path of a file of a trust folder, or of the one file given instead.
fn full_name(path: &Path, name: &str) -> String {
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
