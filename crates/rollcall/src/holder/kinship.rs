//! Whether two documents are one person's, by what stands in their machine
//! readable zones.

use rowcall_document::Mrz;

use crate::Presented;

/// Whether two documents are certainly one person's: one number of one kind of one
/// state, or a passport and a visa of one complete name, date of birth, sex and
/// nationality. In both cases nothing may speak against it.
///
/// Not enough: names that were cut off by the zone, a date of birth that stands
/// for one that isn't known (1 January, or parts left open), and two numbers of
/// one kind of document, which twins, namesakes and relatives have.
pub(super) fn is_one_holders(a: &Presented, b: &Presented) -> bool {
    let (Some(a), Some(b)) = (a.document.mrz(), b.document.mrz()) else {
        return false;
    };
    if speaks_against(a, b) {
        return false;
    }
    if kind(a) == kind(b) {
        return has_one_number(a, b);
    }
    is_certain(a) && is_certain(b) && name(a) == name(b) && birth(a) == birth(b)
}

/// Whether one number of one kind of one state stands on both.
pub(crate) fn has_one_number(a: &Mrz, b: &Mrz) -> bool {
    let number = |m: &Mrz| (m.issuing_state().to_owned(), m.document_number().to_owned());
    kind(a) == kind(b) && !a.document_number().is_empty() && number(a) == number(b)
}

/// The first letter of the document code: passport, visa, identity card (Doc
/// 9303-4, 4.2.2; -5, 4.2.2; -7, 4.2.2).
fn kind(mrz: &Mrz) -> Option<char> {
    mrz.document_code().chars().next()
}

/// Something that two documents of one person have in common differs.
fn speaks_against(a: &Mrz, b: &Mrz) -> bool {
    // What was recognised on a picture may have a letter wrong; dates and numbers
    // are covered by check digits, names and sex aren't.
    let is_sure = !a.is_recognised() && !b.is_recognised();
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    let is_sex = |sex: char| matches!(sex, 'M' | 'F');
    let names_differ = || {
        // One that was cut off still agrees as far as it goes.
        let (short, long) = (full_name(a), full_name(b));
        let (short, long) = if short.len() <= long.len() {
            (short, long)
        } else {
            (long, short)
        };
        let is_cut = a.names_may_be_truncated() || b.names_may_be_truncated();
        !short.is_empty() && short != long && !(is_cut && long.starts_with(&short))
    };
    differ(birth(a), birth(b))
        || is_sure
            && (names_differ()
                || differ(a.nationality(), b.nationality())
                || is_sex(a.sex()) && is_sex(b.sex()) && a.sex() != b.sex())
}

/// Whether name and date of birth are whole.
fn is_certain(mrz: &Mrz) -> bool {
    let is_placeholder = |day: jiff::civil::Date| (day.month(), day.day()) == (1, 1);
    !mrz.is_recognised()
        && !mrz.primary_identifier().is_empty()
        && !mrz.secondary_identifier().is_empty()
        && !mrz.names_may_be_truncated()
        && mrz
            .birth_date()
            .date()
            .is_some_and(|day| !is_placeholder(day))
}

fn name(mrz: &Mrz) -> (&str, &str) {
    (mrz.primary_identifier(), mrz.secondary_identifier())
}

fn full_name(mrz: &Mrz) -> String {
    [mrz.primary_identifier(), mrz.secondary_identifier()].join("  ")
}

fn birth(mrz: &Mrz) -> &str {
    mrz.birth_date().as_written()
}
