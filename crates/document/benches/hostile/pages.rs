//! Pictures to be searched for a page's lines.

use super::{Add, png};

pub(super) fn kinds(add: &mut Add<'_>) {
    add("page", "noise", noise(1_000, 1_000, 1_000));
    add(
        "page",
        "noise above, the rest blank",
        noise(2_200, 1_950, 450),
    );
    add("page", "24 million pixels of noise, a JPEG", photograph());
    add("page", "stripes of one pitch", stripes(2_000, 2_000));
    add("page", "rows of OCR-B that are no zone", rows(2_000, 2_000));
}

/// Noise in so many rows at the top.
pub(super) fn noise(width: u32, height: u32, rows: u32) -> Vec<u8> {
    let mut state = 1_u32;
    png(&image::GrayImage::from_fn(width, height, |_, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([if y < rows { (state >> 24) as u8 } else { 255 }])
    }))
}

/// As a telephone makes it.
fn photograph() -> Vec<u8> {
    let mut state = 1_u32;
    let noise = image::GrayImage::from_fn(6_000, 4_000, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Luma([(state >> 24) as u8])
    });
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 75)
        .encode_image(&noise)
        .expect("encodes");
    bytes
}

/// Bars of one pitch, which every row of the reader's rhythm fits.
fn stripes(width: u32, height: u32) -> Vec<u8> {
    png(&image::GrayImage::from_fn(width, height, |x, y| {
        let dark = x % 20 < 9 && y % 40 < 24;
        image::Luma([if dark { 20 } else { 240 }])
    }))
}

/// Rows of OCR-B from side to side, each of which may be a zone's until it is read.
fn rows(width: u32, height: u32) -> Vec<u8> {
    const CELL: (u32, u32) = (28, 40);
    let sheet = image::load_from_memory(include_bytes!("../../src/page/ocr-b.png"));
    let sheet = sheet.expect("decodes").into_luma8();
    png(&image::GrayImage::from_fn(width, height, |x, y| {
        let (column, row) = (x / CELL.0, y / (CELL.1 + 8));
        let (x, y) = (x % CELL.0, y % (CELL.1 + 8));
        let character = (column * 7 + row * 13 + column * row) % (sheet.width() / CELL.0);
        match y < CELL.1 {
            true => *sheet.get_pixel(character * CELL.0 + x, y),
            false => image::Luma([255]),
        }
    }))
}
