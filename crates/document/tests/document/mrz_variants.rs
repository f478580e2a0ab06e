//! Zones that the rules of Doc 9303-3 to -7 allow and corpora seldom have, built
//! with check digits of the test's own.

use rowcall_document::mrz::Mrz;
use rowcall_document::{NamedFile, Policy};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;

use crate::shared;

/// Doc 9303-3, 4.9.
fn digit(text: &str) -> char {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    let sum: u32 = text
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, w)| value(c) * w)
        .sum();
    char::from_digit(sum % 10, 10).expect("a digit")
}

fn filled(text: &str, width: usize) -> String {
    format!("{text:<<width$}")
}

/// What stands in a zone; the rest is filled.
struct Zone {
    code: &'static str,
    state: &'static str,
    number: &'static str,
    optional: &'static str,
    birth: &'static str,
    expiry: &'static str,
    names: &'static str,
}

const ZONE: Zone = Zone {
    code: "I<",
    state: "UTO",
    number: "D23145890",
    optional: "",
    birth: "740812",
    expiry: "320415",
    names: "ERIKSSON<<ANNA<MARIA",
};

impl Zone {
    /// Number, its check digit and the optional data, the long number's tail in
    /// them (Doc 9303-5 and -6, 4.2.2, note j).
    fn number(&self, room: usize) -> (String, char, String) {
        match self.number.split_at_checked(9) {
            Some((head, tail)) if !tail.is_empty() => (
                head.into(),
                '<',
                filled(
                    &format!("{tail}{}<{}", digit(self.number), self.optional),
                    room,
                ),
            ),
            _ => {
                let number = filled(self.number, 9);
                let check = digit(&number);
                (number, check, filled(self.optional, room))
            }
        }
    }

    fn td1(&self) -> Vec<String> {
        let (number, check, optional) = self.number(15);
        let upper = format!(
            "{}{}{number}{check}{optional}",
            self.code,
            filled(self.state, 3)
        );
        let birth = format!("{}{}", self.birth, digit(self.birth));
        let expiry = format!("{}{}", self.expiry, digit(self.expiry));
        let all = format!("{}{birth}{expiry}<<<<<<<<<<<", &upper[5..]);
        let middle = format!(
            "{birth}F{expiry}{}<<<<<<<<<<<{}",
            filled(self.state, 3),
            digit(&all)
        );
        vec![upper, middle, filled(self.names, 30)]
    }

    fn two_lines(&self, width: usize) -> Vec<String> {
        let (visa, td3) = (self.code.starts_with('V'), self.code.starts_with('P'));
        let room = width - 28 - if visa { 0 } else { 1 } - usize::from(td3);
        let (number, check, optional) = self.number(room);
        let upper = format!(
            "{}{}{}",
            self.code,
            filled(self.state, 3),
            filled(self.names, width - 5)
        );
        let birth = format!("{}{}", self.birth, digit(self.birth));
        let expiry = format!("{}{}", self.expiry, digit(self.expiry));
        // The digit of an empty field may be a filler (Doc 9303-4, 4.2.2).
        let personal = match (td3, self.optional.is_empty()) {
            (true, true) => "<".to_owned(),
            (true, false) => digit(&optional).to_string(),
            _ => String::new(),
        };
        let mut lower = format!(
            "{number}{check}{}{birth}F{expiry}{optional}{personal}",
            filled(self.state, 3)
        );
        if !visa {
            let all = format!("{number}{check}{birth}{expiry}{optional}{personal}");
            lower.push(digit(&all));
        }
        vec![upper, lower]
    }

    fn lines(&self, format: &str) -> Vec<String> {
        match format {
            "TD1" => self.td1(),
            "TD2" | "MRV-B" => self.two_lines(36),
            _ => self.two_lines(44),
        }
    }
}

