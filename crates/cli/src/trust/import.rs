//! `rowcall trust import`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use rowcall_document::{MasterList, MasterListSignature, TrustStore};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::folder::{PROVENANCE, today, trust_files};

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

pub(super) fn run(arguments: &Arguments) -> Result<(), String> {
    let at = |path: &Path, e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let mut anchors = TrustStore::empty();
    for path in &arguments.anchor {
        let files = trust_files(path).map_err(|e| at(path, &e))?;
        if let Some(bad) = anchors.add_files(files).first() {
            return Err(at(path, &format!("{}: {}", bad.name, bad.why)));
        }
    }
    std::fs::create_dir_all(&arguments.trust).map_err(|e| at(&arguments.trust, &e))?;
    for path in &arguments.lists {
        let bytes = std::fs::read(path).map_err(|e| at(path, &e))?;
        let list = MasterList::read(&bytes).map_err(|e| at(path, &e))?;
        let trusted = list.signer_is_trusted_by(&anchors);
        if !arguments.anchor.is_empty() && !trusted {
            return Err(at(path, &"not imported: no anchor issued its signer"));
        }
        import(&arguments.trust, path, &bytes, &list, trusted)?;
    }
    Ok(())
}

fn import(
    folder: &Path,
    path: &Path,
    bytes: &[u8],
    list: &MasterList,
    trusted: bool,
) -> Result<(), String> {
    let at = |path: &Path, e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let mut new = Vec::new();
    for (der, country) in list.certificates().zip(list.countries()) {
        let name = format!("{}-{}.der", safe(country), &hex(&Sha256::digest(der))[..16]);
        let to = folder.join(&name);
        if !to.exists() {
            std::fs::write(&to, der).map_err(|e| at(&to, &e))?;
            new.push(name);
        }
    }
    let countries: BTreeSet<String> = list.countries().map(str::to_ascii_uppercase).collect();
    let signer = match list.signature() {
        MasterListSignature::Valid { signer, .. } => Some(signer.as_str()),
        MasterListSignature::Absent => None,
    };
    println!(
        "{}: {} certificates of {} countries, {} new; {}",
        path.display(),
        list.len(),
        countries.len(),
        new.len(),
        match (signer, trusted) {
            (Some(signer), true) => format!("signed by {signer}, issued by an anchor"),
            (Some(signer), false) => format!("signed by {signer}, whom nobody vouches for"),
            (None, _) => "a bare list: nobody signed it".to_owned(),
        }
    );
    for unreadable in list.unreadable() {
        eprintln!("rowcall: {}: not imported: {unreadable}", path.display());
    }
    let line = Provenance {
        imported: today().to_string(),
        list: path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        sha256: hex(&Sha256::digest(bytes)),
        signer,
        signer_trusted: trusted,
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
        .map_err(|e| at(&to, &e))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
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
