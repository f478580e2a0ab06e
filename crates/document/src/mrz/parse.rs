//! Lines of text to an [`Mrz`]. No allocation on the way of a well-formed one.

use jiff::civil::Date;

use super::check::{Checks, check_digit, is_mrz_byte};
use super::date::MrzDate;
use super::field::{Field, trim, trim_end};
use super::format::MrzFormat;

/// A machine readable zone whose lines have the right lengths and characters.
/// Check digits may be wrong: [`Mrz::checks`] says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mrz {
    pub(super) format: MrzFormat,
    pub(super) lines: [Field; 3],
    pub(super) document_code: Field,
    pub(super) issuing_state: Field,
    pub(super) document_number: Field,
    pub(super) long_document_number: bool,
    pub(super) primary_identifier: Field,
    pub(super) secondary_identifier: Field,
    pub(super) names_truncated: bool,
    pub(super) nationality: Field,
    pub(super) birth_date: MrzDate,
    pub(super) sex: u8,
    pub(super) expiry_date: MrzDate,
    pub(super) optional_data_1: Field,
    pub(super) optional_data_2: Option<Field>,
    pub(super) checks: Checks,
    pub(super) recognised: bool,
    pub(super) repaired: u8,
}

/// Why lines are not an MRZ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MrzDefect {
    /// The layout that the lengths fit, if any.
    pub format: Option<MrzFormat>,
    /// What is wrong.
    pub kind: MrzDefectKind,
}

/// What is wrong with lines that are not an MRZ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MrzDefectKind {
    /// No layout has these many lines of these lengths (in characters).
    Length(Vec<usize>),
    /// Characters outside `A`-`Z`, `0`-`9`, `<`, as (line, column) from 0.
    Charset(Vec<(usize, usize)>),
}

