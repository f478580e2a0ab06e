//! Zones in OCR-B that are none of Doc 9303's: told as what they are, since their
//! fields stand in other columns and their check digits are others.

use super::check::check_digit;
use super::format::MrzFormat;
use super::parse::Mrz;
use crate::finding::Finding;
use rowcall_words::document::Verdict;
use rowcall_words::finding::code::Code;

/// A layout of a state's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum National {
    /// France's identity card of 1988 to 2021: two lines of 36, the number and the
    /// given names in the second (arrêté du 24 avril 1991). Whether its own check
    /// digits are right.
    FrenchIdentityCard(bool),
    /// A driving licence: one line of 30, the first letter D (ISO/IEC 18013-2, Annex
    /// A; France's arrêté du 20 avril 2012).
    DrivingLicence,
}

impl National {
    /// The layout of `lines`, if it is one that is known; `mrz` is what they are as a
    /// zone of Doc 9303.
    pub(crate) fn of(lines: &[&str], mrz: Option<&Mrz>) -> Option<Self> {
        if mrz.is_some_and(|mrz| mrz.checks().all_right()) {
            return None;
        }
        match lines {
            [one] if one.len() == 30 && one.starts_with('D') && one.is_ascii() => {
                Some(Self::DrivingLicence)
            }
            [upper, lower] => french(upper.as_bytes(), lower.as_bytes()),
            _ => None,
        }
    }

    /// The finding on a zone in `file`.
    pub(crate) fn finding(self, file: &str) -> Finding {
        let what = match self {
            Self::FrenchIdentityCard(true) => {
                "the layout of French identity cards issued from 1988 to 2021, all of its own check digits right"
            }
            Self::FrenchIdentityCard(false) => {
                "the layout of French identity cards issued from 1988 to 2021; not all of its own check digits are right"
            }
            Self::DrivingLicence => "a driving licence, which is no travel document",
        };
        Finding::new(
            Code::MrzNationalLayout,
            Verdict::Unsupported,
            format!("{file}: no zone of Doc 9303: {what}"),
        )
    }
}

fn french(upper: &[u8], lower: &[u8]) -> Option<National> {
    let (_, width) = MrzFormat::Td2.shape();
    let fits = upper.len() == width
        && lower.len() == width
        && upper.starts_with(b"IDFRA")
        && lower[27..34].iter().all(u8::is_ascii_digit)
        && matches!(lower[34], b'M' | b'F');
    let right = || {
        check_digit(&[&lower[..12]]) == lower[12]
            && check_digit(&[&lower[27..33]]) == lower[33]
            && check_digit(&[upper, &lower[..35]]) == lower[35]
    };
    fits.then(|| National::FrenchIdentityCard(right()))
}

#[cfg(test)]
mod tests {
    use super::National;

    #[test]
    fn national_layouts_are_known_by_their_columns() {
        // Published specimens of the French Ministry of the Interior's.
        let old = [
            "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<",
            "8806923102858CORINNE<<<<<<<6512068F6",
        ];
        assert_eq!(
            National::of(&old, None),
            Some(National::FrenchIdentityCard(true))
        );
        let misread = [old[0], "8806923102859CORINNE<<<<<<<6512068F6"];
        assert_eq!(
            National::of(&misread, None),
            Some(National::FrenchIdentityCard(false))
        );
        let licence = ["D1FRA13AA000026181231MARTIN<<9"];
        assert_eq!(National::of(&licence, None), Some(National::DrivingLicence));
        let passport = [
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ];
        assert_eq!(National::of(&passport, None), None);
    }
}
