//! From a folder's files to a judged document.

use jiff::civil::Date;

use crate::chip;
use crate::document::{Authenticity, Details, Kind, VerifiedDocument};
use crate::dtc;
use crate::file::{NamedFile, Part, Role, find};
use crate::finding::{Finding, Verdict, verdict_of};
use crate::lds;
use crate::mrz::{Mrz, MrzOrigin, split_lines};
use crate::pki::trust::TrustStore;
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource, probe};
use crate::seal;

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
    let mut parts = admit(files, &mut findings);
    recognise_lone_file(&mut parts);
    report_unrecognised(&parts, &mut findings);
    let chip = parts
        .iter()
        .any(|p| matches!(p.role, Role::Com | Role::Sod | Role::DataGroup(_)));
    let page = find(&parts, Role::MrzText).is_some() || find(&parts, Role::Portrait).is_some();
    if chip {
        let printed = printed_mrz(&parts, policy, at, &mut findings);
        return chip::read(
            Kind::Emrtd,
            &parts,
            printed.as_ref(),
            trust,
            policy,
            at,
            findings,
        );
    }
    if let Some(part) = find(&parts, Role::Dtc) {
        let printed = printed_mrz(&parts, policy, at, &mut findings);
        let inside = dtc::unpack(&part.name, &part.bytes, &mut findings);
        return chip::read(
            Kind::Dtc,
            &inside,
            printed.as_ref(),
            trust,
            policy,
            at,
            findings,
        );
    }
    match find(&parts, Role::Seal) {
        Some(part) => {
            let context = seal::Context {
                file: &part.name,
                trust,
                policy,
                at,
            };
            if page {
                sealed_page(&parts, &part.bytes, &context, findings)
            } else {
                seal::document(&part.bytes, &context, findings)
            }
        }
        None => printed_page(&parts, policy, at, findings),
    }
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
        Some(0x60) => Role::Com,
        Some(0x77) => Role::Sod,
        _ if seal::kind_of(&part.bytes).is_some() => Role::Seal,
        _ if probe(&part.bytes).is_some() => Role::Portrait,
        _ if looks_like_mrz() => Role::MrzText,
        Some(tag) if part.bytes.len() > 4 => match lds::data_group_of_tag(*tag) {
            Some(number) => Role::DataGroup(number),
            None => Role::Other,
        },
        _ => Role::Other,
    };
}

fn report_unrecognised(parts: &[Part], findings: &mut Vec<Finding>) {
    for part in parts.iter().filter(|p| p.role == Role::Other) {
        findings.push(Finding::info(
            "file-not-recognised",
            "",
            format!("{}: not a file that is read here", part.name),
        ));
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
fn printed_page(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
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
        details: Details::default(),
    }
}

/// A printed page with a seal on it: the seal vouches for the data that it
/// repeats, not for the picture (Doc 9303-13, 1).
fn sealed_page(
    parts: &[Part],
    bytes: &[u8],
    context: &seal::Context<'_>,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let printed = printed_mrz(parts, context.policy, context.at, &mut findings);
    let mut portrait = printed_portrait(parts, &mut findings);
    let seal = seal::read(bytes, context, &mut findings);
    let sealed = seal
        .as_ref()
        .and_then(|s| seal::mrz(s, context, &mut findings));
    let mut confirmed = false;
    match (&printed, &sealed) {
        (Some(printed), Some(sealed)) if same_holder(printed, sealed) => confirmed = true,
        (Some(_), Some(_)) => findings.push(Finding::invalid(
            "printed-mrz-differs",
            "Doc 9303-13, 3",
            "the printed MRZ is not the seal's".to_owned(),
        )),
        _ => findings.push(Finding::new(
            "seal-confirms-nothing",
            Verdict::Unsigned,
            "Doc 9303-13, 3",
            "there is no MRZ on both the page and the seal to compare".to_owned(),
        )),
    }
    let authenticity = seal
        .as_ref()
        .map_or(Authenticity::Broken, |s| s.authenticity);
    if confirmed
        && authenticity == Authenticity::Trusted
        && let Some(portrait) = &mut portrait
    {
        portrait.source = PortraitSource::SealConfirmedPage;
    }
    VerifiedDocument {
        kind: seal.map_or(Kind::Page, |s| s.kind),
        verdict: verdict_of(Verdict::Valid, &findings),
        authenticity,
        findings,
        mrz: printed.or(sealed),
        portrait,
        details: Details::default(),
    }
}

/// Whether two zones are of one document. A seal leaves out a visa's optional
/// data, so that is not compared.
fn same_holder(a: &Mrz, b: &Mrz) -> bool {
    a.document_number() == b.document_number()
        && a.primary_identifier() == b.primary_identifier()
        && a.secondary_identifier() == b.secondary_identifier()
        && a.birth_date().as_written() == b.birth_date().as_written()
        && a.expiry_date().as_written() == b.expiry_date().as_written()
        && a.nationality() == b.nationality()
        && a.issuing_state() == b.issuing_state()
}
