//! From a folder's files to a judged document.

use jiff::civil::Date;

use rowcall_picture::{ImageFormat, Limits, probe};

use crate::accompanying::Accompanying;
use crate::chip;
use crate::document::VerifiedDocument;
use crate::draft::{Draft, FaceFinder, NoFaces};
use crate::dtc;
use crate::exchange;
use crate::file::{NamedFile, Part, Role, find};
use crate::finding::Finding;
use crate::lds::{self, dg2};
use crate::mrz::split_lines;
use crate::policy::Policy;
use crate::printed;
use crate::seal;
use rowcall_pki::master_list::MasterList;
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Kind;
use rowcall_words::finding::code::Code;

/// More files than any document's folder has.
const MOST_FILES: usize = 64;
/// Longer than any chip's file; the largest seen are below 200 kB.
const LONGEST_FILE: usize = 16 << 20;
/// As long as a photograph of 48 million pixels is.
const LONGEST_PICTURE: usize = Limits::PAGE.max_bytes;

/// Reads the files of one presented document and judges them on the day `at`.
/// It never fails: whatever is wrong, also with every file at once, is a
/// finding, and the verdict says what that makes of the document. No face is
/// looked for on its pages: a portrait is the chip's, or a file of its own.
pub fn read(
    files: Vec<NamedFile>,
    trust: &TrustStore,
    policy: &Policy,
    at: Date,
) -> VerifiedDocument {
    let Ok(document) = read_with_faces(files, &NoFaces, trust, policy, at);
    document
}

/// As [`read`], with the portrait on a picture of the page, where the document has no other.
///
/// # Errors
/// The finder's own fault; whatever is wrong with the document is a finding.
pub fn read_with_faces<F: FaceFinder>(
    files: Vec<NamedFile>,
    faces: &F,
    trust: &TrustStore,
    policy: &Policy,
    at: Date,
) -> Result<VerifiedDocument, F::Error> {
    draft(files, trust, policy, at).finish(faces)
}

/// The document without a portrait from its pages.
fn draft(files: Vec<NamedFile>, trust: &TrustStore, policy: &Policy, at: Date) -> Draft {
    let mut findings = Vec::new();
    let mut parts = admit(files, &mut findings);
    recognise_lone_file(&mut parts);
    report_trust_file(&parts, &mut findings);
    report_unrecognised(&parts, &mut findings);
    let chip = parts
        .iter()
        .any(|p| matches!(p.role, Role::Com | Role::Sod | Role::DataGroup(_)));
    if !chip {
        exchange::report_without_chip(&parts, &mut findings);
    }
    let page = printed::recognise(&parts, at, &mut findings);
    if chip {
        let printed = printed::mrz(&parts, &page, policy, at, &mut findings);
        let document = chip::read(
            Kind::Emrtd,
            &parts,
            printed.as_ref(),
            trust,
            policy,
            at,
            findings,
        );
        return Draft::from(document).with_pages(page.pictures);
    }
    if let Some(part) = find(&parts, Role::FaceBlock) {
        let mut faces = dg2::lone_block(&part.name, &part.bytes, policy, &mut findings);
        let mut document = chip::read(Kind::Emrtd, &[], None, trust, policy, at, findings);
        document.portrait = (!faces.is_empty()).then(|| faces.swap_remove(0));
        return document.into();
    }
    if let Some(part) = find(&parts, Role::Dtc) {
        let printed = printed::mrz(&parts, &page, policy, at, &mut findings);
        let inside = dtc::unpack(&part.name, &part.bytes, &mut findings);
        let document = chip::read(
            Kind::Dtc,
            &inside,
            printed.as_ref(),
            trust,
            policy,
            at,
            findings,
        );
        return document.into();
    }
    let seal = match find(&parts, Role::Seal) {
        Some(part) => Some((part.name.clone(), part.bytes.to_vec())),
        // A seal may also be printed on the page that was pictured.
        None => page.seal.clone(),
    };
    let draft = match seal {
        Some((name, bytes)) => {
            let beside = Accompanying::read(&parts, &mut findings);
            let context = seal::Context {
                file: &name,
                trust,
                policy,
                at,
                certificates: &beside.certificates,
                crls: &beside.crls,
            };
            if printed::is_there(&parts, &page) {
                printed::sealed_page(&parts, &page, &bytes, &context, findings)
            } else {
                seal::document(&bytes, &context, findings).into()
            }
        }
        None => printed::page(&parts, &page, policy, at, findings).into(),
    };
    draft.with_pages(page.pictures)
}

