//! From a signer's certificate to somebody trusted (Doc 9303-11, 5.1;
//! Doc 9303-12, 7).

use jiff::civil::Date;

use super::Certificate;
use super::crl::Crl;
use super::trust::TrustStore;
use crate::crypto::{Hash, PublicKey, VerifyError};
use crate::finding::{Finding, Verdict};
use crate::policy::Policy;

const CLAUSE: &str = "Doc 9303-11, 5.1";
/// Certificates tried for one signature: a store may hold many of one name,
/// and each trial costs a verification.
const MOST_CANDIDATES: usize = 64;
/// Links tried that came with a document, for the same reason.
const MOST_LINKS: usize = 2;

/// Where a chain of certificates led.
pub(crate) enum Chain<'a> {
    /// To this trusted certificate.
    Trusted(&'a Certificate),
    /// Nowhere known.
    NotTrusted,
    /// To a trusted issuer who did not sign it, or who revoked it.
    Broken,
}

/// What a signature is under.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// A chip's list of hashes.
    Chip,
    /// A seal or another barcode.
    Seal,
}

/// What a check needs besides the files.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub trust: &'a TrustStore,
    pub policy: &'a Policy,
    pub at: Date,
    /// Certificates that came with the document: trusted for nothing, but they
    /// may serve as signer's certificate or as links.
    pub certificates: &'a [Certificate],
    /// Revocation lists that came with the document.
    pub crls: &'a [Crl],
}

/// Follows `signer` to the store.
pub(crate) fn follow<'a>(
    file: &str,
    signer: &Certificate,
    signed: Signed,
    context: &Context<'a>,
    findings: &mut Vec<Finding>,
) -> Chain<'a> {
    let Context {
        trust, policy, at, ..
    } = *context;
    check_signer(file, signer, policy, at, findings);
    if !is_for(signed, file, signer, findings) {
        return Chain::NotTrusted;
    }
    let chain = issuer(file, signer, context.certificates, trust, findings);
    if let Chain::Trusted(csca) = &chain {
        check_issuer(file, csca, policy, at, findings);
        if revoked(file, signer, context.crls, trust, at, findings) {
            return Chain::Broken;
        }
    }
    chain
}

fn issuer<'a>(
    file: &str,
    signer: &Certificate,
    others: &[Certificate],
    trust: &'a TrustStore,
    findings: &mut Vec<Finding>,
) -> Chain<'a> {
    if trust.holds(signer)
        && let Some(own) = trust
            .with_subject(&signer.subject.canonical)
            .find(|c| c.der == signer.der)
    {
        findings.push(Finding::info(
            "signer-trusted-directly",
            CLAUSE,
            format!("{file}: the signer's own certificate is in the trust store"),
        ));
        return Chain::Trusted(own);
    }
    let mut unsupported = None;
    let mut named = false;
    for candidate in candidates(signer, trust) {
        match signer.is_signed_by(&candidate.key) {
            Ok(()) => return Chain::Trusted(candidate),
            Err(VerifyError::Unsupported(what)) => unsupported = Some(what),
            Err(_) => {
                named |= candidate.subject_key_id.is_some()
                    && candidate.subject_key_id == signer.authority_key_id
                    && candidate.subject.canonical == signer.issuer.canonical;
            }
        }
    }
    // A link that came with the document: its issuer must be trusted.
    for link in others
        .iter()
        .filter(|l| {
            l.subject.canonical == signer.issuer.canonical
                && l.may_issue()
                && l.is_ca == Some(true)
                && l.unknown_critical.is_none()
                && l.der != signer.der
        })
        .take(MOST_LINKS)
    {
        if signer.is_signed_by(&link.key).is_err() {
            continue;
        }
        for candidate in candidates(link, trust) {
            if link.is_signed_by(&candidate.key).is_ok() {
                findings.push(Finding::info(
                    "link-certificate-used",
                    "Doc 9303-12, 7.1",
                    format!(
                        "{file}: trusted through the link certificate {}",
                        link.shown()
                    ),
                ));
                return Chain::Trusted(candidate);
            }
        }
    }
    if named {
        findings.push(Finding::invalid(
            "issuer-signature-wrong",
            CLAUSE,
            format!(
                "{file}: the signer's certificate names the trusted issuer {} by name and key, and that key did not sign it",
                signer.issuer.shown
            ),
        ));
        return Chain::Broken;
    }
    match unsupported {
        Some(what) => findings.push(Finding::new(
            "algorithm-not-supported",
            Verdict::Unsupported,
            CLAUSE,
            format!("{file}: the issuer's signature uses {what}"),
        )),
        None => findings.push(Finding::new(
            "issuer-not-found",
            Verdict::Untrusted,
            CLAUSE,
            format!(
                "{file}: no trusted certificate issued {}; the issuer is {}",
                signer.shown(),
                signer.issuer.shown
            ),
        )),
    }
    Chain::NotTrusted
}

