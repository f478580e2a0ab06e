//! Machine readable zones of made-up people.

use crate::person::Person;

/// A different name for each person.
fn name(number: usize) -> String {
    let letter = char::from(b'A' + number as u8);
    format!("TESTER{letter}<<ANNA{letter}")
}

/// What stands in a passport's zone.
#[derive(Clone, Copy)]
pub(crate) struct Zone<'a> {
    pub(crate) number: &'a str,
    pub(crate) name: &'a str,
    pub(crate) born: &'a str,
    pub(crate) sex: char,
}

impl Zone<'_> {
    /// A passport's zone (Doc 9303-4, 4.2) with right check digits.
    pub(crate) fn td3(&self) -> String {
        let (number, birth, expiry) = (self.number, self.born, "310101");
        let optional = "<".repeat(14);
        let body = format!(
            "{number}{}UTO{birth}{}{}{expiry}{}{optional}<",
            check(number),
            check(birth),
            self.sex,
            check(expiry)
        );
        let composite = format!(
            "{number}{}{birth}{}{expiry}{}{optional}<",
            check(number),
            check(birth),
            check(expiry)
        );
        format!(
            "{:<<44}\n{body}{}",
            format!("P<UTO{}", self.name),
            check(&composite)
        )
    }
}

/// A passport's zone of the person.
pub(crate) fn td3(person: &Person) -> String {
    let zone = Zone {
        number: &format!("X{:08}", person.number),
        name: &name(person.number),
        born: person.born,
        sex: '<',
    };
    zone.td3()
}

/// A visa's zone (Doc 9303-7, 4.2.2), of another number than the passport's.
pub(crate) fn mrv_a(person: &Person) -> String {
    let number = format!("V{:08}", person.number);
    let (birth, expiry) = (person.born, "310101");
    let body = format!(
        "{number}{}UTO{birth}{}<{expiry}{}{}",
        check(&number),
        check(birth),
        check(expiry),
        "<".repeat(16)
    );
    format!("{:<<44}\n{body}", format!("V<UTO{}", name(person.number)))
}

/// The check digit of Doc 9303-3, 4.9.
fn check(field: &str) -> u32 {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    field
        .chars()
        .zip([7, 3, 1].iter().cycle())
        .map(|(c, weight)| value(c) * weight)
        .sum::<u32>()
        % 10
}
