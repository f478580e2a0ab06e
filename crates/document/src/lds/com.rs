//! EF.COM: versions and the list of data groups (Doc 9303-10, 4.6.1). It is
//! not signed, so nothing is believed because it says so.

use super::{data_group_of_tag, malformed, outer};
use crate::finding::Finding;
use crate::policy::Policy;

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
    let outer = outer(file, bytes, 0x60, policy, findings)?;
    let mut com = Com::default();
    for tlv in outer.contents() {
        let tlv = match tlv {
            Ok(tlv) => tlv,
            Err(e) => {
                findings.push(malformed(file, "Doc 9303-10, 4.6.1", e));
                return None;
            }
        };
        match tlv.tag {
            0x5f01 => com.lds_version = std::str::from_utf8(tlv.value).ok().map(str::to_owned),
            0x5c => {
                for (i, tag) in tlv.value.iter().enumerate() {
                    match data_group_of_tag(*tag) {
                        Some(n) => com.data_groups.push(n),
                        None => findings.push(Finding::warning(
                            "com-unknown-data-group",
                            "Doc 9303-10, 4.6.1",
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
