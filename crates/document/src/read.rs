//! From a folder's files to a judged document.

use jiff::civil::Date;

use crate::chip;
use crate::document::{Authenticity, Kind, VerifiedDocument};
use crate::file::{NamedFile, Part, Role, find};
use crate::finding::{Finding, Verdict, verdict_of};
use crate::mrz::{Mrz, MrzOrigin, split_lines};
use crate::pki::trust::TrustStore;
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource, probe};

/// More files than any document's folder has.
const MOST_FILES: usize = 64;
/// Longer than any chip's file; the largest seen are below 200 kB.
const LONGEST_FILE: usize = 16 << 20;

/// Reads the files of one presented document and judges them on the day `at`.
/// It never fails: whatever is wrong, also with every file at once, is a
/// finding, and the verdict says what that makes of the document.
pub fn read(
    files: Vec<NamedFile>,
    trust: &TrustStore,
    policy: &Policy,
    at: Date,
) -> VerifiedDocument {
    let mut findings = Vec::new();
    let parts = admit(files, &mut findings);
    let chip = parts
        .iter()
        .any(|p| matches!(p.role, Role::Com | Role::Sod | Role::DataGroup(_)));
    if chip {
        let printed = printed_mrz(&parts, policy, at, &mut findings);
        chip::read(&parts, printed.as_ref(), trust, policy, at, findings)
    } else {
        page(&parts, policy, at, findings)
    }
}

/// Takes over the files, as far as number and size make sense.
fn admit(files: Vec<NamedFile>, findings: &mut Vec<Finding>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for file in files {
        let part = Part::from(file);
        let problem = if parts.len() >= MOST_FILES {
            Some(("too-many-files", "more files than a document has"))
        } else if part.bytes.len() > LONGEST_FILE {
            Some(("file-too-large", "larger than 16 MiB"))
        } else if !matches!(part.role, Role::Other | Role::Crl | Role::Dsc)
            && parts.iter().any(|p| p.role == part.role)
        {
            Some(("duplicate-file", "a second file of the same kind"))
        } else {
            None
        };
        match problem {
            None => parts.push(part),
            Some((code, why)) => findings.push(Finding::invalid(
                code,
                "Doc 9303-10, 4",
                format!("{}: not read: {why}", part.name),
            )),
        }
    }
    for part in parts.iter().filter(|p| p.role == Role::Other) {
        findings.push(Finding::info(
            "file-not-recognised",
            "",
            format!("{}: not a file that is read here", part.name),
        ));
    }
    parts
}

/// The printed MRZ in `mrz.txt`.
fn printed_mrz(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let part = find(parts, Role::MrzText)?;
    let text = String::from_utf8_lossy(&part.bytes);
    match Mrz::parse(&split_lines(&text), at) {
        Ok(mrz) => {
            findings.extend(mrz.findings(&part.name, MrzOrigin::Printed, policy, at));
            Some(mrz)
        }
        Err(defect) => {
            findings.push(defect.finding(&part.name));
            None
        }
    }
}

/// The portrait file of a printed page.
fn printed_portrait(parts: &[Part], findings: &mut Vec<Finding>) -> Option<Portrait> {
    let part = find(parts, Role::Portrait)?;
    let Some(header) = probe(&part.bytes) else {
        findings.push(Finding::warning(
            "portrait-unreadable",
            "Doc 9303-3, 3.9",
            format!(
                "{}: neither JPEG, PNG nor JPEG 2000, or its header is cut",
                part.name
            ),
        ));
        return None;
    };
    Some(Portrait {
        format: header.format,
        width: header.width,
        height: header.height,
        encoding: PortraitEncoding::Image,
        source: PortraitSource::PrintedPage,
        encoded: part.bytes.clone(),
    })
}

/// A printed page: an MRZ and a portrait, neither signed.
fn page(parts: &[Part], policy: &Policy, at: Date, mut findings: Vec<Finding>) -> VerifiedDocument {
    let mrz = printed_mrz(parts, policy, at, &mut findings);
    let portrait = printed_portrait(parts, &mut findings);
    if find(parts, Role::MrzText).is_none() {
        findings.push(Finding::invalid(
            "mrz-missing",
            "Doc 9303-3, 4",
            "the document has no machine readable zone (mrz.txt) and no chip files",
        ));
    }
    VerifiedDocument {
        kind: if find(parts, Role::Portrait).is_none() && find(parts, Role::MrzText).is_some() {
            Kind::Mrz
        } else {
            Kind::Page
        },
        verdict: verdict_of(Verdict::Unsigned, &findings),
        authenticity: Authenticity::NotSigned,
        findings,
        mrz,
        portrait,
    }
}
