//! The signature of EF.SOD: whose certificate made it, over what, and whom that
//! leads to (RFC 5652, 5; Doc 9303-11, 5.1).

use super::Outcome;
use crate::chain::{self, Chain, Context, Signed, weak};
use crate::finding::Finding;
use crate::lds::malformed;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::cms::{
    Attributes, ContentType, Fit, MessageDigest, SignedData, SignerInfo, SignerOutcome,
};
use rowcall_pki::crl::Crl;
use rowcall_pki::crypto::{PublicKey, VerifyError};
use rowcall_words::document::Authenticity;
use rowcall_words::document::Verdict;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Signatures that are looked at, and certificates tried for them together: each
/// trial costs up to three verifications (as the attributes stand, in order, in DER).
const MOST_SIGNERS: usize = 4;
const MOST_ATTEMPTS: usize = 6;

/// Certificates of the store that may be a signer's.
const MOST_FROM_STORE: usize = 16;

/// A signer, a certificate that may be theirs, and what verifying gave.
struct Attempt<'a> {
    signer: &'a SignerInfo<'a>,
    certificate: &'a Certificate,
    fit: Fit,
    outcome: SignerOutcome,
}

impl Attempt<'_> {
    fn is_right(&self) -> bool {
        self.outcome.signature.is_ok()
    }
}

