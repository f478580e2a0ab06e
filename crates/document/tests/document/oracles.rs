//! What others say about the same documents: `openssl cms`, the crates `dmrtd`
//! and `mrz`. Every difference is listed with its reason.

use std::collections::BTreeMap;

use rowcall_document::{Mrz, NamedFile, Policy, VerifiedDocument};
use serde_json::Value;

use crate::shared;

/// The signed object inside EF.SOD: what the tag 77 holds.
fn inside(sod: &[u8]) -> &[u8] {
    let start = match sod[1] {
        0..=0x80 => 2,
        n => 2 + usize::from(n & 0x7f),
    };
    &sod[start..]
}

fn has(document: &VerifiedDocument, codes: &[&str]) -> bool {
    document
        .findings()
        .iter()
        .any(|f| codes.contains(&f.code.as_str()))
}

/// Path, our verdict on it, and its files.
fn security_objects() -> Vec<(String, VerifiedDocument, BTreeMap<String, Vec<u8>>)> {
    let Some(documents) = shared::documents() else {
        return Vec::new();
    };
    let expected = shared::expected(&documents);
    let paths = expected["sod"].as_object().expect("an object").keys();
    paths
        .map(|path| {
            let folder = documents.join(path);
            let files: BTreeMap<String, Vec<u8>> = shared::files(&folder).into_iter().collect();
            let presented = files.iter().map(|(name, bytes)| NamedFile {
                name: name.clone(),
                bytes: bytes.clone(),
            });
            let trust = if path.starts_with("sod/alg/") {
                shared::trust(&documents.join("sod/alg/cscas"))
            } else if path.starts_with("sod/quirks/") {
                shared::trust(&folder.join("trust"))
            } else {
                rowcall_pki::trust::TrustStore::empty()
            };
            let document = rowcall_document::read(
                presented.collect(),
                &trust,
                &Policy::for_inspection(),
                shared::AT,
            );
            (path.clone(), document, files)
        })
        .collect()
}

#[test]
fn openssl_verifies_the_same_signatures() {
    let differences = [(
        "sod/quirks/attrs_unsorted_signed_der",
        "openssl hashes the attributes as they stand; RFC 5652, 5.4 has them hashed in DER, \
         sorted, and that is how this issuer signed them. We try both and warn",
    )];
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let mut wrong = Vec::new();
    for (name, document, files) in security_objects() {
        std::fs::write(path("cms"), inside(&files["EF_SOD.bin"])).expect("writes");
        let mut arguments: Vec<String> = [
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-binary",
            "-noverify",
            "-in",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.extend([path("cms"), "-out".into(), path("content")]);
        if let Some(signer) = files.get("DSC.der") {
            std::fs::write(path("dsc.der"), signer).expect("writes");
            let (der, pem) = (path("dsc.der"), path("dsc.pem"));
            shared::openssl(&["x509", "-inform", "DER", "-in", &der, "-out", &pem]);
            arguments.extend(["-certfile".into(), pem]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let Some((theirs, _)) = shared::openssl(&arguments) else {
            return;
        };
        let ours = !has(
            &document,
            &[
                "signature-wrong",
                "message-digest-mismatch",
                "message-digest-missing",
            ],
        );
        let explained = differences.iter().any(|(path, _)| *path == name);
        if (ours != theirs) != explained {
            wrong.push(format!("{name}: ours {ours}, openssl {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dmrtd_trusts_nothing_that_is_not_trusted_here() {
    use dmrtd::auth::passive::{DataGroup, TrustAnchor, verify};
    let Some(documents) = shared::documents() else {
        return;
    };
    let mut agreed = 0;
    let (mut ours_alone, mut theirs_alone) = (Vec::new(), Vec::new());
    for (name, document, files) in security_objects() {
        let trust = match name.strip_prefix("sod/") {
            Some(rest) if rest.starts_with("alg/") => documents.join("sod/alg/cscas"),
            Some(_) => documents.join(&name).join("trust"),
            None => continue,
        };
        let anchors: Vec<TrustAnchor> = shared::files(&trust)
            .iter()
            .filter_map(|(_, der)| TrustAnchor::from_certificate(der).ok())
            .collect();
        let groups: Vec<DataGroup<'_>> = files
            .iter()
            .filter_map(|(file, bytes)| {
                let number = file.strip_prefix("EF_DG")?.strip_suffix(".bin")?;
                Some(DataGroup {
                    number: number.parse().ok()?,
                    bytes,
                })
            })
            .collect();
        let theirs =
            verify(&files["EF_SOD.bin"], &groups, &anchors).is_ok_and(|pa| pa.is_authentic());
        let ours = document.verdict() <= rowcall_words::document::Verdict::ValidWithWarning;
        match (ours, theirs) {
            (true, true) => agreed += 1,
            (false, true) => theirs_alone.push(name),
            // dmrtd knows fewer curves, encodings and content types.
            (true, false) => ours_alone.push(name),
            (false, false) => {}
        }
    }
    // dmrtd looks at no revocation list.
    let explained = ["sod/quirks/dsc_revoked"];
    let wrong: Vec<_> = theirs_alone
        .iter()
        .filter(|n| !explained.contains(&n.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    eprintln!(
        "trusted by both: {agreed}; here alone: {ours_alone:?}; there alone: {theirs_alone:?}"
    );
    assert!(agreed >= 20, "only {agreed} are trusted by both");
}

#[test]
fn the_mrz_crate_agrees_on_check_digits() {
    // It takes `<` for the check digit of a personal number that is there.
    // Doc 9303-4, 4.2.2.2, allows that only where there is none; the two other
    // peers of the corpus agree with us.
    let differences = ["o0027"];
    let Some(documents) = shared::documents() else {
        return;
    };
    let corpus = std::fs::read_to_string(documents.join("mrz/corpus.jsonl")).expect("readable");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let lines: Vec<&str> = case["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let Ok(ours) = Mrz::parse(&lines, shared::AT) else {
            continue;
        };
        let theirs = match (ours.format().as_str(), &lines[..]) {
            ("TD1", [a, b, c]) => ::mrz::parse_td1(a, b, c),
            ("TD2", [a, b]) => ::mrz::parse_td2(a, b),
            ("TD3", [a, b]) => ::mrz::parse_td3(a, b),
            ("MRV-A", [a, b]) => ::mrz::parse_mrv_a(a, b),
            (_, [a, b]) => ::mrz::parse_mrv_b(a, b),
            _ => continue,
        };
        // It refuses what it takes for no document (a document code, a sex),
        // which is no statement on check digits.
        let Ok(theirs) = theirs else { continue };
        compared += 1;
        let explained = differences.iter().any(|id| case["id"] == *id);
        if (theirs.checksum_consistent() != ours.checks().all_right()) != explained {
            wrong.push(format!("{}: {lines:?}", case["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 150, "only {compared} were compared");
}