/// Trusted certificates that may have issued `signer`: the name decides, and
/// the key identifier where the name differs (issuers have renamed themselves).
fn candidates<'a>(
    signer: &Certificate,
    trust: &'a TrustStore,
) -> impl Iterator<Item = &'a Certificate> {
    let name = signer.issuer.canonical.clone();
    let id = signer.authority_key_id.clone();
    let mut found: Vec<&Certificate> = trust
        .with_subject(&name)
        .chain(
            trust
                .all()
                .filter(|c| id.is_some() && c.subject_key_id == id && c.subject.canonical != name),
        )
        .filter(|c| c.may_issue())
        .collect();
    found
        .sort_by_key(|c| c.subject_key_id.is_none() || c.subject_key_id != signer.authority_key_id);
    found.into_iter().take(MOST_CANDIDATES)
}

fn check_signer(
    file: &str,
    signer: &Certificate,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) {
    match signer.is_current(at) {
        Some(true) => {}
        Some(false) if signer.not_before.is_some_and(|d| d > at) => findings.push(Finding::new(
            "signer-not-yet-valid",
            policy.expired_signer.best(),
            "Doc 9303-12, 7.1",
            format!("{file}: {} is not valid yet on {at}", signer.shown()),
        )),
        Some(false) => findings.push(Finding::new(
            "signer-expired",
            policy.expired_signer.best(),
            "Doc 9303-12, 7.1",
            format!("{file}: {} is no longer valid on {at}", signer.shown()),
        )),
        None => findings.push(Finding::warning(
            "validity-unreadable",
            "RFC 5280, 4.1.2.5",
            format!("{file}: the validity of {} cannot be read", signer.shown()),
        )),
    }
    if !signer.may_sign() {
        findings.push(Finding::warning(
            "signer-key-usage",
            "Doc 9303-12, 7.1.1",
            format!("{file}: {} is not for signing", signer.shown()),
        ));
    }
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
fn is_for(signed: Signed, file: &str, signer: &Certificate, findings: &mut Vec<Finding>) -> bool {
    let is_foreign = signer.purposes.is_some_and(|p| match signed {
        Signed::Chip => p.is_not_for_chips(),
        Signed::Seal => p.is_for_lists(),
    });
    if is_foreign {
        findings.push(Finding::new(
            "signer-purpose",
            Verdict::Untrusted,
            "RFC 5280, 4.2.1.12",
            format!(
                "{file}: {} may sign something else, and not this",
                signer.shown()
            ),
        ));
    }
    if let Some(extension) = &signer.unknown_critical {
        findings.push(Finding::new(
            "critical-extension-unknown",
            Verdict::Unsupported,
            "RFC 5280, 4.2",
            format!(
                "{file}: {} has a critical extension that is not known here, {extension}",
                signer.shown()
            ),
        ));
    }
    !is_foreign && signer.unknown_critical.is_none()
}

fn check_issuer(
    file: &str,
    csca: &Certificate,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) {
    if csca.is_current(at) == Some(false) {
        findings.push(Finding::new(
            "issuer-expired",
            policy.expired_issuer.best(),
            "Doc 9303-12, 7.1",
            format!("{file}: the issuer {} is not valid on {at}", csca.shown()),
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

/// Findings on weak keys and hashes, each reported once per document.
pub(crate) fn weak(
    file: &str,
    what: &str,
    key: &PublicKey,
    hash: Option<Hash>,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) {
    if matches!(key, PublicKey::Rsa { .. }) && key.bits() < 2048 {
        findings.push(Finding::new(
            "weak-key",
            policy.short_rsa_key.best(),
            "Doc 9303-12, 4.1",
            format!("{file}: {what} has a short key: {}", key.name()),
        ));
    }
    if hash == Some(Hash::Sha1) {
        findings.push(Finding::new(
            "weak-hash",
            policy.sha1.best(),
            "Doc 9303-12, 4.1",
            format!("{file}: {what} relies on SHA-1"),
        ));
    }
}

/// Whether a list that the issuer signed revokes `signer`.
fn revoked(
    file: &str,
    signer: &Certificate,
    brought: &[Crl],
    trust: &TrustStore,
    at: Date,
    findings: &mut Vec<Finding>,
) -> bool {
    let mut checked = false;
    for crl in trust
        .crls
        .iter()
        .chain(brought)
        .filter(|c| c.issuer.canonical == signer.issuer.canonical)
    {
        let genuine = trust
            .with_subject(&crl.issuer.canonical)
            .take(MOST_CANDIDATES)
            .any(|c| crl.is_signed_by(&c.key).is_ok());
        if !genuine {
            findings.push(Finding::warning(
                "revocation-list-not-trusted",
                "Doc 9303-12, 7.1.4",
                format!(
                    "{}: no trusted issuer signed this revocation list",
                    crl.source
                ),
            ));
            continue;
        }
        checked = true;
        if crl.revokes(&signer.serial) {
            findings.push(Finding::invalid(
                "signer-revoked",
                "Doc 9303-11, 5.1",
                format!("{file}: {} is revoked by {}", signer.shown(), crl.source),
            ));
            return true;
        }
        if crl.next_update.is_some_and(|d| d < at) {
            findings.push(Finding::info(
                "revocation-list-outdated",
                "Doc 9303-12, 7.1.4",
                format!("{}: a newer list is due", crl.source),
            ));
        }
    }
    if !checked {
        findings.push(Finding::info(
            "revocation-not-checked",
            "Doc 9303-11, 5.1",
            format!("{file}: there is no revocation list of the issuer"),
        ));
    }
    false
}