/// The signature, its certificate and whom that leads to.
pub(super) fn check(
    file: &str,
    signed: &SignedData<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Outcome {
    let certificates = certificates(file, signed, context, findings);
    let Some(first) = signed.signers.first() else {
        findings.push(Finding::invalid(
            Code::NotSigned,
            format!("{file}: nobody signed it"),
        ));
        return Outcome::broken();
    };
    let attempts = match attempts(signed, &certificates) {
        Ok(attempts) => attempts,
        Err(e) => {
            findings.push(malformed(file, Clause::SignerInfo, e));
            return Outcome::broken();
        }
    };
    if signed.signers.len() > 1 {
        let (all, known) = (signed.signers.len(), attempts.len());
        findings.push(Finding::warning(
            Code::SeveralSigners,
            format!(
                "{file}: {all} signers where one is allowed; a certificate is there for {known}, and of those every signature must be right"
            ),
        ));
    }
    // What is wrong with any signature is wrong with the document.
    let mut authenticity = Authenticity::Trusted;
    for attempt in &attempts {
        let judged = judge(file, attempt, context, findings);
        authenticity = match (authenticity, judged) {
            (Authenticity::Broken, _) | (_, Authenticity::Broken) => Authenticity::Broken,
            (Authenticity::NotChecked, _) => Authenticity::NotChecked,
            (_, judged) => judged,
        };
    }
    let chosen = attempts
        .iter()
        .find(|attempt| attempt.is_right())
        .or(attempts.first());
    let Some(attempt) = chosen else {
        findings.push(Finding::new(
            Code::SignerCertificateMissing,
            Verdict::Untrusted,
            format!(
                "{file}: the signer at offset {} is named, and no certificate that can be read, in the file or beside it, is theirs",
                first.offset
            ),
        ));
        return Outcome {
            authenticity: Authenticity::NotTrusted,
            ..Outcome::broken()
        };
    };
    if authenticity == Authenticity::NotChecked {
        return Outcome {
            authenticity,
            ..Outcome::broken()
        };
    }
    let Attempt {
        signer,
        certificate,
        ..
    } = *attempt;
    let hash = signer.algorithm.and_then(|a| a.hash(signer.digest));
    weak(
        file,
        "the signature",
        &certificate.key,
        hash,
        context.policy,
        findings,
    );
    let crls = crls(file, signed, context);
    let context = Context {
        certificates: &certificates,
        crls: &crls,
        ..*context
    };
    let mut country = None;
    match chain::follow(file, certificate, Signed::Chip, &context, findings) {
        Chain::Trusted(csca) => country = Some(csca.subject.country.clone()),
        Chain::NotTrusted if authenticity == Authenticity::Trusted => {
            authenticity = Authenticity::NotTrusted;
        }
        Chain::NotTrusted => {}
        Chain::Broken => authenticity = Authenticity::Broken,
    }
    Outcome {
        authenticity,
        listed: None,
        lds_version: None,
        country,
        document_types: certificate.document_types.clone(),
    }
}

/// Those in the file, those beside it, and those of the store that are named.
fn certificates(
    file: &str,
    signed: &SignedData<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Certificate> {
    let mut certificates: Vec<Certificate> = Vec::new();
    for der in &signed.certificates {
        match Certificate::read(der) {
            Ok(certificate) => certificates.push(certificate),
            Err(e) => findings.push(Finding::warning(
                Code::EmbeddedCertificateUnreadable,
                format!("{file}: an embedded certificate cannot be read: {e}"),
            )),
        }
    }
    certificates.extend(context.certificates.iter().cloned());
    let known = context.trust.all().chain(context.trust.listed());
    certificates.extend(
        known
            .filter(|c| signed.signers.iter().any(|s| s.fit(c) != Fit::Differs))
            .take(MOST_FROM_STORE)
            .cloned(),
    );
    certificates
}

/// Revocation lists in the file and beside it. One that can't be read says nothing.
fn crls(file: &str, signed: &SignedData<'_>, context: &Context<'_>) -> Vec<Crl> {
    let embedded = signed
        .crls
        .iter()
        .filter_map(|der| Crl::read(file, der).ok());
    embedded.chain(context.crls.iter().cloned()).collect()
}

/// Each signer with the certificate whose key made the signature, or else with the
/// one that the identifier names. Signers of whom there is no certificate are left
/// out. The identifier says where to look first; numbers have been given twice, and
/// names are written in many ways.
fn attempts<'a>(
    signed: &'a SignedData<'_>,
    certificates: &'a [Certificate],
) -> rowcall_pki::ber::Result<Vec<Attempt<'a>>> {
    let mut attempts = Vec::new();
    let mut left = MOST_ATTEMPTS;
    for signer in signed.signers.iter().take(MOST_SIGNERS) {
        let mut best: Option<Attempt<'a>> = None;
        for (fit, certificate) in signer.by_fit(certificates) {
            if left == 0 {
                break;
            }
            left -= 1;
            let outcome = signer.verify(signed.content_type, &signed.content, certificate)?;
            let attempt = Attempt {
                signer,
                certificate,
                fit,
                outcome,
            };
            if attempt.is_right() {
                best = Some(attempt);
                break;
            }
            // That another's key did not make it says nothing.
            if matches!(fit, Fit::Names | Fit::Resembles) {
                best.get_or_insert(attempt);
            }
        }
        attempts.extend(best);
    }
    Ok(attempts)
}

