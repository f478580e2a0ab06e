//! DG1: the MRZ (Doc 9303-10, 4.7.1).

use jiff::civil::Date;

use super::{malformed, outer};
use crate::finding::Finding;
use crate::mrz::{Mrz, split_lines};
use crate::policy::Policy;
use rowcall_words::finding::clause::Clause;

pub(crate) fn read(
    file: &str,
    bytes: &[u8],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let outer = outer(file, bytes, 0x61, policy, findings)?;
    let data = match outer.contents().expect(0x5f1f, "no MRZ (tag 5F1F)") {
        Ok(tlv) => tlv,
        Err(e) => {
            findings.push(malformed(file, Clause::DataGroup1, e));
            return None;
        }
    };
    let text = String::from_utf8_lossy(data.value);
    match Mrz::parse(&split_lines(&text), at) {
        Ok(mrz) => Some(mrz),
        Err(defect) => {
            findings.push(defect.finding(file));
            None
        }
    }
}
