//! Look-alikes of OCR-B: O/0, I/1, B/8, S/5, Z/2.
//!
//! Only for text that came from optical character recognition, only where a
//! check digit confirms the change, and always recorded. A typed or scanned
//! MRZ is never repaired: there a wrong check digit is what it seems.

use jiff::civil::Date;

use super::parse::Mrz;

/// More changes than this are not a repair but a guess.
const MOST_CHANGES: u8 = 6;

/// Reads recognised `lines`, repairing digits that were taken for letters and
/// letters taken for digits where the field allows one sort only, and, in the
/// document number, where exactly one change makes its check digit right.
/// Returns `None` if the lines are no MRZ even so.
pub fn read_recognised(lines: &[&str], at: Date) -> Option<Mrz> {
    let mut rows: Vec<Vec<u8>> = lines
        .iter()
        .map(|l| {
            l.bytes()
                .map(|b| if b == b' ' { b'<' } else { b })
                .collect()
        })
        .collect();
    let first = parse(&rows, at);
    if let Some(mrz) = &first
        && mrz.checks().all_right()
    {
        return first.map(|mrz| mrz.recognised(0));
    }
    let mut changes = 0_u8;
    for (row, column, wants_digit) in places(&rows) {
        let Some(byte) = rows.get_mut(row).and_then(|r| r.get_mut(column)) else {
            continue;
        };
        let better = if wants_digit {
            to_digit(*byte)
        } else {
            to_letter(*byte)
        };
        if let Some(better) = better {
            *byte = better;
            changes = changes.saturating_add(1);
        }
    }
    let repaired = parse(&rows, at)?;
    if repaired.checks().all_right() && changes <= MOST_CHANGES {
        return Some(repaired.recognised(changes));
    }
    let one_more = single_change(&rows, at)
        .filter(|_| changes < MOST_CHANGES)
        .map(|mrz| mrz.recognised(changes + 1));
    // A repair that leaves a check digit wrong is no repair: the text stands.
    one_more.or(first.map(|mrz| mrz.recognised(0)))
}

fn parse(rows: &[Vec<u8>], at: Date) -> Option<Mrz> {
    let lines: Vec<&str> = rows
        .iter()
        .map(|r| std::str::from_utf8(r).unwrap_or_default())
        .collect();
    Mrz::parse(&lines, at).ok()
}

/// Row and column of every character that must be a digit (`true`) or must
/// not be one (`false`).
fn places(rows: &[Vec<u8>]) -> Vec<(usize, usize, bool)> {
    let width = rows.first().map_or(0, Vec::len);
    let visa = rows.first().and_then(|r| r.first()) == Some(&b'V');
    let digits = |row: usize, columns: &[usize]| -> Vec<(usize, usize, bool)> {
        columns.iter().map(|c| (row, *c, true)).collect()
    };
    let letters = |row: usize, columns: std::ops::Range<usize>| -> Vec<(usize, usize, bool)> {
        columns.map(|c| (row, c, false)).collect()
    };
    let mut places = letters(0, 0..5);
    match (rows.len(), width) {
        (3, 30) => {
            places.extend(digits(0, &[14]));
            places.extend(digits(
                1,
                &[0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 29],
            ));
            places.extend(letters(1, 15..18));
            places.extend(letters(2, 0..30));
        }
        (2, 36 | 44) => {
            places.extend(letters(0, 5..width));
            places.extend(digits(
                1,
                &[9, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27],
            ));
            places.extend(letters(1, 10..13));
            if !visa {
                places.extend(digits(1, &[width - 1]));
            }
        }
        _ => places.clear(),
    }
    places
}

/// The one change in the document number and optional data that makes every
/// check digit right; `None` if there is none or more than one.
fn single_change(rows: &[Vec<u8>], at: Date) -> Option<Mrz> {
    let (row, columns) = match (rows.len(), rows.first()?.len()) {
        (3, 30) => (0, 5..30),
        (2, 36) => (1, 0..35),
        (2, 44) => (1, 0..43),
        _ => return None,
    };
    let mut found = None;
    for column in columns {
        let byte = rows[row][column];
        let Some(other) = to_digit(byte).or_else(|| to_letter(byte)) else {
            continue;
        };
        let mut changed = rows.to_vec();
        changed[row][column] = other;
        if let Some(mrz) = parse(&changed, at).filter(|m| m.checks().all_right()) {
            if found.is_some() {
                return None;
            }
            found = Some(mrz);
        }
    }
    found
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
            ("L8989O2C36UTO7408122F1204159ZE184226B<<<<<10", Some(1)),
            // Two different changes would explain it: none is made.
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
