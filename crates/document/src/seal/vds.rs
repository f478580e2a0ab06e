//! Visible digital seals (Doc 9303-13, 2; BSI TR-03137-1).

use jiff::civil::Date;

use super::signer::{self, Reference, Signed};
use super::{Context, Seal, c40, mrz_lines, three_byte_date};
use crate::document::{SealData, SealField};
use crate::finding::Finding;
use rowcall_pki::certificate::Certificate;
use rowcall_words::document::Kind;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

pub(super) const MAGIC: u8 = 0xdc;
const SIGNATURE: u8 = 0xff;
const MOST_MESSAGES: usize = 64;

/// The header (Doc 9303-13, 2.3).
struct Header {
    /// The version's byte, which is one less.
    version: u8,
    country: String,
    /// Country of the signer and its name, two letters each.
    signer: String,
    certificate: String,
    signed_on: Date,
    feature: u8,
    category: u8,
    /// Where the messages begin.
    len: usize,
    /// Version 4 with the signer's field of version 3.
    older_signer_field: bool,
}

/// How the length of a message is written.
#[derive(Clone, Copy, PartialEq)]
enum Lengths {
    Der,
    /// One byte, also above 127, as some issuers have it.
    OneByte,
}

/// The messages, and where the signed bytes end.
struct Messages<'a> {
    list: Vec<(u8, &'a [u8])>,
    signed_len: usize,
    signature: &'a [u8],
}

pub(super) fn read(
    bytes: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Seal> {
    let file = context.file;
    // A line's end after it is a scanner's or an editor's.
    let whole = parse(bytes).map(|parsed| (bytes, parsed)).or_else(|| {
        let trimmed = bytes.trim_ascii_end();
        parse(trimmed).map(|parsed| (trimmed, parsed))
    });
    let Some((whole, (header, lengths, messages))) = whole else {
        findings.push(Finding::invalid(
            Code::SealMalformed,
            format!("{file}: a seal's first byte, and no seal's header and messages after it"),
        ));
        return None;
    };
    if whole.len() < bytes.len() {
        findings.push(
            Finding::new(
                Code::TrailingBytes,
                context.policy.trailing_bytes.best(),
                format!(
                    "{file}: {} bytes of white space after the seal",
                    bytes.len() - whole.len()
                ),
            )
            .under(Clause::SealHeader),
        );
    }
    if header.older_signer_field {
        findings.push(Finding::warning(
            Code::SealOlderSignerField,
            format!("{file}: version 4 with the signer's field of version 3"),
        ));
    }
    if lengths == Lengths::OneByte {
        findings.push(Finding::warning(
            Code::SealLengthNotDer,
            format!("{file}: a length above 127 in one byte"),
        ));
    }
    if header.version != 2 && header.version != 3 {
        findings.push(Finding::warning(
            Code::SealVersion,
            format!(
                "{file}: the version byte is {}, and the standard has 2 and 3 (versions 3 and 4)",
                header.version
            ),
        ));
    }
    let reference = Reference {
        shown: format!("{}{}", header.signer, header.certificate),
        names: &|c| names(&header, c),
    };
    let authenticity = signer::check(
        &Signed {
            bytes: &whole[..messages.signed_len],
            signature: messages.signature,
            state: header.country.trim_end(),
            of_other_state: context.policy.seal_of_other_state.best(),
            date: Some(header.signed_on),
        },
        &reference,
        context,
        findings,
    );
    findings.push(Finding::info(
        Code::SealContents,
        format!(
            "{file}: {} of {}, {} message(s)",
            use_of(header.feature, header.category),
            header.country.trim_end(),
            messages.list.len()
        ),
    ));
    Some(Seal {
        kind: Kind::Vds,
        mrz: mrz(&header, &messages.list, file, findings),
        state: header.country.trim_end().to_owned(),
        contents: contents(&header, &messages.list),
        authenticity,
    })
}

/// Whether header, messages and signature are there, and nothing after them.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    parse(bytes).is_some() || parse(bytes.trim_ascii_end()).is_some()
}

/// The first of the ways to read it that reaches its end.
fn parse(bytes: &[u8]) -> Option<(Header, Lengths, Messages<'_>)> {
    let headers = [false, true];
    let readings = headers.into_iter().flat_map(|older| {
        let lengths = [Lengths::Der, Lengths::OneByte];
        lengths.map(|lengths| (older, lengths))
    });
    readings.into_iter().find_map(|(older, lengths)| {
        let header = header(bytes, older)?;
        let messages = messages(bytes, header.len, lengths)?;
        Some((header, lengths, messages))
    })
}

