//! Recorded exchanges, made with openssl.

use std::path::Path;

use rowcall_document::{ActiveAuthentication, ChipAuthentication};
use rowcall_specimen::tlv;

use crate::shared;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|p| u8::from_str_radix(std::str::from_utf8(p).expect("ASCII"), 16).expect("hex"))
        .collect()
}

/// The private number in `openssl pkey -text`, under "priv:" or "private-key:".
fn private_number(text: &str) -> Vec<u8> {
    let after = text
        .split_once("priv:")
        .or_else(|| text.split_once("private-key:"))
        .expect("a private key")
        .1;
    let digits: String = after
        .lines()
        .skip(1)
        .take_while(|l| l.starts_with("    "))
        .collect();
    unhex(&digits)
}

/// EF.DG14 with one key and, for AES, the info that names it.
pub(crate) fn dg14(spki: &[u8], ecdh: bool, cipher: u8) -> Vec<u8> {
    let family = if ecdh { 2 } else { 1 };
    let key = [tlv(6, &[4, 0, 0x7f, 0, 7, 2, 2, 1, family]), spki.to_vec()].concat();
    let info = [
        tlv(6, &[4, 0, 0x7f, 0, 7, 2, 2, 3, family, cipher]),
        tlv(2, &[1]),
    ]
    .concat();
    let infos = [tlv(0x30, &key), tlv(0x30, &info)].concat();
    tlv(0x6e, &tlv(0x31, &infos))
}

/// Keys of both sides and the secret that openssl derives, for `genpkey` with
/// the options: the chip's public key, the reader's private number, the secret.
pub(crate) fn agree(folder: &Path, options: &[&str]) -> Option<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    let path = |name: &str| folder.join(name).display().to_string();
    let (chip, reader) = (path("chip.pem"), path("reader.pem"));
    for key in [&chip, &reader] {
        let (made, _) = shared::openssl(&[&["genpkey", "-out", key][..], options].concat())?;
        assert!(made, "genpkey {options:?}");
    }
    let public = path("chip.pub");
    shared::openssl(&["pkey", "-in", &chip, "-pubout", "-out", &public])?;
    let (_, spki) = shared::openssl(&["pkey", "-in", &chip, "-pubout", "-outform", "DER"])?;
    let (_, text) = shared::openssl(&["pkey", "-in", &reader, "-noout", "-text"])?;
    let (derived, secret) =
        shared::openssl(&["pkeyutl", "-derive", "-inkey", &reader, "-peerkey", &public])?;
    assert!(derived, "derive {options:?}");
    let text = String::from_utf8(text).expect("text");
    Some((spki, private_number(&text), secret))
}

/// KDF of Doc 9303-11, 9.7.1, and CMAC over the padded message, by openssl.
pub(crate) fn checksum(
    folder: &Path,
    secret: &[u8],
    bits: usize,
    message: &[u8],
) -> Option<Vec<u8>> {
    let file = folder.join("bytes").display().to_string();
    std::fs::write(&file, [secret, &[0, 0, 0, 2]].concat()).expect("writes");
    let hash = if bits == 128 { "-sha1" } else { "-sha256" };
    let (_, mut key) = shared::openssl(&["dgst", hash, "-binary", &file])?;
    key.truncate(bits / 8);
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(16), 0);
    std::fs::write(&file, &padded).expect("writes");
    let (cipher, key) = (format!("AES-{bits}-CBC"), format!("hexkey:{}", hex(&key)));
    let (made, mac) = shared::openssl(&[
        "mac", "-cipher", &cipher, "-macopt", &key, "-binary", "-in", &file, "CMAC",
    ])?;
    assert!(made, "mac");
    Some(mac[..8].to_vec())
}

fn padded(number: Vec<u8>, length: usize) -> Vec<u8> {
    [vec![0; length - number.len()], number].concat()
}

