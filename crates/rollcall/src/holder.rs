//! Documents grouped by holder: a passport and a visa of one person are one
//! party member.

mod kinship;

use jiff::civil::Date;
use rowcall_document::Mrz;
use rowcall_face::{Calibration, Imprint, Probe, Reference, Score};
use rowcall_template::comparison;

use crate::{Declaration, Policy, PortraitFace, Presented};
pub(crate) use kinship::has_one_number;
use kinship::is_one_holders;

/// Two portraits of one holder must be at least this much unlike strangers'.
const SAME_HOLDER_FMR: f64 = 0.001;

/// A party member, by their documents.
#[derive(Debug)]
pub(crate) struct Holder<'a> {
    /// Which of the documents given, in order.
    pub(crate) documents: Vec<usize>,
    /// The portraits that an occupant is compared with: those of documents that may
    /// confirm, and only where there is no such document those of the others.
    portraits: Vec<Portrait<'a>>,
    /// Of all their documents, to know a picture of one by.
    pub(crate) imprints: Vec<&'a Imprint>,
    /// Whether [`Holder::portraits`] are of documents that may confirm.
    pub(crate) may_confirm: bool,
    /// The portraits, of whichever documents, don't show one person, and no officer
    /// has said that they do.
    pub(crate) portraits_differ: bool,
    /// Too young to be compared by a machine.
    pub(crate) manual: bool,
}

/// A portrait that passes its own gate.
#[derive(Clone, Copy, Debug)]
struct Portrait<'a> {
    document: usize,
    reference: &'a Reference,
}

impl Holder<'_> {
    /// How alike an occupant and this holder are. Each portrait must agree by
    /// itself, so the least counts: what agrees with a morph and not with the chip
    /// isn't the chip's holder. Where the portraits show two people the greatest
    /// counts, to know whom an officer should look at; it confirms nobody. `None`
    /// if there is none.
    pub(crate) fn compare(&self, probe: &Probe) -> Option<Score> {
        let scores = self
            .portraits
            .iter()
            .filter_map(|p| comparison::occupant_with_portrait(probe, p.reference));
        scores.reduce(|a, b| {
            if (b < a) == self.portraits_differ {
                a
            } else {
                b
            }
        })
    }

    /// Whether there is anything to compare with.
    pub(crate) fn is_comparable(&self) -> bool {
        !self.manual && !self.portraits.is_empty()
    }

    /// Whether none of the documents has a portrait that can be compared with.
    pub(crate) fn is_without_portrait(&self) -> bool {
        self.portraits.is_empty()
    }

    /// Whether an occupant was compared with this document's own portrait.
    pub(crate) fn compares(&self, document: usize) -> bool {
        self.portraits.iter().any(|p| p.document == document)
    }

    /// The document that speaks for the holder: the first that was compared with,
    /// or else the first.
    pub(crate) fn speaker(&self) -> Option<usize> {
        let compared = self.portraits.first().map(|p| p.document);
        compared.or_else(|| self.documents.first().copied())
    }
}

/// Groups the documents that are left in (`included`) by holder. Two documents are
/// one person's only if nothing speaks against it; when in doubt they are two
/// holders, until an officer joins them.
pub(crate) fn group<'a>(
    presented: &'a [Presented],
    included: &[bool],
    declaration: &Declaration,
    policy: &Policy,
    calibration: &Calibration,
    at: Date,
) -> Vec<Holder<'a>> {
    let is_one = |a: usize, b: usize| {
        declaration.is_joined(a, b) || is_one_holders(&presented[a], &presented[b])
    };
    let of_one = |members: &[usize]| {
        let pairs = members
            .iter()
            .flat_map(|a| members.iter().map(move |b| (*a, *b)));
        pairs.into_iter().all(|(a, b)| a == b || is_one(a, b))
    };
    let documents: Vec<usize> = (0..presented.len()).filter(|&i| included[i]).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for members in components(&documents, is_one) {
        if of_one(&members) {
            groups.push(members);
        } else {
            // A visa that fits two passports which don't fit each other: nobody
            // can say whose it is. Only what an officer joined stays together.
            groups.extend(components(&members, |a, b| declaration.is_joined(a, b)));
        }
    }
    groups.sort();
    groups
        .into_iter()
        .map(|documents| holder(presented, documents, declaration, policy, calibration, at))
        .collect()
}

/// What hangs together by `is_one`, over however many steps.
fn components(documents: &[usize], is_one: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &document in documents {
        let related = |group: &Vec<usize>| group.iter().any(|&member| is_one(member, document));
        let (same, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(related);
        groups = others;
        let mut merged = same.concat();
        merged.push(document);
        merged.sort_unstable();
        groups.push(merged);
    }
    groups
}

fn holder<'a>(
    presented: &'a [Presented],
    documents: Vec<usize>,
    declaration: &Declaration,
    policy: &Policy,
    calibration: &Calibration,
    at: Date,
) -> Holder<'a> {
    let portraits = || {
        documents.iter().filter_map(|&document| {
            let reference = presented[document].portrait.comparable(policy)?;
            Some(Portrait {
                document,
                reference,
            })
        })
    };
    let least = calibration.threshold(SAME_HOLDER_FMR).score;
    let all: Vec<Portrait<'a>> = portraits().collect();
    let differ = |a: &Portrait<'_>, b: &Portrait<'_>| {
        !declaration.is_joined(a.document, b.document)
            && comparison::portraits_of_one_holder(a.reference, b.reference)
                .is_none_or(|score| score < least)
    };
    let portraits_differ = (0..all.len()).any(|i| all[..i].iter().any(|b| differ(&all[i], b)));
    let confirming: Vec<Portrait<'a>> = portraits()
        .filter(|p| presented[p.document].may_confirm(policy))
        .collect();
    let manual = documents
        .iter()
        .filter_map(|&i| presented[i].document.mrz())
        .any(|mrz| is_below(mrz, policy, at));
    let imprints = documents
        .iter()
        .filter_map(|&i| match &presented[i].portrait {
            PortraitFace::Found { imprint, .. } => Some(imprint),
            _ => None,
        });
    Holder {
        imprints: imprints.collect(),
        may_confirm: !confirming.is_empty(),
        portraits: if confirming.is_empty() {
            all
        } else {
            confirming
        },
        portraits_differ,
        manual,
        documents,
    }
}

/// Whether the holder may be younger than the policy's age on the day `at`: an
/// unknown day or month counts as the latest that it can be.
fn is_below(mrz: &Mrz, policy: &Policy, at: Date) -> bool {
    let Some(born) = mrz.birth_date().latest() else {
        return false;
    };
    let birthday_passed = (at.month(), at.day()) >= (born.month(), born.day());
    let age = i32::from(at.year()) - i32::from(born.year()) - i32::from(!birthday_passed);
    age < i32::from(policy.manual_below_age)
}
