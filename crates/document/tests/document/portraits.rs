//! Portraits out of DG2 and image files, against what other decoders said.

use crate::{jpeg, shared};

use rowcall_document::{ImageLimits, NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
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

const COLOUR: &[(u8, u8)] = &[(1, 1); 3];
const HALVED: &[(u8, u8)] = &[(2, 2), (1, 1), (1, 1)];

/// A picture of 96 x 80 of a colour type, as PNG.
fn png(colour: image::ExtendedColorType) -> Vec<u8> {
    let pixels = vec![0; 96 * 80 * usize::from(colour.bits_per_pixel()) / 8];
    let mut out = std::io::Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut out, &pixels, 96, 80, colour, image::ImageFormat::Png)
        .expect("encodes");
    out.into_inner()
}

#[test]
fn what_decoding_holds_is_counted_from_the_headers_to_the_byte() {
    use image::ExtendedColorType::{L8, L16, La8, Rgb8, Rgb16, Rgba8, Rgba16};
    const PIXELS: u64 = 96 * 80;
    // As decoded, then 8-bit RGB beside it where that is another form; or the
    // rows that the decoder works on, for so small a picture.
    let plain = |bytes: u64| (bytes + 3) * PIXELS;
    let rows = |bytes: u64| bytes * (PIXELS + 64 * 96);
    let jpeg = |sampling, progressive, scans, orientation| {
        jpeg::empty((96, 80), sampling, progressive, scans, orientation)
    };
    for (what, name, bytes, held) in [
        ("grey", "portrait.png", png(L8), plain(1)),
        ("grey and alpha", "portrait.png", png(La8), plain(2)),
        ("colour", "portrait.png", png(Rgb8), rows(3)),
        ("alpha", "portrait.png", png(Rgba8), rows(4).max(plain(4))),
        ("grey, 16 bits", "portrait.png", png(L16), plain(2)),
        ("colour, 16 bits", "portrait.png", png(Rgb16), rows(6)),
        ("alpha, 16 bits", "portrait.png", png(Rgba16), rows(8)),
        (
            "baseline",
            "portrait.jpg",
            jpeg(COLOUR, false, 1, None),
            rows(3),
        ),
        (
            "on its side",
            "portrait.jpg",
            jpeg(COLOUR, false, 1, Some(6)),
            rows(3),
        ),
        (
            "grey",
            "portrait.jpg",
            jpeg(&[(1, 1)], false, 1, None),
            plain(1),
        ),
        (
            "three scans",
            "portrait.jpg",
            jpeg(COLOUR, false, 3, None),
            rows(3) + 6 * PIXELS,
        ),
        (
            "progressive",
            "portrait.jpg",
            jpeg(COLOUR, true, 1, None),
            rows(3) + 6 * PIXELS,
        ),
        (
            "progressive, colour halved",
            "portrait.jpg",
            jpeg(HALVED, true, 1, None),
            rows(3) + 3 * PIXELS,
        ),
    ] {
        let document = read(name, bytes);
        let portrait = document.portrait().expect("a header");
        let limits = |max_memory| ImageLimits {
            max_memory,
            ..ImageLimits::default()
        };
        let raster = portrait.decode(&limits(held));
        let raster = raster.unwrap_or_else(|e| panic!("{what}, {name}: {e}"));
        assert_eq!(raster.rgb.len() as u64, 3 * PIXELS, "{what}, {name}");
        let error = portrait.decode(&limits(held - 1)).expect_err(what);
        for part in [
            "96 x 80".to_owned(),
            held.to_string(),
            (held - 1).to_string(),
        ] {
            assert!(error.to_string().contains(&part), "{what}, {name}: {error}");
        }
        let fewer = ImageLimits {
            max_pixels: PIXELS - 1,
            ..ImageLimits::default()
        };
        assert!(portrait.decode(&fewer).is_err(), "{what}, {name}");
    }
}

#[test]
fn photographs_of_twelve_megapixels_are_decoded_upright() {
    for (orientation, size) in [(None, (4_000, 3_000)), (Some(6), (3_000, 4_000))] {
        let mut photograph = jpeg::empty((4_000, 3_000), HALVED, false, 1, orientation);
        let small = read("portrait.jpg", photograph.clone());
        let refused = small.portrait().expect("a header");
        let refused = refused.decode(&ImageLimits::default());
        let error = refused.expect_err("more pixels than its bytes allow");
        assert!(error.to_string().contains("4000 x 3000"), "{error}");
        // What follows the end of the image makes it a photograph's size.
        photograph.resize(750_000, 0);
        let document = read("portrait.jpg", photograph);
        let portrait = document.portrait().expect("a header");
        let raster = portrait.decode(&ImageLimits::default()).expect("decodes");
        assert_eq!((raster.width, raster.height), size);
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

/// By itself, under any name, it is judged like a lone EF.DG2: nobody signed it.
#[test]
fn a_face_block_without_its_template_is_read() {
    let issuer = rowcall_specimen::Issuer::new(1);
    let mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\
               L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let image = jpeg::empty((96, 80), COLOUR, false, 1, None);
    let chip = issuer.issue(mrz, &image).expect("issues");
    let dg2 = chip.into_iter().find(|(name, _)| name == "EF_DG2.bin");
    let dg2 = dg2.expect("a file").1;
    let record = dg2
        .windows(4)
        .position(|w| w == b"FAC\0")
        .expect("a record");
    let tlv = rowcall_specimen::tlv;
    let representation = {
        let data = tlv(0xa0, &tlv(0xa0, &tlv(0x80, &image)));
        tlv(0x30, &[tlv(0x80, &[0]), tlv(0xa1, &data)].concat())
    };
    let version = tlv(0xa0, &tlv(0x80, &[3]));
    let bare = tlv(0x65, &[version, tlv(0xa1, &representation)].concat());
    let whole = read("EF_DG2.bin", dg2.clone());
    let codes = |document: &VerifiedDocument| -> Vec<&str> {
        document.findings().iter().map(|f| f.code).collect()
    };
    for block in [dg2[record..].to_vec(), tlv(0xa1, &bare), bare] {
        let document = read("anything", block);
        let portrait = document.portrait().expect("a portrait");
        assert_eq!((portrait.width(), portrait.height()), (96, 80));
        assert_eq!(document.kind(), whole.kind());
        assert_eq!(document.verdict(), whole.verdict());
        assert_eq!(codes(&document), codes(&whole));
    }
}
