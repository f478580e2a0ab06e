//! The files of a chip, judged together (Doc 9303-10, -11).

use jiff::civil::Date;

use crate::accompanying::Accompanying;
use crate::chain::Context;
use crate::document::{Details, VerifiedDocument};
use crate::exchange;
use crate::file::{Part, Role, find};
use crate::finding::{Finding, verdict_of};
use crate::lds::state::{self, Relation};
use crate::lds::{additional, com, dg1, dg2};
use crate::mrz::{Mrz, MrzOrigin};
use crate::passive::{self, Outcome};
use crate::policy::Policy;
use crate::portrait::PortraitSource;
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;
use rowcall_words::document::{Authenticity, Kind};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Reads chip files; `printed` is the MRZ of the page, if one was read.
pub(crate) fn read(
    kind: Kind,
    parts: &[Part],
    printed: Option<&Mrz>,
    trust: &TrustStore,
    policy: &Policy,
    at: Date,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let groups: Vec<(u8, &Part)> = parts
        .iter()
        .filter_map(|p| match p.role {
            Role::DataGroup(n) => Some((n, p)),
            _ => None,
        })
        .collect();
    let com = find(parts, Role::Com)
        .and_then(|part| com::read(&part.name, &part.bytes, policy, &mut findings));
    let mrz = read_dg1(parts, policy, at, &mut findings);
    let mut portrait = find(parts, Role::DataGroup(2)).and_then(|part| {
        let mut portraits = dg2::read(&part.name, &part.bytes, policy, &mut findings).into_iter();
        let first = portraits.next();
        if portraits.next().is_some() {
            findings.push(Finding::info(
                Code::SeveralPortraits,
                format!("{}: more than one face image; the first counts", part.name),
            ));
        }
        first
    });
    let mut details = Details::default();
    if let Some(com) = &com {
        details.lds_version.clone_from(&com.lds_version);
        details.data_groups.clone_from(&com.data_groups);
    }
    additional::read(&groups, policy, &mut details, &mut findings);

    let outcome = authenticate(parts, &groups, trust, policy, at, &mut findings);
    exchange::check(parts, &groups, &outcome, &mut findings);
    if let (Some(com), Some(listed)) = (&com, &outcome.listed) {
        check_com(&com.data_groups, listed, &mut findings);
    }
    if let Some(com) = &com {
        check_lds_version(com, outcome.lds_version.as_deref(), &mut findings);
    }
    if let Some(mrz) = &mrz {
        check_birth_date(mrz, &details, &mut findings);
        check_issuer(mrz, &outcome, policy, &mut findings);
        if let Some(printed) = printed {
            check_printed(mrz, printed, &mut findings);
        }
    }
    if outcome.authenticity == Authenticity::Trusted
        && let Some(portrait) = &mut portrait
        && outcome.listed.as_ref().is_some_and(|l| l.contains(&2))
    {
        portrait.source = if kind == Kind::Dtc {
            PortraitSource::SignedDtc
        } else {
            PortraitSource::SignedChip
        };
    }
    VerifiedDocument {
        kind,
        verdict: verdict_of(Verdict::Valid, &findings),
        authenticity: outcome.authenticity,
        findings,
        mrz: mrz.map(Box::new),
        portrait,
        details,
    }
}

fn read_dg1(parts: &[Part], policy: &Policy, at: Date, findings: &mut Vec<Finding>) -> Option<Mrz> {
    let Some(part) = find(parts, Role::DataGroup(1)) else {
        findings.push(
            Finding::new(
                Code::MrzMissing,
                Verdict::ValidWithWarning,
                "the chip files have no DG1, which every chip has",
            )
            .under(Clause::DataGroup1),
        );
        return None;
    };
    let mrz = dg1::read(&part.name, &part.bytes, policy, at, findings)?;
    findings.extend(mrz.findings(&part.name, MrzOrigin::Signed, policy, at));
    Some(mrz)
}

