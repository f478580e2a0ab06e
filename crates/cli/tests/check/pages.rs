//! Documents of which there is nothing but a picture of the page.

use std::io::Cursor;

use image::{DynamicImage, GenericImage, GenericImageView, ImageFormat, Rgba, imageops};

use crate::folder::{Vehicle, check, document, root, sample};

/// The 37 characters as the sheet has them.
const CHARACTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
/// Pixels from character to character on the drawn page.
const PITCH: u32 = 18;

/// A data page drawn from a sample's portrait and zone, as a PNG, turned
/// clockwise by `quarters`.
fn page(of: &str, quarters: u8) -> Vec<u8> {
    let (vehicle, id) = of.split_once('/').expect("vehicle/document");
    let zone = sample(vehicle).join("documents").join(id).join("mrz.txt");
    let zone = std::fs::read_to_string(zone).expect("a zone");
    let page = draw(Some((of, 245)), &zone);
    encoded(&match quarters {
        1 => page.rotate90(),
        2 => page.rotate180(),
        3 => page.rotate270(),
        _ => page,
    })
}

pub(crate) fn encoded(page: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    page.write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

/// A page, or a side of a card, with the portrait of a sample's document, so
/// many pixels wide, and the lines of a zone.
pub(crate) fn draw(portrait: Option<(&str, u32)>, zone: &str) -> DynamicImage {
    let sheet = root().join("crates/document/src/page/ocr-b.png");
    let sheet = image::open(sheet).expect("the characters").resize_exact(
        PITCH * 37,
        PITCH * 40 / 28,
        imageops::FilterType::Triangle,
    );
    let mut page = DynamicImage::new_rgb8(900, 640);
    for y in 0..page.height() {
        for x in 0..page.width() {
            // A faint pattern, as paper of documents has it.
            let tint = 225 + ((x + 2 * y) / 9 % 3 * 8) as u8;
            page.put_pixel(x, y, Rgba([tint, 236, 244, 255]));
        }
    }
    if let Some((of, width)) = portrait {
        let (vehicle, id) = of.split_once('/').expect("vehicle/document");
        let folder = sample(vehicle).join("documents").join(id);
        let portrait = image::open(folder.join("portrait.jpg")).expect("a portrait");
        let portrait = portrait.resize_exact(width, width * 9 / 7, imageops::FilterType::Triangle);
        page.copy_from(&portrait, 45, 90).expect("it fits");
    }
    let top = 600 - 45 * zone.lines().count() as u32;
    for (row, line) in zone.lines().enumerate() {
        for (column, character) in line.chars().enumerate() {
            let at = CHARACTERS.find(character).expect("a character") as u32;
            let glyph = sheet.crop_imm(at * PITCH, 0, PITCH, sheet.height());
            for (x, y, ink) in glyph.pixels().filter(|(.., p)| p.0[0] < 200) {
                let x = 54 + column as u32 * PITCH + x;
                page.put_pixel(x, top + row as u32 * 45 + y, ink);
            }
        }
    }
    page
}

#[test]
fn a_picture_of_the_page_is_enough() {
    let vehicle = Vehicle::new("front-row.toml", 2)
        .frames_of("couple")
        .file("documents/01/page.png", &page("couple/01", 0))
        .file("documents/02/page.png", &page("couple/02", 3));
    let run = check(vehicle.path(), &[]);
    let result = run.json();
    for id in ["01", "02"] {
        let document = document(&result, id);
        assert_eq!(document["outcome"], "holder-confirmed", "{document:#}");
        assert!(
            document.to_string().contains("names-from-recognition"),
            "{document:#}"
        );
    }
    assert_eq!(run.status, 0, "{}", run.stderr);
}

/// Another document of the holder of couple/01: same names and birth date,
/// another number.
const SECOND: &str = "V<UTOHALVERN<<MIKAEL<TOR<<<<<<<<<<<<<<<<<<<<
V123456781UTO8403146M3103016<<<<<<<<<<<<<<<<
";

#[test]
fn recognised_names_make_no_two_documents_one_holders() {
    let portrait = std::fs::read(sample("couple").join("documents/01/portrait.jpg"));
    let portrait = portrait.expect("a portrait");
    let both = |first: Vehicle| {
        let vehicle = first
            .frames_of("couple")
            .file("documents/02/mrz.txt", SECOND.as_bytes())
            .file("documents/02/portrait.jpg", &portrait);
        document(&check(vehicle.path(), &[]).json(), "01")["same_holder"].clone()
    };
    let typed = Vehicle::new("front-row.toml", 2).document("01", "couple/01");
    assert_eq!(both(typed), serde_json::json!(["02"]));
    let recognised =
        Vehicle::new("front-row.toml", 2).file("documents/01/page.png", &page("couple/01", 0));
    assert_eq!(both(recognised), serde_json::json!([]));
}
