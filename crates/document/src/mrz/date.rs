//! Dates of an MRZ: six characters, two digits for the year, parts may be
//! unknown (Doc 9303-3, 4.8).

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A date as the MRZ has it, and what can be known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MrzDate {
    raw: [u8; 6],
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    is_unlimited: bool,
}

/// The last two digits of 9999, with its first day or its last: Spain's and Italy's
/// cards of old holders, among others.
const UNLIMITED: [[u8; 6]; 2] = [*b"990101", *b"991231"];

impl MrzDate {
    /// A date of birth: the latest century that does not lie after `at`.
    pub(crate) fn birth(raw: [u8; 6], at: Date) -> Self {
        let mut date = Self::parts(raw);
        if let Some(two) = date.year {
            let century = at.year() - at.year() % 100;
            let year = century + two;
            // Unknown parts count as the first, so that a birth this year stays.
            let born = (year, date.month.unwrap_or(1), date.day.unwrap_or(1));
            let later = born > (at.year(), at.month(), at.day());
            date.year = Some(if later { year - 100 } else { year });
        }
        date
    }

    /// A date of expiry: the century that brings it nearest to `at` and does not lie
    /// before the `birth`. Cards without end are printed with the year 9999, of which
    /// an MRZ has the last two digits: on a card they are no date of 1999.
    pub(crate) fn expiry(raw: [u8; 6], at: Date, birth: &Self, is_card: bool) -> Self {
        let mut date = Self::parts(raw);
        let Some(two) = date.year else { return date };
        let century = at.year() - at.year() % 100;
        let years = [century - 100 + two, century + two, century + 100 + two];
        let is_unlimited = is_card && UNLIMITED.contains(&raw);
        let born = birth.year.unwrap_or(i16::MIN);
        date.year = years
            .into_iter()
            .filter(|year| *year >= born && (!is_unlimited || *year >= at.year()))
            .min_by_key(|year| (i32::from(*year) - i32::from(at.year())).abs());
        date.is_unlimited = is_unlimited;
        date
    }

    fn parts(raw: [u8; 6]) -> Self {
        let two = |a: u8, b: u8| {
            (a.is_ascii_digit() && b.is_ascii_digit())
                .then(|| i16::from(a - b'0') * 10 + i16::from(b - b'0'))
        };
        let [y1, y2, m1, m2, d1, d2] = raw;
        Self {
            raw,
            year: two(y1, y2),
            month: two(m1, m2)
                .filter(|m| (1..=12).contains(m))
                .map(|m| m as i8),
            day: two(d1, d2)
                .filter(|d| (1..=31).contains(d))
                .map(|d| d as i8),
            is_unlimited: false,
        }
    }

    /// The six characters as they stand.
    pub fn as_written(&self) -> &str {
        std::str::from_utf8(&self.raw).unwrap_or_default()
    }

    /// The year in four digits, century resolved; `None` if unknown.
    pub fn year(&self) -> Option<i16> {
        self.year
    }

    /// The month; `None` if unknown or not a month.
    pub fn month(&self) -> Option<i8> {
        self.month
    }

    /// The day of the month; `None` if unknown or never a day.
    pub fn day(&self) -> Option<i8> {
        self.day
    }

    /// The full date, if every part is known and the day exists.
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// Whether nothing is written: the document has no such date.
    pub fn is_blank(&self) -> bool {
        self.raw == *b"<<<<<<"
    }

    /// Whether it is a card's date of expiry that stands for none (01.01.9999).
    pub fn is_unlimited(&self) -> bool {
        self.is_unlimited
    }

    /// The last day that the known parts allow: a person born `85<<<<` may
    /// have been born on 31 December. `None` if even the year is unknown.
    pub fn latest(&self) -> Option<Date> {
        let year = self.year?;
        if self.date().is_some() {
            return self.date();
        }
        let month = self.month.unwrap_or(12);
        let first = Date::new(year, month, 1).ok()?;
        Some(first.last_of_month())
    }

    /// Whether every character is a digit or a filler, and the fillers stand
    /// for whole parts, smallest first: the ways to write "unknown".
    pub(crate) fn is_well_formed(&self) -> bool {
        let part = |i: usize| match &self.raw[i..i + 2] {
            b"<<" => Some(false),
            two if two.iter().all(u8::is_ascii_digit) => Some(true),
            _ => None,
        };
        match (part(0), part(2), part(4)) {
            (Some(_), Some(month), Some(day)) => month || !day,
            _ => false,
        }
    }
}

impl Serialize for MrzDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_written())
    }
}

#[cfg(test)]
mod tests {
    use super::MrzDate;
    use jiff::civil::{Date, date};

    #[test]
    fn centuries_are_resolved_against_the_day_of_the_check() {
        let at = date(2026, 11, 23);
        let cases: [(&[u8; 6], Option<Date>, Option<Date>); 6] = [
            (
                b"261123",
                Some(date(2026, 11, 23)),
                Some(date(2026, 11, 23)),
            ),
            (
                b"261124",
                Some(date(1926, 11, 24)),
                Some(date(2026, 11, 24)),
            ),
            (b"850231", None, None),
            (b"000229", Some(date(2000, 2, 29)), Some(date(2000, 2, 29))),
            (b"75<<<<", None, None),
            (b"770101", Some(date(1977, 1, 1)), Some(date(1977, 1, 1))),
        ];
        let wrong: Vec<_> = cases
            .iter()
            .filter(|(raw, birth, expiry)| {
                MrzDate::birth(**raw, at).date() != *birth
                    || MrzDate::expiry(**raw, at, &MrzDate::birth(*b"<<<<<<", at), true).date()
                        != *expiry
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn an_expiry_lies_after_birth_and_a_card_without_end_has_not_expired() {
        let at = date(2026, 11, 23);
        // Expiry and birth as written, whether it is a card, and the year of expiry.
        type Case = (&'static [u8; 6], &'static [u8; 6], bool, Option<i16>);
        let cases: [Case; 7] = [
            (b"990101", b"490203", true, Some(2099)),
            (b"991231", b"490203", true, Some(2099)),
            (b"991230", b"490203", true, Some(1999)),
            (b"990101", b"490203", false, Some(1999)),
            // Born in 2010: no document expired before.
            (b"020101", b"100203", false, Some(2102)),
            (b"020101", b"000203", false, Some(2002)),
            (b"<<<<<<", b"490203", true, None),
        ];
        for (expiry, birth, is_card, year) in cases {
            let birth = MrzDate::birth(*birth, at);
            let date = MrzDate::expiry(*expiry, at, &birth, is_card);
            assert_eq!(date.year(), year, "{}", date.as_written());
        }
    }

    #[test]
    fn a_partly_unknown_birth_date_is_taken_at_its_latest() {
        let at = date(2026, 11, 23);
        assert_eq!(
            MrzDate::birth(*b"1902<<", at).latest(),
            Some(date(2019, 2, 28))
        );
        assert_eq!(
            MrzDate::birth(*b"19<<<<", at).latest(),
            Some(date(2019, 12, 31))
        );
        assert_eq!(MrzDate::birth(*b"<<<<<<", at).latest(), None);
        assert_eq!(MrzDate::birth(*b"26<<<<", at).year(), Some(2026));
    }
}
