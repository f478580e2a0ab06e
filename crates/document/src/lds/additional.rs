//! DG7, DG11, DG12, DG14, DG15, DG16: what a chip says besides MRZ and
//! portrait (Doc 9303-10, 4.7.7 to 4.7.16).

use super::outer;
use crate::document::{Details, DocumentData, HolderData};
use crate::file::Part;
use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::ber::{Result, Tlv};
use rowcall_pki::crypto::PublicKey;
use rowcall_words::finding::code::Code;

use super::data_group_tag;

const MOST_ITEMS: usize = 64;

/// Reads the data groups that are neither MRZ nor portrait into `details`.
/// DG13 is the state's own and DG3 and DG4 are not for inspection without
/// extended access: of those only the outer tag is checked.
pub(crate) fn read(
    groups: &[(u8, &Part)],
    policy: &Policy,
    details: &mut Details,
    findings: &mut Vec<Finding>,
) {
    for (number, part) in groups.iter().filter(|(n, _)| !matches!(n, 1 | 2)) {
        let Some(tag) = data_group_tag(*number) else {
            continue;
        };
        let Some(tlv) = outer(&part.name, &part.bytes, tag, policy, findings) else {
            continue;
        };
        let mut odd = Vec::new();
        let result = match number {
            7 => count(&tlv, 0x5f43).map(|n| details.signature_images = n),
            11 => holder(&tlv, &mut odd).map(|h| details.holder = Some(h)),
            12 => document(&tlv, &mut odd).map(|d| details.document = Some(d)),
            14 => security_infos(&tlv).map(|infos| details.security_infos = infos),
            15 => tlv
                .contents()
                .expect(0x30, "no public key")
                .and_then(|spki| PublicKey::read(&spki))
                .map(|key| details.active_authentication_key = Some(key.name())),
            16 => count(&tlv, 0).map(|n| details.persons_to_notify = n),
            _ => Ok(()),
        };
        if let Err(e) = result {
            // Nothing is decided by these, so an oddity is no more than that.
            findings.push(Finding::warning(
                Code::AdditionalDataUnreadable,
                format!("{}: {e}", part.name),
            ));
        }
        findings.extend(odd.into_iter().map(|what| {
            Finding::warning(Code::AdditionalDataOdd, format!("{}: {what}", part.name))
        }));
    }
}

/// Elements with the tag, or with any but the count's (02) where it is 0.
fn count(tlv: &Tlv<'_>, tag: u32) -> Result<usize> {
    let mut n = 0;
    for part in tlv.contents().take(MOST_ITEMS) {
        let part = part?;
        n += usize::from(part.tag == tag || (tag == 0 && part.tag != 0x02));
    }
    Ok(n)
}

/// Text in UTF-8; older chips have Latin-1. Fillers between the parts are spaces, and
/// those around them are left out.
fn text(bytes: &[u8]) -> String {
    let text: String = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    };
    let parts = text.split(['<', '\0']).map(str::trim);
    let parts: Vec<&str> = parts.filter(|part: &&str| !part.is_empty()).collect();
    parts.join(" ")
}

/// A date as YYYYMMDD; early chips have it in four bytes of BCD. Dates with marks
/// between their parts, or the day first, are seen too.
fn date(bytes: &[u8], odd: &mut Vec<String>) -> String {
    let written = if bytes.len() == 4 {
        base16ct::lower::encode_string(bytes)
    } else {
        text(bytes)
    };
    let digits: String = written
        .chars()
        .filter(|c| !matches!(c, '-' | '.' | '/' | ' '))
        .collect();
    let is_date = |digits: &str| {
        let part =
            |range: std::ops::Range<usize>| digits.get(range).and_then(|p| p.parse::<u16>().ok());
        let fits = |part: Option<u16>, most| part.is_some_and(|p| p <= most);
        digits.len() == 8
            && part(0..4).is_some_and(|year| (1800..2200).contains(&year))
            && fits(part(4..6), 12)
            && fits(part(6..8), 31)
    };
    let day_first = match (digits.get(0..2), digits.get(2..4), digits.get(4..8)) {
        (Some(day), Some(month), Some(year)) => format!("{year}{month}{day}"),
        _ => String::new(),
    };
    if is_date(&digits) {
        if digits != written {
            odd.push(format!(
                "the date {written:?} has more than its eight digits"
            ));
        }
        digits
    } else if is_date(&day_first) && digits.len() == 8 {
        odd.push(format!("the date {written:?} has its day first"));
        day_first
    } else {
        written
    }
}

fn holder(tlv: &Tlv<'_>, odd: &mut Vec<String>) -> Result<HolderData> {
    let mut holder = HolderData::default();
    for part in tlv.contents().with_two_byte_tags().take(MOST_ITEMS) {
        let part = part?;
        let value = || Some(text(part.value)).filter(|text| !text.is_empty());
        match part.tag {
            0x5f0e => holder.full_name = value(),
            0x5f10 => holder.personal_number = value(),
            0x5f2b => holder.full_birth_date = Some(date(part.value, odd)),
            0x5f11 => holder.place_of_birth = value(),
            0x5f42 => holder.address = value(),
            0x5f12 => holder.telephone = value(),
            0x5f13 => holder.profession = value(),
            0x5f14 => holder.title = value(),
            0x5f0f => {
                odd.push("another name stands outside of the list of other names".to_owned());
                holder.other_names.extend(value());
            }
            0xa0 => {
                let names = part.contents().with_two_byte_tags();
                for name in names.take(MOST_ITEMS) {
                    let name = name?;
                    if name.tag == 0x5f0f {
                        holder.other_names.push(text(name.value));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(holder)
}

fn document(tlv: &Tlv<'_>, odd: &mut Vec<String>) -> Result<DocumentData> {
    let mut document = DocumentData::default();
    for part in tlv.contents().with_two_byte_tags().take(MOST_ITEMS) {
        let part = part?;
        match part.tag {
            0x5f19 => document.issuing_authority = Some(text(part.value)),
            0x5f26 => document.issue_date = Some(date(part.value, odd)),
            0x5f1b => document.endorsements = Some(text(part.value)),
            // The time of personalisation under a tag of Belgium's own.
            0x5f85 => odd.push("tag 5F85, which the standard has not".to_owned()),
            _ => {}
        }
    }
    Ok(document)
}

/// Object identifiers of the protocols in DG14, dotted.
fn security_infos(tlv: &Tlv<'_>) -> Result<Vec<String>> {
    let mut infos = Vec::new();
    let set = tlv.contents().expect(0x31, "no SecurityInfos")?;
    for info in set.contents().take(MOST_ITEMS) {
        let oid = info?
            .contents()
            .expect(0x06, "no protocol of a SecurityInfo")?;
        infos.push(dotted(oid.value));
    }
    Ok(infos)
}

fn dotted(oid: &[u8]) -> String {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc = 0_u64;
    for byte in oid {
        arc = arc.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first);
                arcs.push(arc - 40 * first);
            } else {
                arcs.push(arc);
            }
            arc = 0;
        }
    }
    let arcs: Vec<String> = arcs.iter().map(u64::to_string).collect();
    arcs.join(".")
}
