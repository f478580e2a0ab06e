//! The certificates between a signer and somebody trusted.

use std::collections::VecDeque;

use jiff::civil::Date;

use crate::certificate::Certificate;
use crate::crypto::VerifyError;
use crate::trust::TrustStore;

/// Trusted certificates tried for one signature: a store may hold many of one
/// name, and each trial costs a verification.
pub const MOST_CANDIDATES: usize = 128;
/// Signatures verified for links that came with a document, for the same reason.
const MOST_TRIALS: usize = 12;
/// Links one after another: a passport lives for ten years, and the key of its
/// issuer signs for three to five (Doc 9303-12, 3).
const LONGEST: usize = 4;

/// From the signer to somebody trusted.
pub struct Path<'a> {
    /// Links that came along, the signer's issuer first.
    pub links: Vec<&'a Certificate>,
    /// Whom the store trusts; the signer itself, if it is in the store.
    pub anchor: &'a Certificate,
}

impl<'a> Path<'a> {
    /// Each certificate below the anchor with that of its issuer; a signer that is
    /// the anchor is its own.
    pub fn steps<'b>(
        &'b self,
        signer: &'b Certificate,
    ) -> impl Iterator<Item = (&'b Certificate, &'a Certificate)> {
        let below = std::iter::once(signer).chain(self.links.iter().copied());
        let above = self.links.iter().copied().chain([self.anchor]);
        below.zip(above)
    }
}

/// What a search came to.
#[derive(Default)]
pub struct Search<'a> {
    /// The shortest path, if there is any.
    pub path: Option<Path<'a>>,
    /// A trusted certificate that the signer names by name and key did not
    /// sign it, and neither did another.
    pub named: bool,
    /// An algorithm that can't be checked here.
    pub unsupported: Option<&'static str>,
    /// A bound ended the search.
    pub gave_up: bool,
}

/// The shortest path to somebody trusted.
pub fn search<'a>(
    signer: &Certificate,
    others: &'a [Certificate],
    trust: &'a TrustStore,
    at: Date,
) -> Search<'a> {
    let mut search = Search::default();
    if trust.holds(signer) {
        let same_name = trust.with_subject(&signer.subject.canonical);
        search.path = same_name
            .into_iter()
            .find(|c| c.der == signer.der)
            .map(|anchor| Path {
                links: Vec::new(),
                anchor,
            });
        return search;
    }
    let mut trials = 0;
    let mut reached: Vec<&Certificate> = Vec::new();
    let mut waiting = VecDeque::from([Vec::new()]);
    while let Some(links) = waiting.pop_front() {
        let last = links.last().copied().unwrap_or(signer);
        if let Some(anchor) = search.anchor_of(last, links.is_empty(), trust, at) {
            search.path = Some(Path { links, anchor });
            return search;
        }
        if links.len() == LONGEST {
            continue;
        }
        for link in links_above(last, others) {
            if link.der == signer.der || reached.iter().any(|r| r.der == link.der) {
                continue;
            }
            if trials == MOST_TRIALS {
                search.gave_up = true;
                break;
            }
            trials += 1;
            if last.is_signed_by(&link.key).is_ok() {
                reached.push(link);
                waiting.push_back([&links[..], &[link]].concat());
            }
        }
    }
    search
}

impl<'a> Search<'a> {
    /// Whoever is trusted and signed `last`, which is the signer itself or a link.
    fn anchor_of(
        &mut self,
        last: &Certificate,
        is_signer: bool,
        trust: &'a TrustStore,
        at: Date,
    ) -> Option<&'a Certificate> {
        let candidates = candidates(last, trust, at);
        self.gave_up |= candidates.len() > MOST_CANDIDATES;
        for (likeness, candidate) in candidates.into_iter().take(MOST_CANDIDATES) {
            match last.is_signed_by(&candidate.key) {
                Ok(()) => return Some(candidate),
                // Another issuer's key may be of any kind.
                Err(VerifyError::Unsupported(what))
                    if is_signer && likeness != Likeness::SameCountry =>
                {
                    self.unsupported = Some(what);
                }
                Err(_) => {
                    self.named |= is_signer
                        && candidate.subject_key_id.is_some()
                        && candidate.subject_key_id == last.authority_key_id
                        && candidate.subject.canonical == last.issuer.canonical;
                }
            }
        }
        None
    }
}

/// Trusted certificates that may have issued `last`, the likeliest first: those with
/// the issuer's name or key identifier, those whose name has the same attributes in
/// another order, the others of the country. Names and identifiers say where to look;
/// who signed is told by the signature (issuers have renamed themselves, and some
/// write their own name in another order). Of two with one key, as a link and a root
/// have, the one that is valid comes first.
fn candidates<'a>(
    last: &Certificate,
    trust: &'a TrustStore,
    at: Date,
) -> Vec<(Likeness, &'a Certificate)> {
    let name = &last.issuer;
    let has_key = |c: &Certificate| {
        last.authority_key_id.is_some() && c.subject_key_id == last.authority_key_id
    };
    let likeness = |c: &Certificate| {
        if c.subject.canonical == name.canonical || has_key(c) {
            Some(Likeness::Named)
        } else if c.subject.has_same_attributes(name) {
            Some(Likeness::SameAttributes)
        } else if c.subject.is_of_same_country(name) {
            Some(Likeness::SameCountry)
        } else {
            None
        }
    };
    let mut found: Vec<(Likeness, &Certificate)> = trust
        .all()
        .filter(|c| c.may_issue())
        .filter_map(|c| likeness(c).map(|likeness| (likeness, c)))
        .collect();
    found.sort_by_key(|(likeness, c)| {
        (
            *likeness,
            !has_key(c),
            c.subject.canonical != name.canonical,
            c.is_current(at) == Some(false),
        )
    });
    found
}

/// How a certificate is like the issuer that another names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Named,
    SameAttributes,
    SameCountry,
}

/// Certificates that came along and may be the issuer of `last` as a link, those
/// with the key that it names first. What signed itself leads nowhere.
fn links_above<'a>(
    last: &Certificate,
    others: &'a [Certificate],
) -> impl Iterator<Item = &'a Certificate> + use<'a> {
    let signed_itself = |c: &Certificate| {
        c.is_self_issued() && c.authority_key_id.is_some() && c.authority_key_id == c.subject_key_id
    };
    let names_key = |c: &Certificate| {
        last.authority_key_id.is_some() && c.subject_key_id == last.authority_key_id
    };
    let mut links: Vec<&Certificate> = others
        .iter()
        .filter(|c| {
            (c.subject.has_same_attributes(&last.issuer) || names_key(c))
                && c.may_issue()
                && c.is_ca == Some(true)
                && c.unknown_critical.is_none()
                && !signed_itself(c)
        })
        .collect();
    links.sort_by_key(|c| !names_key(c));
    links.into_iter()
}
