//! Cards in TD1: three lines of 30, much of them fillers.

use image::{DynamicImage, Rgb, RgbImage, imageops};

use crate::pages::read;

const CHARACTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

/// Zones of cards of nobody, all check digits right: with few characters and with many.
const ZONES: [[&str; 3]; 3] = [
    [
        "I<UTOX123456785<<<<<<<<<<<<<<<",
        "8403146M3103016UTO<<<<<<<<<<<6",
        "HALVERN<<MIKAEL<TOR<<<<<<<<<<<",
    ],
    [
        "I<UTOY876543218<<<<<<<<<<<<<<<",
        "8403146M3103016UTO<<<<<<<<<<<0",
        "WU<<IDA<<<<<<<<<<<<<<<<<<<<<<<",
    ],
    [
        "I<UTOD231458907A123X5328434D23",
        "8403146M3103016UTO<<<<<<<<<<<6",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    ],
];

/// A side of a card with a zone, `pitch` pixels from character to character.
fn side(zone: &[&str; 3], pitch: u32) -> DynamicImage {
    let sheet = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page/ocr-b.png");
    let tall = pitch * 40 / 28;
    let sheet = image::open(sheet).expect("the characters").resize_exact(
        pitch * 37,
        tall,
        imageops::FilterType::Triangle,
    );
    let sheet = sheet.to_luma8();
    let mut page = RgbImage::from_pixel(50 * pitch, 35 * pitch, Rgb([225, 236, 244]));
    for (row, line) in zone.iter().enumerate() {
        for (column, character) in line.chars().enumerate() {
            let at = CHARACTERS.find(character).expect("a character") as u32;
            let (left, top) = (
                (3 + column as u32) * pitch,
                25 * pitch + row as u32 * pitch * 5 / 2,
            );
            for (x, y) in (0..pitch).flat_map(|x| (0..tall).map(move |y| (x, y))) {
                let ink = sheet.get_pixel(at * pitch + x, y).0[0];
                if ink < 200 {
                    page.put_pixel(left + x, top + y, Rgb([ink; 3]));
                }
            }
        }
    }
    page.into()
}

#[test]
fn a_zone_of_three_short_lines_is_read() {
    let mut wrong = Vec::new();
    for zone in ZONES {
        for pitch in [12, 18, 25] {
            let upright = side(&zone, pitch);
            let turned = [("upright", upright.clone()), ("over", upright.rotate180())];
            for (side, picture) in turned {
                let document = read(&picture);
                let lines: Vec<&str> = document.mrz().map_or(Vec::new(), |m| m.lines().collect());
                if lines != zone {
                    let codes: Vec<_> = document.findings().iter().map(|f| f.code).collect();
                    wrong.push(format!("{zone:?} {pitch} {side}: {lines:?} {codes:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