/// Passive authentication, or why there is none.
fn authenticate(
    parts: &[Part],
    groups: &[(u8, &Part)],
    trust: &TrustStore,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Outcome {
    let Some(sod) = find(parts, Role::Sod) else {
        findings.push(Finding::new(
            Code::SecurityObjectMissing,
            Verdict::Untrusted,
            "the chip files have no EF.SOD, so nothing in them is signed",
        ));
        return Outcome {
            authenticity: Authenticity::NotSigned,
            listed: None,
            lds_version: None,
            country: None,
            document_types: Vec::new(),
        };
    };
    let came = Accompanying::read(parts, findings);
    passive::check(
        sod,
        groups,
        &Context {
            trust,
            policy,
            at,
            certificates: &came.certificates,
            crls: &came.crls,
        },
        findings,
    )
}

/// EF.COM's list against the signed one, in both directions. EF.COM is not
/// signed, so a difference says little more than that there is one.
fn check_com(com: &[u8], listed: &[u8], findings: &mut Vec<Finding>) {
    for number in com.iter().filter(|n| !listed.contains(n)) {
        findings.push(Finding::warning(
            Code::ComListsUnsignedDataGroup,
            format!("EF.COM lists DG{number}, the security object does not"),
        ));
    }
    for number in listed.iter().filter(|n| !com.contains(n)) {
        findings.push(Finding::warning(
            Code::ComLacksDataGroup,
            format!("the security object lists DG{number}, EF.COM does not"),
        ));
    }
}

/// EF.COM's version of the LDS against the signed one, which LDS 1.8 has.
fn check_lds_version(com: &com::Com, signed: Option<&str>, findings: &mut Vec<Finding>) {
    if let (Some(own), Some(signed)) = (com.lds_version.as_deref(), signed)
        && own != signed
    {
        findings.push(Finding::warning(
            Code::LdsVersionDiffers,
            format!("EF.COM says LDS version {own}, the security object {signed}"),
        ));
    }
}

/// DG11's full date of birth against DG1's.
fn check_birth_date(mrz: &Mrz, details: &Details, findings: &mut Vec<Finding>) {
    let full = details
        .holder
        .as_ref()
        .and_then(|h| h.full_birth_date.as_deref());
    let Some(six) = full.and_then(|f| f.get(2..8)) else {
        return;
    };
    let known = mrz.birth_date().as_written();
    let contradicts = known
        .bytes()
        .zip(six.bytes())
        .any(|(a, b)| a != b'<' && b.is_ascii_digit() && b != b'0' && a != b);
    if contradicts {
        findings.push(Finding::warning(
            Code::Dg11BirthDateDiffers,
            "DG11 has another date of birth than DG1".to_owned(),
        ));
    }
}

/// The state in DG1 against the country of the issuer, and the document code
/// against what the signer may sign.
fn check_issuer(mrz: &Mrz, outcome: &Outcome, policy: &Policy, findings: &mut Vec<Finding>) {
    if let Some(country) = &outcome.country {
        findings.extend(issuing_state(mrz.issuing_state(), country, policy));
    }
    let types = &outcome.document_types;
    let code = mrz.document_code();
    let covered = |t: &String| {
        let t = t.trim_end_matches('<');
        t == code || (t.len() == 1 && code.starts_with(t))
    };
    if !types.is_empty() && !types.iter().any(covered) {
        findings.push(Finding::warning(
            Code::DocumentTypeNotListed,
            format!(
                "the signer's certificate is for {}, and DG1 is a {code}",
                types.join(", ")
            ),
        ));
    }
}

/// The fictional state of specimens (Doc 9303-3, 5).
const SPECIMEN: &str = "UTO";

/// What is wrong with the state in DG1 where a certificate of `country` vouches for it.
fn issuing_state(state: &str, country: &str, policy: &Policy) -> Option<Finding> {
    let (code, best, what) = match state::relation(state, country) {
        Relation::Same => return None,
        Relation::Dependent => (
            Code::IssuingStateDependent,
            policy.dependent_state.best(),
            format!("is a territory's of {country}, under whose authority it is signed"),
        ),
        Relation::Other if state == SPECIMEN => (
            Code::IssuingStateOfSpecimens,
            policy.specimen_state.best(),
            format!("is that of specimens, and {country} signed it (policy specimen_state)"),
        ),
        Relation::Other => (
            Code::IssuingStateDiffers,
            Verdict::Untrusted,
            format!("isn't that of the authority under which it is signed, {country}"),
        ),
        Relation::NoState => (
            Code::IssuingStateUnknown,
            Verdict::Untrusted,
            format!("is no code that has a country's certificate, and {country} signed it"),
        ),
    };
    let detail = format!("DG1's issuing state {state:?} {what}");
    Some(Finding::new(code, best, detail))
}

/// DG1 against the MRZ printed on the page.
fn check_printed(chip: &Mrz, printed: &Mrz, findings: &mut Vec<Finding>) {
    let differing: Vec<&str> = [
        (
            "document number",
            chip.document_number() != printed.document_number(),
        ),
        (
            "names",
            chip.primary_identifier() != printed.primary_identifier()
                || chip.secondary_identifier() != printed.secondary_identifier(),
        ),
        ("nationality", chip.nationality() != printed.nationality()),
        (
            "date of birth",
            chip.birth_date().as_written() != printed.birth_date().as_written(),
        ),
        ("sex", chip.sex() != printed.sex()),
        (
            "date of expiry",
            chip.expiry_date().as_written() != printed.expiry_date().as_written(),
        ),
        (
            "issuing state",
            chip.issuing_state() != printed.issuing_state(),
        ),
        (
            "document code",
            chip.document_code() != printed.document_code(),
        ),
        ("optional data", chip.lines().ne(printed.lines())),
    ]
    .into_iter()
    .filter_map(|(what, differs)| differs.then_some(what))
    .collect();
    if !differing.is_empty() {
        findings.push(Finding::invalid(
            Code::PrintedMrzDiffers,
            format!(
                "the printed MRZ is not the chip's: {} differ(s)",
                differing.join(", ")
            ),
        ));
    }
}
