//! The virtual component of a digital travel credential, type 1: the chip's
//! files, copied by the holder, in one file (ICAO TR DTC-VC; Doc 9303-10).
//!
//! The wrapping differs between issuers of software, and none of it is signed.
//! So the data groups and the security object are found by their tags inside
//! whatever constructed elements and octet strings surround them, and then
//! judged as a chip's.

use crate::file::{Part, Role};
use crate::finding::Finding;
use crate::lds::data_group_of_tag;
use rowcall_pki::ber::{Reader, Tlv};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Wrappers inside one another: a SignedData around the content takes eight.
const DEEPEST: usize = 12;
/// Elements that are looked at; the certificates of a SignedData have some hundreds.
const MOST_ELEMENTS: usize = 2_048;
/// A primitive element with a tag of its context may be an octet string with files in it
/// (implicit tags, X.680, 31.2.7); what is shorter holds none.
const LEAST_IMPLICIT: usize = 64;

/// The files in a credential; what cannot be read is a finding.
pub(crate) fn unpack(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut queue = vec![(bytes, 0_usize, 0_usize)];
    let mut seen = 0;
    while let Some((bytes, offset, depth)) = queue.pop() {
        for tlv in Reader::new(bytes, offset) {
            seen += 1;
            let tlv = match tlv {
                Ok(tlv) if seen <= MOST_ELEMENTS => tlv,
                // An octet string need not hold elements.
                _ if depth > 0 => break,
                Ok(_) => break,
                Err(e) => {
                    findings.push(crate::lds::malformed(file, Clause::Dtc, e));
                    break;
                }
            };
            let role = match tlv.tag {
                0x60 => Some(Role::Com),
                0x77 => Some(Role::Sod),
                tag => u8::try_from(tag)
                    .ok()
                    .and_then(data_group_of_tag)
                    .map(Role::DataGroup),
            };
            match role {
                Some(role) if parts.iter().all(|p| p.role != role) => parts.push(Part {
                    name: format!("{file} (offset {})", tlv.offset),
                    role,
                    bytes: tlv.raw.to_vec().into(),
                }),
                Some(_) => findings.push(
                    Finding::invalid(
                        Code::DuplicateFile,
                        format!(
                            "{file}: the element at offset {} is there twice",
                            tlv.offset
                        ),
                    )
                    .under(Clause::Dtc),
                ),
                None if depth < DEEPEST && may_hold_files(&tlv) => {
                    queue.push((tlv.value, tlv.value_offset, depth + 1));
                }
                None => {}
            }
        }
    }
    if !parts.iter().any(|p| p.role == Role::Sod) {
        findings.push(
            Finding::invalid(
                Code::SecurityObjectMissing,
                format!("{file}: no security object in the credential"),
            )
            .under(Clause::Dtc),
        );
    }
    parts
}

fn may_hold_files(tlv: &Tlv<'_>) -> bool {
    let constructed = tlv.tag & 0x20 != 0;
    let implicit = (0x80..0xa0).contains(&tlv.tag) && tlv.value.len() >= LEAST_IMPLICIT;
    constructed || tlv.tag == 0x04 || implicit
}
