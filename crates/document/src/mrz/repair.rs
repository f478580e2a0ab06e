//! Look-alikes of OCR-B: O/0, I/1, B/8, S/5, Z/2.
//!
//! Only for text that came from optical character recognition, only where the field
//! holds one sort of character, and always recorded. Where letters and digits may
//! both stand nothing is changed: whoever recognised the text has not said what else
//! it might be, and a check digit lets one guess in ten pass. A typed or scanned MRZ is
//! never repaired: there a wrong check digit is what it seems.

use jiff::civil::Date;

use super::format::MrzFormat;
use super::parse::Mrz;
use super::places::{self, Sort};

/// More changes than this are not a repair but a guess.
const MOST_CHANGES: u8 = 6;
/// Fillers that recognition drops at the end of the names.
const MOST_LOST: usize = 3;

/// Reads recognised `lines`: digits that were taken for letters and letters taken for
/// digits where the field allows one sort only, and fillers lost at the end of the
/// names. Returns `None` if the lines are no MRZ even so.
pub fn read_recognised(lines: &[&str], at: Date) -> Option<Mrz> {
    let mut rows: Vec<Vec<u8>> = lines
        .iter()
        .map(|l| {
            l.bytes()
                .map(|b| if b == b' ' { b'<' } else { b })
                .collect()
        })
        .collect();
    let mut changes = fill_names(&mut rows);
    let first = parse(&rows, at);
    if let Some(mrz) = &first
        && mrz.checks().all_right()
    {
        return first.map(|mrz| mrz.recognised(changes));
    }
    let begins = rows.first().and_then(|row| row.first().copied());
    let width = rows.first().map_or(0, Vec::len);
    let format = MrzFormat::of(rows.len(), width, begins.unwrap_or_default())?;
    for (row, cells) in rows.iter_mut().enumerate() {
        for (column, byte) in cells.iter_mut().enumerate() {
            let better = match places::sort(format, row, column) {
                Sort::Digit | Sort::DigitOrFiller => to_digit(*byte),
                Sort::Letter | Sort::Code(_) => to_letter(*byte),
                Sort::Sex | Sort::Any => None,
            };
            if let Some(better) = better {
                *byte = better;
                changes = changes.saturating_add(1);
            }
        }
    }
    let repaired = parse(&rows, at);
    match repaired {
        Some(mrz) if mrz.checks().all_right() && changes <= MOST_CHANGES => {
            Some(mrz.recognised(changes))
        }
        // A repair that leaves a check digit wrong is no repair: the text stands.
        _ => first.map(|mrz| mrz.recognised(0)),
    }
}

/// Puts back the fillers at the end of the names where their line is a little shorter
/// than the others; how many.
fn fill_names(rows: &mut [Vec<u8>]) -> u8 {
    let names = if rows.len() == 3 { 2 } else { 0 };
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let others_are_whole = rows
        .iter()
        .enumerate()
        .all(|(i, row)| i == names || row.len() == width);
    let Some(row) = rows.get_mut(names) else {
        return 0;
    };
    let lost = width - row.len();
    if !others_are_whole || lost > MOST_LOST || !row.ends_with(b"<") {
        return 0;
    }
    row.resize(width, b'<');
    lost as u8
}

fn parse(rows: &[Vec<u8>], at: Date) -> Option<Mrz> {
    let lines: Vec<&str> = rows
        .iter()
        .map(|r| std::str::from_utf8(r).unwrap_or_default())
        .collect();
    Mrz::parse(&lines, at).ok()
}

fn to_digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'O' => b'0',
        b'I' => b'1',
        b'B' => b'8',
        b'S' => b'5',
        b'Z' => b'2',
        _ => return None,
    })
}

fn to_letter(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0' => b'O',
        b'1' => b'I',
        b'8' => b'B',
        b'5' => b'S',
        b'2' => b'Z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::read_recognised;
    use jiff::civil::date;

    #[test]
    fn fillers_lost_at_the_end_of_the_names_are_put_back() {
        let at = date(2026, 11, 23);
        for (lost, repairs) in [(0, Some(0)), (1, Some(1)), (3, Some(3)), (4, None)] {
            let names = &LINES[0][..44 - lost];
            let mrz = read_recognised(&[names, LINES[1]], at);
            let got = mrz.map(|m| m.repaired_characters());
            assert_eq!(got, repairs, "{lost}");
        }
        // Where something else may be missing, nothing is put back.
        let cut = read_recognised(&[LINES[0], &LINES[1][..43]], at);
        assert!(cut.is_none());
    }

    const LINES: [&str; 2] = [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ];

    #[test]
    fn repairs_only_what_check_digits_confirm() {
        let at = date(2026, 11, 23);
        let cases = [
            // What was recognised in the second line, how many repairs.
            ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", Some(0)),
            ("L898902C36UT074O8I22F1204159ZE184226B<<<<<10", Some(3)),
            // One change in the number would explain it, and so may others.
            ("L8989O2C36UTO7408122F1204159ZE184226B<<<<<10", None),
            ("LB98902C36UTO7408122F1204159ZE184226B<<<<<10", None),
            ("L898902C36UTO7408122F1204159ZE184226B<<<<<1O", Some(1)),
        ];
        for (second, repairs) in cases {
            let mrz = read_recognised(&[LINES[0], second], at);
            assert_eq!(
                mrz.as_ref()
                    .filter(|m| m.checks().all_right())
                    .map(|m| m.repaired_characters()),
                repairs,
                "{second}"
            );
        }
        // A wrong digit that no look-alike explains stays wrong.
        let wrong = read_recognised(
            &[LINES[0], "L898902C37UTO7408122F1204159ZE184226B<<<<<10"],
            at,
        )
        .expect("an MRZ");
        assert!(!wrong.checks().all_right());
        assert_eq!(wrong.repaired_characters(), 0);
    }
}
