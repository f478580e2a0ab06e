//! Portraits out of DG2 and image files, against what other decoders said.

mod shared;

use rowcall_document::{ImageLimits, NamedFile, Policy, TrustStore, VerifiedDocument};
use serde_json::Value;

fn read(name: &str, bytes: Vec<u8>) -> VerifiedDocument {
    let file = NamedFile {
        name: name.into(),
        bytes,
    };
    rowcall_document::read(
        vec![file],
        &TrustStore::empty(),
        &Policy::default(),
        jiff::civil::date(2026, 11, 23),
    )
}

#[test]
fn every_shared_image_has_the_size_and_format_that_others_found() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected: Value =
        serde_json::from_slice(&std::fs::read(documents.join("expected.json")).expect("readable"))
            .expect("JSON");
    let mut wrong = Vec::new();
    for (path, expectation) in expected["images_and_dg2"].as_object().expect("an object") {
        let bytes = std::fs::read(documents.join(path)).expect("readable");
        let name = match expectation["encoding"].as_str() {
            Some("image") => "portrait.jp2",
            _ => "EF_DG2.bin",
        };
        if path.ends_with(".bdb") {
            continue; // A block without its template: a unit test has them.
        }
        let document = read(name, bytes);
        let bad = path.contains("bad_tag") || path.contains("deep_nest");
        let Some(portrait) = document.portrait() else {
            if !bad {
                wrong.push(format!("{path}: no portrait: {:?}", document.findings()));
            }
            continue;
        };
        if bad {
            wrong.push(format!("{path}: a portrait where there should be none"));
        }
        let format = portrait.format().extension();
        if expectation["image_format"] != format {
            wrong.push(format!("{path}: {format}"));
        }
        let size = format!("{} {}", portrait.width(), portrait.height());
        if !expectation["identify"]
            .as_str()
            .expect("text")
            .starts_with(&size)
        {
            wrong.push(format!("{path}: {size}"));
        }
        match portrait.decode(&ImageLimits::default()) {
            Ok(raster)
                if raster.rgb.len() == 3 * raster.width as usize * raster.height as usize => {}
            other => wrong.push(format!("{path}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_huge_declared_size_is_refused_before_anything_is_allocated() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend_from_slice(&60_000_u32.to_be_bytes());
    png.extend_from_slice(&60_000_u32.to_be_bytes());
    png.extend_from_slice(&[8, 2, 0, 0, 0, 0, 0, 0, 0]);
    let jpeg = [
        0xff, 0xd8, 0xff, 0xc0, 0x00, 0x11, 0x08, 0xea, 0x60, 0xea, 0x60, 0x03, 1, 0x22, 0, 2,
        0x11, 1, 3, 0x11, 1,
    ];
    let mut j2k = vec![0xff, 0x4f, 0xff, 0x51, 0, 47, 0, 0];
    for v in [60_000_u32, 60_000, 0, 0, 60_000, 60_000, 0, 0] {
        j2k.extend_from_slice(&v.to_be_bytes());
    }
    j2k.extend_from_slice(&[0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
    for (name, bytes) in [
        ("portrait.png", png),
        ("portrait.jpg", jpeg.to_vec()),
        ("portrait.jp2", j2k),
    ] {
        let document = read(name, bytes);
        let portrait = document.portrait().expect("a header");
        assert_eq!((portrait.width(), portrait.height()), (60_000, 60_000));
        let error = portrait
            .decode(&ImageLimits::default())
            .expect_err("refused");
        assert!(
            error.to_string().contains("60000 x 60000"),
            "{name}: {error}"
        );
    }
}

#[test]
fn what_is_no_image_is_said_by_name() {
    let document = read("portrait.jpg", b"GIF89a".to_vec());
    assert!(document.portrait().is_none());
    let codes: Vec<_> = document.findings().iter().map(|f| f.code).collect();
    assert_eq!(codes, ["portrait-unreadable", "mrz-missing"]);
    assert!(document.findings()[0].detail.contains("portrait.jpg"));
}
