//! Visible digital seals for non-constrained environments (ICAO TR VDS-NC):
//! JSON with its signer's certificate in it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Context, Seal, json, signer};
use crate::document::{SealData, SealField};
use crate::finding::Finding;
use rowcall_pki::certificate::Certificate;
use rowcall_pki::crypto::Hash;
use rowcall_words::document::Verdict;
use rowcall_words::document::{Authenticity, Kind};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

/// Barcodes hold far less.
const LONGEST: usize = 64 << 10;

pub(super) fn read(
    bytes: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Seal> {
    let file = context.file;
    let malformed = |findings: &mut Vec<Finding>, what: String| {
        findings.push(
            Finding::invalid(Code::SealMalformed, format!("{file}: {what}")).under(Clause::VdsNc),
        );
    };
    let seal = match parse(bytes) {
        Ok(seal) => seal,
        Err(what) => {
            malformed(findings, what);
            return None;
        }
    };
    let text = |pointer: &str| seal.pointer(pointer).and_then(Value::as_str);
    let (Some(data), Some(header), Some(_)) = (
        seal.get("data"),
        seal.pointer("/data/hdr"),
        seal.pointer("/data/msg"),
    ) else {
        malformed(findings, "no header or message in it".to_owned());
        return None;
    };
    findings.push(
        Finding::info(
            Code::SealContents,
            format!(
                "{file}: {} of {}",
                header.get("t").and_then(Value::as_str).unwrap_or("a seal"),
                header
                    .get("is")
                    .and_then(Value::as_str)
                    .unwrap_or("nobody named")
            ),
        )
        .under(Clause::VdsNc),
    );
    let hash = match text("/sig/alg") {
        Some("ES256") => Hash::Sha256,
        Some("ES384") => Hash::Sha384,
        Some("ES512") => Hash::Sha512,
        _ => {
            findings.push(
                Finding::new(
                    Code::AlgorithmNotSupported,
                    Verdict::Unsupported,
                    format!("{file}: a signature algorithm not known"),
                )
                .under(Clause::VdsNc),
            );
            return Some(result(&seal, Authenticity::NotChecked));
        }
    };
    let bytes_of = |pointer: &str| {
        let compact = text(pointer)?.trim_end_matches('=');
        URL_SAFE_NO_PAD
            .decode(compact)
            .or_else(|_| STANDARD_NO_PAD.decode(compact))
            .ok()
    };
    let certificate = bytes_of("/sig/cer").and_then(|der| Certificate::read(&der).ok());
    let signature = bytes_of("/sig/sigvl");
    let (Some(certificate), Some(signature)) = (certificate, signature) else {
        malformed(
            findings,
            "no signature or signer's certificate that can be read".to_owned(),
        );
        return Some(result(&seal, Authenticity::Broken));
    };
    let signed = json::canonical(data);
    let authenticity = signer::check_with(
        &certificate,
        hash,
        &signer::Signed {
            bytes: signed.as_bytes(),
            signature: &signature,
            state: text("/data/hdr/is").unwrap_or_default(),
            of_other_state: Verdict::Untrusted,
            date: None,
        },
        context,
        findings,
    );
    Some(result(&seal, authenticity))
}

/// The JSON. A QR code that declares no character set is read as ISO 8859-1 (ISO/IEC
/// 18004, 7.3.5), and some writers take it at its word: what isn't UTF-8 is read so. The
/// signature, which is over UTF-8, says whether that was right.
fn parse(bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > LONGEST {
        return Err("longer than any barcode".to_owned());
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|b| char::from(*b)).collect(),
    };
    json::read(&text).map_err(|e| format!("not JSON (RFC 7493): {e}"))
}

/// Whether it is JSON with a header, a message and a signature.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    parse(bytes).is_ok_and(|seal| {
        ["/data/hdr", "/data/msg", "/sig"]
            .iter()
            .all(|part| seal.pointer(part).is_some())
    })
}

fn result(seal: &Value, authenticity: Authenticity) -> Seal {
    let text = |pointer: &str| seal.pointer(pointer).and_then(Value::as_str);
    let state = text("/data/hdr/is").unwrap_or_default().to_owned();
    let named = [
        ("name", "/data/msg/pid/n"),
        ("date of birth", "/data/msg/pid/dob"),
        ("sex", "/data/msg/pid/sex"),
        ("document number", "/data/msg/pid/i"),
        ("number", "/data/msg/uvci"),
        ("number", "/data/msg/utci"),
    ];
    let fields = named.into_iter().filter_map(|(name, pointer)| {
        Some(SealField {
            name: name.to_owned(),
            value: text(pointer)?.to_owned(),
        })
    });
    Seal {
        kind: Kind::VdsNc,
        mrz: None,
        contents: SealData {
            kind: text("/data/hdr/t").unwrap_or("a seal").to_owned(),
            state: state.clone(),
            signed_on: None,
            fields: fields.collect(),
        },
        state,
        authenticity,
    }
}
