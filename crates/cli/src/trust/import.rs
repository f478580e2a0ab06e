//! `rowcall trust import`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use rowcall_pipeline::trust::{PROVENANCE, add_to, today};
use rowcall_pki::master_list::{MasterList, MasterListSignature};
use rowcall_pki::trust::TrustStore;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    failure::Failure,
    output,
    plain::{complain, plain},
};

#[derive(Args)]
pub(super) struct Arguments {
    /// Master lists: CMS (Doc 9303-12, 9) or bare.
    #[arg(required = true)]
    lists: Vec<PathBuf>,
    /// The trust folder; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "trust")]
    trust: PathBuf,
    /// Certificate, or folder of certificates, that must have issued the
    /// list's signer. Without it the signature is checked, but not whose it is.
    #[arg(long, value_name = "PATH")]
    anchor: Vec<PathBuf>,
}

/// One line of the provenance file.
#[derive(Serialize)]
struct Provenance<'a> {
    imported: String,
    list: String,
    sha256: String,
    signer: Option<&'a str>,
    signer_trusted: bool,
    certificates: usize,
    countries: usize,
    new: Vec<String>,
}

/// A list that was read and may be imported.
struct Read<'a> {
    path: &'a Path,
    sha256: String,
    list: MasterList,
    trusted: bool,
}

/// Imports all of the lists, or none: each is read before anything is written.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let anchors = anchors(&arguments.anchor)?;
    let mut lists = Vec::new();
    for path in &arguments.lists {
        let bytes = std::fs::read(path).map_err(|e| at(path, &e))?;
        let list = MasterList::read(&bytes)
            .map_err(|e| at(path, &refused(path, &bytes, &e, arguments)))?;
        let trusted = anchors.trusts_signer_of(&list);
        if !arguments.anchor.is_empty() && !trusted {
            return Err(at(path, &"not imported: no anchor issued its signer"));
        }
        lists.push(Read {
            path,
            sha256: base16ct::lower::encode_string(&Sha256::digest(&bytes)),
            list,
            trusted,
        });
    }
    std::fs::create_dir_all(&arguments.trust).map_err(|e| at(&arguments.trust, &e))?;
    lists.iter().try_for_each(|read| {
        let mut written = Vec::new();
        import(&arguments.trust, read, &mut written).inspect_err(|_| {
            // Certificates of which nothing says where they came from don't stay.
            for path in &written {
                let _ = std::fs::remove_file(path);
            }
        })
    })
}

/// Why a file is no master list, and what to do with what it is.
fn refused(path: &Path, bytes: &[u8], e: &dyn std::fmt::Display, arguments: &Arguments) -> String {
    let mut store = TrustStore::empty();
    let file = (path.display().to_string(), bytes.to_vec());
    let unreadable = store.add_files(vec![file]);
    match unreadable.is_empty() && (!store.is_empty() || store.revocation_lists() > 0) {
        true => format!(
            "it holds certificates or a revocation list and is no master list; nothing is imported: \
             where you trust them, copy the file into {} as it is",
            arguments.trust.display()
        ),
        false => format!("{e}; nothing is imported: get the list anew from whoever published it"),
    }
}

fn at(path: &Path, e: &dyn std::fmt::Display) -> Failure {
    Failure::file(path, e)
}

fn anchors(paths: &[PathBuf]) -> Result<TrustStore, Failure> {
    let mut anchors = TrustStore::empty();
    let mut unreadable = Vec::new();
    for path in paths {
        add_to(&mut unreadable, path, |files| anchors.add_files(files))?;
    }
    match unreadable.first() {
        Some(bad) => Err(Failure::new(format!("{}: {}", bad.name, bad.why))),
        None => Ok(anchors),
    }
}

/// Writes a list's certificates and where they came from. The files that are new
/// are added to `written` as they are made.
fn import(folder: &Path, read: &Read<'_>, written: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let Read { path, list, .. } = read;
    let mut new = Vec::new();
    for (der, country) in list.certificates().zip(list.countries()) {
        let digest = base16ct::lower::encode_string(&Sha256::digest(der)[..8]);
        let name = format!("{}-{digest}.der", safe(country));
        let to = folder.join(&name);
        if !to.exists() {
            write_whole(&to, der).map_err(|e| at(&to, &e))?;
            written.push(to);
            new.push(name);
        }
    }
    let countries: BTreeSet<String> = list.countries().map(str::to_ascii_uppercase).collect();
    let signer = match list.signature() {
        MasterListSignature::Valid { signer, .. } => Some(signer.as_str()),
        MasterListSignature::Absent => None,
    };
    let said = format!(
        "{}: {} certificates of {} countries, {} new; {}",
        path.display(),
        list.len(),
        countries.len(),
        new.len(),
        match (signer, read.trusted) {
            (Some(signer), true) => format!("signed by {signer}, issued by an anchor"),
            (Some(signer), false) => format!("signed by {signer}, whom nobody vouches for"),
            (None, _) => "a bare list: nobody signed it".to_owned(),
        }
    );
    let line = Provenance {
        imported: today().to_string(),
        list: path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        sha256: read.sha256.clone(),
        signer,
        signer_trusted: read.trusted,
        certificates: list.len(),
        countries: countries.len(),
        new,
    };
    let to = folder.join(PROVENANCE);
    let mut text = serde_json::to_string(&line).map_err(|e| at(&to, &e))?;
    text.push('\n');
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&to)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| at(&to, &e))?;
    output::line(plain(&said))?;
    for unreadable in list.unreadable() {
        complain(&format!("{}: not imported: {unreadable}", path.display()));
    }
    Ok(())
}

/// Writes beside the file first: a certificate that is there is there as a whole.
fn write_whole(to: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = to.with_extension("partial");
    std::fs::write(&partial, bytes)
        .and_then(|()| std::fs::rename(&partial, to))
        .inspect_err(|_| {
            let _ = std::fs::remove_file(&partial);
        })
}

/// A country code as part of a file's name.
fn safe(country: &str) -> String {
    let letters: String = country
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(3)
        .collect();
    if letters.is_empty() {
        "xx".to_owned()
    } else {
        letters.to_ascii_lowercase()
    }
}
