//! Chips of the test issuer: no file of anybody else is needed here.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use rowcall_document::{NamedFile, Policy, PortraitSource, VerifiedDocument};
use rowcall_pki::master_list::MasterList;
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{DSC_SERIAL, Issuer};
use rowcall_words::document::{Authenticity, Verdict};

const MRZ: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                   L898902C36UTO7408122F3104159ZE184226B<<<<<16";

pub(crate) fn portrait() -> Vec<u8> {
    let picture = RgbImage::from_fn(120, 160, |x, y| Rgb([x as u8, y as u8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .expect("encodes");
    bytes.into_inner()
}

pub(crate) fn mrz() -> String {
    // The date of expiry of the standard's own example has passed; its two
    // check digits are made right for another.
    let fixed = "L898902C36UTO7408122F310415";
    let digit = |parts: &[&[u8]]| char::from(rowcall_document::mrz::check_digit(parts));
    let expiry = digit(&[b"310415"]);
    let lower = format!("{fixed}{expiry}ZE184226B<<<<<1");
    let b = lower.as_bytes();
    let composite = digit(&[&b[0..10], &b[13..20], &b[21..43]]);
    format!(
        "{}\n{lower}{composite}",
        MRZ.lines().next().expect("a line")
    )
}

fn chip(issuer: &Issuer) -> Vec<NamedFile> {
    issuer
        .issue(&mrz(), &portrait())
        .expect("issues")
        .into_iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect()
}

fn trust(files: &[(&str, Vec<u8>)]) -> TrustStore {
    let (store, unreadable) = TrustStore::from_files(files.iter().map(|(n, b)| (*n, b.clone())));
    assert!(unreadable.is_empty(), "{unreadable:?}");
    store
}

fn read(files: Vec<NamedFile>, trust: &TrustStore) -> VerifiedDocument {
    rowcall_document::read(
        files,
        trust,
        &Policy::default(),
        jiff::civil::date(2026, 11, 23),
    )
}

fn has(document: &VerifiedDocument, code: &str) -> bool {
    document.findings().iter().any(|f| f.code.as_str() == code)
}

#[test]
fn a_specimen_is_valid_and_gives_its_holder() {
    let issuer = Issuer::new(1);
    let document = read(
        chip(&issuer),
        &trust(&[("csca.der", issuer.csca_certificate())]),
    );
    assert_eq!(
        document.verdict(),
        Verdict::Valid,
        "{:#?}",
        document.findings()
    );
    assert_eq!(document.authenticity(), Authenticity::Trusted);
    let mrz = document.mrz().expect("an MRZ");
    assert_eq!(mrz.primary_identifier(), "ERIKSSON");
    assert_eq!(
        mrz.birth_date().date(),
        Some(jiff::civil::date(1974, 8, 12))
    );
    let portrait = document.portrait().expect("a portrait");
    assert_eq!(portrait.source(), PortraitSource::SignedChip);
    let raster = portrait
        .decode(&rowcall_picture::Limits::PORTRAIT)
        .expect("decodes");
    assert_eq!((raster.width(), raster.height()), (120, 160));
    assert!(
        !format!("{document:?}").contains("255, 216"),
        "no bytes in Debug"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let files = |seed| {
        Issuer::new(seed)
            .issue(&mrz(), &portrait())
            .expect("issues")
    };
    assert_eq!(files(7), files(7));
    assert_ne!(files(7), files(8));
}

#[test]
fn any_changed_byte_of_a_data_group_is_noticed() {
    let issuer = Issuer::new(1);
    let trust = trust(&[("csca.der", issuer.csca_certificate())]);
    for name in ["EF_DG1.bin", "EF_DG2.bin"] {
        let length = chip(&issuer)
            .iter()
            .find(|f| f.name == name)
            .expect("a file")
            .bytes
            .len();
        for at in (0..length).step_by(length / 40 + 1) {
            let mut files = chip(&issuer);
            let file = files.iter_mut().find(|f| f.name == name).expect("a file");
            file.bytes[at] ^= 1;
            let document = read(files, &trust);
            assert_eq!(document.verdict(), Verdict::Invalid, "{name} byte {at}");
        }
    }
}

#[test]
fn a_certificate_signs_only_what_it_is_for() {
    let issuer = Issuer::new(1);
    let trust = trust(&[("csca.der", issuer.csca_certificate())]);
    let files = chip(&issuer);
    let group = |name: &str| {
        let file = files.iter().find(|f| f.name == name);
        file.expect("a file").bytes.clone()
    };
    let groups = [(1, group("EF_DG1.bin")), (2, group("EF_DG2.bin"))];
    for (case, sod, verdict, code) in [
        (
            "a signer of master lists",
            issuer.security_object_of_list_signer(&groups),
            Verdict::Untrusted,
            "signer-purpose",
        ),
        (
            "a signer who demands what nobody knows",
            issuer.security_object_of_demanding_signer(&groups),
            Verdict::Unsupported,
            "critical-extension-unknown",
        ),
    ] {
        let mut files = chip(&issuer);
        let file = files.iter_mut().find(|f| f.name == "EF_SOD.bin");
        file.expect("a file").bytes = sod;
        let document = read(files, &trust);
        assert_eq!(document.verdict(), verdict, "{case}");
        assert_ne!(document.authenticity(), Authenticity::Trusted, "{case}");
        assert!(has(&document, code), "{case}: {:#?}", document.findings());
    }
    let certificates = [issuer.csca_certificate()];
    for (case, list, is_trusted) in [
        ("its signer", issuer.master_list(&certificates), true),
        (
            "a document signer",
            issuer.master_list_of_document_signer(&certificates),
            false,
        ),
    ] {
        let list = MasterList::read(&list).expect("a list");
        assert_eq!(trust.trusts_signer_of(&list), is_trusted, "{case}");
    }
}

#[test]
fn who_is_trusted_decides() {
    let (issuer, next, stranger) = (Issuer::new(1), Issuer::new(2), Issuer::new(3));
    let csca = issuer.csca_certificate();
    let cases: Vec<(&str, TrustStore, &Issuer, Verdict, &str)> = vec![
        (
            "nobody",
            TrustStore::empty(),
            &issuer,
            Verdict::Untrusted,
            "issuer-not-found",
        ),
        (
            "a stranger of the same name",
            trust(&[("x.der", stranger.csca_certificate())]),
            &issuer,
            Verdict::Untrusted,
            "issuer-not-found",
        ),
        (
            "the issuer, who revoked the signer",
            trust(&[
                ("csca.der", csca.clone()),
                ("x.crl", issuer.revocation_list(&[5, DSC_SERIAL])),
            ]),
            &issuer,
            Verdict::Invalid,
            "signer-revoked",
        ),
        (
            "the issuer, and a stranger who claims to revoke",
            trust(&[
                ("csca.der", csca.clone()),
                ("x.crl", stranger.revocation_list(&[DSC_SERIAL])),
            ]),
            &issuer,
            Verdict::ValidWithWarning,
            "revocation-list-not-trusted",
        ),
        (
            "a link certificate to the issuer's next key",
            trust(&[
                ("csca.der", csca.clone()),
                ("link.der", issuer.link_to(&next)),
            ]),
            &next,
            Verdict::Valid,
            "revocation-not-checked",
        ),
        (
            "a master list",
            trust(&[(
                "x.ml",
                next.master_list(&[csca.clone(), next.csca_certificate()]),
            )]),
            &issuer,
            Verdict::Valid,
            "revocation-not-checked",
        ),
    ];
    for (what, trust, by, verdict, code) in cases {
        let document = read(chip(by), &trust);
        assert_eq!(
            document.verdict(),
            verdict,
            "{what}: {:#?}",
            document.findings()
        );
        assert!(has(&document, code), "{what}: {:#?}", document.findings());
    }
}

#[test]
fn the_printed_page_must_be_the_chips() {
    let issuer = Issuer::new(1);
    let trust = trust(&[("csca.der", issuer.csca_certificate())]);
    let with = |text: String| {
        let mut files = chip(&issuer);
        files.push(NamedFile {
            name: "mrz.txt".into(),
            bytes: text.into_bytes(),
        });
        read(files, &trust)
    };
    assert_eq!(with(mrz()).verdict(), Verdict::Valid);
    let other = with(mrz().replace("ANNA", "ANNE"));
    assert_eq!(other.verdict(), Verdict::Invalid);
    assert!(has(&other, "printed-mrz-differs"));
}

#[test]
fn a_broken_master_list_or_a_foreign_file_is_named() {
    let issuer = Issuer::new(1);
    let mut list = issuer.master_list(&[issuer.csca_certificate()]);
    // In what is signed, which comes first.
    let inside = list.len() / 6;
    list[inside] ^= 1;
    let (store, unreadable) =
        TrustStore::from_files([("bad.ml", list), ("notes.txt", b"hello".to_vec())]);
    assert!(store.is_empty());
    let names: Vec<_> = unreadable.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(names, ["bad.ml", "notes.txt"]);
}

#[test]
fn a_policy_is_read_from_toml_and_refuses_unknown_keys() {
    let policy: Policy =
        toml::from_str("sha1 = \"refuse\"\nconfirming = [\"valid\"]\n").expect("reads");
    assert!(!policy.confirms(rowcall_words::document::Kind::Emrtd, Verdict::Untrusted));
    assert!(!policy.confirms(rowcall_words::document::Kind::Page, Verdict::Unsigned));
    assert!(Policy::default().confirms(rowcall_words::document::Kind::Page, Verdict::Unsigned));
    assert!(toml::from_str::<Policy>("sha-1 = \"warn\"\n").is_err());
}

/// A signature over half a picture is good all the same: it must be said.
#[test]
fn a_chip_whose_portrait_is_cut_off_says_so() {
    let issuer = Issuer::new(1);
    let trust = trust(&[("csca.der", issuer.csca_certificate())]);
    let whole = portrait();
    for (length, verdict) in [
        (whole.len(), Verdict::Valid),
        (whole.len() / 2, Verdict::ValidWithWarning),
    ] {
        let files = issuer.issue(&mrz(), &whole[..length]).expect("issues");
        let files = files
            .into_iter()
            .map(|(name, bytes)| NamedFile { name, bytes });
        let document = read(files.collect(), &trust);
        assert_eq!(document.verdict(), verdict, "{:#?}", document.findings());
        let cut = verdict != Verdict::Valid;
        assert_eq!(has(&document, "portrait-truncated"), cut);
    }
}

/// Documents have JPEG 2000 of Part 1; the high-throughput block coder of Part 15 is
/// something else under the same name, and most readers show nothing of it.
#[test]
fn a_portrait_in_high_throughput_jpeg_2000_is_told() {
    let issuer = Issuer::new(1);
    let trust = trust(&[("csca.der", issuer.csca_certificate())]);
    let stream = |rsiz: u16, cap: &[u8]| {
        let mut stream = vec![0xff, 0x4f, 0xff, 0x51, 0, 47];
        stream.extend_from_slice(&rsiz.to_be_bytes());
        for v in [60_u32, 80, 0, 0, 60, 80, 0, 0] {
            stream.extend_from_slice(&v.to_be_bytes());
        }
        stream.extend_from_slice(&[0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
        stream.extend_from_slice(cap);
        stream
    };
    let cap = |pcap: u32| [&[0xff, 0x50, 0, 8], &pcap.to_be_bytes()[..], &[0, 0]].concat();
    for (what, image, is_told) in [
        ("Part 1", stream(0, &[]), false),
        ("Part 15", stream(0x4000, &cap(0x0002_0000)), true),
        ("another part", stream(0x4000, &cap(0x4000_0000)), false),
        ("not announced", stream(0, &cap(0x0002_0000)), false),
    ] {
        let files = issuer.issue(&mrz(), &image).expect("issues");
        let files = files
            .into_iter()
            .map(|(name, bytes)| NamedFile { name, bytes });
        let document = read(files.collect(), &trust);
        assert_eq!(has(&document, "portrait-encoding"), is_told, "{what}");
    }
}

/// Somebody gave as document what belongs to the trusted.
#[test]
fn what_is_for_the_trust_store_is_no_document() {
    let issuer = Issuer::new(1);
    let csca = issuer.csca_certificate();
    let list = issuer.master_list(std::slice::from_ref(&csca));
    let crl = issuer.revocation_list(&[]);
    for (name, bytes, what) in [
        ("x.der", csca.clone(), "a certificate, by which"),
        ("DSC.der", csca, "give it with --trust"),
        ("list.ml", list, "a master list, by which"),
        ("x.crl", crl.clone(), "a revocation list, by which"),
        ("anything", crl, "give it with --crl"),
    ] {
        let file = NamedFile {
            name: name.into(),
            bytes,
        };
        let document = read(vec![file], &TrustStore::empty());
        assert_eq!(document.verdict(), Verdict::Invalid, "{name}");
        let said = document
            .findings()
            .iter()
            .find(|f| f.code.as_str() == "not-a-document");
        let detail = said.map(|f| f.detail.as_str()).unwrap_or_default();
        assert!(
            detail.contains(what) && detail.starts_with(name),
            "{detail}"
        );
    }
}
