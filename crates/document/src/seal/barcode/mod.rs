//! A seal's bytes out of a picture of its barcode: DataMatrix, QR, Aztec,
//! PDF417 (Doc 9303-13, 2.1).

mod aztec;
mod content;
mod data_matrix;
mod qr;

use image::GrayImage;
use rowcall_picture::{Image, Limits, Luma, rec_601};
use rxing::common::HybridBinarizer;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source, RXingResult, Reader};
use rxing::{RXingResultMetadataType, RXingResultMetadataValue};

use super::{is_whole, kind_of};
use content::{Texture, content};

/// A page at 600 dpi is smaller.
const MOST_PIXELS: u64 = 12_000_000;
/// Bytes that decoding may hold however few bytes the picture has, which bounds
/// its time: 12 million pixels in grey, 7 million in colour ...
const ALWAYS_HELD: u64 = 30_000_000;
/// ... and for each of its bytes.
const HELD_PER_BYTE: u64 = 300;
/// Pixels that are searched however few bytes the picture has ...
const ALWAYS_SEARCHED: u64 = 800_000;
/// ... and for each of its bytes.
const SEARCHED_PER_BYTE: u64 = 10;
/// The same of a page, which has more on it than a seal.
const ALWAYS_SEARCHED_OF_PAGE: u64 = 3_000_000;

/// The bytes of a seal in the picture `encoded`; `None` if it is no picture,
/// is too large, or has no barcode with a seal in it.
///
/// A drawn barcode, unlike a photograph, has many pixels for its bytes, but then
/// its modules are large or blank paper is around it: what is blank is cut off, and
/// what then still has too many pixels for its bytes is shrunk.
pub(crate) fn find(encoded: &[u8]) -> Option<Vec<u8>> {
    let bytes = encoded.len() as u64;
    let default = Limits::PAGE;
    let limits = Limits {
        max_pixels: MOST_PIXELS,
        max_memory: default.max_memory.min(ALWAYS_HELD + HELD_PER_BYTE * bytes),
        ..default
    };
    let mut picture = Luma::decode(encoded, &limits).ok()?;
    let pixels = std::mem::take(&mut *picture.pixels);
    let picture = GrayImage::from_raw(picture.width, picture.height, pixels)?;
    let most = ALWAYS_SEARCHED.max(SEARCHED_PER_BYTE * bytes);
    find_in_luma(content(&picture, most)?)
}

/// The bytes of a seal in a decoded picture of a page, whose file had so many
/// bytes; `None` if there is none.
pub(crate) fn find_in(raster: &Image, bytes: usize) -> Option<Vec<u8>> {
    let luma = raster.rgb().as_chunks().0.iter().map(rec_601).collect();
    let picture = GrayImage::from_raw(raster.width(), raster.height(), luma)?;
    let most = ALWAYS_SEARCHED_OF_PAGE + SEARCHED_PER_BYTE * bytes as u64;
    find_in_luma(content(&picture, most.min(MOST_PIXELS))?)
}

fn find_in_luma(mut picture: GrayImage) -> Option<Vec<u8>> {
    // The decoder has assertions; a picture that trips one has no seal.
    let found = |picture: &GrayImage| std::panic::catch_unwind(|| search(picture)).ok().flatten();
    found(&picture).or_else(|| {
        // Telephones show codes white on black.
        image::imageops::invert(&mut picture);
        found(&picture)
    })
}

fn search(picture: &GrayImage) -> Option<Vec<u8>> {
    let (width, height) = picture.dimensions();
    let source = Luma8Source::new_with_slice(picture.as_raw(), width, height).ok()?;
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let texture = Texture::of(bitmap.get_black_matrix());
    if texture.is_too_fine() {
        return None;
    }
    let hints = DecodeHints {
        TryHarder: Some(true),
        // Bytes, not text: one character each.
        CharacterSet: Some("ISO-8859-1".to_owned()),
        ..DecodeHints::default()
    };
    let seal = |found: Result<RXingResult, _>| found.ok().as_ref().and_then(seal_bytes);
    seal(rxing::datamatrix::DataMatrixReader.decode_with_hints(&mut bitmap, &hints))
        .or_else(|| qr::find(bitmap.get_black_matrix(), &texture))
        .or_else(|| seal(rxing::aztec::AztecReader.decode_with_hints(&mut bitmap, &hints)))
        .or_else(|| aztec::find(bitmap.get_black_matrix()))
        .or_else(|| seal(rxing::pdf417::PDF417Reader.decode_with_hints(&mut bitmap, &hints)))
}

/// The reading of the barcode that is a seal.
fn seal_bytes(result: &RXingResult) -> Option<Vec<u8>> {
    let segments = match result
        .getRXingResultMetadata()
        .get(&RXingResultMetadataType::BYTE_SEGMENTS)
    {
        Some(RXingResultMetadataValue::ByteSegments(segments)) => Some(segments.concat()),
        _ => None,
    };
    // The raw bytes are codewords: of a DataMatrix they say what the bytes are; those of
    // Aztec and PDF417 are bits of the encodation, and their text has each byte.
    let exact = (*result.getBarcodeFormat() == BarcodeFormat::DATA_MATRIX)
        .then(|| data_matrix::bytes(result.getRawBytes()))
        .flatten();
    a_seal([exact, segments], result.getText())
}

/// Of the ways to read a barcode's bytes, the first that is a seal to its end: which
/// one is right depends on who wrote it. If none is whole, one that begins as a seal, so
/// that what is wrong with it is told.
fn a_seal<const N: usize>(bytes: [Option<Vec<u8>>; N], text: &str) -> Option<Vec<u8>> {
    // One byte a character, unless the text was declared to be of another set.
    let latin: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let unicode = (!text.is_ascii()).then(|| text.as_bytes().to_vec());
    let readings = || {
        let texts = [&latin, &unicode].into_iter();
        bytes.iter().chain(texts).filter_map(Option::as_deref)
    };
    readings()
        .find(|bytes| is_whole(bytes))
        .or_else(|| readings().find(|bytes| kind_of(bytes).is_some()))
        .map(<[u8]>::to_vec)
}