/// A file presented by itself may have any name: what it begins with decides.
fn recognise_lone_file(parts: &mut [Part]) {
    let [part] = parts else { return };
    if part.role != Role::Other {
        return;
    }
    let looks_like_mrz = || {
        std::str::from_utf8(&part.bytes).is_ok_and(|text| {
            let lines = split_lines(text);
            (1..=3).contains(&lines.len()) && lines.iter().all(|l| l.contains('<'))
        })
    };
    part.role = match part.bytes.first() {
        _ if part.name.to_ascii_lowercase().ends_with(".txt") => Role::MrzText,
        Some(0x60) => Role::Com,
        Some(0x77) => Role::Sod,
        _ if seal::kind_of(&part.bytes).is_some() => Role::Seal,
        _ if dg2::is_block(&part.bytes) => Role::FaceBlock,
        _ if probe(&part.bytes).is_some() => picture_role(&part.bytes),
        _ if rowcall_picture::foreign_format(&part.bytes).is_some() => Role::Page,
        _ if looks_like_mrz() => Role::MrzText,
        Some(tag) if part.bytes.len() > 4 => match lds::data_group_of_tag(*tag) {
            Some(number) => Role::DataGroup(number),
            None => Role::Other,
        },
        _ => Role::Other,
    };
}

/// A certificate, a revocation list or a master list in a document's place, which is
/// likely a wrong argument.
fn report_trust_file(parts: &[Part], findings: &mut Vec<Finding>) {
    let [part] = parts else { return };
    let encoded = part.bytes.starts_with(b"0") || part.bytes.starts_with(b"-----BEGIN");
    if !encoded || !matches!(part.role, Role::Other | Role::Dsc | Role::Crl) {
        return;
    }
    let files = [(part.name.as_str(), part.bytes.to_vec())];
    let (store, _) = TrustStore::from_files(files);
    let (what, to) = if store.revocation_lists() > 0 {
        ("a revocation list", "--crl")
    } else if MasterList::read(&part.bytes).is_ok() {
        ("a master list", "--trust")
    } else if !store.is_empty() {
        ("a certificate", "--trust")
    } else {
        return;
    };
    findings.push(Finding::invalid(
        Code::NotADocument,
        format!(
            "{}: {what}, by which documents are judged and which is none: give it with {to}",
            part.name
        ),
    ));
}

/// JPEG 2000 is how chips have portraits; scanners give pages as JPEG or PNG.
fn picture_role(picture: &[u8]) -> Role {
    match probe(picture).map(|p| p.format) {
        Some(ImageFormat::Jp2 | ImageFormat::J2k) => Role::Portrait,
        _ => Role::Page,
    }
}

fn report_unrecognised(parts: &[Part], findings: &mut Vec<Finding>) {
    for part in parts.iter().filter(|p| p.role == Role::Other) {
        findings.push(Finding::info(
            Code::FileNotRecognised,
            format!("{}: not a file that is read here", part.name),
        ));
    }
}

fn longest(role: Role) -> usize {
    match role {
        Role::Portrait | Role::Page | Role::PageBack => LONGEST_PICTURE,
        _ => LONGEST_FILE,
    }
}

/// What a reader left instead of a chip's file that the chip would not give, as it
/// does with fingerprints (Doc 9303-11, 7): nothing, or the chip's refusal.
fn not_read_by_reader(part: &Part) -> Option<&'static str> {
    if !matches!(part.role, Role::Com | Role::Sod | Role::DataGroup(_)) {
        return None;
    }
    match part.bytes[..] {
        [] => Some("the file is empty"),
        // ISO/IEC 7816-4, 5.6: security status, not found, wrong parameters and others.
        [0x69, 0x82 | 0x85..=0x88] | [0x6a, 0x81..=0x88] | [0x6d..=0x6f, 0x00] => {
            Some("it holds the chip's refusal, a status word")
        }
        _ => None,
    }
}

/// Takes over the files, as far as number and size make sense.
fn admit(files: Vec<NamedFile>, findings: &mut Vec<Finding>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for file in files {
        let part = Part::from(file);
        if let Some(what) = not_read_by_reader(&part) {
            findings.push(Finding::warning(
                Code::ChipFileNotRead,
                format!("{}: {what}; it counts as not presented", part.name),
            ));
            continue;
        }
        let problem = if parts.len() >= MOST_FILES {
            Some((Code::TooManyFiles, "more files than a document has"))
        } else if part.bytes.len() > longest(part.role) {
            Some((
                Code::FileTooLarge,
                "larger than 16 MiB, or than 32 MiB of a picture",
            ))
        } else if !matches!(part.role, Role::Other | Role::Crl | Role::Dsc)
            && parts.iter().any(|p| p.role == part.role)
        {
            Some((Code::DuplicateFile, "a second file of the same kind"))
        } else {
            None
        };
        match problem {
            None => parts.push(part),
            Some((code, why)) => findings.push(Finding::invalid(
                code,
                format!("{}: not read: {why}", part.name),
            )),
        }
    }
    parts
}