/// What was signed and whether by this key: `Trusted` where nothing is wrong so far,
/// `NotChecked` where it can't be known.
fn judge(
    file: &str,
    attempt: &Attempt<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Authenticity {
    let Attempt {
        signer,
        certificate,
        outcome,
        ..
    } = attempt;
    let mut good = judge_digest(file, outcome.digest, context, findings);
    good &= judge_content_type(file, outcome.content_type, findings);
    good &= outcome.signature.is_err() || notice_deviations(file, attempt, context, findings);
    let wrong = |why: &str| {
        Finding::invalid(
            Code::SignatureWrong,
            format!(
                "{file}: the {} signature by {} is wrong{why}",
                signer.algorithm.map_or("", |a| a.name()),
                certificate.shown()
            ),
        )
    };
    match &outcome.signature {
        Ok(_) if outcome.digest == MessageDigest::Unsupported => return Authenticity::NotChecked,
        Ok(_) => {}
        Err(VerifyError::Unsupported(what)) => {
            findings.push(unsupported(file, what));
            return Authenticity::NotChecked;
        }
        Err(VerifyError::Wrong) => {
            good = false;
            findings.push(wrong(""));
        }
        Err(VerifyError::BadKey) => {
            good = false;
            findings.push(wrong(match certificate.key {
                PublicKey::Ec { .. } => ": the key doesn't lie on its curve",
                _ => ": the key isn't for this algorithm",
            }));
        }
    }
    if good {
        Authenticity::Trusted
    } else {
        Authenticity::Broken
    }
}

/// What is odd about a signature that is right; `false` where the policy refuses it.
fn notice_deviations(
    file: &str,
    attempt: &Attempt<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let Attempt {
        signer,
        certificate,
        fit,
        outcome,
    } = attempt;
    let policy = context.policy;
    let before = findings.len();
    if *fit != Fit::Names {
        findings.push(Finding::new(
            Code::SignerIdentifierDiffers,
            policy.signer_identifier.best(),
            format!(
                "{file}: the signature is by the key of {}, and the signer is named otherwise: {}",
                certificate.shown(),
                signer.difference(certificate)
            ),
        ));
    }
    let stand = match outcome.attributes {
        Attributes::Der => None,
        Attributes::Unsorted => Some("out of DER order and were signed so"),
        Attributes::SignedSorted => Some("out of DER order and were signed in it"),
        Attributes::Ber => Some("in BER and were signed so"),
        Attributes::SignedInDer => Some("in BER and were signed in DER"),
    };
    findings.extend(stand.map(|what| {
        Finding::new(
            Code::SignedAttributesUnsorted,
            policy.unsorted_attributes.best(),
            format!("{file}: the signed attributes stand {what}"),
        )
    }));
    for oddity in outcome.signature.iter().flatten() {
        findings.push(Finding::new(
            Code::SignatureOdd,
            policy.odd_signature.best(),
            format!("{file}: the signature is right, but {oddity}"),
        ));
    }
    findings[before..]
        .iter()
        .all(|f| f.best != Verdict::Invalid)
}

fn unsupported(file: &str, what: &str) -> Finding {
    Finding::new(
        Code::AlgorithmNotSupported,
        Verdict::Unsupported,
        format!("{file}: the signature uses {what}"),
    )
}

/// `false` if the list of hashes isn't what was signed.
fn judge_digest(
    file: &str,
    digest: MessageDigest,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let (code, what) = match digest {
        MessageDigest::Match => return true,
        MessageDigest::NoAttributes => {
            findings.push(Finding::new(
                Code::NoSignedAttributes,
                context.policy.no_signed_attributes.best(),
                format!("{file}: no signed attributes; the signature is directly over the content"),
            ));
            return true;
        }
        MessageDigest::Unsupported => {
            findings.push(unsupported(file, "a hash algorithm not known"));
            return true;
        }
        MessageDigest::Mismatch => (
            Code::MessageDigestMismatch,
            "the signed digest does not match the list of hashes",
        ),
        MessageDigest::Absent => (
            Code::MessageDigestMissing,
            "the signed attributes have no digest, so the list of hashes is not signed",
        ),
        MessageDigest::Repeated => (
            Code::MessageDigestRepeated,
            "the signed attributes have more than one digest",
        ),
    };
    findings.push(Finding::invalid(code, format!("{file}: {what}")));
    false
}

/// `false` if the signer says two things at once.
fn judge_content_type(file: &str, content_type: ContentType, findings: &mut Vec<Finding>) -> bool {
    let what = match content_type {
        ContentType::Match => return true,
        ContentType::Differs => "the signed content type differs from the content's",
        ContentType::Absent => "the signed attributes don't name the content's type",
        ContentType::Repeated => "the signed attributes name the content's type more than once",
        ContentType::Contradicts => "the signed attributes name two types of content",
    };
    let contradicts = content_type == ContentType::Contradicts;
    let best = if contradicts {
        Verdict::Invalid
    } else {
        Verdict::ValidWithWarning
    };
    findings.push(Finding::new(
        Code::ContentTypeAttribute,
        best,
        format!("{file}: {what}"),
    ));
    !contradicts
}
