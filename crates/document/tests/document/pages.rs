//! Pictures of pages: found, turned, read.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use rowcall_document::{NamedFile, PortraitSource, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;
use serde_json::Value;

use crate::shared::{self, FaceAt};

pub(crate) fn read(picture: &DynamicImage) -> VerifiedDocument {
    rowcall_document::read(
        vec![file(picture)],
        &TrustStore::empty(),
        &shared::policy(),
        shared::AT,
    )
}

fn file(picture: &DynamicImage) -> NamedFile {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    NamedFile {
        name: "page.png".into(),
        bytes: bytes.into_inner(),
    }
}

#[test]
fn every_specimen_is_read_to_the_letter_whichever_way_up() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let folder = documents.join("images");
    let text = std::fs::read(folder.join("truth.json")).expect("readable");
    let truth: Value = serde_json::from_slice(&text).expect("JSON");
    let mut wrong = Vec::new();
    for (i, (name, expected)) in truth.as_object().expect("an object").iter().enumerate() {
        let picture = image::open(folder.join(name)).expect("a picture");
        // Every picture upright, and on one other side.
        let turned = match i % 3 {
            0 => picture.rotate90(),
            1 => picture.rotate180(),
            _ => picture.rotate270(),
        };
        for (side, picture) in [("upright", picture), ("turned", turned)] {
            let document = read(&picture);
            let lines: Vec<&str> = document.mrz().map_or(Vec::new(), |m| m.lines().collect());
            if serde_json::json!(lines) != expected["lines"] {
                wrong.push(format!("{name}, {side}: {lines:#?}"));
            }
            assert_eq!(document.verdict(), Verdict::Unsigned, "{name}, {side}");
            let codes: Vec<_> = document
                .findings()
                .iter()
                .map(|f| f.code.as_str())
                .collect();
            assert!(codes.contains(&"names-from-recognition"), "{codes:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_portrait_is_cut_out_of_the_upright_page() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let picture = image::open(documents.join("images/ICAO_Example.png")).expect("a picture");
    // Upright again, so the same face is at the same place as in the original.
    let face = FaceAt((40.0, 90.0, 40.0, 50.0));
    let with_portrait = |files| {
        let (trust, policy) = (TrustStore::empty(), shared::policy());
        let Ok(document) =
            rowcall_document::read_with_faces(files, &face, &trust, &policy, shared::AT);
        document
    };
    let upright = with_portrait(vec![file(&picture)]);
    let turned = file(&picture.rotate270());
    let bytes = turned.bytes.clone();
    let document = with_portrait(vec![turned]);
    let portrait = document.portrait().expect("a portrait");
    assert_eq!(portrait.source(), PortraitSource::PrintedPage);
    let ratio = portrait.width() as f32 / portrait.height() as f32;
    assert!((ratio - 35.0 / 45.0).abs() < 0.02, "{ratio}");
    let pixels = |document: &VerifiedDocument| {
        let portrait = document.portrait().expect("a portrait");
        let pixels = portrait.decode(&rowcall_picture::Limits::PORTRAIT);
        pixels.expect("decodes")
    };
    let (one, other) = (pixels(&upright), pixels(&document));
    assert_eq!((one.width(), one.height()), (other.width(), other.height()));
    let apart = one
        .rgb()
        .iter()
        .zip(other.rgb())
        .map(|(a, b)| u64::from(a.abs_diff(*b)));
    let apart = apart.sum::<u64>() as f64 / one.rgb().len() as f64;
    assert!(apart < 2.0, "the same portrait: {apart} apart on average");
    // A portrait that was presented stays.
    let own = NamedFile {
        name: "portrait.jpg".into(),
        bytes: portrait.encoded().to_vec(),
    };
    let page = NamedFile {
        name: "page.png".into(),
        bytes,
    };
    let both = with_portrait(vec![page, own]);
    let kept = both.portrait().expect("a portrait");
    assert_eq!(kept.file(), "portrait.jpg");
}

#[test]
fn a_page_without_a_zone_says_so() {
    let noise = DynamicImage::ImageRgb8(image::RgbImage::from_fn(300, 200, |x, y| {
        let v = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(97) >> 7;
        image::Rgb([v as u8, (v >> 3) as u8, (v >> 5) as u8])
    }));
    let blank = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(64, 48, image::Rgb([9; 3])));
    let dot = DynamicImage::ImageRgb8(image::RgbImage::new(1, 1));
    for picture in [noise, blank, dot] {
        let document = read(&picture);
        assert_eq!(document.verdict(), Verdict::Unsupported);
        assert!(document.mrz().is_none());
        assert_eq!(document.findings()[0].code.as_str(), "page-not-recognised");
    }
}
