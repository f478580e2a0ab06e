//! What is in a folder, whatever it is: files are read with limits, and nothing
//! else is opened. A pipe would wait for ever.

use std::{
    fs,
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use crate::Error;

/// A file of a document, a certificate or a frame is at most this large.
const MAX_FILE: u64 = 32 << 20;
/// More than anybody looks through in a folder.
const MAX_ENTRIES: usize = 20_000;
/// What systems leave in folders, which nobody misses.
const LITTER: [&str; 6] = [
    ".DS_Store",
    ".directory",
    ".gitignore",
    ".gitkeep",
    "Thumbs.db",
    "desktop.ini",
];

/// Something in a folder.
pub struct Entry {
    /// Where it is.
    pub path: PathBuf,
    /// Without folders; what isn't UTF-8 in it is replaced.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What it is, or what it links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Neither, in words: a pipe, a link to nothing.
    Odd(String),
}

impl Entry {
    /// Whether its name starts with a dot.
    pub fn is_hidden(&self) -> bool {
        self.name.starts_with('.')
    }

    /// The name's ending in lower case, without the dot.
    pub fn extension(&self) -> String {
        let ending = self.path.extension().unwrap_or_default();
        ending.to_string_lossy().to_ascii_lowercase()
    }
}

/// What is in a folder, in the order of names, without what systems leave there.
pub fn entries(folder: &Path) -> Result<Vec<Entry>, Error> {
    let failed = |e: std::io::Error| Error::file(folder, &e);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = name(&path);
        if entries.len() >= MAX_ENTRIES {
            let why = format!("more than {MAX_ENTRIES} files are in it");
            return Err(Error::file(folder, &why));
        }
        if !LITTER.contains(&name.as_str()) {
            let kind = kind(&path);
            entries.push(Entry { path, name, kind });
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// A path's last part.
pub fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// What a path leads to.
pub fn kind(path: &Path) -> Kind {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Kind::File,
        Ok(found) if found.is_dir() => Kind::Folder,
        Ok(found) => Kind::Odd(odd(found.file_type()).to_owned()),
        Err(e) if e.kind() == ErrorKind::NotFound && path.is_symlink() => {
            Kind::Odd("a link to nothing".to_owned())
        }
        Err(e) => Kind::Odd(e.to_string()),
    }
}

#[cfg(unix)]
fn odd(found: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn odd(_: fs::FileType) -> &'static str {
    "neither a file nor a folder"
}

/// A file's bytes, if there are not too many.
pub fn read_limited(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |why: &dyn std::fmt::Display| Error::file(path, why);
    match kind(path) {
        Kind::File => {}
        Kind::Folder => return Err(failed(&"it is a folder, not a file")),
        Kind::Odd(what) => return Err(failed(&format!("it is not read: {what}"))),
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|e| failed(&e))?;
    let size = file.metadata().map_or(0, |m| m.len());
    if size <= MAX_FILE {
        bytes.reserve_exact(size as usize);
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| failed(&e))?;
    }
    let size = size.max(bytes.len() as u64);
    if size > MAX_FILE {
        return Err(failed(&format!(
            "it meets the limit of file size: the file has {size} bytes, {MAX_FILE} are allowed"
        )));
    }
    Ok(bytes)
}

/// The first bytes of a file, to know what it is by; none if it can't be read.
pub fn beginning(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What was read before an error is enough.
        let _ = file.take(1_024).read_to_end(&mut bytes);
    }
    bytes
}

/// A file's text.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = read_limited(path)?;
    String::from_utf8(bytes).map_err(|_| Error::file(path, &"it isn't text in UTF-8"))
}

/// The folders in a folder, in the order of their names; none if it isn't there.
pub fn subfolders(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let folders = entries(path)?.into_iter();
    let folders = folders.filter(|e| e.kind == Kind::Folder && !e.is_hidden());
    Ok(folders.map(|e| e.path).collect())
}
