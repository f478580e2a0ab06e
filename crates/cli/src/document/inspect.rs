//! `rowcall document inspect`.

use std::cell::{Cell, OnceCell};
use std::convert::Infallible;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use rowcall_document::{
    Details, FaceBox, FaceFinder, Finding, Mrz, NamedFile, PagePicture, PageView, Policy, Portrait,
    VerifiedDocument,
};
use rowcall_face::{Detector, Worker};
use rowcall_pipeline::{models, page::PageFaces, trust};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::{Authenticity, Kind};
use serde::Serialize;

use super::table;
use crate::{argument::look, failure::Failure, output, plain, private};

#[derive(Args)]
pub(super) struct Arguments {
    /// Folders or files, one document each.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Folder of trusted issuers: certificates, master lists, revocation
    /// lists. May be given several times.
    #[arg(long = "trust", value_name = "DIR")]
    trust: Vec<PathBuf>,
    /// Folder of certificate revocation lists.
    #[arg(long, value_name = "DIR")]
    crl: Vec<PathBuf>,
    /// The day of the check; today (UTC) if not given.
    #[arg(long, value_name = "DATE", value_parser = crate::argument::date)]
    at: Option<Date>,
    /// One JSON object per path, one per line, and nothing else on stdout.
    #[arg(long)]
    json: bool,
    /// Folder to save the portraits to, as evaluation material.
    #[arg(long, value_name = "DIR")]
    portraits: Option<PathBuf>,
}

/// The document crate reads 64 files of 16 MiB; one more of each lets it say
/// that there are too many or that one is too large.
const MOST_FILES: usize = 65;
const LONGEST_FILE: u64 = 16 << 20;

/// One line of the JSON output.
#[derive(Serialize)]
struct Report<'a> {
    path: String,
    kind: &'static str,
    verdict: &'static str,
    authenticity: Authenticity,
    findings: &'a [Finding],
    mrz: Option<&'a Mrz>,
    portrait: Option<&'a Portrait>,
    /// What a chip or a seal says besides; only for these and for credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a Details>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut failed = false;
    let mut complain = |message: String| {
        plain::complain(&message);
        failed = true;
    };
    look("--trust", &arguments.trust)?;
    look("--crl", &arguments.crl)?;
    let trust = load_trust(arguments)?;
    let at = arguments.at.unwrap_or_else(trust::today);
    let policy = Policy::for_inspection();
    let faces = Faces::default();
    for path in &arguments.paths {
        let files = match presented(path) {
            Ok(files) => files,
            Err(e) => {
                complain(format!("{}: {e}", path.display()));
                continue;
            }
        };
        let Ok(document) = rowcall_document::read_with_faces(files, &faces, &trust, &policy, at);
        if let Some((page, why)) = faces.fault.take() {
            plain::complain(&format!(
                "{}: no portrait is cut out of {page}: {why}",
                path.display()
            ));
        }
        print(path, &document, arguments.json)?;
        if let (Some(to), Some(portrait)) = (&arguments.portraits, document.portrait())
            && let Err(e) = save(to, path, portrait)
        {
            complain(format!("{}: {e}", to.display()));
        }
    }
    match failed {
        true => Err(Failure::Told),
        false => Ok(ExitCode::SUCCESS),
    }
}

/// The face detector, loaded when the first page needs it. A document is shown without it,
/// too.
#[derive(Default)]
struct Faces {
    detector: OnceCell<Detector>,
    worker: Worker,
    /// The page on which no face could be looked for, and why.
    fault: Cell<Option<(String, String)>>,
}

impl Faces {
    fn look(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Failure> {
        let detector = match self.detector.get() {
            Some(detector) => detector,
            None => {
                let loaded = models::detector(&models::folder(None)?)?;
                self.detector.get_or_init(|| loaded)
            }
        };
        let faces = PageFaces {
            detector,
            worker: &self.worker,
        };
        faces.face(page).map_err(|e| Failure::new(e.to_string()))
    }
}

impl FaceFinder for Faces {
    type Error = Infallible;

    fn face(&self, page: &PagePicture) -> Result<Option<(PageView, FaceBox)>, Infallible> {
        Ok(self.look(page).unwrap_or_else(|why| {
            self.fault
                .set(Some((page.file().to_owned(), why.to_string())));
            None
        }))
    }
}

fn load_trust(arguments: &Arguments) -> Result<TrustStore, Failure> {
    let (store, unreadable) = trust::load_store(&arguments.trust, &arguments.crl)?;
    for file in unreadable {
        plain::complain(&format!("{}: not used: {}", file.name, file.why));
    }
    Ok(store)
}

/// The files of one document: a folder's, without its subfolders, or one file.
fn presented(path: &Path) -> std::io::Result<Vec<NamedFile>> {
    if !path.is_dir() {
        return Ok(vec![named(path)?]);
    }
    let mut paths = Vec::new();
    let mut has_folders = false;
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        has_folders |= path.is_dir();
        // A pipe or a device may never end.
        if path.is_file() {
            paths.push(path);
        } else if let Some(what) = no_file(&path) {
            plain::complain(&format!("{}: skipped: {what}", path.display()));
        }
    }
    if paths.is_empty() && has_folders {
        return Err(std::io::Error::other(format!(
            "it holds folders and no file: each document is named by itself, as in {}",
            path.join("*").display()
        )));
    }
    paths.sort();
    paths.iter().take(MOST_FILES).map(|p| named(p)).collect()
}

/// What something is that has a file's name and is none.
fn no_file(path: &Path) -> Option<&'static str> {
    if path.is_dir() {
        // Other subfolders are the user's own.
        path.extension().map(|_| "it is a folder, not a file")
    } else if path.exists() {
        Some("it is neither a file nor a folder")
    } else {
        Some("it is a link that leads nowhere")
    }
}

fn named(path: &Path) -> std::io::Result<NamedFile> {
    Ok(NamedFile {
        name: path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        bytes: read_beginning(path)?,
    })
}

/// A file's bytes, or as many as tell that it is too large.
fn read_beginning(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(LONGEST_FILE + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn print(path: &Path, document: &VerifiedDocument, json: bool) -> Result<(), Failure> {
    if !json {
        return output::print(&table::render(path, document));
    }
    let report = Report {
        path: path.display().to_string(),
        kind: document.kind().as_str(),
        verdict: document.verdict().as_str(),
        authenticity: document.authenticity(),
        findings: document.findings(),
        mrz: document.mrz(),
        portrait: document.portrait(),
        details: (matches!(document.kind(), Kind::Emrtd | Kind::Dtc)
            || document.details().seal.is_some())
        .then(|| document.details()),
    };
    output::result(&report)
}

/// Saves a portrait under a name that says what it is.
fn save(to: &Path, path: &Path, portrait: &Portrait) -> std::io::Result<()> {
    private::make_folder(to)?;
    let stem: String = path
        .display()
        .to_string()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let extension = portrait.format().extension();
    // Two paths may be alike in letters and digits: nobody's picture takes the place of
    // another's. One that is there already stays.
    let names = (1_u32..).map(|n| match n {
        1 => format!("evaluation-{stem}.{extension}"),
        _ => format!("evaluation-{stem}-{n}.{extension}"),
    });
    for name in names {
        let file = to.join(name);
        match private::write_new(&file, portrait.encoded()) {
            Ok(()) => return Ok(()),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                if std::fs::read(&file).is_ok_and(|bytes| bytes == portrait.encoded()) {
                    break;
                }
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