#[test]
fn a_chip_that_knows_its_key_is_told_from_one_that_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let ec = |curve: &'static str| {
        vec![
            "-algorithm",
            "EC",
            "-pkeyopt",
            curve,
            "-pkeyopt",
            "ec_param_enc:explicit",
        ]
    };
    let cases = [
        ("P-256", ec("ec_paramgen_curve:prime256v1"), true, 2, 128),
        ("P-521", ec("ec_paramgen_curve:secp521r1"), true, 4, 256),
        (
            "brainpoolP224r1",
            ec("ec_paramgen_curve:brainpoolP224r1"),
            true,
            2,
            128,
        ),
        (
            "brainpoolP320r1",
            ec("ec_paramgen_curve:brainpoolP320r1"),
            true,
            3,
            192,
        ),
        (
            "DH, 2048 bits",
            vec!["-algorithm", "DH", "-pkeyopt", "group:modp_2048"],
            false,
            3,
            192,
        ),
        (
            "X9.42 DH, RFC 5114",
            vec!["-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:3"],
            false,
            2,
            128,
        ),
    ];
    for (name, options, ecdh, cipher, bits) in cases {
        let Some((spki, private, secret)) = agree(folder.path(), &options) else {
            return;
        };
        // Of DH as long as the prime (PKCS #3, 7.3), where openssl leaves out leading
        // zeros; one secret in 256 has one.
        let secret = if ecdh { secret } else { padded(secret, 256) };
        let dg14 = dg14(&spki, ecdh, cipher);
        let counter = [&[0; 15][..], &[2]].concat();
        let covered = [tlv(0x87, &[1; 17]), tlv(0x99, &[0x90, 0])].concat();
        let message = [&counter[..], &covered].concat();
        let Some(mac) = checksum(folder.path(), &secret, bits, &message) else {
            return;
        };
        let response = [&covered[..], &tlv(0x8e, &mac), &[0x90, 0]].concat();
        let recorded = ChipAuthentication {
            dg14: &dg14,
            key_id: None,
            ephemeral_private_key: &private,
            send_sequence_counter: &counter,
            response: &response,
        };
        recorded.verify().unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut changed = response.clone();
        changed[5] ^= 1;
        let mut other_key = private.clone();
        *other_key.last_mut().expect("a byte") ^= 1;
        let wrong = [
            ChipAuthentication {
                response: &changed,
                ..recorded
            },
            ChipAuthentication {
                send_sequence_counter: &[0; 16],
                ..recorded
            },
            ChipAuthentication {
                ephemeral_private_key: &other_key,
                ..recorded
            },
            ChipAuthentication {
                response: &response[..response.len() - 12],
                ..recorded
            },
            ChipAuthentication {
                key_id: Some(7),
                ..recorded
            },
        ];
        for (i, wrong) in wrong.iter().enumerate() {
            assert!(wrong.verify().is_err(), "{name}: {i}");
        }
    }
}

/// Doc 9303-11's worked example of active authentication, signed with a key of
/// our own: the standard gives what is signed, not the key.
#[test]
fn the_worked_example_of_active_authentication() {
    let Some(documents) = shared::documents() else {
        return;
    };
    let text = std::fs::read(documents.join("vectors/AA.json")).expect("readable");
    let example: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let value = |name: &str| {
        let values = example["values"].as_array().expect("values");
        let found = values.iter().find(|v| v["name"] == name).expect(name);
        unhex(found["hex"].as_str().expect("hex"))
    };
    let (f, challenge) = (value("F"), value("RNDifd"));
    assert_eq!(
        value("M_star"),
        [value("M1_star"), challenge.clone()].concat()
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("f"), &f).expect("writes");
    let Some((made, _)) = shared::openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:1024",
        "-out",
        &path("key"),
    ]) else {
        return;
    };
    assert!(made, "genpkey");
    let public = ["pkey", "-in", &path("key"), "-pubout", "-outform", "DER"];
    let (_, spki) = shared::openssl(&public).expect("as above");
    // A private operation without padding, which openssl calls decryption.
    let (signed, response) = shared::openssl(&[
        "pkeyutl",
        "-decrypt",
        "-inkey",
        &path("key"),
        "-pkeyopt",
        "rsa_padding_mode:none",
        "-in",
        &path("f"),
    ])
    .expect("as above");
    assert!(signed, "pkeyutl");
    let dg15 = tlv(0x6f, &spki);
    let recorded = ActiveAuthentication {
        dg15: &dg15,
        dg14: None,
        challenge: &challenge,
        response: &response,
    };
    recorded.verify().expect("the chip's own answer");
    let peer = dmrtd::crypto::aa_pubkey::AAPublicKey::from_bytes(spki).expect("a key");
    dmrtd::auth::active::verify(&peer, &challenge, &response).expect("the peer agrees");
    let mut other = challenge.clone();
    other[0] ^= 1;
    for wrong in [&other[..], &challenge[1..], &[]] {
        let recorded = ActiveAuthentication {
            challenge: wrong,
            ..recorded
        };
        assert!(recorded.verify().is_err(), "{wrong:02x?}");
    }
}
