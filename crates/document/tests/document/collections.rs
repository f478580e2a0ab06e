//! Trust and revocation folders: whatever the files are called and packed in, and
//! what can't be used is named.

use std::io::{Cursor, Write as _};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rowcall_document::{NamedFile, Policy, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_specimen::{DSC_SERIAL, Issuer};
use rowcall_words::document::Verdict;

use crate::shared::AT;

const MRZ: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                   L898902C36UTO7408122F3104150ZE184226B<<<<<16";

fn read(issuer: &Issuer, trust: &TrustStore) -> VerifiedDocument {
    let mut portrait = Cursor::new(Vec::new());
    image::RgbImage::new(60, 80)
        .write_to(&mut portrait, image::ImageFormat::Jpeg)
        .expect("encodes");
    let files = issuer.issue(MRZ, portrait.get_ref()).expect("issues");
    let files = files
        .into_iter()
        .map(|(name, bytes)| NamedFile { name, bytes });
    rowcall_document::read(files.collect(), trust, &Policy::default(), AT)
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("starts");
        archive.write_all(bytes).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("writes");
    encoder.finish().expect("ends")
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "Bag Attributes\n-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

/// An LDIF entry, folded as the ICAO PKD has it.
pub(crate) fn ldif(attribute: &str, der: &[u8]) -> Vec<u8> {
    let mut text = format!("version: 1\n\n# an entry\ndn: cn=test,o=x,c=UT\n{attribute}:: ");
    for (i, c) in STANDARD.encode(der).chars().enumerate() {
        if i % 60 == 50 {
            text.push_str("\n ");
        }
        text.push(c);
    }
    text.push_str("\n\n");
    text.into_bytes()
}

#[test]
fn issuers_are_found_in_whatever_they_are_packed() {
    let issuer = Issuer::new(1);
    let csca = issuer.csca_certificate();
    let list = issuer.master_list(std::slice::from_ref(&csca));
    let bundle = issuer.bundle(&[&csca], &[]);
    let two = [
        pem("CERTIFICATE", &Issuer::new(2).csca_certificate()),
        pem("CERTIFICATE", &csca),
    ];
    let cases: [(&str, Vec<u8>); 14] = [
        ("DER", csca.clone()),
        (
            "two in DER",
            [Issuer::new(2).csca_certificate(), csca.clone()].concat(),
        ),
        ("padded DER", [&csca[..], b"\0\0\n"].concat()),
        ("PEM of two", two.concat().into_bytes()),
        ("Base64 alone", STANDARD.encode(&csca).into_bytes()),
        ("a master list", list.clone()),
        ("PKCS#7", bundle.clone()),
        ("PKCS#7 in PEM", pem("PKCS7", &bundle).into_bytes()),
        ("LDIF of a master list", ldif("pkdMasterListContent", &list)),
        ("LDIF of an issuer", ldif("cACertificate;binary", &csca)),
        ("a ZIP", zip(&[("GML.ml", &list)])),
        (
            "a ZIP in a ZIP",
            zip(&[("inner.zip", &zip(&[("any name", &csca)]))]),
        ),
        ("gzip of LDIF", gzip(&ldif("pkdMasterListContent", &list))),
        (
            "a byte order mark",
            [b"\xef\xbb\xbf", pem("CERTIFICATE", &csca).as_bytes()].concat(),
        ),
    ];
    let mut wrong = Vec::new();
    for (what, bytes) in cases {
        // The name says nothing.
        let (trust, unusable) = TrustStore::from_files([("list.bin", bytes)]);
        let verdict = read(&issuer, &trust).verdict();
        if verdict != Verdict::Valid || !unusable.is_empty() {
            wrong.push(format!("{what}: {verdict:?} {unusable:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_signer_that_a_directory_lists_is_not_trusted_for_it() {
    let issuer = Issuer::new(1);
    let listed = ldif("userCertificate;binary", &issuer.dsc_certificate());
    let (trust, unusable) = TrustStore::from_files([("dsc.ldif", listed)]);
    assert!(unusable.is_empty() && trust.is_empty());
    assert_eq!(trust.listed().len(), 1);
    assert_eq!(read(&issuer, &trust).verdict(), Verdict::Untrusted);
}

#[test]
fn a_revoked_signer_is_found_in_whatever_the_list_is_packed() {
    let issuer = Issuer::new(1);
    let csca = issuer.csca_certificate();
    let list = issuer.revocation_list(&[DSC_SERIAL]);
    let cases: [(&str, Vec<u8>); 6] = [
        ("DER", list.clone()),
        ("PEM", pem("X509 CRL", &list).into_bytes()),
        ("LDIF", ldif("certificateRevocationList;binary", &list)),
        ("a ZIP", zip(&[("x", &list)])),
        ("PKCS#7", issuer.bundle(&[&csca], &[&list])),
        (
            "a list of changes",
            issuer.revocation_list_of_changes(&[DSC_SERIAL]),
        ),
    ];
    let mut wrong = Vec::new();
    for (what, bytes) in cases {
        for apart in [false, true] {
            let mut trust = TrustStore::empty();
            let mut unusable = trust.add_files([("csca.der", csca.clone())]);
            let file = [("list.bin", bytes.clone())];
            unusable.extend(match apart {
                true => trust.add_revocation_lists(file),
                false => trust.add_files(file),
            });
            let verdict = read(&issuer, &trust).verdict();
            if verdict != Verdict::Invalid || !unusable.is_empty() {
                wrong.push(format!("{what}: {verdict:?} {unusable:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_a_whole_list_shows_that_a_signer_is_not_revoked() {
    let issuer = Issuer::new(1);
    let not_checked = |list: Vec<u8>| {
        let csca = issuer.csca_certificate();
        let (trust, _) = TrustStore::from_files([("csca.der", csca), ("list", list)]);
        let document = read(&issuer, &trust);
        document
            .findings()
            .iter()
            .any(|f| f.code.as_str() == "revocation-not-checked")
    };
    assert!(!not_checked(issuer.revocation_list(&[7])));
    assert!(not_checked(issuer.revocation_list_of_changes(&[7])));
}

#[test]
fn what_cannot_be_used_is_named() {
    let issuer = Issuer::new(1);
    let csca = issuer.csca_certificate();
    let cut = &csca[..csca.len() - 9];
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("empty", Vec::new(), "empty"),
        ("cut", cut.to_vec(), "cut"),
        (
            "more after it",
            [&csca[..], b"\x04\x01\x07"].concat(),
            "3 bytes",
        ),
        ("notes", b"ask Anna".to_vec(), "text"),
        (
            "a failed download",
            b"<!DOCTYPE html><html>404".to_vec(),
            "web page",
        ),
        (
            "a key",
            pem("PRIVATE KEY", b"0\x03\x02\x01\x00").into_bytes(),
            "KEY",
        ),
        (
            "a cut PEM",
            b"-----BEGIN CERTIFICATE-----\nMIIB".to_vec(),
            "without an end",
        ),
        (
            "LDIF of changes",
            b"dn: c=UT\nchangetype: delete\n\n".to_vec(),
            "change",
        ),
        ("a ZIP of notes", zip(&[("a.txt", b"hello")]), "text"),
        ("a damaged ZIP", zip(&[("a", &csca)])[..90].to_vec(), "ZIP"),
        ("a PDF", b"%PDF-1.7 \x00\x01".to_vec(), "PDF"),
    ];
    let mut wrong = Vec::new();
    for (what, bytes, why) in cases {
        let (_, unusable) = TrustStore::from_files([("file", bytes.clone())]);
        if !unusable
            .iter()
            .any(|u| u.name.starts_with("file") && u.why.contains(why))
        {
            wrong.push(format!("{what}: {unusable:?}"));
        }
        if TrustStore::empty()
            .add_revocation_lists([("file", bytes)])
            .is_empty()
        {
            wrong.push(format!("{what}: passed over as a revocation list"));
        }
    }
    // Who is trusted has no place among revocation lists.
    let other = TrustStore::empty().add_revocation_lists([("csca.der", csca)]);
    assert_eq!(other.len(), 1, "{other:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_small_archive_of_much_is_not_unpacked_without_end() {
    let zeros = vec![1; 20 << 20];
    let mut nested = zip(&[("zeros", &zeros)]);
    for depth in 0..6 {
        let name = format!("{depth}.zip");
        nested = zip(&[(name.as_str(), &nested)]);
    }
    let (_, unusable) = TrustStore::from_files([("deep.zip", nested)]);
    assert!(
        unusable.iter().any(|u| u.why.contains("nested too deeply")),
        "{unusable:?}"
    );
    let many: Vec<(String, &[u8])> = (0..14).map(|i| (i.to_string(), &zeros[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let (_, unusable) = TrustStore::from_files([("large.zip", zip(&many))]);
    assert!(
        unusable.iter().any(|u| u.why.contains("256 MiB")),
        "{unusable:?}"
    );
}
