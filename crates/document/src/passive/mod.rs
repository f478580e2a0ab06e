//! Passive authentication (Doc 9303-11, 5): the chip's data against the signed
//! hashes, the signature against the signer, the signer against whom we trust.

mod signature;

use crate::chain::Context;
use crate::file::Part;
use crate::finding::Finding;
use crate::lds::{malformed, sod};
use crate::policy::Policy;
use rowcall_pki::ber::Reader;
use rowcall_pki::cms::{ID_DATA, SignedData};
use rowcall_pki::crypto::Hash;
use rowcall_words::document::Authenticity;
use rowcall_words::document::Verdict;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Contents of object identifier 2.23.136.1.1.1, ldsSecurityObject.
const LDS_SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];

/// Content types that states have written instead, while content, signature and
/// chain are as they should be.
const SEEN_INSTEAD: [(&[u8], &str); 3] = [
    (ID_DATA, "id-data"),
    // 1.3.27.1.1.1, of the PKI report of 2004: Belgium, France.
    (
        &[0x2b, 0x1b, 0x01, 0x01, 0x01],
        "that of ICAO's PKI report of 2004",
    ),
    // 1.2.528.1.1006.1.20.1: the Netherlands.
    (
        &[0x2a, 0x84, 0x10, 0x01, 0x87, 0x6e, 0x01, 0x14, 0x01],
        "a printer's own (Sdu)",
    ),
];
/// Content types of other things that issuers sign: master lists and deviation lists,
/// time stamps (2.23.136.1.1.2, 2.23.136.1.1.7, 1.2.840.113549.1.9.16.1.4).
const OF_SOMETHING_ELSE: [&[u8]; 3] = [
    &[0x67, 0x81, 0x08, 0x01, 0x01, 0x02],
    &[0x67, 0x81, 0x08, 0x01, 0x01, 0x07],
    &[
        0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04,
    ],
];

/// What came of it.
pub(crate) struct Outcome {
    pub authenticity: Authenticity,
    /// The signed hashes list, if it could be read: data group numbers.
    pub listed: Option<Vec<u8>>,
    /// The LDS version that was signed, such as `0108`.
    pub lds_version: Option<String>,
    /// Country of the trusted issuer.
    pub country: Option<String>,
    /// Document types that the signer may sign.
    pub document_types: Vec<String>,
}

impl Outcome {
    fn broken() -> Self {
        Self {
            authenticity: Authenticity::Broken,
            listed: None,
            lds_version: None,
            country: None,
            document_types: Vec::new(),
        }
    }
}

/// Checks EF.SOD and the data groups (number, file) that were presented.
pub(crate) fn check(
    sod_file: &Part,
    groups: &[(u8, &Part)],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Outcome {
    let file = sod_file.name.as_str();
    let Some(signed) = sod::signed_data(file, &sod_file.bytes, context.policy, findings) else {
        return Outcome::broken();
    };
    let content_type = check_content_type(file, &signed, context.policy, findings);
    let object = match sod::security_object(&signed.content, signed.content_offset) {
        Ok(object) => object,
        Err(e) => {
            findings.push(malformed(file, Clause::SecurityObject, e));
            return Outcome::broken();
        }
    };
    check_version(file, &object, findings);
    check_encoding(file, &sod_file.bytes, context.policy, findings);
    let hashes = check_groups(file, &object, groups, context.policy, findings);
    let mut outcome = signature::check(file, &signed, context, findings);
    outcome.listed = Some(object.groups.iter().map(|(n, _)| *n).collect());
    outcome.lds_version = object.lds_version;
    // Whatever the signature is worth, it says nothing about the data groups where their
    // hashes weren't checked, or where it isn't known what was signed.
    let is_open = hashes == Hashes::NotChecked || content_type == Verdict::Unsupported;
    outcome.authenticity = match outcome.authenticity {
        _ if hashes == Hashes::Wrong || content_type == Verdict::Invalid => Authenticity::Broken,
        Authenticity::Trusted | Authenticity::NotTrusted if is_open => Authenticity::NotChecked,
        authenticity => authenticity,
    };
    outcome
}

/// What became of the listed hashes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hashes {
    /// Each file that was presented is what was signed.
    Right,
    /// A file isn't what was signed, or isn't signed.
    Wrong,
    /// By an algorithm that isn't known here.
    NotChecked,
}

/// The signed data's encoding; chips have them in DER (Doc 9303-10, 4.6.2.2).
fn check_encoding(file: &str, bytes: &[u8], policy: &Policy, findings: &mut Vec<Finding>) {
    if Reader::new(bytes, 0).read().is_ok_and(|sod| !sod.is_der()) {
        findings.push(Finding::new(
            Code::EncodingNotDer,
            policy.ber_encoding.best(),
            format!("{file}: in BER, with lengths or strings that DER has otherwise"),
        ));
    }
}

