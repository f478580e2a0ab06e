//! EF.SOD: the signed list of the data groups' hashes (Doc 9303-10, 4.6.2).

use super::{malformed, outer};
use crate::ber::{Reader, Result, fail};
use crate::crypto::{Hash, hash_algorithm};
use crate::finding::Finding;
use crate::pki::cms::SignedData;
use crate::policy::Policy;

/// LDSSecurityObject.
pub(crate) struct SecurityObject {
    pub hash: Option<Hash>,
    /// Number and hash of each data group, as listed.
    pub groups: Vec<(u8, Vec<u8>)>,
}

/// The SignedData in EF.SOD.
pub(crate) fn signed_data<'a>(
    file: &str,
    bytes: &'a [u8],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Option<SignedData<'a>> {
    let outer = outer(file, bytes, 0x77, policy, findings)?;
    match outer
        .contents()
        .read()
        .and_then(|info| SignedData::read(&info))
    {
        Ok(signed) => Some(signed),
        Err(e) => {
            findings.push(malformed(file, "Doc 9303-10, 4.6.2", e));
            None
        }
    }
}

/// The list of hashes, which begins at `offset` of its file.
pub(crate) fn security_object(content: &[u8], offset: usize) -> Result<SecurityObject> {
    let object = Reader::new(content, offset).expect(0x30, "no LDSSecurityObject")?;
    let mut fields = object.contents();
    fields.expect(0x02, "no version of LDSSecurityObject")?;
    let hash = hash_algorithm(&fields.expect(0x30, "no hash algorithm")?)?;
    let mut groups = Vec::new();
    for entry in fields.expect(0x30, "no hashes of data groups")?.contents() {
        let entry = entry?;
        let mut parts = entry.contents();
        let number = parts.expect(0x02, "no number of a data group")?;
        let value = parts.expect(0x04, "no hash of a data group")?;
        match number.small_uint() {
            Some(n @ 1..=16) => groups.push((n as u8, value.value.to_vec())),
            _ => return fail(entry.offset, "a number that is no data group's"),
        }
        if groups.len() > 32 {
            return fail(entry.offset, "more data groups than there are");
        }
    }
    Ok(SecurityObject { hash, groups })
}
