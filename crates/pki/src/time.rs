//! Times of certificates, to the day: a check has a date, not a time.

use jiff::civil::Date;

use crate::ber::Tlv;

/// UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5); seconds, fractions and
/// offsets that DER forbids are let pass. `None` if it is no time.
pub(crate) fn date(tlv: &Tlv<'_>) -> Option<Date> {
    let text = std::str::from_utf8(tlv.value).ok()?;
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
        digits.parse().ok()
    };
    let (year, rest) = match tlv.tag {
        0x17 => {
            let two = number(0, 2)?;
            (if two >= 50 { 1900 + two } else { 2000 + two }, 2)
        }
        0x18 => (number(0, 4)?, 4),
        _ => return None,
    };
    Date::new(
        year,
        number(rest, rest + 2)? as i8,
        number(rest + 2, rest + 4)? as i8,
    )
    .ok()
}
