//! The chip's files (Doc 9303-10, LDS 1.7).

use crate::Error;
use crate::der::{nest, tlv};

/// EF.COM with the outer tags of the data groups.
pub(crate) fn com(tags: &[u8]) -> Vec<u8> {
    nest(
        0x60,
        &[
            &tlv(0x5f01, b"0107"),
            &tlv(0x5f36, b"040000"),
            &tlv(0x5c, tags),
        ],
    )
}

/// DG1 with the lines in one run.
pub(crate) fn dg1(mrz: &str) -> Result<Vec<u8>, Error> {
    let run: String = mrz.lines().map(str::trim).collect();
    let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'<';
    if !matches!(run.len(), 72 | 88 | 90) || !run.bytes().all(allowed) {
        return Err(Error::Mrz);
    }
    Ok(tlv(0x61, &tlv(0x5f1f, run.as_bytes())))
}

/// DG2 with one face in a record of ISO/IEC 19794-5.
pub(crate) fn dg2(portrait: &[u8]) -> Result<Vec<u8>, Error> {
    let (width, height, kind) = size(portrait).ok_or(Error::Portrait)?;
    let block_len = 20 + 12 + portrait.len();
    let record_len = 14 + block_len;
    let mut record = Vec::with_capacity(record_len);
    record.extend_from_slice(b"FAC\x00010\x00");
    record.extend_from_slice(&(record_len as u32).to_be_bytes());
    record.extend_from_slice(&1_u16.to_be_bytes());
    record.extend_from_slice(&(block_len as u32).to_be_bytes());
    // No feature points; sex, eyes, hair, properties, expression, pose unsaid.
    record.extend_from_slice(&[0; 16]);
    // Full frontal (ISO/IEC 19794-5, 5.7.2), image type, size, sRGB.
    record.extend_from_slice(&[1, kind]);
    record.extend_from_slice(&width.to_be_bytes());
    record.extend_from_slice(&height.to_be_bytes());
    record.extend_from_slice(&[1, 0, 0, 0, 0, 0]);
    record.extend_from_slice(portrait);
    let header = nest(
        0xa1,
        &[
            &tlv(0x80, &[1, 1]),
            &tlv(0x81, &[2]),
            &tlv(0x87, &[1, 1]),
            &tlv(0x88, &[0, 8]),
        ],
    );
    let template = nest(0x7f60, &[&header, &tlv(0x5f2e, &record)]);
    Ok(nest(0x75, &[&nest(0x7f61, &[&tlv(0x02, &[1]), &template])]))
}

/// Width, height and ISO/IEC 19794-5 image type of a JPEG or JPEG 2000 image.
fn size(image: &[u8]) -> Option<(u16, u16, u8)> {
    let be16 = |at: usize| {
        let two = image.get(at..at + 2)?;
        Some(u16::from_be_bytes([two[0], two[1]]))
    };
    if image.starts_with(&[0xff, 0xd8]) {
        let mut at = 2;
        loop {
            let marker = be16(at)?;
            match marker {
                0xffc0..=0xffc3 => return Some((be16(at + 7)?, be16(at + 5)?, 0)),
                0xff01..=0xfffe => at += 2 + usize::from(be16(at + 2)?),
                _ => return None,
            }
        }
    }
    let siz = image
        .windows(4)
        .position(|w| w == [0xff, 0x4f, 0xff, 0x51])?;
    // Xsiz and Ysiz are 32 bits; a portrait needs the lower 16.
    Some((be16(siz + 10)?, be16(siz + 14)?, 1))
}
