//! Seals, against the expectations and with published signers' certificates.

use crate::shared;

use rowcall_document::{NamedFile, VerifiedDocument};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::{Authenticity, Kind, Verdict};

pub(crate) fn read(bytes: Vec<u8>, trust: &TrustStore) -> VerifiedDocument {
    let file = NamedFile {
        name: "specimen".into(),
        bytes,
    };
    rowcall_document::read(vec![file], trust, &shared::policy(), shared::AT)
}

#[test]
fn every_visible_digital_seal_is_read_and_verified() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected = shared::expected(&documents);
    let mut wrong = Vec::new();
    for (path, expectation) in expected["vds"].as_object().expect("an object") {
        let path_on_disk = documents.join(path);
        let certificates = path_on_disk.parent().expect("a folder").join("certs");
        let trust = shared::trust(&certificates);
        let bytes = std::fs::read(&path_on_disk).expect("readable");
        let document = read(bytes.clone(), &trust);
        let signature = expectation["signature_verdict"].as_str().expect("text");
        let good = signature.starts_with("valid with");
        let right = if good {
            document.authenticity() == Authenticity::Trusted
                && document.verdict() <= Verdict::ValidWithWarning
        } else {
            document.verdict() == Verdict::Untrusted
        };
        if !right || document.kind() != Kind::Vds {
            wrong.push(format!("{path}: {signature}: {:#?}", document.findings()));
        }
        let has = |code: &str| document.findings().iter().any(|f| f.code.as_str() == code);
        if has("seal-length-not-der") != expectation.get("length_bytes").is_some() {
            wrong.push(format!("{path}: length bytes"));
        }
        if has("seal-older-signer-field") != expectation.get("note").is_some() {
            wrong.push(format!("{path}: signer's field"));
        }
        // Where a message is an MRZ in C40, the document has its number.
        for message in expectation["messages"].as_array().expect("messages") {
            let text = message["c40"].as_str().unwrap_or_default();
            if text.len() >= 64 {
                match document.mrz() {
                    Some(mrz) if text.replace(' ', "<").contains(mrz.document_number()) => {}
                    other => wrong.push(format!("{path}: {text}: {other:?}")),
                }
            }
        }
        if good {
            let mut changed = bytes;
            changed[20] ^= 1;
            let document = read(changed, &trust);
            if document.verdict() < Verdict::Untrusted {
                wrong.push(format!("{path}: a changed byte goes unnoticed"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_vds_nc_has_a_good_signature() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected = shared::expected(&documents);
    for path in expected["vdsnc"].as_object().expect("an object").keys() {
        let bytes = std::fs::read(documents.join(path)).expect("readable");
        let document = read(bytes.clone(), &TrustStore::empty());
        assert_eq!(document.kind(), Kind::VdsNc);
        assert_eq!(document.authenticity(), Authenticity::NotTrusted, "{path}");
        assert_eq!(document.verdict(), Verdict::Untrusted, "{path}");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let forged = text.replacen("icao.vacc", "icao.test", 1);
        let document = read(forged.into_bytes(), &TrustStore::empty());
        assert_eq!(document.verdict(), Verdict::Invalid, "{path}");
    }
    // Australia's comes with its country signer.
    let trust = shared::trust(&documents.join("crl"));
    let bytes = std::fs::read(documents.join("vdsnc/vdsnc_sample_proof_of_vaccination_aus"))
        .expect("readable");
    let document = read(bytes, &trust);
    assert_eq!(
        document.authenticity(),
        Authenticity::Trusted,
        "{:#?}",
        document.findings()
    );
}

#[test]
fn every_barcode_structure_is_read() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let text = std::fs::read(documents.join("vds/tsenger/idb_barcodes.json")).expect("readable");
    let barcodes: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let trust = shared::trust(&documents.join("vds/tsenger/certs"));
    for (name, barcode) in barcodes.as_object().expect("an object") {
        let barcode = barcode.as_str().expect("text");
        let document = read(barcode.as_bytes().to_vec(), &trust);
        eprintln!(
            "{name}: {} {:?} {:?}",
            document.verdict().as_str(),
            document
                .mrz()
                .map(|m| (m.format(), m.document_number().to_owned())),
            document
                .findings()
                .iter()
                .map(|f| f.code.as_str())
                .collect::<Vec<_>>()
        );
        assert_eq!(document.kind(), Kind::Idb);
        assert!(
            document.verdict() <= Verdict::Untrusted,
            "{name}: {:#?}",
            document.findings()
        );
        let cut = barcode.as_bytes()[..barcode.len() - 20].to_vec();
        assert_eq!(read(cut, &trust).verdict(), Verdict::Invalid, "{name}");
    }
}
