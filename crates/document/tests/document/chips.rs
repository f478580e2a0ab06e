//! Passive authentication over every shared chip, against the expectations.

use crate::shared;

use rowcall_document::{NamedFile, Policy};
use rowcall_pki::trust::TrustStore;
use rowcall_words::document::{Authenticity, Verdict};

#[test]
fn every_security_object_gets_its_verdict() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let expected = shared::expected(&documents);
    let mut wrong = Vec::new();
    let mut table = String::new();
    for (path, expectation) in expected["sod"].as_object().expect("an object") {
        let folder = documents.join(path);
        let mut files = shared::presented(&folder);
        let trust = if path.starts_with("sod/alg/") {
            let bytes = std::fs::read(documents.join("sod/alg/EF_DG2.bin")).expect("readable");
            files.push(NamedFile {
                name: "EF_DG2.bin".into(),
                bytes,
            });
            shared::trust(&documents.join("sod/alg/cscas"))
        } else if path.starts_with("sod/quirks/") {
            shared::trust(&folder.join("trust"))
        } else {
            TrustStore::empty()
        };
        let document = rowcall_document::read(files, &trust, &Policy::for_inspection(), shared::AT);
        let verdict = document.verdict();
        let codes: Vec<_> = document
            .findings()
            .iter()
            .filter(|f| f.severity != rowcall_words::document::Severity::Info)
            .map(|f| f.code.as_str())
            .collect();
        // The reference sets in lds/ have their expectation in words: a good
        // signature and no trusted issuer.
        let overall = expectation["expected"]["overall"]
            .as_str()
            .map_or_else(|| "untrusted".to_owned(), |o| o.replace('_', "-"));
        let sha1_tolerable = path.contains("sha1_")
            && overall == "valid"
            && verdict == Verdict::ValidWithWarning
            && codes.iter().all(|c| *c == "weak-hash");
        table.push_str(&format!(
            "| {path} | {overall} | {} | {} |\n",
            verdict.as_str(),
            codes.join(", ")
        ));
        if verdict.as_str() != overall && !sha1_tolerable {
            wrong.push(format!(
                "{path}: {overall} expected: {:#?}",
                document.findings()
            ));
        }
        if overall == "untrusted" && document.authenticity() != Authenticity::NotTrusted {
            wrong.push(format!("{path}: {:?}", document.authenticity()));
        }
    }
    eprintln!("{table}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reference_sets_say_what_is_unprotected_and_missing() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let read = |path: &str| {
        rowcall_document::read(
            shared::presented(&documents.join(path)),
            &TrustStore::empty(),
            &Policy::default(),
            shared::AT,
        )
    };
    let has = |path: &str, code: &str, text: &str| {
        let document = read(path);
        assert!(
            document
                .findings()
                .iter()
                .any(|f| f.code.as_str() == code && f.detail.contains(text)),
            "{path}: no {code} with {text}: {:#?}",
            document.findings()
        );
    };
    has("lds/bsi2008", "data-group-missing", "DG3");
    has("lds/bsi2008", "data-group-not-signed", "DG15");
    has("lds/bsi_eac_aa", "data-group-not-signed", "DG15");
    has("lds/bsi_eac", "data-group-missing", "DG2");
}

#[test]
fn without_its_separate_certificate_a_security_object_is_untrusted() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let folder = documents.join("sod/quirks/dsc_absent");
    let mut files = shared::presented(&folder);
    files.retain(|f| f.name != "DSC.der");
    let trust = shared::trust(&folder.join("trust"));
    let document = rowcall_document::read(files, &trust, &Policy::default(), shared::AT);
    assert_eq!(document.verdict(), Verdict::Untrusted);
    assert!(
        document
            .findings()
            .iter()
            .any(|f| f.code.as_str() == "signer-certificate-missing")
    );
}
