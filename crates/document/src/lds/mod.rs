//! The logical data structure of a chip (Doc 9303-10).

pub(crate) mod additional;
pub(crate) mod com;
pub(crate) mod dg1;
pub(crate) mod dg2;
mod face_image;
mod iso19794;
mod iso39794;
pub(crate) mod sod;
pub(crate) mod state;

use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::ber::{BerError, Reader, Tlv};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// The outer tag of a data group (Doc 9303-10, Table 38).
pub(crate) fn data_group_tag(number: u8) -> Option<u32> {
    Some(match number {
        1 => 0x61,
        2 => 0x75,
        3 => 0x63,
        4 => 0x76,
        5 => 0x65,
        6 => 0x66,
        7 => 0x67,
        8 => 0x68,
        9 => 0x69,
        10 => 0x6a,
        11 => 0x6b,
        12 => 0x6c,
        13 => 0x6d,
        14 => 0x6e,
        15 => 0x6f,
        16 => 0x70,
        _ => return None,
    })
}

/// The number of the data group with the outer tag.
pub(crate) fn data_group_of_tag(tag: u8) -> Option<u8> {
    (1..=16).find(|n| data_group_tag(*n) == Some(u32::from(tag)))
}

/// The one element of an elementary file. What follows it is padding that some
/// readers leave: a finding, as the policy has it.
pub(crate) fn outer<'a>(
    file: &str,
    bytes: &'a [u8],
    tag: u32,
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Option<Tlv<'a>> {
    let mut reader = Reader::new(bytes, 0);
    match reader.read() {
        Ok(tlv) if tlv.tag == tag => {
            if !reader.is_empty() {
                findings.push(trailing(file, &reader, policy));
            }
            Some(tlv)
        }
        Ok(tlv) => {
            findings.push(Finding::invalid(
                Code::WrongTag,
                format!(
                    "{file}: tag {:02X} at offset 0 where {tag:02X} belongs",
                    tlv.tag
                ),
            ));
            None
        }
        Err(e) => {
            findings.push(malformed(file, Clause::LdsFiles, e));
            None
        }
    }
}

/// The finding on what `rest` has left.
pub(crate) fn trailing(file: &str, rest: &Reader<'_>, policy: &Policy) -> Finding {
    Finding::new(
        Code::TrailingBytes,
        policy.trailing_bytes.best(),
        format!(
            "{file}: {} bytes after the end of the data at offset {}",
            rest.rest().len(),
            rest.offset()
        ),
    )
}

/// The finding on a file that cannot be read on.
pub(crate) fn malformed(file: &str, clause: Clause, error: BerError) -> Finding {
    Finding::invalid(Code::Malformed, format!("{file}: {error}")).under(clause)
}