fn header(bytes: &[u8], older: bool) -> Option<Header> {
    let version = *bytes.get(1)?;
    let country = c40::decode(bytes.get(2..4)?)?;
    let (signer, certificate, mut at) = if version == 3 && !older {
        // Four letters, then the reference's length in two hexadecimal digits.
        let head = c40::decode(bytes.get(4..8)?)?;
        let len = usize::from_str_radix(head.get(4..6)?, 16).ok()?;
        let packed = len.div_ceil(3) * 2;
        let reference = c40::decode(bytes.get(8..8 + packed)?)?;
        (
            head.get(..4)?.to_owned(),
            reference.get(..len)?.to_owned(),
            8 + packed,
        )
    } else {
        let nine = c40::decode(bytes.get(4..10)?)?;
        (nine.get(..4)?.to_owned(), nine.get(4..9)?.to_owned(), 10)
    };
    three_byte_date(bytes.get(at..at + 3)?)?;
    let signed_on = three_byte_date(bytes.get(at + 3..at + 6)?)?;
    at += 6;
    Some(Header {
        version,
        country,
        signer,
        certificate: certificate.trim_end().to_owned(),
        signed_on,
        feature: *bytes.get(at)?,
        category: *bytes.get(at + 1)?,
        len: at + 2,
        older_signer_field: version == 3 && older,
    })
}

fn messages(bytes: &[u8], start: usize, lengths: Lengths) -> Option<Messages<'_>> {
    let mut at = start;
    let mut list = Vec::new();
    loop {
        let tag = *bytes.get(at)?;
        let first = usize::from(*bytes.get(at + 1)?);
        let (len, header) = match (lengths, first) {
            (Lengths::OneByte, n) | (Lengths::Der, n @ 0..=0x7f) => (n, 2),
            (Lengths::Der, 0x81) => (usize::from(*bytes.get(at + 2)?), 3),
            (Lengths::Der, 0x82) => (
                usize::from(*bytes.get(at + 2)?) << 8 | usize::from(*bytes.get(at + 3)?),
                4,
            ),
            _ => return None,
        };
        let value = bytes.get(at + header..at + header + len)?;
        let end = at + header + len;
        if tag == SIGNATURE {
            let whole = end == bytes.len() && !value.is_empty();
            return whole.then_some(Messages {
                list,
                signed_len: at,
                signature: value,
            });
        }
        list.push((tag, value));
        if list.len() > MOST_MESSAGES {
            return None;
        }
        at = end;
    }
}

/// The signer's certificate: country and common name are the four letters, the
/// serial number the reference in hexadecimal (Doc 9303-13, 2.4).
fn names(header: &Header, certificate: &Certificate) -> bool {
    let serial = certificate.serial_shown();
    let reference = header.certificate.to_ascii_lowercase();
    let common_name = certificate
        .subject
        .shown
        .split(", ")
        .find_map(|part| part.strip_prefix("CN="))
        .unwrap_or_default();
    let name = format!("{}{common_name}", certificate.subject.country);
    serial.trim_start_matches('0') == reference.trim_start_matches('0')
        && name.eq_ignore_ascii_case(&header.signer)
}

/// The lines of a message that is an MRZ: C40 text of an MRZ's length.
fn zone(value: &[u8]) -> Option<Vec<String>> {
    matches!(value.len(), 44 | 48 | 60)
        .then(|| mrz_lines(&c40::decode(value)?))
        .flatten()
}

/// The MRZ among the messages: the first C40 text of an MRZ's length. There is one, and
/// on visas, emergency documents, permits and attestations there must be (Doc 9303-13, 3).
fn mrz(
    header: &Header,
    messages: &[(u8, &[u8])],
    file: &str,
    findings: &mut Vec<Finding>,
) -> Option<Vec<String>> {
    let mut zones = messages.iter().filter_map(|(_, value)| zone(value));
    let (first, second) = (zones.next(), zones.next());
    let must = matches!(
        (header.feature, header.category),
        (0x5d, 0x01) | (0x5e, 0x03) | (0xfb, 0x06) | (0xfd, 0x02)
    );
    let odd = match (&first, &second) {
        (Some(_), Some(_)) => Some("more than one machine readable zone; the first counts"),
        (None, _) if must => Some("no machine readable zone that can be read, which it must have"),
        _ => None,
    };
    findings.extend(odd.map(|what| Finding::warning(Code::SealZone, format!("{file}: {what}"))));
    first
}

