//! Passive authentication (Doc 9303-11, 5): the chip's data against the signed
//! hashes, the signature against the signer, the signer against whom we trust.

use crate::ber::Reader;
use crate::crypto::{Hash, VerifyError};
use crate::document::Authenticity;
use crate::file::Part;
use crate::finding::{Finding, Verdict};
use crate::lds::{malformed, sod};
use crate::pki::Certificate;
use crate::pki::chain::{self, Chain, Context, Signed, weak};
use crate::pki::cms::{ID_DATA, MessageDigest, SignedData};
use crate::policy::Policy;

const CLAUSE: &str = "Doc 9303-11, 5.1";
/// Contents of object identifier 2.23.136.1.1.1, ldsSecurityObject.
const LDS_SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];

/// What came of it.
pub(crate) struct Outcome {
    pub authenticity: Authenticity,
    /// The signed hashes list, if it could be read: data group numbers.
    pub listed: Option<Vec<u8>>,
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
    let hashes_match = check_groups(file, &object, groups, context.policy, findings);
    let mut outcome = check_signature(file, &signed, context, findings);
    outcome.listed = Some(object.groups.iter().map(|(n, _)| *n).collect());
    if !hashes_match {
        outcome.authenticity = Authenticity::Broken;
    }
    outcome
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

/// The signature, its certificate and whom that leads to.
fn check_signature(
    file: &str,
    signed: &SignedData<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Outcome {
    let mut certificates: Vec<Certificate> = Vec::new();
    for der in &signed.certificates {
        match Certificate::read(der) {
            Ok(certificate) => certificates.push(certificate),
            Err(e) => findings.push(Finding::warning(
                "embedded-certificate-unreadable",
                CLAUSE,
                format!("{file}: an embedded certificate cannot be read: {e}"),
            )),
        }
    }
    certificates.extend(context.certificates.iter().cloned());
    certificates.extend(
        context
            .trust
            .all()
            .filter(|c| signed.signers.iter().any(|s| s.names(c)))
            .cloned(),
    );
    let Some(signer) = signed.signers.first() else {
        findings.push(Finding::invalid(
            "not-signed",
            "Doc 9303-10, 4.6.2",
            format!("{file}: nobody signed it"),
        ));
        return Outcome::broken();
    };
    if signed.signers.len() > 1 {
        findings.push(Finding::warning(
            "several-signers",
            "Doc 9303-10, 4.6.2",
            format!(
                "{file}: {} signers where one is allowed; the first counts",
                signed.signers.len()
            ),
        ));
    }
    let Some(certificate) = certificates.iter().find(|c| signer.names(c)) else {
        findings.push(Finding::new(
            "signer-certificate-missing",
            Verdict::Untrusted,
            CLAUSE,
            format!(
                "{file}: the signer at offset {} is named, and its certificate is neither in the file nor beside it",
                signer.offset
            ),
        ));
        return Outcome {
            authenticity: Authenticity::NotTrusted,
            ..Outcome::broken()
        };
    };
    let outcome = match signer.verify(signed.content_type, &signed.content, certificate) {
        Ok(outcome) => outcome,
        Err(e) => {
            findings.push(malformed(file, "RFC 5652, 5.3", e));
            return Outcome::broken();
        }
    };
    let mut good = true;
    match outcome.digest {
        MessageDigest::Match => {}
        MessageDigest::NoAttributes => findings.push(Finding::new(
            "no-signed-attributes",
            context.policy.no_signed_attributes.best(),
            "RFC 5652, 5.3",
            format!("{file}: no signed attributes; the signature is directly over the content"),
        )),
        MessageDigest::Mismatch => {
            good = false;
            findings.push(Finding::invalid(
                "message-digest-mismatch",
                "RFC 5652, 11.2",
                format!("{file}: the signed digest does not match the list of hashes"),
            ));
        }
        MessageDigest::Absent => {
            good = false;
            findings.push(Finding::invalid(
                "message-digest-missing",
                "RFC 5652, 11.2",
                format!("{file}: the signed attributes have no digest, so the list of hashes is not signed"),
            ));
        }
    }
    if outcome.content_type_differs {
        findings.push(Finding::warning(
            "content-type-attribute",
            "RFC 5652, 11.1",
            format!("{file}: the signed content type differs from the content's"),
        ));
    }
    if outcome.signed_sorted {
        findings.push(Finding::new(
            "signed-attributes-unsorted",
            context.policy.unsorted_attributes.best(),
            "RFC 5652, 5.4",
            format!("{file}: the signed attributes stand out of DER order and were signed in it"),
        ));
    }
    match outcome.signature {
        Ok(()) => {}
        Err(VerifyError::Unsupported(what)) => {
            findings.push(Finding::new(
                "algorithm-not-supported",
                Verdict::Unsupported,
                CLAUSE,
                format!("{file}: the signature uses {what}"),
            ));
            return Outcome {
                authenticity: Authenticity::NotChecked,
                ..Outcome::broken()
            };
        }
        Err(VerifyError::Wrong | VerifyError::BadKey) => {
            good = false;
            findings.push(Finding::invalid(
                "signature-wrong",
                CLAUSE,
                format!(
                    "{file}: the {} signature by {} is wrong",
                    signer.algorithm.map_or("", |a| a.name()),
                    certificate.shown()
                ),
            ));
        }
    }
    let hash = signer.algorithm.and_then(|a| a.hash(signer.digest));
    weak(
        file,
        "the signature",
        &certificate.key,
        hash,
        context.policy,
        findings,
    );
    let chain = chain::follow(
        file,
        certificate,
        Signed::Chip,
        &Context {
            certificates: &certificates,
            ..*context
        },
        findings,
    );
    let (authenticity, country) = match chain {
        Chain::Trusted(csca) => (Authenticity::Trusted, Some(csca.subject.country.clone())),
        Chain::NotTrusted => (Authenticity::NotTrusted, None),
        Chain::Broken => (Authenticity::Broken, None),
    };
    Outcome {
        authenticity: if good {
            authenticity
        } else {
            Authenticity::Broken
        },
        listed: None,
        country,
        document_types: certificate.document_types.clone(),
    }
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
            if other != expected {
                all_match = false;
                findings.push(Finding::invalid(
                    "data-group-listed-twice",
                    HASHES,
                    format!("{file}: DG{number} is listed with two different hashes"),
                ));
            }
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
