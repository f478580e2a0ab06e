//! A seal's bytes out of a picture of its barcode: DataMatrix, QR, Aztec,
//! PDF417 (Doc 9303-13, 2.1).

use std::collections::HashSet;

use rxing::{BarcodeFormat, DecodeHints, RXingResult, RXingResultMetadataType};
use rxing::{RXingResultMetadataValue, helpers};

use super::kind_of;
use crate::portrait::{ImageFormat, ImageLimits, Raster, decode, probe};

/// A page at 600 dpi is smaller; the search takes time with the area.
const MOST_PIXELS: u64 = 12_000_000;

/// The bytes of a seal in the picture `encoded`; `None` if it is no picture,
/// is too large, or has no barcode with a seal in it.
pub(crate) fn find(encoded: &[u8]) -> Option<Vec<u8>> {
    let header = probe(encoded)?;
    if u64::from(header.width) * u64::from(header.height) > MOST_PIXELS
        || !matches!(header.format, ImageFormat::Jpeg | ImageFormat::Png)
    {
        return None;
    }
    // A drawn barcode, unlike a photograph, has many pixels for its bytes.
    let limits = ImageLimits {
        max_pixels_per_byte: u64::MAX,
        ..ImageLimits::default()
    };
    let raster = decode(header.format, encoded, &limits).ok()?;
    let (width, height, luma) = (raster.width, raster.height, luma(&raster));
    // Not needed during the search, which takes memory of its own.
    drop(raster);
    find_in_luma(&luma, width, height)
}

/// The bytes of a seal in a decoded picture; `None` if there is none, or the
/// picture is too large.
pub(crate) fn find_in(raster: &Raster) -> Option<Vec<u8>> {
    if u64::from(raster.width) * u64::from(raster.height) > MOST_PIXELS {
        return None;
    }
    find_in_luma(&luma(raster), raster.width, raster.height)
}

fn find_in_luma(luma: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    // The decoder has assertions; a picture that trips one has no seal.
    std::panic::catch_unwind(|| search(luma, width, height))
        .ok()
        .flatten()
}

/// Rec. 601 luma, 8 bits.
fn luma(raster: &Raster) -> Vec<u8> {
    raster
        .rgb
        .chunks_exact(3)
        .map(|p| {
            let sum = 299 * u32::from(p[0]) + 587 * u32::from(p[1]) + 114 * u32::from(p[2]);
            (sum / 1000) as u8
        })
        .collect()
}

fn search(luma: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    for format in [
        BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::QR_CODE,
        BarcodeFormat::AZTEC,
        BarcodeFormat::PDF_417,
    ] {
        let mut hints = DecodeHints {
            TryHarder: Some(true),
            // Bytes, not text: one character each.
            CharacterSet: Some("ISO-8859-1".to_owned()),
            PossibleFormats: Some(HashSet::from([format])),
            ..DecodeHints::default()
        };
        let found = helpers::detect_in_luma_with_hints(
            luma.to_vec(),
            width,
            height,
            Some(format),
            &mut hints,
        );
        if let Ok(result) = found
            && let Some(bytes) = seal_bytes(&result)
        {
            return Some(bytes);
        }
    }
    None
}

/// The reading of the barcode that is a seal: as text of one byte a character,
/// or its binary segments.
fn seal_bytes(result: &RXingResult) -> Option<Vec<u8>> {
    let text: Option<Vec<u8>> = result
        .getText()
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let segments = match result
        .getRXingResultMetadata()
        .get(&RXingResultMetadataType::BYTE_SEGMENTS)
    {
        Some(RXingResultMetadataValue::ByteSegments(segments)) => Some(segments.concat()),
        _ => None,
    };
    [segments, text]
        .into_iter()
        .flatten()
        .find(|bytes| kind_of(bytes).is_some())
}
