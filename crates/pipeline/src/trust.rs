//! The trust folder on disk.

use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rowcall_pki::{collection::UnreadableFile, trust::TrustStore};

use crate::Error;

/// Name of the file that says where the certificates came from.
pub const PROVENANCE: &str = "provenance.jsonl";

/// Certificates, master lists and revocation lists of a folder.
#[derive(Default)]
struct TrustFiles {
    /// Name and contents, sorted by name.
    files: Vec<(String, Vec<u8>)>,
    /// Those that can't be opened, by their names in the folder.
    unreadable: Vec<UnreadableFile>,
}

/// Longer than any collection of certificates: the ICAO PKD's largest has some 100 MB.
const LONGEST: u64 = 256 << 20;
/// More files than any trust folder has.
const MOST_FILES: usize = 20_000;
/// Files that the system leaves in any folder, and ours: of no use and no danger.
const PASSED_OVER: [&str; 4] = [PROVENANCE, ".DS_Store", "Thumbs.db", "desktop.ini"];

/// What is directly in `folder`, whatever the files' names; a single file is taken as
/// it is. What can't be read is named: a list that is not used must not go unnoticed.
fn trust_files(folder: &Path) -> std::io::Result<TrustFiles> {
    let mut found = TrustFiles::default();
    if folder.is_file() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        found.add(&name, folder);
        return Ok(found);
    }
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    for (i, path) in paths.iter().enumerate() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if PASSED_OVER.contains(&&*name) {
            continue;
        }
        if i >= MOST_FILES {
            found.refuse(&name, format!("there are more than {MOST_FILES} files"));
            break;
        }
        found.add(&name, path);
    }
    Ok(found)
}

impl TrustFiles {
    fn add(&mut self, name: &str, path: &Path) {
        // A pipe or a device may never end.
        if path.is_dir() {
            return self.refuse(name, "it is a folder; give it by itself".to_owned());
        }
        if path.exists() && !path.is_file() {
            return self.refuse(name, "it is neither a file nor a folder".to_owned());
        }
        match read_within(path) {
            Ok(Some(bytes)) => self.files.push((name.to_owned(), bytes)),
            Ok(None) => self.refuse(name, format!("it is larger than {} MiB", LONGEST >> 20)),
            Err(e) => self.refuse(name, format!("it can't be opened: {e}")),
        }
    }

    fn refuse(&mut self, name: &str, why: String) {
        self.unreadable.push(UnreadableFile {
            name: name.to_owned(),
            why,
        });
    }
}

/// A file's bytes; `None` if there are more than are read.
fn read_within(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LONGEST).then_some(bytes))
}

/// A trust store of the certificates in some folders or files and the
/// revocation lists in others, and what of either could not be read, by its
/// path. A folder of revocation lists lends no trust to what else lies there.
pub fn load_store(
    trust: &[PathBuf],
    revocation: &[PathBuf],
) -> Result<(TrustStore, Vec<UnreadableFile>), Error> {
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
pub fn add_to(
    unreadable: &mut Vec<UnreadableFile>,
    path: &Path,
    add: impl FnOnce(Vec<(String, Vec<u8>)>) -> Vec<UnreadableFile>,
) -> Result<(), Error> {
    let found = trust_files(path).map_err(|e| Error::file(path, &e))?;
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
pub fn today() -> Date {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
}
