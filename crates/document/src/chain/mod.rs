//! From a signer's certificate to somebody trusted (Doc 9303-11, 5.1;
//! Doc 9303-12, 7).

mod checks;
mod revocation;

use jiff::civil::Date;

use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crl::Crl;
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;

pub(crate) use checks::weak;
use checks::{check_issuer, check_signer, demands_unknown, is_for, notice};
use rowcall_pki::path::{self, Path, Search};
use rowcall_words::finding::code::Code;

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
    let Context { policy, at, .. } = *context;
    check_signer(file, signer, policy, at, findings);
    if !is_for(signed, file, signer, findings) {
        return Chain::NotTrusted;
    }
    let search = path::search(signer, context.certificates, context.trust, at);
    let Some(path) = &search.path else {
        return no_path(file, signer, &search, findings);
    };
    describe(file, signer, path, policy, at, findings);
    if path.anchor.der != signer.der {
        check_issuer(file, path.anchor, policy, at, findings);
        if demands_unknown(file, path.anchor, findings) {
            return Chain::NotTrusted;
        }
    }
    if revocation::revoked(file, signer, path, context, findings) {
        return Chain::Broken;
    }
    if revocation::revoked_itself(file, path.anchor, context, findings) {
        return Chain::NotTrusted;
    }
    Chain::Trusted(path.anchor)
}

/// What is worth saying about a path that leads to somebody trusted.
fn describe(
    file: &str,
    signer: &Certificate,
    path: &Path<'_>,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) {
    if path.anchor.der == signer.der {
        findings.push(Finding::info(
            Code::SignerTrustedDirectly,
            format!("{file}: the signer's own certificate is in the trust store"),
        ));
        return;
    }
    for link in &path.links {
        notice(file, link, findings);
        findings.push(Finding::info(
            Code::LinkCertificateUsed,
            format!(
                "{file}: trusted through the link certificate {}",
                link.shown()
            ),
        ));
        // A link has both of its keys under one name, or says that the name changed
        // (Doc 9303-12, 7.1.1); anything else is an authority below an issuer.
        if !link.is_self_issued() && !link.changes_name {
            findings.push(Finding::warning(
                Code::IntermediateIssuer,
                format!(
                    "{file}: {} is no link of its issuer {}, but another authority",
                    link.shown(),
                    link.issuer.shown
                ),
            ));
        }
        if link.is_current(at) == Some(false) {
            findings.push(Finding::info(
                Code::LinkNotCurrent,
                format!("{file}: the link {} is not valid on {at}", link.shown()),
            ));
        }
    }
    let last = path.links.last().copied().unwrap_or(signer);
    compare_identifiers(file, last, path.anchor, policy, findings);
}

/// The issuer as a certificate names it against the trusted one whose key signed it.
fn compare_identifiers(
    file: &str,
    certificate: &Certificate,
    issuer: &Certificate,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) {
    let best = policy.issuer_identifier.best();
    if certificate.issuer.canonical != issuer.subject.canonical && !issuer.changes_name {
        let (how, named) = if certificate.issuer.has_same_attributes(&issuer.subject) {
            ("the name in another order, ", &certificate.issuer.shown)
        } else {
            ("the name ", &certificate.issuer.shown)
        };
        findings.push(Finding::new(
            Code::IssuerNameDiffers,
            best,
            format!(
                "{file}: signed by the key of {}, under {how}{named}",
                issuer.subject.shown
            ),
        ));
    }
    let named = certificate.authority_key_id.as_deref();
    let own = [
        issuer.subject_key_id.as_deref(),
        Some(&issuer.computed_key_id()[..]),
    ];
    if named.is_some() && !own.contains(&named) {
        findings.push(Finding::new(
            Code::IssuerKeyIdDiffers,
            best,
            format!(
                "{file}: {} names another key of its issuer than the one that signed it",
                certificate.shown()
            ),
        ));
    }
}

/// Why nobody trusted was found.
fn no_path<'a>(
    file: &str,
    signer: &Certificate,
    search: &Search<'_>,
    findings: &mut Vec<Finding>,
) -> Chain<'a> {
    if search.named {
        findings.push(Finding::invalid(
            Code::IssuerSignatureWrong,
            format!(
                "{file}: the signer's certificate names the trusted issuer {} by name and key, and that key did not sign it",
                signer.issuer.shown
            ),
        ));
        return Chain::Broken;
    }
    match search.unsupported {
        Some(what) => findings.push(Finding::new(
            Code::AlgorithmNotSupported,
            Verdict::Unsupported,
            format!("{file}: the issuer's signature uses {what}"),
        )),
        None => findings.push(Finding::new(
            Code::IssuerNotFound,
            Verdict::Untrusted,
            format!(
                "{file}: no trusted certificate issued {}; the issuer is {}{}",
                signer.shown(),
                signer.issuer.shown,
                if search.gave_up {
                    "; there are more candidates than are tried"
                } else {
                    ""
                }
            ),
        )),
    }
    Chain::NotTrusted
}
