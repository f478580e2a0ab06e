//! EF.SOD: the signed list of the data groups' hashes (Doc 9303-10, 4.6.2).

use super::{malformed, outer, trailing};
use crate::finding::Finding;
use crate::policy::Policy;
use rowcall_pki::ber::{Reader, Result, fail};
use rowcall_pki::cms::SignedData;
use rowcall_pki::crypto::{Hash, hash_algorithm};
use rowcall_words::finding::clause::Clause;

/// LDSSecurityObject.
pub(crate) struct SecurityObject {
    /// 0, or 1 with the versions of LDS and Unicode (Doc 9303-10, 4.6.2.3).
    pub version: Option<u32>,
    /// The LDS version that is signed, such as `0108`.
    pub lds_version: Option<String>,
    pub hash: Option<Hash>,
    /// Number and hash of each data group, as listed.
    pub groups: Vec<(u8, Vec<u8>)>,
    /// Numbers that are no data group's of Doc 9303, as listed.
    pub others: Vec<u32>,
}

/// The SignedData in EF.SOD.
pub(crate) fn signed_data<'a>(
    file: &str,
    bytes: &'a [u8],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Option<SignedData<'a>> {
    let outer = outer(file, bytes, 0x77, policy, findings)?;
    let mut contents = outer.contents();
    let info = contents.read();
    if info.is_ok() && !contents.is_empty() {
        findings.push(trailing(file, &contents, policy));
    }
    match info.and_then(|info| SignedData::read(&info)) {
        Ok(signed) => Some(signed),
        Err(e) => {
            findings.push(malformed(file, Clause::SecurityObject, e));
            None
        }
    }
}

/// The list of hashes, which begins at `offset` of its file.
pub(crate) fn security_object(content: &[u8], offset: usize) -> Result<SecurityObject> {
    let object = Reader::new(content, offset).expect(0x30, "no LDSSecurityObject")?;
    let mut fields = object.contents();
    let version = fields
        .expect(0x02, "no version of LDSSecurityObject")?
        .small_uint();
    let hash = hash_algorithm(&fields.expect(0x30, "no hash algorithm")?)?;
    let mut groups = Vec::new();
    let mut others = Vec::new();
    for entry in fields.expect(0x30, "no hashes of data groups")?.contents() {
        let entry = entry?;
        let mut parts = entry.contents();
        let number = parts.expect(0x02, "no number of a data group")?;
        let value = parts.expect(0x04, "no hash of a data group")?;
        match number.small_uint() {
            Some(n @ 1..=16) => groups.push((n as u8, value.value.to_vec())),
            Some(n) => others.push(n),
            None => return fail(entry.offset, "a number that is no data group's"),
        }
        if groups.len() + others.len() > 32 {
            return fail(entry.offset, "more data groups than there are");
        }
    }
    let mut lds_version = None;
    if let Some(info) = fields.optional(0x30)? {
        let text = info.contents().read()?;
        lds_version = std::str::from_utf8(text.value).ok().map(str::to_owned);
    }
    Ok(SecurityObject {
        version,
        lds_version,
        hash,
        groups,
        others,
    })
}
