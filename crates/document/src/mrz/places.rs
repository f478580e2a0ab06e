//! What sort of character each place of a layout holds (Doc 9303-4 to -7, each
//! 4.2.2), and which check digits cover it.

use super::format::MrzFormat;
use super::grammar::first_letters;

/// The characters of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The letters that a document code begins with.
    Code(MrzFormat),
    /// A letter or a filler.
    Letter,
    /// A digit.
    Digit,
    /// A digit, or a filler where nothing is known or the field is empty.
    DigitOrFiller,
    /// The sexes.
    Sex,
    /// A letter, a digit or a filler.
    Any,
}

impl Sort {
    /// Whether the character may stand there.
    pub(crate) fn allows(self, character: u8) -> bool {
        match self {
            Self::Code(format) => first_letters(format).contains(&character),
            Self::Letter => character.is_ascii_uppercase() || character == b'<',
            Self::Digit => character.is_ascii_digit(),
            Self::DigitOrFiller => character.is_ascii_digit() || character == b'<',
            Self::Sex => matches!(character, b'M' | b'F' | b'<' | b'X'),
            Self::Any => true,
        }
    }
}

/// What a place holds.
pub(crate) fn sort(format: MrzFormat, row: usize, column: usize) -> Sort {
    match (row, column) {
        (0, 0) => Sort::Code(format),
        (0, 1..=4) => Sort::Letter,
        _ if format == MrzFormat::Td1 => sort_in_td1(row, column),
        (0, _) | (_, 10..=12) => Sort::Letter,
        (_, 9 | 13..=18 | 21..=26) => Sort::DigitOrFiller,
        (_, 19 | 27) => Sort::Digit,
        (_, 20) => Sort::Sex,
        (_, 42) if format == MrzFormat::Td3 => Sort::DigitOrFiller,
        (_, 43) if format == MrzFormat::Td3 => Sort::Digit,
        (_, 35) if format == MrzFormat::Td2 => Sort::Digit,
        _ => Sort::Any,
    }
}

fn sort_in_td1(row: usize, column: usize) -> Sort {
    match (row, column) {
        (0, 14) | (1, 0..=5 | 8..=13) => Sort::DigitOrFiller,
        (1, 6 | 14 | 29) => Sort::Digit,
        (1, 7) => Sort::Sex,
        (1, 15..=17) => Sort::Letter,
        (0 | 1, _) => Sort::Any,
        _ => Sort::Letter,
    }
}

/// Whether a check digit covers the place, or it is one.
pub(crate) fn is_covered(format: MrzFormat, row: usize, column: usize) -> bool {
    match format {
        MrzFormat::Td1 => match row {
            0 => column >= 5,
            1 => !matches!(column, 7 | 15..=17),
            _ => false,
        },
        _ => {
            let is_visa = matches!(format, MrzFormat::MrvA | MrzFormat::MrvB);
            row == 1 && !matches!(column, 10..=12 | 20) && !(is_visa && column >= 28)
        }
    }
}

/// Where issuing state and nationality begin, as row and column.
pub(crate) fn states(format: MrzFormat) -> [(usize, usize); 2] {
    match format {
        MrzFormat::Td1 => [(0, 2), (1, 15)],
        _ => [(0, 2), (1, 10)],
    }
}

/// Fields: row, first column, name; each goes on to the next in its row.
type Fields = &'static [(usize, usize, &'static str)];

const TD1: Fields = &[
    (0, 0, "the document code"),
    (0, 2, "the issuing state"),
    (0, 5, "the document number"),
    (0, 14, "the check digit of the document number"),
    (0, 15, "the optional data"),
    (1, 0, "the date of birth"),
    (1, 6, "the check digit of the date of birth"),
    (1, 7, "the sex"),
    (1, 8, "the date of expiry"),
    (1, 14, "the check digit of the date of expiry"),
    (1, 15, "the nationality"),
    (1, 18, "the second optional data"),
    (1, 29, "the composite check digit"),
    (2, 0, "the names"),
];
const TWO_LINES: Fields = &[
    (0, 0, "the document code"),
    (0, 2, "the issuing state"),
    (0, 5, "the names"),
    (1, 0, "the document number"),
    (1, 9, "the check digit of the document number"),
    (1, 10, "the nationality"),
    (1, 13, "the date of birth"),
    (1, 19, "the check digit of the date of birth"),
    (1, 20, "the sex"),
    (1, 21, "the date of expiry"),
    (1, 27, "the check digit of the date of expiry"),
    (1, 28, "the optional data"),
];

/// The field of a place, for a person, and the place in it, counted from 1.
pub(crate) fn field(format: MrzFormat, row: usize, column: usize) -> (&'static str, usize) {
    match (format, row, column) {
        (MrzFormat::Td3, 1, 42) => return ("the check digit of the personal number", 1),
        (MrzFormat::Td3, 1, 43) | (MrzFormat::Td2, 1, 35) => {
            return ("the composite check digit", 1);
        }
        _ => {}
    }
    let fields = match format {
        MrzFormat::Td1 => TD1,
        _ => TWO_LINES,
    };
    fields
        .iter()
        .rev()
        .find(|(r, start, _)| *r == row && *start <= column)
        .map_or(("the zone", column + 1), |(_, start, name)| {
            (name, column - start + 1)
        })
}

#[cfg(test)]
mod tests {
    use super::{Sort, field, is_covered, sort};
    use crate::mrz::MrzFormat;

    #[test]
    fn what_a_specimen_holds_may_stand_there() {
        let zones: [(MrzFormat, &[&str]); 3] = [
            (
                MrzFormat::Td3,
                &[
                    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                ],
            ),
            (
                MrzFormat::Td2,
                &[
                    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                    "D231458907UTO7408122F1204159<<<<<<<6",
                ],
            ),
            (
                MrzFormat::Td1,
                &[
                    "I<UTOD231458907<<<<<<<<<<<<<<<",
                    "7408122F1204159UTO<<<<<<<<<<<6",
                    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
                ],
            ),
        ];
        let mut wrong = Vec::new();
        for (format, lines) in zones {
            for (row, line) in lines.iter().enumerate() {
                for (column, c) in line.bytes().enumerate() {
                    if !sort(format, row, column).allows(c) {
                        wrong.push((format, row, column));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(sort(MrzFormat::MrvA, 1, 43), Sort::Any);
        assert!(!is_covered(MrzFormat::MrvA, 1, 30) && is_covered(MrzFormat::Td3, 1, 30));
        assert_eq!(field(MrzFormat::Td3, 1, 5), ("the document number", 6));
        assert_eq!(field(MrzFormat::Td1, 1, 20).1, 3);
    }
}