/// The lines of a text, ended by any of the marks in use: without white space around
/// each, empty lines and a byte order mark. An MRZ written in one run, as in DG1, is cut into its
/// lines.
pub fn split_lines(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text
        .trim_start_matches('\u{feff}')
        .split(|c| {
            matches!(
                c,
                '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            )
        })
        .map(str::trim)
        .filter(|l| !l.is_empty())
        // More than any layout has says as much as all of them.
        .take(8)
        .collect();
    let [one] = lines[..] else { return lines };
    let width = match one.len() {
        90 => 30,
        88 => 44,
        72 => 36,
        _ => return lines,
    };
    if !one.is_ascii() {
        return lines;
    }
    (0..one.len() / width)
        .map(|i| &one[i * width..(i + 1) * width])
        .collect()
}

impl Mrz {
    /// Reads `lines`; the two-digit years are resolved against `at`.
    ///
    /// # Errors
    /// [`MrzDefect`] if the lengths fit no layout or a character may not stand
    /// in an MRZ (Doc 9303-3, 4.3).
    pub fn parse(lines: &[&str], at: Date) -> Result<Self, MrzDefect> {
        let mut raw: [&[u8]; 3] = [&[]; 3];
        let width = lines.first().map_or(0, |l| l.len());
        let plain = lines.len() <= 3
            && lines
                .iter()
                .all(|l| l.len() == width && l.bytes().all(is_mrz_byte));
        if !plain {
            return Err(defect(lines));
        }
        for (slot, line) in raw.iter_mut().zip(lines) {
            *slot = line.as_bytes();
        }
        let first = raw[0].first().copied().unwrap_or_default();
        let Some(format) = MrzFormat::of(lines.len(), width, first) else {
            return Err(defect(lines));
        };
        Ok(match format {
            MrzFormat::Td1 => Self::td1(raw, at),
            _ => Self::two_lines(format, raw, at),
        })
    }

    fn td1(raw: [&[u8]; 3], at: Date) -> Self {
        let [upper, middle, lower] = raw;
        let mut mrz = Self::common(MrzFormat::Td1, raw, lower, at);
        mrz.number(&upper[5..14], upper[14], &upper[15..30]);
        mrz.holder(
            &middle[15..18],
            (&middle[0..6], middle[6]),
            middle[7],
            (&middle[8..14], middle[14]),
            at,
        );
        mrz.optional_data_2 = Some(Field::new(trim_end(&middle[18..29])));
        mrz.checks.composite = Some(
            check_digit(&[
                &upper[5..30],
                &middle[0..7],
                &middle[8..15],
                &middle[18..29],
            ]) == middle[29],
        );
        mrz
    }

    fn two_lines(format: MrzFormat, raw: [&[u8]; 3], at: Date) -> Self {
        let [upper, lower, _] = raw;
        let mut mrz = Self::common(format, raw, &upper[5..], at);
        let optional = match format {
            MrzFormat::Td3 => &lower[28..42],
            MrzFormat::Td2 => &lower[28..35],
            _ => &lower[28..],
        };
        mrz.number(&lower[0..9], lower[9], optional);
        mrz.holder(
            &lower[10..13],
            (&lower[13..19], lower[19]),
            lower[20],
            (&lower[21..27], lower[27]),
            at,
        );
        match format {
            MrzFormat::Td3 => {
                let digit = lower[42];
                // Doc 9303-4, 4.2.2.2: an empty field's digit may be `<`.
                let empty = digit == b'<' && trim_end(optional).is_empty();
                mrz.checks.personal_number = Some(empty || check_digit(&[optional]) == digit);
                mrz.checks.composite = Some(
                    check_digit(&[&lower[0..10], &lower[13..20], &lower[21..43]]) == lower[43],
                );
            }
            MrzFormat::Td2 => {
                mrz.checks.composite = Some(
                    check_digit(&[&lower[0..10], &lower[13..20], &lower[21..35]]) == lower[35],
                );
            }
            _ => {}
        }
        mrz
    }

    fn common(format: MrzFormat, raw: [&[u8]; 3], names: &[u8], at: Date) -> Self {
        let empty = Field::new(&[]);
        let (primary, secondary) = split_names(names);
        let unknown = MrzDate::birth(*b"<<<<<<", at);
        Self {
            format,
            lines: raw.map(Field::new),
            document_code: Field::new(trim_end(&raw[0][0..2])),
            issuing_state: Field::new(trim_end(&raw[0][2..5])),
            document_number: empty,
            long_document_number: false,
            primary_identifier: primary,
            secondary_identifier: secondary,
            // Doc 9303-3, 4.6: a name that was cut leaves no filler at the end.
            names_truncated: names.last().is_some_and(|b| *b != b'<'),
            nationality: empty,
            birth_date: unknown,
            sex: b'<',
            expiry_date: unknown,
            optional_data_1: empty,
            optional_data_2: None,
            checks: Checks {
                document_number: false,
                birth_date: false,
                expiry_date: false,
                personal_number: None,
                composite: None,
            },
            recognised: false,
            repaired: 0,
        }
    }

    /// The document number. In TD1 and TD2 one longer than nine characters
    /// goes on in the optional data, its check digit after it and then a
    /// filler (Doc 9303-5, 4.2.2, note j).
    fn number(&mut self, head: &[u8], digit: u8, optional: &[u8]) {
        // Nothing goes on where the first nine characters aren't full.
        let extends = matches!(self.format, MrzFormat::Td1 | MrzFormat::Td2)
            && digit == b'<'
            && head.last() != Some(&b'<');
        let run = optional
            .iter()
            .position(|b| *b == b'<')
            .unwrap_or(optional.len());
        if let (true, Some((last, tail))) = (extends, optional[..run].split_last()) {
            self.long_document_number = true;
            let mut number = Field::new(head);
            number.push(tail);
            self.document_number = Field::new(trim_end(number.as_str().as_bytes()));
            self.checks.document_number = check_digit(&[head, tail]) == *last;
            self.optional_data_1 = Field::new(trim(&optional[run..]));
        } else {
            self.document_number = Field::new(trim_end(head));
            let empty = digit == b'<' && trim_end(head).is_empty();
            self.checks.document_number = empty || check_digit(&[head]) == digit;
            self.optional_data_1 = Field::new(trim_end(optional));
        }
    }

    fn holder(
        &mut self,
        nationality: &[u8],
        birth: (&[u8], u8),
        sex: u8,
        expiry: (&[u8], u8),
        at: Date,
    ) {
        let six = |bytes: &[u8]| bytes.try_into().unwrap_or(*b"<<<<<<");
        self.nationality = Field::new(trim_end(nationality));
        self.birth_date = MrzDate::birth(six(birth.0), at);
        let is_card = matches!(self.format, MrzFormat::Td1 | MrzFormat::Td2);
        self.expiry_date = MrzDate::expiry(six(expiry.0), at, &self.birth_date, is_card);
        self.sex = sex;
        self.checks.birth_date = check_digit(&[birth.0]) == birth.1;
        self.checks.expiry_date = check_digit(&[expiry.0]) == expiry.1;
    }

    /// The same, marked as coming from optical character recognition.
    pub(crate) fn recognised(mut self, repaired: u8) -> Self {
        self.recognised = true;
        self.repaired = repaired;
        self
    }
}

/// Primary and secondary identifier: two fillers stand between them, one
/// between the parts of a name (Doc 9303-3, 4.6).
fn split_names(names: &[u8]) -> (Field, Field) {
    let names = trim_end(names);
    match names.windows(2).position(|w| w == b"<<") {
        Some(at) => (
            Field::new(trim(&names[..at])).with_spaces(),
            Field::new(trim(&names[at + 2..])).with_spaces(),
        ),
        None => (Field::new(trim(names)).with_spaces(), Field::new(&[])),
    }
}

fn defect(lines: &[&str]) -> MrzDefect {
    let lengths: Vec<usize> = lines.iter().map(|l| l.chars().count()).collect();
    let uniform = lengths.windows(2).all(|w| w[0] == w[1]);
    let first = lines
        .first()
        .and_then(|l| l.bytes().next())
        .unwrap_or_default();
    let format = lengths
        .first()
        .filter(|_| uniform)
        .and_then(|width| MrzFormat::of(lines.len(), *width, first));
    let kind = if format.is_none() {
        MrzDefectKind::Length(lengths)
    } else {
        let bad = |c: char| !u8::try_from(c).is_ok_and(is_mrz_byte);
        MrzDefectKind::Charset(
            lines
                .iter()
                .enumerate()
                .flat_map(|(row, line)| {
                    line.chars()
                        .enumerate()
                        .filter(move |(_, c)| bad(*c))
                        .map(move |(column, _)| (row, column))
                })
                .collect(),
        )
    };
    MrzDefect { format, kind }
}
