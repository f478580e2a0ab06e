//! Passive authentication (Doc 9303-11, 5): the chip's data against the signed
//! hashes, the signature against the signer, the signer against whom we trust.

mod signature;

use crate::chain::Context;
use crate::document::Authenticity;
use crate::file::Part;
use crate::finding::{Finding, Verdict};
use crate::lds::{malformed, sod};
use crate::policy::Policy;
use rowcall_pki::ber::Reader;
use rowcall_pki::cms::{ID_DATA, SignedData};
use rowcall_pki::crypto::Hash;

const CLAUSE: &str = "Doc 9303-11, 5.1";
/// Contents of object identifier 2.23.136.1.1.1, ldsSecurityObject.
const LDS_SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];

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
    check_content_type(file, &signed, context.policy, findings);
    let object = match sod::security_object(&signed.content, signed.content_offset) {
        Ok(object) => object,
        Err(e) => {
            findings.push(malformed(file, "Doc 9303-10, 4.6.2", e));
            return Outcome::broken();
        }
    };
    check_version(file, &object, findings);
    let hashes_match = check_groups(file, &object, groups, context.policy, findings);
    let mut outcome = signature::check(file, &signed, context, findings);
    outcome.listed = Some(object.groups.iter().map(|(n, _)| *n).collect());
    outcome.lds_version = object.lds_version;
    if !hashes_match {
        outcome.authenticity = Authenticity::Broken;
    }
    outcome
}

fn check_version(file: &str, object: &sod::SecurityObject, findings: &mut Vec<Finding>) {
    if !matches!(object.version, Some(0 | 1)) {
        let version = object
            .version
            .map_or("no number".to_owned(), |v| v.to_string());
        findings.push(Finding::warning(
            "security-object-version",
            "Doc 9303-10, 4.6.2.3",
            format!("{file}: the version of the list of hashes is {version}, neither 0 nor 1"),
        ));
    }
}

fn check_content_type(
    file: &str,
    signed: &SignedData<'_>,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) {
    if signed.content_type == LDS_SECURITY_OBJECT {
        return;
    }
    let (best, what) = if signed.content_type == ID_DATA {
        (policy.content_type_data.best(), "id-data")
    } else {
        (Verdict::Invalid, "something else")
    };
    findings.push(Finding::new(
        "content-type",
        best,
        "Doc 9303-10, 4.6.2",
        format!("{file}: the content type is {what} instead of ldsSecurityObject"),
    ));
}

/// Every listed hash against its file, and every file against the list.
/// `false` if the data are not what was signed.
fn check_groups(
    file: &str,
    object: &sod::SecurityObject,
    groups: &[(u8, &Part)],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> bool {
    const HASHES: &str = "Doc 9303-10, 4.6.2";
    let Some(hash) = object.hash else {
        findings.push(Finding::new(
            "algorithm-not-supported",
            Verdict::Unsupported,
            HASHES,
            format!("{file}: the data groups are hashed with an algorithm not known"),
        ));
        return true;
    };
    if hash == Hash::Sha1 {
        findings.push(Finding::new(
            "weak-hash",
            policy.sha1.best(),
            HASHES,
            format!("{file}: the data groups are hashed with SHA-1"),
        ));
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
                "data-group-listed-twice",
                best,
                HASHES,
                format!("{file}: DG{number} is listed twice, with {hashes}"),
            ));
            continue;
        }
        match groups.iter().find(|(n, _)| n == number) {
            None => findings.push(Finding::warning(
                "data-group-missing",
                HASHES,
                format!("{file}: DG{number} is listed and was not presented"),
            )),
            Some((_, part)) if is_hash_of(hash, expected, &part.bytes) => {}
            Some((_, part)) => {
                all_match = false;
                findings.push(Finding::invalid(
                    "data-group-hash-mismatch",
                    CLAUSE,
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
            "data-group-not-signed",
            best,
            CLAUSE,
            format!("{}: DG{number} is not in the signed list", part.name),
        ));
    }
    all_match
}

/// The hash is over the file's one element; padding after it is not part.
fn is_hash_of(hash: Hash, expected: &[u8], bytes: &[u8]) -> bool {
    let element = Reader::new(bytes, 0).read().map_or(bytes, |tlv| tlv.raw);
    hash.digest(&[element]) == expected || hash.digest(&[bytes]) == expected
}
