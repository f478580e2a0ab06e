//! The signature of EF.SOD: whose certificate made it, over what, and whom that
//! leads to (RFC 5652, 5; Doc 9303-11, 5.1).

use super::{CLAUSE, Outcome};
use crate::chain::{self, Chain, Context, Signed, weak};
use crate::document::Authenticity;
use crate::finding::{Finding, Verdict};
use crate::lds::malformed;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::cms::{ContentType, MessageDigest, SignedData, SignerInfo, SignerOutcome};
use rowcall_pki::crl::Crl;
use rowcall_pki::crypto::VerifyError;

/// Signers and certificates that are tried, together: each costs up to three
/// verifications (as the attributes stand, in order, in DER).
const MOST_ATTEMPTS: usize = 4;

/// A signer, the certificate that it names, and what verifying gave.
struct Attempt<'a> {
    signer: &'a SignerInfo<'a>,
    certificate: &'a Certificate,
    outcome: SignerOutcome,
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
                "{file}: {} signers where one is allowed; the first whose signature is right counts",
                signed.signers.len()
            ),
        ));
    }
    let attempt = match attempt(signed, &certificates) {
        Ok(Some(attempt)) => attempt,
        Ok(None) => {
            findings.push(Finding::new(
                "signer-certificate-missing",
                Verdict::Untrusted,
                CLAUSE,
                format!(
                    "{file}: the signer at offset {} is named, and no certificate that can be read, in the file or beside it, is theirs",
                    first.offset
                ),
            ));
            return Outcome {
                authenticity: Authenticity::NotTrusted,
                ..Outcome::broken()
            };
        }
        Err(e) => {
            findings.push(malformed(file, "RFC 5652, 5.3", e));
            return Outcome::broken();
        }
    };
    let mut authenticity = judge(file, &attempt, context, findings);
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
    } = attempt;
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
                "embedded-certificate-unreadable",
                CLAUSE,
                format!("{file}: an embedded certificate cannot be read: {e}"),
            )),
        }
    }
    certificates.extend(context.certificates.iter().cloned());
    let trusted = context.trust.all();
    certificates.extend(
        trusted
            .filter(|c| signed.signers.iter().any(|s| s.names(c)))
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

/// The first signer whose signature is right, by any certificate that it names
/// (numbers have been given twice); else the first at all that has a certificate.
fn attempt<'a>(
    signed: &'a SignedData<'_>,
    certificates: &'a [Certificate],
) -> rowcall_pki::ber::Result<Option<Attempt<'a>>> {
    let pairs = signed.signers.iter().flat_map(|signer| {
        let named = certificates.iter().filter(|c| signer.names(c));
        named.map(move |certificate| (signer, certificate))
    });
    let mut first = None;
    for (signer, certificate) in pairs.take(MOST_ATTEMPTS) {
        let outcome = signer.verify(signed.content_type, &signed.content, certificate)?;
        let is_right = outcome.signature.is_ok();
        let attempt = Attempt {
            signer,
            certificate,
            outcome,
        };
        if is_right {
            return Ok(Some(attempt));
        }
        first.get_or_insert(attempt);
    }
    Ok(first)
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
    } = attempt;
    let policy = context.policy;
    let mut good = judge_digest(file, outcome.digest, context, findings);
    good &= judge_content_type(file, outcome.content_type, findings);
    for (is_so, what) in [
        (
            outcome.signed_sorted,
            "out of DER order and were signed in it",
        ),
        (outcome.signed_in_der, "in BER and were signed in DER"),
    ] {
        if is_so {
            findings.push(Finding::new(
                "signed-attributes-unsorted",
                policy.unsorted_attributes.best(),
                "RFC 5652, 5.4",
                format!("{file}: the signed attributes stand {what}"),
            ));
        }
    }
    let wrong = |why: &str| {
        Finding::invalid(
            "signature-wrong",
            CLAUSE,
            format!(
                "{file}: the {} signature by {} is wrong{why}",
                signer.algorithm.map_or("", |a| a.name()),
                certificate.shown()
            ),
        )
    };
    match outcome.signature {
        Ok(()) if outcome.digest == MessageDigest::Unsupported => return Authenticity::NotChecked,
        Ok(()) => {}
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
            findings.push(wrong(": the key is none, or isn't for this algorithm"));
        }
    }
    if good {
        Authenticity::Trusted
    } else {
        Authenticity::Broken
    }
}

fn unsupported(file: &str, what: &str) -> Finding {
    Finding::new(
        "algorithm-not-supported",
        Verdict::Unsupported,
        CLAUSE,
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
                "no-signed-attributes",
                context.policy.no_signed_attributes.best(),
                "RFC 5652, 5.3",
                format!("{file}: no signed attributes; the signature is directly over the content"),
            ));
            return true;
        }
        MessageDigest::Unsupported => {
            findings.push(unsupported(file, "a hash algorithm not known"));
            return true;
        }
        MessageDigest::Mismatch => (
            "message-digest-mismatch",
            "the signed digest does not match the list of hashes",
        ),
        MessageDigest::Absent => (
            "message-digest-missing",
            "the signed attributes have no digest, so the list of hashes is not signed",
        ),
        MessageDigest::Repeated => (
            "message-digest-repeated",
            "the signed attributes have more than one digest",
        ),
    };
    findings.push(Finding::invalid(
        code,
        "RFC 5652, 11.2",
        format!("{file}: {what}"),
    ));
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
        "content-type-attribute",
        best,
        "RFC 5652, 11.1",
        format!("{file}: {what}"),
    ));
    !contradicts
}
