//! The documents of a vehicle's folder, each in a folder of its own.

use std::path::{Path, PathBuf};

use rowcall_document::NamedFile;

use super::entries::{self, Kind, entries, read_limited};
use crate::Error;

/// Files of a document that are read.
pub(super) const MAX_FILES_OF_A_DOCUMENT: usize = 64;

/// The folders of documents; what else lies beside them is told.
pub(super) fn documents(folder: &Path, remarks: &mut Vec<String>) -> Result<Vec<PathBuf>, Error> {
    let mut documents = Vec::new();
    for entry in entries(folder)? {
        let name = &entry.name;
        match &entry.kind {
            _ if entry.is_hidden() => {
                remarks.push(format!("documents/{name} is left out: hidden"));
            }
            Kind::Folder => documents.push(entry.path),
            Kind::File => remarks.push(format!(
                "documents/{name} is left out: each document has a folder of its own"
            )),
            Kind::Odd(what) => remarks.push(format!("documents/{name} is not read: {what}")),
        }
    }
    Ok(documents)
}

/// What a document is called in results: its folder's name.
pub fn document_id(path: &Path) -> String {
    entries::name(path)
}

/// The files of a document's folder. A file that can't be read is given
/// without content, so that the document's own findings name it; so is the
/// first beyond those that a document has.
///
/// # Errors
/// What can't be listed or read.
pub fn document_files(path: &Path) -> Result<Vec<NamedFile>, Error> {
    let mut files = Vec::new();
    for entry in entries(path)? {
        if entry.is_hidden() || entry.kind == Kind::Folder {
            continue;
        }
        // One more makes the document say that there are too many.
        if files.len() > MAX_FILES_OF_A_DOCUMENT {
            break;
        }
        let bytes = if files.len() < MAX_FILES_OF_A_DOCUMENT && entry.kind == Kind::File {
            read_limited(&entry.path).unwrap_or_default()
        } else {
            Vec::new()
        };
        let name = entry.name;
        files.push(NamedFile { name, bytes });
    }
    Ok(files)
}
