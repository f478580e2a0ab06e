//! Seals out of pictures of barcodes, which the test draws itself.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA, imageops};
use rowcall_document::{NamedFile, PortraitSource, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{Issuer, c40};
use rowcall_words::document::{Authenticity, Kind, Verdict};
use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};

use crate::shared::{self, FaceAt};

/// A PNG of the barcode, four pixels a module, a white border around it.
fn picture(content: &str, format: BarcodeFormat) -> Vec<u8> {
    png(&drawn(content, format, 4, 40).into())
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

/// The barcode, so many pixels a module.
fn drawn(content: &str, format: BarcodeFormat, scale: u32, border: u32) -> GrayImage {
    let hints = EncodeHints {
        CharacterSet: Some("ISO-8859-1".to_owned()),
        ..EncodeHints::default()
    };
    let matrix = MultiFormatWriter
        .encode_with_hints(content, &format, 0, 0, &hints)
        .expect("encodes");
    let side = |n: u32| n * scale + 2 * border;
    GrayImage::from_fn(side(matrix.getWidth()), side(matrix.getHeight()), |x, y| {
        let module = |v: u32| v.checked_sub(border).map(|v| v / scale);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| {
            x < matrix.getWidth() && y < matrix.getHeight() && matrix.get(x, y)
        });
        Luma([if dark { 20 } else { 235 }])
    })
}

/// Judges a picture of a seal by the specimen issuer, whom the store trusts.
pub(crate) fn seal_of(issuer: &Issuer, picture: &DynamicImage) -> VerifiedDocument {
    judged(issuer, picture, "seal.png")
}

/// The same of a picture of a page.
fn seal_of_page(issuer: &Issuer, picture: &DynamicImage) -> VerifiedDocument {
    judged(issuer, picture, "page.png")
}

fn judged(issuer: &Issuer, picture: &DynamicImage, name: &str) -> VerifiedDocument {
    let (file, trust) = given(issuer, picture, name);
    rowcall_document::read(vec![file], &trust, &shared::policy(), shared::AT)
}

/// The picture as a file, and a store that trusts the issuer.
fn given(issuer: &Issuer, picture: &DynamicImage, name: &str) -> (NamedFile, TrustStore) {
    let certificates = [
        ("csca.der", issuer.csca_certificate()),
        ("signer.der", issuer.seal_signer_certificate()),
    ];
    let (trust, unreadable) = TrustStore::from_files(certificates);
    assert!(unreadable.is_empty(), "{unreadable:?}");
    let file = NamedFile {
        name: name.into(),
        bytes: png(picture),
    };
    (file, trust)
}

pub(crate) fn a_seal(issuer: &Issuer) -> Vec<u8> {
    let zone = c40("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L8988901C4XXX4009078F96121096ZE18");
    issuer.visible_seal((0x5d, 1), &[(1, zone[..48].to_vec())])
}

