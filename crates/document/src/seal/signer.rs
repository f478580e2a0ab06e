//! Who signed a seal. The signer's certificate does not come with a VDS, so it
//! must be in the trust store or beside the seal; it signs over the hash that fits its curve
//! (Doc 9303-13, 2.4).

use jiff::civil::Date;

use super::Context;
use crate::chain::{self, Chain};
use crate::finding::Finding;
use crate::lds::state::{self, Relation};
use rowcall_pki::certificate::{Certificate, KeyUse};
use rowcall_pki::crypto::{Algorithm, Hash, PublicKey, VerifyError, verify};
use rowcall_words::document::Authenticity;
use rowcall_words::document::Verdict;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// r and s on the longest curve, and DER around them.
const LONGEST_SIGNATURE: usize = 144;
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

/// What was signed.
pub(super) struct Signed<'a> {
    pub bytes: &'a [u8],
    /// r and s.
    pub signature: &'a [u8],
    /// The state that issued it by its header.
    pub state: &'a str,
    /// What to make of a signer who is another state's. A VDS says of its signer which
    /// country it is of, and that may be another: a published one of Germany (`D`) is
    /// signed by Utopia.
    pub of_other_state: Verdict,
    /// The day of the signature by its header.
    pub date: Option<Date>,
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
    signed: &Signed<'_>,
    reference: &Reference<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let file = context.file;
    let (named, others): (Vec<&Certificate>, Vec<&Certificate>) =
        context.candidates().partition(|c| (reference.names)(c));
    let try_one = |c: &Certificate| {
        let algorithm = Algorithm::EcdsaPlain(hash_for(&c.key));
        verify(&c.key, algorithm, None, &[signed.bytes], signed.signature)
    };
    for certificate in &named {
        if try_one(certificate).is_ok() {
            return follow(certificate, signed, context, findings);
        }
    }
    let others = others
        .iter()
        .filter(|c| matches!(c.key, PublicKey::Ec { .. }) && c.signs() != KeyUse::Other);
    for certificate in others.take(MOST_CANDIDATES) {
        if try_one(certificate) == Ok(()) {
            findings.push(Finding::warning(
                Code::SealSignerReference,
                format!(
                    "{file}: names its signer {}, and is signed by {}",
                    reference.shown,
                    certificate.shown()
                ),
            ));
            return follow(certificate, signed, context, findings);
        }
    }
    if named.is_empty() {
        findings.push(
            Finding::new(
                Code::SignerCertificateMissing,
                Verdict::Untrusted,
                format!(
                    "{file}: the certificate of the signer {} is neither in the trust store nor beside the seal",
                    reference.shown
                ),
            )
            .under(Clause::SealSigner),
        );
        return Authenticity::NotChecked;
    }
    let by_curve = |c: &&Certificate| matches!(c.key, PublicKey::Ec { .. });
    if let (None, Some(other)) = (named.iter().copied().find(by_curve), named.first()) {
        findings.push(
            Finding::new(
                Code::AlgorithmNotSupported,
                Verdict::Unsupported,
                format!(
                    "{file}: seals are signed with ECDSA, and the key of {} is {}",
                    other.shown(),
                    other.key.name()
                ),
            )
            .under(Clause::SealSigner),
        );
        return Authenticity::NotChecked;
    }
    if signed.signature.len() > LONGEST_SIGNATURE {
        findings.push(
            Finding::new(
                Code::AlgorithmNotSupported,
                Verdict::Unsupported,
                format!(
                    "{file}: seals are signed with ECDSA, and the signature by {} has {} bytes, as by RSA",
                    reference.shown, signed.signature.len()
                ),
            )
            .under(Clause::SealSigner),
        );
        return Authenticity::NotChecked;
    }
    findings.push(
        Finding::invalid(
            Code::SignatureWrong,
            format!("{file}: the signature by {} is wrong", reference.shown),
        )
        .under(Clause::SealSigner),
    );
    Authenticity::Broken
}

/// Verifies a seal that brought its signer's certificate.
pub(super) fn check_with(
    certificate: &Certificate,
    hash: Hash,
    signed: &Signed<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let algorithm = Algorithm::EcdsaPlain(hash);
    let Signed {
        bytes, signature, ..
    } = *signed;
    match verify(&certificate.key, algorithm, None, &[bytes], signature) {
        Ok(()) => follow(certificate, signed, context, findings),
        Err(VerifyError::Unsupported(what)) => {
            findings.push(
                Finding::new(
                    Code::AlgorithmNotSupported,
                    Verdict::Unsupported,
                    format!("{}: the signature uses {what}", context.file),
                )
                .under(Clause::SealSigner),
            );
            Authenticity::NotChecked
        }
        Err(_) => {
            findings.push(
                Finding::invalid(
                    Code::SignatureWrong,
                    format!(
                        "{}: the signature by {} is wrong",
                        context.file,
                        certificate.shown()
                    ),
                )
                .under(Clause::SealSigner),
            );
            Authenticity::Broken
        }
    }
}

fn follow(
    certificate: &Certificate,
    signed: &Signed<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    if let Some(date) = signed.date {
        check_date(date, certificate, context, findings);
    }
    let chain = chain::follow(
        context.file,
        certificate,
        chain::Signed::Seal,
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
        Chain::Trusted(issuer) => of_state(signed, &issuer.subject.country, context, findings),
        Chain::NotTrusted => Authenticity::NotTrusted,
        Chain::Broken => Authenticity::Broken,
    }
}

/// Whether who is trusted speaks for the state in the header, as for a chip's MRZ.
fn of_state(
    signed: &Signed<'_>,
    country: &str,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let (file, state) = (context.file, signed.state);
    let (code, best, what) = match state::relation(state, country) {
        Relation::Same => return Authenticity::Trusted,
        Relation::Dependent => (
            Code::IssuingStateDependent,
            context.policy.dependent_state.best(),
            format!("a territory's of {country}, under whose authority it is signed"),
        ),
        Relation::Other => (
            Code::IssuingStateDiffers,
            signed.of_other_state,
            format!("and signed under the authority of {country}"),
        ),
        Relation::NoState => (
            Code::IssuingStateUnknown,
            Verdict::Untrusted,
            format!("which is no code that has a country's certificate; {country} signed it"),
        ),
    };
    findings.push(Finding::new(
        code,
        best,
        format!("{file}: issued by {state:?}, {what}"),
    ));
    if best <= Verdict::ValidWithWarning {
        Authenticity::Trusted
    } else {
        Authenticity::NotTrusted
    }
}

/// The day of the signature against today and against the certificate's first day.
fn check_date(
    date: Date,
    certificate: &Certificate,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) {
    let file = context.file;
    let what = match certificate.not_before {
        _ if date > context.at => format!("the day of the check is {}", context.at),
        Some(first) if date < first => {
            format!("the signer's certificate is valid from {first} on")
        }
        _ => return,
    };
    findings.push(Finding::warning(
        Code::SealDate,
        format!("{file}: the seal says that it was signed on {date}, and {what}"),
    ));
}
