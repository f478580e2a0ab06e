//! The facial record of ISO/IEC 19794-5:2005: a header of 14 bytes, then for
//! each face a block of information (20 bytes), feature points (8 bytes each),
//! image information (12 bytes) and the image.

use super::face_image::FaceImage;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::portrait::PortraitEncoding;
use rowcall_pki::ber::{BerError, fail};
use rowcall_words::finding::code::Code;

const MOST_FACES: u16 = 16;

pub(super) fn images<'a>(
    file: &str,
    record: &'a [u8],
    offset: usize,
    policy: &Policy,
    findings: &mut Vec<Finding>,
    images: &mut Vec<FaceImage<'a>>,
) -> Result<(), BerError> {
    let be = |at: usize, len: usize| -> Result<usize, BerError> {
        let Some(bytes) = record.get(at..at + len) else {
            return fail(offset + at, "the facial record is cut");
        };
        Ok(bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)))
    };
    let declared = be(8, 4)?;
    let faces = be(12, 2)?;
    if declared != record.len() {
        let detail = format!(
            "{file}: the facial record at offset {offset} declares {declared} bytes and has {}",
            record.len()
        );
        findings.push(Finding::new(
            Code::FacialRecordLength,
            policy.portrait_record_length.best(),
            detail,
        ));
    }
    if faces > usize::from(MOST_FACES) {
        return fail(offset + 12, "more faces than any document has");
    }
    let mut at = 14;
    for face in 0..faces {
        let block = be(at, 4)?;
        let points = be(at + 4, 2)?;
        let image_at = at + 20 + 8 * points + 12;
        // The last image goes to the end of the record, whatever a length
        // off by one says (seen on British passports).
        let end = if face + 1 == faces {
            record.len()
        } else {
            at + block
        };
        let Some(image) = record.get(image_at..end).filter(|i| !i.is_empty()) else {
            return fail(offset + at, "a facial information block without an image");
        };
        if at + block != end && declared == record.len() {
            findings.push(Finding::new(
                Code::FacialBlockLength,
                policy.portrait_record_length.best(),
                format!(
                    "{file}: the facial information at offset {} declares {block} bytes and has {}",
                    offset + at,
                    end - at
                ),
            ));
        }
        images.push(FaceImage {
            bytes: image,
            offset: offset + image_at,
            encoding: PortraitEncoding::Iso19794,
        });
        at = end;
    }
    Ok(())
}
