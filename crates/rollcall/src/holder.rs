//! Documents grouped by holder: a passport and a visa of one person are one
//! party member.

use jiff::civil::Date;
use rowcall_document::Mrz;
use rowcall_face::{Calibration, Imprint, Probe, Reference, Score};

use crate::{Policy, PortraitFace, Presented};

/// Two portraits of one holder must be at least this much unlike strangers'.
const SAME_HOLDER_FMR: f64 = 0.001;

/// A party member, by their documents.
#[derive(Debug)]
pub(crate) struct Holder<'a> {
    /// Which of the documents given, in order.
    pub(crate) documents: Vec<usize>,
    /// Their portraits.
    pub(crate) references: Vec<&'a Reference>,
    pub(crate) imprints: Vec<&'a Imprint>,
    /// The portraits don't show one person.
    pub(crate) portraits_differ: bool,
    /// Too young to be compared by a machine.
    pub(crate) manual: bool,
}

impl Holder<'_> {
    /// How alike an occupant and this holder are: the mean over the holder's
    /// portraits. `None` if there is none.
    pub(crate) fn compare(&self, probe: &Probe) -> Option<Score> {
        let scores: Vec<f32> = self
            .references
            .iter()
            .filter_map(|r| probe.compare(r))
            .map(|s| s.0)
            .collect();
        (!scores.is_empty()).then(|| Score(scores.iter().sum::<f32>() / scores.len() as f32))
    }

    /// Whether there is anything to compare with.
    pub(crate) fn is_comparable(&self) -> bool {
        !self.manual && !self.references.is_empty()
    }
}

/// Groups the documents that are left in (`included`) by holder: the same
/// number, or the same name and date of birth. A document whose machine
/// readable zone can't be read is a holder by itself.
pub(crate) fn group<'a>(
    presented: &'a [Presented],
    included: &[bool],
    policy: &Policy,
    calibration: &Calibration,
    at: Date,
) -> Vec<Holder<'a>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (i, document) in presented.iter().enumerate().filter(|&(i, _)| included[i]) {
        let related =
            |group: &Vec<usize>| group.iter().any(|&j| same_holder(&presented[j], document));
        let (mut same, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(related);
        groups = others;
        same.push(vec![i]);
        let mut merged = same.concat();
        merged.sort_unstable();
        groups.push(merged);
    }
    groups.sort();
    groups
        .into_iter()
        .map(|documents| holder(presented, documents, policy, calibration, at))
        .collect()
}

fn holder<'a>(
    presented: &'a [Presented],
    documents: Vec<usize>,
    policy: &Policy,
    calibration: &Calibration,
    at: Date,
) -> Holder<'a> {
    let (references, imprints): (Vec<&Reference>, Vec<&Imprint>) = documents
        .iter()
        .filter_map(|&i| match &presented[i].portrait {
            PortraitFace::Usable { reference, imprint } => Some((reference, imprint)),
            _ => None,
        })
        .unzip();
    let least = calibration.threshold(SAME_HOLDER_FMR).score;
    let portraits_differ = references.iter().enumerate().any(|(i, a)| {
        references[..i]
            .iter()
            .any(|b| a.agreement(b).is_none_or(|score| score < least))
    });
    let manual = documents
        .iter()
        .filter_map(|&i| presented[i].document.mrz())
        .any(|mrz| is_below(mrz, policy, at));
    Holder {
        documents,
        references,
        imprints,
        portraits_differ,
        manual,
    }
}

fn same_holder(a: &Presented, b: &Presented) -> bool {
    let (Some(a), Some(b)) = (a.document.mrz(), b.document.mrz()) else {
        return false;
    };
    let number = |m: &Mrz| (m.issuing_state().to_owned(), m.document_number().to_owned());
    let person = |m: &Mrz| {
        (
            m.primary_identifier().to_owned(),
            m.secondary_identifier().to_owned(),
            m.birth_date().as_written().to_owned(),
        )
    };
    let has_number = !a.document_number().is_empty();
    // Names that came from text recognition are covered by no check digit.
    let has_person = !a.primary_identifier().is_empty()
        && a.birth_date().date().is_some()
        && !a.is_recognised()
        && !b.is_recognised();
    (has_number && number(a) == number(b)) || (has_person && person(a) == person(b))
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
