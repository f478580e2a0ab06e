//! DG2: the face, in CBEFF wrapping (Doc 9303-10, 4.7.2 and Appendix C;
//! ISO/IEC 19785-3).

use rowcall_picture::{foreign_format, probe};
use zeroize::Zeroizing;

use super::face_image::FaceImage;
use super::{iso19794, iso39794, malformed, outer};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitSource, damage};
use rowcall_pki::ber::{BerError, Reader, Tlv, fail};
use rowcall_words::document::Verdict;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Doc 9303-10 has one instance; states have put up to three.
const MOST_INSTANCES: usize = 16;

/// Every portrait in the file, in order; defects go to `findings`.
pub(crate) fn read(
    file: &str,
    bytes: &[u8],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Vec<Portrait> {
    let Some(outer) = outer(file, bytes, 0x75, policy, findings) else {
        return Vec::new();
    };
    let blocks = match blocks(&outer) {
        Ok(blocks) => blocks,
        Err(e) => {
            findings.push(malformed(file, Clause::DataGroup2, e));
            return Vec::new();
        }
    };
    let mut images = Vec::new();
    for block in blocks {
        block_images(
            file,
            block.value,
            block.value_offset,
            policy,
            findings,
            &mut images,
        );
    }
    let portraits: Vec<Portrait> = images
        .into_iter()
        .filter_map(|image| portrait(file, image, findings))
        .collect();
    if portraits.is_empty() && !findings.iter().any(|f| f.best == Verdict::Invalid) {
        findings.push(Finding::warning(
            Code::PortraitMissing,
            format!("{file}: no face image in it"),
        ));
    }
    portraits
}

/// Whether the bytes are a face's biometric data block without its template: of ISO/IEC
/// 19794-5, or of 39794-5 with or without the A1 that Doc 9303-10 puts around it. (Tag 65
/// is DG5's too, whose first element is another.)
pub(crate) fn is_block(bytes: &[u8]) -> bool {
    let inside = || {
        let outer = Reader::new(bytes, 0).read().ok()?;
        let first = outer.contents().read().ok()?;
        Some((outer.tag, first.tag))
    };
    bytes.starts_with(b"FAC\0") || matches!(inside(), Some((0xa1, 0x65) | (0x65, 0xa0)))
}

/// Every portrait in a block that came by itself; defects go to `findings`.
pub(crate) fn lone_block(
    file: &str,
    block: &[u8],
    policy: &Policy,
    findings: &mut Vec<Finding>,
) -> Vec<Portrait> {
    let mut images = Vec::new();
    if block.first() == Some(&0x65) {
        if let Err(e) = iso39794::face(Reader::new(block, 0), &mut images) {
            findings.push(malformed(file, Clause::DataGroup2, e));
        }
    } else {
        block_images(file, block, 0, policy, findings, &mut images);
    }
    images
        .into_iter()
        .filter_map(|image| portrait(file, image, findings))
        .collect()
}

/// The images of one biometric data block (tag 5F2E or 7F2E).
fn block_images<'a>(
    file: &str,
    block: &'a [u8],
    offset: usize,
    policy: &Policy,
    findings: &mut Vec<Finding>,
    images: &mut Vec<FaceImage<'a>>,
) {
    let result = if block.starts_with(b"FAC\0") {
        iso19794::images(file, block, offset, policy, findings, images)
    } else if block.first() == Some(&0xa1) {
        iso39794::images(block, offset, images)
    } else {
        fail(
            offset,
            "neither an ISO/IEC 19794-5 nor a 39794-5 face block",
        )
    };
    if let Err(e) = result {
        findings.push(malformed(file, Clause::DataGroup2, e));
    }
}

/// The biometric data blocks: 75 { 7F61 { 02 count, 7F60 { A1 header,
/// 5F2E or 7F2E block } ... } }.
fn blocks<'a>(outer: &Tlv<'a>) -> Result<Vec<Tlv<'a>>, BerError> {
    let group = outer
        .contents()
        .expect(0x7f61, "no biometric information group template (7F61)")?;
    let mut blocks = Vec::new();
    let mut inside = group.contents();
    let count = inside.optional(0x02)?.and_then(|n| n.small_uint());
    for template in inside {
        let template = template?;
        if template.tag != 0x7f60 {
            return fail(
                template.offset,
                "something else than a biometric information template (7F60)",
            );
        }
        for part in template.contents() {
            let part = part?;
            if matches!(part.tag, 0x5f2e | 0x7f2e) {
                blocks.push(part);
            }
            if blocks.len() > MOST_INSTANCES {
                return fail(part.offset, "more face blocks than any document has");
            }
        }
    }
    match count {
        Some(0) if blocks.is_empty() => Ok(blocks),
        _ if blocks.is_empty() => fail(group.offset, "no biometric data block (5F2E or 7F2E)"),
        _ => Ok(blocks),
    }
}

/// The portrait in an image, whose own header says what it is: the format
/// field of the record is wrong too often to decide by.
fn portrait(file: &str, image: FaceImage<'_>, findings: &mut Vec<Finding>) -> Option<Portrait> {
    let Some(header) = probe(image.bytes) else {
        let what = foreign_format(image.bytes)
            .unwrap_or("neither JPEG nor JPEG 2000, or its header is cut");
        findings.push(Finding::warning(
            Code::PortraitUnreadable,
            format!("{file}: the image at offset {} is {what}", image.offset),
        ));
        return None;
    };
    if header.is_high_throughput {
        findings.push(Finding::warning(
            Code::PortraitEncoding,
            format!(
                "{file}: the image at offset {} is HTJ2K (ISO/IEC 15444-15); documents have JPEG or JPEG 2000 of ISO/IEC 15444-1",
                image.offset
            ),
        ));
    }
    if let Some(damage) = damage(image.bytes) {
        findings.push(Finding::warning(
            Code::PortraitTruncated,
            format!(
                "{file}: part of the portrait is missing, so look at the one that is printed: of the image at offset {}, {damage}",
                image.offset
            ),
        ));
    }
    Some(Portrait {
        format: header.format,
        width: header.width,
        height: header.height,
        encoding: image.encoding,
        source: PortraitSource::UnverifiedChip,
        file: file.to_owned(),
        encoded: Zeroizing::new(image.bytes.to_vec()),
    })
}
