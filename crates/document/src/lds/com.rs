//! EF.COM: versions and the list of data groups (Doc 9303-10, 4.6.1). It is
//! not signed, so nothing is believed because it says so, and a damaged one spoils
//! nothing.

use super::{data_group_of_tag, trailing};
use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::ber::{Reader, Tlv, fail};
use rowcall_words::finding::code::Code;

/// What EF.COM declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Com {
    pub lds_version: Option<String>,
    pub data_groups: Vec<u8>,
}

pub(crate) fn read(
    file: &str,
    bytes: &[u8],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Option<Com> {
    let mut reader = Reader::new(bytes, 0);
    let outer = match reader.read() {
        Ok(outer) if outer.tag == 0x60 => Ok(outer),
        Ok(outer) => fail(outer.offset, "another tag than 60"),
        Err(e) => Err(e),
    };
    let parts = outer.and_then(|outer| outer.contents().collect::<Result<Vec<Tlv<'_>>, _>>());
    let parts = match parts {
        Ok(parts) => parts,
        Err(e) => {
            findings.push(Finding::warning(
                Code::ComUnreadable,
                format!("{file}: {e}"),
            ));
            return None;
        }
    };
    if !reader.is_empty() {
        findings.push(trailing(file, &reader, policy));
    }
    let mut com = Com::default();
    for tlv in parts {
        match tlv.tag {
            0x5f01 => com.lds_version = std::str::from_utf8(tlv.value).ok().map(str::to_owned),
            0x5c => {
                for (i, tag) in tlv.value.iter().enumerate() {
                    match data_group_of_tag(*tag) {
                        Some(n) => com.data_groups.push(n),
                        None => findings.push(Finding::warning(
                            Code::ComUnknownDataGroup,
                            format!(
                                "{file}: tag {tag:02X} at offset {} is no data group's",
                                tlv.value_offset + i
                            ),
                        )),
                    }
                }
            }
            _ => {}
        }
    }
    Some(com)
}