#[test]
fn a_seal_is_read_from_a_picture_of_any_of_the_four_barcodes() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let trust = shared::trust(&documents.join("vds/kurz/certs"));
    let seal =
        std::fs::read(documents.join("vds/kurz/vds_sample_residence_permit")).expect("readable");
    let text: String = seal.iter().map(|b| char::from(*b)).collect();
    let mut wrong = Vec::new();
    for format in [
        BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::QR_CODE,
        BarcodeFormat::AZTEC,
        BarcodeFormat::PDF_417,
    ] {
        let file = NamedFile {
            name: "seal.png".into(),
            bytes: picture(&text, format),
        };
        let document = rowcall_document::read(vec![file], &trust, &shared::policy(), shared::AT);
        if document.kind() != Kind::Vds || document.authenticity() != Authenticity::Trusted {
            wrong.push(format!("{format}: {:#?}", document.findings()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Few bytes for many pixels, as drawn codes have: whatever is blank or large is
/// made small before it is searched, and the code is found all the same.
#[test]
fn a_drawn_code_is_found_however_large_its_picture() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let trust = shared::trust(&documents.join("vds/kurz/certs"));
    let seal =
        std::fs::read(documents.join("vds/kurz/vds_sample_residence_permit")).expect("readable");
    let text: String = seal.iter().map(|b| char::from(*b)).collect();
    let mut wrong = Vec::new();
    for format in [
        BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::QR_CODE,
        BarcodeFormat::AZTEC,
        BarcodeFormat::PDF_417,
    ] {
        let scale = if format == BarcodeFormat::PDF_417 {
            9
        } else {
            40
        };
        let large = drawn(&text, format, scale, 200);
        let mut sheet = GrayImage::from_pixel(3_000, 3_900, Luma([255]));
        imageops::replace(&mut sheet, &drawn(&text, format, 3, 12), 2_100, 3_100);
        let code = drawn(&text, format, 2, 0);
        let transparent = image::GrayAlphaImage::from_fn(900, 700, |x, y| {
            let (x, y) = (x.wrapping_sub(50), y.wrapping_sub(50));
            let dark = x < code.width() && y < code.height() && code.get_pixel(x, y).0[0] < 99;
            LumaA([0, if dark { 255 } else { 0 }])
        });
        let mut inverted = drawn(&text, format, 4, 40);
        imageops::invert(&mut inverted);
        for (what, picture) in [
            ("white on black", inverted.into()),
            ("large", DynamicImage::from(large)),
            ("small on a sheet", sheet.into()),
            ("on nothing", transparent.into()),
        ] {
            let bytes = png(&picture);
            for name in ["seal.png", "picture.png"] {
                let file = NamedFile {
                    name: name.into(),
                    bytes: bytes.clone(),
                };
                let document =
                    rowcall_document::read(vec![file], &trust, &shared::policy(), shared::AT);
                if document.authenticity() != Authenticity::Trusted {
                    let (width, height) = (picture.width(), picture.height());
                    wrong.push(format!(
                        "{format} {what}, {width} x {height}, {name}: {:?}",
                        document.findings()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A code in a corner of a page with other print around it, the picture any way up.
#[test]
fn a_code_is_found_wherever_it_is_on_a_page() {
    let issuer = Issuer::new(4);
    let text: String = a_seal(&issuer).iter().map(|b| char::from(*b)).collect();
    let mut wrong = Vec::new();
    for format in [
        BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::QR_CODE,
        BarcodeFormat::AZTEC,
        BarcodeFormat::PDF_417,
    ] {
        let mut page = GrayImage::from_fn(900, 640, |x, y| {
            let print = x > 40 && x < 480 && y / 9 % 3 == 0 && (x / 5 + y / 9) % 3 != 0;
            Luma([if print { 60 } else { 235 }])
        });
        let code = drawn(
            &text,
            format,
            if format == BarcodeFormat::PDF_417 {
                1
            } else {
                3
            },
            12,
        );
        imageops::replace(&mut page, &code, 520, 60);
        let page = DynamicImage::from(page);
        for (turn, page) in [
            ("upright", page.clone()),
            ("on its side", page.rotate90()),
            ("upside down", page.rotate180()),
        ] {
            let document = seal_of(&issuer, &page);
            if document.authenticity() != Authenticity::Trusted {
                wrong.push(format!("{format} {turn}: {:?}", document.findings()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_two_seals_on_the_sides_of_a_card_the_second_is_named_as_not_used() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let trust = shared::trust(&documents.join("vds/kurz/certs"));
    let drawn = |seal: &str| {
        let seal = std::fs::read(documents.join("vds/kurz").join(seal)).expect("readable");
        let text: String = seal.iter().map(|b| char::from(*b)).collect();
        picture(&text, BarcodeFormat::DATA_MATRIX)
    };
    let (permit, visa) = (
        drawn("vds_sample_residence_permit"),
        drawn("vds_sample_visa_icao"),
    );
    for (back, named) in [(&visa, true), (&permit, false)] {
        let files =
            [("page.png", &permit), ("page-back.png", back)].map(|(name, bytes)| NamedFile {
                name: name.into(),
                bytes: bytes.clone(),
            });
        let document = rowcall_document::read(files.into(), &trust, &shared::policy(), shared::AT);
        assert_eq!(document.kind(), Kind::Vds);
        let detail = document
            .findings()
            .iter()
            .find(|f| f.code.as_str() == "second-seal-not-used")
            .map(|f| f.detail.as_str());
        let expected = named.then_some("page-back.png: another seal than on page.png");
        assert_eq!(detail, expected);
    }
}

#[test]
fn a_picture_without_a_barcode_is_no_seal() {
    let blank = GrayImage::from_pixel(200, 200, Luma([200]));
    let file = NamedFile {
        name: "seal.png".into(),
        bytes: png(&blank.into()),
    };
    let document = rowcall_document::read(
        vec![file],
        &TrustStore::empty(),
        &shared::policy(),
        shared::AT,
    );
    assert_eq!(document.verdict(), Verdict::Invalid);
    assert_eq!(document.findings()[0].code.as_str(), "seal-unreadable");
}

/// Else whoever makes the zone illegible could put any face beside somebody's seal.
#[test]
fn a_seal_with_which_nothing_was_compared_vouches_for_no_portrait() {
    let issuer = Issuer::new(4);
    let text: String = a_seal(&issuer).iter().map(|b| char::from(*b)).collect();
    let mut page = GrayImage::from_pixel(600, 400, Luma([235]));
    let code = drawn(&text, BarcodeFormat::DATA_MATRIX, 3, 12);
    imageops::replace(&mut page, &code, 300, 60);
    let page = DynamicImage::from(page);
    let document = seal_of_page(&issuer, &page);
    assert_eq!(document.authenticity(), Authenticity::Trusted);
    assert!(document.verdict() <= Verdict::ValidWithWarning);
    let face = FaceAt((60.0, 100.0, 100.0, 120.0));
    let (file, trust) = given(&issuer, &page, "page.png");
    let policy = shared::policy();
    let Ok(document) =
        rowcall_document::read_with_faces(vec![file], &face, &trust, &policy, shared::AT);
    let portrait = document.portrait().expect("a portrait");
    assert_eq!(portrait.source(), PortraitSource::PrintedPage);
    assert_eq!(document.verdict(), Verdict::Unsigned);
    let last = document.findings().last().expect("a finding");
    assert_eq!(last.code.as_str(), "seal-confirms-nothing");
}