/// The header and what the messages say, as far as the use is known (Doc 9303-13, 3;
/// BSI TR-03137-1, Appendix A). The MRZ is shown by itself.
fn contents(header: &Header, messages: &[(u8, &[u8])]) -> SealData {
    let use_of = (header.feature, header.category);
    let text = |value: &[u8]| c40::decode(value).map(|text| text.trim().replace('<', " "));
    let field = |(tag, value): &(u8, &[u8])| {
        let (name, shown) = match (use_of, *tag) {
            ((0x5d, 0x01), 3) => ("number of entries", entries(value)),
            ((0x5d, 0x01), 4) => ("duration of stay", duration(value)),
            ((0x5d, 0x01) | (0xfb, 0x06), 5) => ("passport number", text(value)),
            ((0x5d, 0x01), 6) => ("type of visa", hexadecimal(value)),
            ((0xfb, 0x06), 3) => ("passport number", text(value)),
            ((0xfd, 0x02), 3) => ("number in the register", text(value)),
            ((0xfc, 0x04), 1) => ("social insurance number", text(value)),
            ((0xfc, 0x04), 2) => ("surname", utf8(value)),
            ((0xfc, 0x04), 3) => ("first name", utf8(value)),
            ((0xfc, 0x04), 4) => ("name at birth", utf8(value)),
            ((0xf9, 0x08), 1) => ("document number", text(value)),
            ((0xf9, 0x08), 2) => ("official municipality key", text(value)),
            ((0xf9, 0x08), 3) => ("address", text(value)),
            _ if zone(value).is_some() => return None,
            _ => ("", hexadecimal(value)),
        };
        let name = match name {
            "" => format!("message {tag}"),
            name => name.to_owned(),
        };
        // What isn't in its form is shown all the same.
        shown
            .or_else(|| hexadecimal(value))
            .map(|value| SealField { name, value })
    };
    SealData {
        kind: self::use_of(header.feature, header.category).to_owned(),
        state: header.country.trim_end().to_owned(),
        signed_on: Some(header.signed_on),
        fields: messages.iter().filter_map(field).collect(),
    }
}

/// 0 stands for as many as one likes (Doc 9303-13, 3.1.1).
fn entries(value: &[u8]) -> Option<String> {
    match value {
        [0] => Some("any".to_owned()),
        [n] => Some(n.to_string()),
        _ => hexadecimal(value),
    }
}

/// Days, months and years; 255 each is "until the last day of validity", and 254 each
/// "as the letter says" (Doc 9303-13, 3.1.1).
fn duration(value: &[u8]) -> Option<String> {
    match value {
        [255, 255, 255] => Some("as long as the visa is valid".to_owned()),
        [254, 254, 254] => Some("as told otherwise".to_owned()),
        [days, months, years] => {
            let parts = [(days, "day"), (months, "month"), (years, "year")];
            let parts: Vec<String> = parts
                .iter()
                .filter(|(n, _)| **n > 0)
                .map(|(n, what)| format!("{n} {what}{}", if **n == 1 { "" } else { "s" }))
                .collect();
            Some(parts.join(", "))
        }
        _ => hexadecimal(value),
    }
}

fn utf8(value: &[u8]) -> Option<String> {
    std::str::from_utf8(value).ok().map(str::to_owned)
}

fn hexadecimal(value: &[u8]) -> Option<String> {
    Some(base16ct::lower::encode_string(
        &value[..value.len().min(64)],
    ))
}

/// What the seal is on (Doc 9303-13, 3; BSI TR-03137-1, Appendix).
fn use_of(feature: u8, category: u8) -> &'static str {
    match (feature, category) {
        (0x5d, 0x01) => "a visa",
        (0x5e, 0x03) => "an emergency travel document",
        (0xfb, 0x06) => "a residence permit",
        (0xfd, 0x02) => "an arrival attestation",
        (0xfc, 0x04) => "a social insurance card",
        (0xf9, 0x08) => "an address sticker",
        (0xf5, 0x0c) => "a provisional residence document",
        (0xf7, 0x0b) => "a provisional identity card",
        _ => "a seal of a use not known",
    }
}