fn verdict(lines: &[String]) -> Verdict {
    let file = NamedFile {
        name: "mrz.txt".into(),
        bytes: lines.join("\n").into_bytes(),
    };
    rowcall_document::read(
        vec![file],
        &TrustStore::empty(),
        &Policy::default(),
        shared::AT,
    )
    .verdict()
}

#[test]
fn what_the_rules_allow_is_read_in_every_format() {
    let formats = [
        ("TD1", "I<"),
        ("TD1", "AC"),
        ("TD2", "I<"),
        ("TD3", "P<"),
        ("TD3", "PD"),
        ("MRV-A", "V<"),
        ("MRV-B", "VC"),
    ];
    let changes: [(&str, Zone); 9] = [
        ("plain", ZONE),
        ("Germany", Zone { state: "D", ..ZONE }),
        (
            "United Nations",
            Zone {
                state: "UNO",
                ..ZONE
            },
        ),
        (
            "Order of Malta",
            Zone {
                state: "XOM",
                ..ZONE
            },
        ),
        (
            "European Union",
            Zone {
                state: "EUE",
                ..ZONE
            },
        ),
        (
            "short number",
            Zone {
                number: "A<12",
                ..ZONE
            },
        ),
        (
            "day and month unknown",
            Zone {
                birth: "74<<<<",
                ..ZONE
            },
        ),
        (
            "birth unknown",
            Zone {
                birth: "<<<<<<",
                ..ZONE
            },
        ),
        (
            "optional data",
            Zone {
                optional: "Z<84",
                ..ZONE
            },
        ),
    ];
    let mut wrong = Vec::new();
    for (format, code) in formats {
        for (what, zone) in &changes {
            let zone = Zone { code, ..*zone };
            let lines = zone.lines(format);
            let slices: Vec<&str> = lines.iter().map(String::as_str).collect();
            let Ok(mrz) = Mrz::parse(&slices, shared::AT) else {
                wrong.push(format!("{format} {what}: {lines:?}"));
                continue;
            };
            let read = mrz.format().as_str() == format
                && mrz.issuing_state() == zone.state
                && mrz.nationality() == zone.state
                && mrz.document_number() == zone.number
                && mrz.optional_data_1() == zone.optional
                && mrz.birth_date().as_written() == zone.birth
                && mrz.secondary_identifier() == "ANNA MARIA"
                && verdict(&lines) == Verdict::Unsigned;
            if !read {
                wrong.push(format!("{format} {what}: {mrz:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn numbers_of_more_than_nine_go_on_and_only_full_ones_do() {
    for (format, longest) in [
        ("TD1", "D2314589012345678901234"),
        ("TD2", "D23145890123456"),
    ] {
        for length in 10..=longest.len() - usize::from(format == "TD2") {
            let zone = Zone {
                number: &longest[..length],
                ..ZONE
            };
            let lines = zone.lines(format);
            if lines.iter().any(|l| l.len() != lines[0].len()) {
                continue; // More than the optional data hold.
            }
            let slices: Vec<&str> = lines.iter().map(String::as_str).collect();
            let mrz = Mrz::parse(&slices, shared::AT).expect("a zone");
            assert_eq!(mrz.document_number(), zone.number, "{format}");
            assert_eq!(verdict(&lines), Verdict::Unsigned, "{format} {lines:?}");
        }
    }
    // No number, and optional data that aren't the rest of one.
    let lines = Zone {
        number: "",
        optional: "ABC123",
        ..ZONE
    }
    .lines("TD1");
    let upper = lines[0].replacen("<<<<<<<<<0", "<<<<<<<<<<", 1);
    let slices = [upper.as_str(), lines[1].as_str(), lines[2].as_str()];
    let mrz = Mrz::parse(&slices, shared::AT).expect("a zone");
    assert_eq!(
        (mrz.document_number(), mrz.optional_data_1()),
        ("", "ABC123")
    );
    assert!(mrz.checks().all_right(), "{:?}", mrz.checks());
}
