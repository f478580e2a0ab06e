//! Who signed a seal. The signer's certificate does not come with a VDS, so it
//! must be in the trust store or beside the seal; it signs over the hash that fits its curve
//! (Doc 9303-13, 2.4).

use super::Context;
use crate::crypto::{Algorithm, Hash, PublicKey, VerifyError, verify};
use crate::document::Authenticity;
use crate::finding::{Finding, Verdict};
use crate::pki::Certificate;
use crate::pki::chain::{self, Chain, Signed};

const CLAUSE: &str = "Doc 9303-13, 2.4";
const MOST_CANDIDATES: usize = 64;

/// The hash that goes with a key (BSI TR-03137-1, 3.2.2).
fn hash_for(key: &PublicKey) -> Hash {
    match key.bits() {
        0..=224 => Hash::Sha224,
        225..=256 => Hash::Sha256,
        257..=384 => Hash::Sha384,
        _ => Hash::Sha512,
    }
}

/// How a seal names its signer.
pub(super) struct Reference<'a> {
    /// For a person.
    pub shown: String,
    /// Whether the reference is to this certificate.
    pub names: &'a dyn Fn(&Certificate) -> bool,
}

/// Verifies a seal's plain signature (r and s) with the certificates of the
/// trust store and those beside the seal, those that the seal names first.
pub(super) fn check(
    signed: &[u8],
    signature: &[u8],
    reference: &Reference<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let file = context.file;
    let (named, others): (Vec<&Certificate>, Vec<&Certificate>) = context
        .candidates()
        .filter(|c| matches!(c.key, PublicKey::Ec { .. }) && c.may_sign())
        .partition(|c| (reference.names)(c));
    let try_one = |c: &Certificate| {
        let algorithm = Algorithm::EcdsaPlain(hash_for(&c.key));
        verify(&c.key, algorithm, None, &[signed], signature)
    };
    for certificate in &named {
        if try_one(certificate).is_ok() {
            return follow(certificate, context, findings);
        }
    }
    for certificate in others.iter().take(MOST_CANDIDATES) {
        if try_one(certificate) == Ok(()) {
            findings.push(Finding::warning(
                "seal-signer-reference",
                CLAUSE,
                format!(
                    "{file}: names its signer {}, and is signed by {}",
                    reference.shown,
                    certificate.shown()
                ),
            ));
            return follow(certificate, context, findings);
        }
    }
    if named.is_empty() {
        findings.push(Finding::new(
            "signer-certificate-missing",
            Verdict::Untrusted,
            CLAUSE,
            format!(
                "{file}: the certificate of the signer {} is neither in the trust store nor beside the seal",
                reference.shown
            ),
        ));
        return Authenticity::NotChecked;
    }
    findings.push(Finding::invalid(
        "signature-wrong",
        CLAUSE,
        format!("{file}: the signature by {} is wrong", reference.shown),
    ));
    Authenticity::Broken
}

/// Verifies a seal that brought its signer's certificate.
pub(super) fn check_with(
    certificate: &Certificate,
    hash: Hash,
    signed: &[u8],
    signature: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let algorithm = Algorithm::EcdsaPlain(hash);
    match verify(&certificate.key, algorithm, None, &[signed], signature) {
        Ok(()) => follow(certificate, context, findings),
        Err(VerifyError::Unsupported(what)) => {
            findings.push(Finding::new(
                "algorithm-not-supported",
                Verdict::Unsupported,
                CLAUSE,
                format!("{}: the signature uses {what}", context.file),
            ));
            Authenticity::NotChecked
        }
        Err(_) => {
            findings.push(Finding::invalid(
                "signature-wrong",
                CLAUSE,
                format!(
                    "{}: the signature by {} is wrong",
                    context.file,
                    certificate.shown()
                ),
            ));
            Authenticity::Broken
        }
    }
}

fn follow(
    certificate: &Certificate,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let chain = chain::follow(
        context.file,
        certificate,
        Signed::Seal,
        &chain::Context {
            trust: context.trust,
            policy: context.policy,
            at: context.at,
            certificates: context.certificates,
            crls: context.crls,
        },
        findings,
    );
    match chain {
        Chain::Trusted(_) => Authenticity::Trusted,
        Chain::NotTrusted => Authenticity::NotTrusted,
        Chain::Broken => Authenticity::Broken,
    }
}