fn check_version(file: &str, object: &sod::SecurityObject, findings: &mut Vec<Finding>) {
    if !object.others.is_empty() {
        let numbers: Vec<String> = object.others.iter().map(u32::to_string).collect();
        findings.push(Finding::warning(
            Code::DataGroupUnknown,
            format!(
                "{file}: lists data groups that the standard has not: {}",
                numbers.join(", ")
            ),
        ));
    }
    if !matches!(object.version, Some(0 | 1)) {
        let version = object
            .version
            .map_or("no number".to_owned(), |v| v.to_string());
        findings.push(Finding::warning(
            Code::SecurityObjectVersion,
            format!("{file}: the version of the list of hashes is {version}, neither 0 nor 1"),
        ));
    }
}

/// What is signed, by its own word; the best verdict that this allows.
fn check_content_type(
    file: &str,
    signed: &SignedData<'_>,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Verdict {
    if signed.content_type == LDS_SECURITY_OBJECT {
        return Verdict::Valid;
    }
    let seen = SEEN_INSTEAD
        .iter()
        .find(|(oid, _)| *oid == signed.content_type);
    let (best, what) = match seen {
        Some((_, what)) => (policy.content_type_data.best(), *what),
        None if OF_SOMETHING_ELSE.contains(&signed.content_type) => {
            (Verdict::Invalid, "that of something else")
        }
        None => (Verdict::Unsupported, "one that is not known"),
    };
    findings.push(Finding::new(
        Code::ContentType,
        best,
        format!("{file}: the content type is {what} instead of ldsSecurityObject"),
    ));
    best
}

/// Every listed hash against its file, and every file against the list.
fn check_groups(
    file: &str,
    object: &sod::SecurityObject,
    groups: &[(u8, &Part)],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Hashes {
    let Some(hash) = object.hash else {
        findings.push(
            Finding::new(
                Code::AlgorithmNotSupported,
                Verdict::Unsupported,
                format!("{file}: the data groups are hashed with an algorithm not known"),
            )
            .under(Clause::SecurityObject),
        );
        return Hashes::NotChecked;
    };
    if hash == Hash::Sha1 {
        findings.push(
            Finding::new(
                Code::WeakHash,
                policy.sha1.best(),
                format!("{file}: the data groups are hashed with SHA-1"),
            )
            .under(Clause::SecurityObject),
        );
    }
    let mut all_match = true;
    for (i, (number, expected)) in object.groups.iter().enumerate() {
        if let Some((_, other)) = object.groups[..i].iter().find(|(n, _)| n == number) {
            let (best, hashes) = if other == expected {
                (Verdict::ValidWithWarning, "the same hash")
            } else {
                all_match = false;
                (Verdict::Invalid, "two different hashes")
            };
            findings.push(Finding::new(
                Code::DataGroupListedTwice,
                best,
                format!("{file}: DG{number} is listed twice, with {hashes}"),
            ));
            continue;
        }
        match groups.iter().find(|(n, _)| n == number) {
            None => findings.push(Finding::warning(
                Code::DataGroupMissing,
                format!("{file}: DG{number} is listed and was not presented"),
            )),
            Some((_, part)) if is_hash_of(hash, expected, &part.bytes) => {}
            Some((_, part)) => {
                all_match = false;
                findings.push(Finding::invalid(
                    Code::DataGroupHashMismatch,
                    format!(
                        "{}: the data are not what was signed ({} differs)",
                        part.name,
                        hash.name()
                    ),
                ));
            }
        }
    }
    for (number, part) in groups {
        if object.groups.iter().any(|(n, _)| n == number) {
            continue;
        }
        // DG14 and DG15 hold keys, which are not used unless signed; what is
        // said about the holder must be.
        let best = if matches!(number, 14 | 15) {
            Verdict::ValidWithWarning
        } else {
            all_match = false;
            Verdict::Invalid
        };
        findings.push(Finding::new(
            Code::DataGroupNotSigned,
            best,
            format!("{}: DG{number} is not in the signed list", part.name),
        ));
    }
    if all_match {
        Hashes::Right
    } else {
        Hashes::Wrong
    }
}

/// The hash is over the file's one element; padding after it is not part.
fn is_hash_of(hash: Hash, expected: &[u8], bytes: &[u8]) -> bool {
    let element = Reader::new(bytes, 0).read().map_or(bytes, |tlv| tlv.raw);
    hash.digest(&[element]) == expected || hash.digest(&[bytes]) == expected
}
