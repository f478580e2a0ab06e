//! Revocation lists against the certificates of a path (Doc 9303-12, 7.1.4;
//! RFC 5280, 6.3).

use super::{CLAUSE, Context};
use crate::finding::{Finding, Verdict};
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crl::Crl;
use rowcall_pki::path::{MOST_CANDIDATES, Path};

/// Whether a list that its issuer signed revokes the signer or a link.
pub(super) fn revoked(
    file: &str,
    signer: &Certificate,
    path: &Path<'_>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> bool {
    let lists = lists(context);
    for (certificate, issuer) in path.steps(signer) {
        let is_signer = certificate.der == signer.der;
        let mut checked = false;
        // The issuer may sign lists under the name that it has, or had.
        for list in lists.iter().filter(|l| {
            l.issuer.canonical == issuer.subject.canonical
                || l.issuer.canonical == certificate.issuer.canonical
        }) {
            if !is_genuine(list, issuer, path, context) {
                findings.push(Finding::warning(
                    "revocation-list-not-trusted",
                    "Doc 9303-12, 7.1.4",
                    format!(
                        "{}: no trusted issuer signed this revocation list",
                        list.source
                    ),
                ));
                continue;
            }
            checked = true;
            if list.revokes(&certificate.serial) {
                let code = if is_signer {
                    "signer-revoked"
                } else {
                    "link-revoked"
                };
                findings.push(Finding::invalid(
                    code,
                    CLAUSE,
                    format!(
                        "{file}: {} is revoked by {}",
                        certificate.shown(),
                        list.source
                    ),
                ));
                return true;
            }
            if list.next_update.is_some_and(|d| d < context.at) {
                findings.push(Finding::info(
                    "revocation-list-outdated",
                    "Doc 9303-12, 7.1.4",
                    format!("{}: a newer list is due", list.source),
                ));
            }
        }
        if is_signer && !checked {
            findings.push(Finding::info(
                "revocation-not-checked",
                CLAUSE,
                format!("{file}: there is no revocation list of the issuer"),
            ));
        }
    }
    false
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
        l.issuer.canonical == anchor.subject.canonical
            && anchor.is_self_issued()
            && l.revokes(&anchor.serial)
            && l.is_signed_by(&anchor.key).is_ok()
    };
    let list = lists(context).into_iter().find(is_own);
    findings.extend(list.map(|list| {
        Finding::new(
            "issuer-revoked",
            Verdict::Untrusted,
            "Doc 9303-12, 7.1.4",
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

/// Whether the certificate's issuer signed the list, or somebody of the list's
/// name who is trusted, by the store or through the path.
fn is_genuine(list: &Crl, issuer: &Certificate, path: &Path<'_>, context: &Context<'_>) -> bool {
    let trusted = context
        .trust
        .with_subject(&list.issuer.canonical)
        .take(MOST_CANDIDATES);
    let links = path.links.iter().copied();
    std::iter::once(issuer)
        .chain(trusted)
        .chain(links.filter(|l| l.subject.canonical == list.issuer.canonical))
        .any(|c| list.is_signed_by(&c.key).is_ok())
}
