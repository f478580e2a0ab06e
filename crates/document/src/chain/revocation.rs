//! Revocation lists against the certificates of a path (Doc 9303-12, 7.1.4;
//! RFC 5280, 6.3).

use super::Context;
use crate::finding::Finding;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crl::{Crl, Gap};
use rowcall_pki::path::{MOST_CANDIDATES, Path};
use rowcall_words::document::Verdict;
use rowcall_words::finding::code::Code;

/// Signatures of lists that are verified for one document: lists come with
/// documents, too.
const MOST_TRIALS: usize = 64;

/// Whether a list that its issuer signed revokes the signer or a link.
pub(super) fn revoked(
    file: &str,
    signer: &Certificate,
    path: &Path<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let lists = lists(context);
    let mut trials = MOST_TRIALS;
    for (certificate, issuer) in path.steps(signer) {
        let is_signer = certificate.der == signer.der;
        let mut status = Status::default();
        for list in &lists {
            let Some(is_named) = concerns(list, certificate, issuer) else {
                continue;
            };
            if !is_genuine(list, issuer, path, context, &mut trials) {
                if is_named {
                    findings.push(Finding::warning(
                        Code::RevocationListNotTrusted,
                        format!(
                            "{}: no trusted issuer signed this revocation list",
                            list.source
                        ),
                    ));
                }
                continue;
            }
            if list.revokes(certificate) {
                let code = if is_signer {
                    Code::SignerRevoked
                } else {
                    Code::LinkRevoked
                };
                findings.push(Finding::invalid(
                    code,
                    format!(
                        "{file}: {} is revoked by {}",
                        certificate.shown(),
                        list.source
                    ),
                ));
                return true;
            }
            status.add(list, certificate, context);
        }
        if is_signer {
            status.report(file, context, findings);
        }
    }
    false
}

/// What the lists of an issuer, on none of which the certificate is, say together.
#[derive(Default)]
struct Status<'a> {
    is_fresh: bool,
    /// The newest that shows that it isn't revoked, as far as lists past their day do.
    outdated: Option<&'a Crl>,
    partial: Vec<(&'a Crl, Gap)>,
}

impl<'a> Status<'a> {
    fn add(&mut self, list: &'a Crl, certificate: &Certificate, context: &Context<'_>) {
        if let Some(gap) = list.gap(certificate, context.at) {
            self.partial.push((list, gap));
        } else if list.next_update.is_some_and(|d| d >= context.at) {
            self.is_fresh = true;
        } else if self
            .outdated
            .is_none_or(|o| list.next_update > o.next_update)
        {
            self.outdated = Some(list);
        }
    }

    fn report(&self, file: &str, context: &Context<'_>, findings: &mut Vec<Finding>) {
        if self.is_fresh {
            return;
        }
        let policy = context.policy;
        if let Some(list) = self.outdated {
            let since = list.next_update.map_or_else(
                || "doesn't say when the next one is due".to_owned(),
                |due| format!("a newer list was due on {due}"),
            );
            findings.push(Finding::new(
                Code::RevocationListOutdated,
                policy.revocation_outdated.best(),
                format!("{}: {since} (policy revocation_outdated)", list.source),
            ));
            return;
        }
        for (list, gap) in &self.partial {
            findings.push(Finding::info(
                Code::RevocationListPartial,
                format!(
                    "{}: whoever isn't on this list may be revoked all the same: {gap}",
                    list.source
                ),
            ));
        }
        let there_is = if self.partial.is_empty() {
            "there is no revocation list of the issuer"
        } else {
            "there is no complete revocation list of the issuer"
        };
        findings.push(Finding::new(
            Code::RevocationNotChecked,
            policy.revocation_missing.best(),
            format!("{file}: {there_is} (policy revocation_missing)"),
        ));
    }
}

/// Whether the issuer that the store trusts revoked its own certificate: who says
/// so holds its key.
pub(super) fn revoked_itself(
    file: &str,
    anchor: &Certificate,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let is_own = |l: &&Crl| {
        l.issuer.has_same_attributes(&anchor.subject)
            && anchor.is_self_issued()
            && l.revokes(anchor)
            && l.is_signed_by(&anchor.key).is_ok()
    };
    let list = lists(context).into_iter().find(is_own);
    findings.extend(list.map(|list| {
        Finding::new(
            Code::IssuerRevoked,
            Verdict::Untrusted,
            format!(
                "{file}: the trusted issuer {} is on its own revocation list {}",
                anchor.shown(),
                list.source
            ),
        )
    }));
    list.is_some()
}

/// The store's lists and those that came along, each once.
fn lists<'a>(context: &Context<'a>) -> Vec<&'a Crl> {
    let mut lists: Vec<&Crl> = Vec::new();
    for list in context.trust.crls().iter().chain(context.crls) {
        if !lists.iter().any(|l| l.is_same_as(list)) {
            lists.push(list);
        }
    }
    lists
}

/// Whether the list may be of the certificate's issuer, `Some(true)` where it is so
/// by name. The name and the key identifier are hints, as anywhere: an issuer may
/// have renamed itself, and may write its own name in another order.
fn concerns(list: &Crl, certificate: &Certificate, issuer: &Certificate) -> Option<bool> {
    let names = [&issuer.subject, &certificate.issuer];
    let is_named = names.iter().any(|n| list.issuer.has_same_attributes(n));
    let has_key = list.authority_key_id.is_some() && list.authority_key_id == issuer.subject_key_id;
    let same_country = list.issuer.is_of_same_country(&issuer.subject);
    (is_named || has_key || same_country).then_some(is_named)
}

/// Whether the certificate's issuer signed the list, or somebody of the list's
/// name who is trusted, by the store or through the path.
fn is_genuine(
    list: &Crl,
    issuer: &Certificate,
    path: &Path<'_>,
    context: &Context<'_>,
    trials: &mut usize,
) -> bool {
    let trusted = context
        .trust
        .with_subject(&list.issuer.canonical)
        .take(MOST_CANDIDATES);
    let links = path.links.iter().copied();
    std::iter::once(issuer)
        .chain(trusted)
        .chain(links.filter(|l| l.subject.canonical == list.issuer.canonical))
        .any(|c| {
            let may_try = *trials > 0;
            *trials = trials.saturating_sub(1);
            may_try && list.is_signed_by(&c.key).is_ok()
        })
}
