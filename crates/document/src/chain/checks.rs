//! What is odd about a signer or an issuer by itself (Doc 9303-12, 7.1).

use jiff::civil::Date;

use super::Signed;
use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::certificate::{Certificate, KeyUse};
use rowcall_pki::crypto::{Hash, PublicKey};
use rowcall_words::document::Verdict;
use rowcall_words::finding::code::Code;

pub(super) fn check_signer(
    file: &str,
    signer: &Certificate,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) {
    match signer.is_current(at) {
        Some(true) => {}
        Some(false) if signer.not_before.is_some_and(|d| d > at) => findings.push(Finding::new(
            Code::SignerNotYetValid,
            policy.expired_signer.best(),
            format!("{file}: {} is not valid yet on {at}", signer.shown()),
        )),
        Some(false) => findings.push(Finding::new(
            Code::SignerExpired,
            policy.expired_signer.best(),
            format!("{file}: {} is no longer valid on {at}", signer.shown()),
        )),
        None => findings.push(Finding::warning(
            Code::ValidityUnreadable,
            format!("{file}: the validity of {} cannot be read", signer.shown()),
        )),
    }
    notice(file, signer, findings);
    let hash = signer.algorithm.and_then(|a| a.hash(None));
    weak(
        file,
        "the signer's certificate",
        &signer.key,
        hash,
        policy,
        findings,
    );
}

/// Whether the signer's certificate is for what it signed, and demands nothing
/// that isn't known: nobody vouches for another use of it.
pub(super) fn is_for(
    signed: Signed,
    file: &str,
    signer: &Certificate,
    findings: &mut Vec<Finding>,
) -> bool {
    let is_foreign = signer.purposes.is_some_and(|p| match signed {
        Signed::Chip => p.is_not_for_chips(),
        Signed::Seal => p.is_for_lists(),
    });
    if is_foreign {
        findings.push(Finding::new(
            Code::SignerPurpose,
            Verdict::Untrusted,
            format!(
                "{file}: {} may sign something else, and not this",
                signer.shown()
            ),
        ));
    }
    !demands_unknown(file, signer, findings) && may_sign(file, signer, findings) && !is_foreign
}

/// Whether the signer's key is for signatures, as far as its certificate says.
fn may_sign(file: &str, signer: &Certificate, findings: &mut Vec<Finding>) -> bool {
    let (best, what) = match signer.signs() {
        KeyUse::Signatures => return true,
        KeyUse::NonRepudiation => (
            Verdict::ValidWithWarning,
            "is for signatures that can't be denied (non-repudiation), and not for others",
        ),
        KeyUse::Other => (Verdict::Untrusted, "is not for signing"),
    };
    findings.push(Finding::new(
        Code::SignerKeyUsage,
        best,
        format!("{file}: {} {what}", signer.shown()),
    ));
    best == Verdict::ValidWithWarning
}

/// Whether a critical extension asks for something that isn't known.
pub(super) fn demands_unknown(
    file: &str,
    certificate: &Certificate,
    findings: &mut Vec<Finding>,
) -> bool {
    if let Some(extension) = &certificate.unknown_critical {
        findings.push(Finding::new(
            Code::CriticalExtensionUnknown,
            Verdict::Unsupported,
            format!(
                "{file}: {} has a critical extension that is not known here, {extension}",
                certificate.shown()
            ),
        ));
    }
    certificate.unknown_critical.is_some()
}

pub(super) fn check_issuer(
    file: &str,
    csca: &Certificate,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) {
    notice(file, csca, findings);
    if csca.is_ca.is_none() {
        findings.push(Finding::warning(
            Code::IssuerNotMarked,
            format!(
                "{file}: nothing in the certificate of {} says that it is an issuer's (basic constraints)",
                csca.shown()
            ),
        ));
    }
    if csca.is_current(at) == Some(false) {
        let (code, when) = if csca.not_before.is_some_and(|d| d > at) {
            (Code::IssuerNotYetValid, "not valid yet")
        } else {
            (Code::IssuerExpired, "no longer valid")
        };
        findings.push(Finding::new(
            code,
            policy.expired_issuer.best(),
            format!("{file}: the issuer {} is {when} on {at}", csca.shown()),
        ));
    }
    // A root's own signature is not relied on, so its hash does not matter.
    weak(
        file,
        "the issuer's certificate",
        &csca.key,
        None,
        policy,
        findings,
    );
}

/// What is odd about a certificate's own structure.
pub(super) fn notice(file: &str, certificate: &Certificate, findings: &mut Vec<Finding>) {
    if certificate.document_types_apart {
        findings.push(Finding::info(
            Code::DocumentTypesApart,
            format!(
                "{file}: {} has each document type in a set of its own",
                certificate.shown()
            ),
        ));
    }
    if certificate.algorithms_differ {
        findings.push(Finding::warning(
            Code::CertificateAlgorithmsDiffer,
            format!(
                "{file}: {} names another signature algorithm inside than outside",
                certificate.shown()
            ),
        ));
    }
    if let Some(what) = certificate.unreadable_extension {
        findings.push(Finding::warning(
            Code::CertificateExtensionUnreadable,
            format!(
                "{file}: {} has an extension that can't be read: {what}; it counts for nothing",
                certificate.shown()
            ),
        ));
    }
}

/// Findings on weak keys and hashes, each reported once per document.
pub(crate) fn weak(
    file: &str,
    what: &str,
    key: &PublicKey,
    hash: Option<Hash>,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) {
    let short = match key {
        PublicKey::Rsa { .. } if key.bits() < 2048 => Some(policy.short_rsa_key),
        PublicKey::Ec { .. } if key.bits() < 224 => Some(policy.short_ec_key),
        _ => None,
    };
    if let Some(leniency) = short {
        findings.push(Finding::new(
            Code::WeakKey,
            leniency.best(),
            format!("{file}: {what} has a short key: {}", key.name()),
        ));
    }
    if hash == Some(Hash::Sha1) {
        findings.push(Finding::new(
            Code::WeakHash,
            policy.sha1.best(),
            format!("{file}: {what} relies on SHA-1"),
        ));
    }
}
