//! Portraits out of DG2 and image files, against what other decoders said.

use crate::{jpeg, shared};

use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_picture::{Limit, Limits};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::Verdict;
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
        // What comes by itself may have any name.
        let name = match expectation["encoding"].as_str() {
            Some("image") => "face",
            _ if path.ends_with(".bdb") => "block",
            _ => "EF_DG2.bin",
        };
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
        match portrait.decode(&Limits::PORTRAIT) {
            Ok(image) if format!("{} {}", image.width(), image.height()) == size => {}
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
        let error = portrait.decode(&Limits::PORTRAIT).expect_err("refused");
        assert!(
            error.to_string().contains("60000 x 60000"),
            "{name}: {error}"
        );
    }
}

const COLOUR: &[(u8, u8)] = &[(1, 1); 3];
const HALVED: &[(u8, u8)] = &[(2, 2), (1, 1), (1, 1)];

/// Photographs and scans are read whatever their bytes, at the size that is kept.
#[test]
fn large_photographs_are_decoded_upright() {
    let mut wrong = Vec::new();
    for (what, size, progressive, orientation, expected) in [
        ("12 million", (4_000, 3_000), false, None, (4_000, 3_000)),
        (
            "12 million, on its side",
            (4_000, 3_000),
            false,
            Some(6),
            (3_000, 4_000),
        ),
        (
            "12 million, progressive",
            (4_000, 3_000),
            true,
            None,
            (2_000, 1_500),
        ),
        ("48 million", (8_000, 6_000), false, None, (4_000, 3_000)),
        (
            "48 million, on its side",
            (8_000, 6_000),
            false,
            Some(8),
            (3_000, 4_000),
        ),
        ("200 million", (16_320, 12_240), false, None, (4_080, 3_060)),
    ] {
        let photograph = jpeg::empty(size, HALVED, progressive, 1, orientation);
        let document = read("portrait.jpg", photograph);
        let portrait = document.portrait().expect("a header");
        match portrait.decode(&Limits::PORTRAIT) {
            Ok(image) if (image.width(), image.height()) == expected => {}
            other => wrong.push(format!("{what}: {other:?}")),
        }
    }
    let huge = read(
        "portrait.jpg",
        jpeg::empty((20_000, 20_000), HALVED, false, 1, None),
    );
    let error = huge.portrait().expect("a header").decode(&Limits::PORTRAIT);
    match error.map_err(|e| e.limit()) {
        Err(Some(Limit::Declared { .. })) => {}
        other => wrong.push(format!("400 million: {other:?}")),
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A portrait that isn't whole is told, and isn't decoded.
#[test]
fn a_damaged_portrait_is_told() {
    let picture =
        image::RgbImage::from_fn(96, 80, |x, y| image::Rgb([x as u8 * 2, y as u8 * 3, 99]));
    let mut whole = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut whole, image::ImageFormat::Jpeg)
        .expect("encodes");
    let whole = whole.into_inner();
    let scan = whole
        .windows(2)
        .position(|m| m == [0xff, 0xda])
        .expect("a scan");
    let middle = (scan + whole.len()) / 2;
    let mut zeros = whole.clone();
    zeros[middle..middle + 40].fill(0);
    let mut wrong = Vec::new();
    for (what, file, is_whole) in [
        ("whole", whole.clone(), true),
        (
            "without its end marker",
            whole[..whole.len() - 2].to_vec(),
            true,
        ),
        ("cut", whole[..middle].to_vec(), false),
        (
            "cut, with an end marker",
            [&whole[..middle], &[0xff, 0xd9]].concat(),
            false,
        ),
        ("zeros in it", zeros, false),
    ] {
        let document = read("portrait.jpg", file);
        let portrait = document.portrait().expect("a header");
        let told = document
            .findings()
            .iter()
            .any(|f| f.code.as_str() == "portrait-truncated");
        let decoded = portrait.decode(&Limits::PORTRAIT).is_ok();
        if told == is_whole || decoded != is_whole {
            wrong.push(format!("{what}: told {told}, decoded {decoded}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page that can't be used says why, with the limit that it met.
#[test]
fn an_unreadable_page_says_why() {
    let mut wrong = Vec::new();
    let whole = jpeg::empty((800, 600), HALVED, false, 1, None);
    for (says, file) in [
        (
            "limit of declared pixels",
            jpeg::empty((20_000, 20_000), HALVED, false, 1, None),
        ),
        ("damaged or cut off", whole[..whole.len() - 20].to_vec()),
        ("a TIFF picture", b"II*\0\x08\0\0\0".to_vec()),
    ] {
        let document = read("page.jpg", file);
        let told = document
            .findings()
            .iter()
            .find(|f| f.code.as_str() == "page-unreadable");
        match told {
            Some(finding)
                if finding.detail.contains(says) && finding.detail.contains("page.jpg") => {}
            other => wrong.push(format!("{says}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_image_is_said_by_name() {
    let document = read("portrait.jpg", b"GIF89a".to_vec());
    assert!(document.portrait().is_none());
    let codes: Vec<_> = document
        .findings()
        .iter()
        .map(|f| f.code.as_str())
        .collect();
    assert_eq!(codes, ["portrait-unreadable", "mrz-missing"]);
    assert!(document.findings()[0].detail.contains("portrait.jpg"));
}

/// A face's biometric data block of ISO/IEC 39794-5 with that image.
fn face_block(image: &[u8]) -> Vec<u8> {
    let tlv = rowcall_specimen::tlv;
    let data = tlv(0xa0, &tlv(0xa0, &tlv(0x80, image)));
    let representation = tlv(0x30, &[tlv(0x80, &[0]), tlv(0xa1, &data)].concat());
    let version = tlv(0xa0, &tlv(0x80, &[3]));
    tlv(0x65, &[version, tlv(0xa1, &representation)].concat())
}

/// Under whatever name it is given, a format that isn't read is called by its own.
#[test]
fn a_format_that_is_not_read_is_named_on_every_way_in() {
    let boxed = |brands: &[u8]| {
        let length = (brands.len() as u32 + 8).to_be_bytes();
        [&length, &b"ftyp"[..], brands].concat()
    };
    let formats: [(&str, &str, Vec<u8>); 16] = [
        ("gif", "a GIF picture", b"GIF89a\x10\0\x10\0".to_vec()),
        (
            "bmp",
            "a BMP picture",
            b"BM\x46\0\0\0\0\0\0\0\x36\0".to_vec(),
        ),
        ("tif", "a TIFF picture", b"II*\0\x08\0\0\0".to_vec()),
        ("tiff", "a TIFF picture", b"MM\0*\0\0\0\x08".to_vec()),
        ("tif", "a TIFF picture", b"II+\0\x08\0\0\0".to_vec()),
        ("tif", "a TIFF picture", b"MM\0+\0\x08\0\0".to_vec()),
        ("webp", "a WebP picture", b"RIFF\x10\0\0\0WEBPVP8 ".to_vec()),
        ("jxl", "a JPEG XL picture", b"\xff\x0a\0\0".to_vec()),
        ("jxr", "a JPEG XR picture", b"II\xbc\x01\x08\0\0\0".to_vec()),
        ("ppm", "a PNM picture", b"P6\n640 480\n255\n".to_vec()),
        ("heic", "a HEIC picture", boxed(b"heic\0\0\0\0mif1")),
        ("heif", "a HEIC picture", boxed(b"mif1\0\0\0\0heic")),
        ("avif", "an AVIF picture", boxed(b"avif\0\0\0\0mif1")),
        ("mov", "a film", boxed(b"qt  \0\0\0\0qt  ")),
        ("pdf", "a PDF document", b"%PDF-1.4\n%\xe2\xe3\n".to_vec()),
        (
            "pdf",
            "a PDF document",
            [&[b'\n'; 1_000][..], b"%PDF-1.4\n"].concat(),
        ),
    ];
    let mut wrong = Vec::new();
    for (extension, is, bytes) in &formats {
        for (stem, code) in [
            ("page", "page-unreadable"),
            ("page-back", "page-unreadable"),
            ("portrait", "portrait-unreadable"),
            ("a chip's face", "portrait-unreadable"),
            // By itself it may be called anything.
            ("IMG_2317", "page-unreadable"),
        ] {
            for extension in [extension, "jpg", "PNG", "dat"] {
                let name = format!("{stem}.{extension}");
                let document = match stem {
                    "a chip's face" => read("block", face_block(bytes)),
                    _ => read(&name, bytes.clone()),
                };
                let told = document.findings().iter().find(|f| f.code.as_str() == code);
                if !told.is_some_and(|f| f.detail.contains(is)) || document.portrait().is_some() {
                    wrong.push(format!("{name}, {is}: {:?}", document.findings()));
                }
                let is_unsupported = document.verdict() == Verdict::Unsupported;
                if code == "page-unreadable" && !is_unsupported {
                    wrong.push(format!("{name}, {is}: {:?}", document.verdict()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// By itself, under any name, it is judged like a lone EF.DG2: nobody signed it.
#[test]
fn a_face_block_without_its_template_is_read() {
    let image = jpeg::empty((96, 80), COLOUR, false, 1, None);
    let mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\
               L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let chip = rowcall_specimen::Issuer::new(1).issue(mrz, &image);
    let mut chip = chip.expect("issues").into_iter();
    let dg2 = chip.find(|(name, _)| name == "EF_DG2.bin");
    let dg2 = dg2.expect("a file").1;
    let record = dg2
        .windows(4)
        .position(|w| w == b"FAC\0")
        .expect("a record");
    let bare = face_block(&image);
    let whole = read("EF_DG2.bin", dg2.clone());
    let codes = |document: &VerifiedDocument| -> Vec<&str> {
        document
            .findings()
            .iter()
            .map(|f| f.code.as_str())
            .collect()
    };
    for block in [
        dg2[record..].to_vec(),
        rowcall_specimen::tlv(0xa1, &bare),
        bare,
    ] {
        let document = read("anything", block);
        let portrait = document.portrait().expect("a portrait");
        assert_eq!((portrait.width(), portrait.height()), (96, 80));
        assert_eq!(document.kind(), whole.kind());
        assert_eq!(document.verdict(), whole.verdict());
        assert_eq!(codes(&document), codes(&whole));
    }
}
