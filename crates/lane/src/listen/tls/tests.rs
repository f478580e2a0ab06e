//! Certificates that can't be used, and one that is replaced.

use std::path::Path;

use rcgen::{CertificateParams, KeyPair};

use super::Tls;
use crate::config::TlsConfig;

/// Seconds since 1970 at which all of this happens: in 2026.
const NOW: i64 = 1_790_000_000;

fn made(from_year: i32, to_year: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["localhost".into()]).expect("a name");
    params.not_before = rcgen::date_time_ymd(from_year, 1, 1);
    params.not_after = rcgen::date_time_ymd(to_year, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn write(folder: &Path, certificate: &str, key: &str) -> TlsConfig {
    let files = TlsConfig {
        certificate: folder.join("lane.pem"),
        key: folder.join("lane.key"),
    };
    std::fs::write(&files.certificate, certificate).expect("written");
    std::fs::write(&files.key, key).expect("written");
    files
}

#[test]
fn what_cant_be_used_is_said_with_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, key) = made(2025, 2030);
    let (expired, expired_key) = made(2020, 2025);
    let (future, future_key) = made(2040, 2050);
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let mut wrong = Vec::new();
    for (certificate, key, said) in [
        (good.as_str(), key.as_str(), None),
        (&good, &expired_key, Some("lane.key: it isn't the key of")),
        (
            &expired,
            &expired_key,
            Some("lane.pem: the certificate was good until"),
        ),
        (
            &future,
            &future_key,
            Some("lane.pem: the certificate isn't good before"),
        ),
        ("", &key, Some("lane.pem: it holds no certificate")),
        (&key, &key, Some("lane.pem: it holds no certificate")),
        (broken, &key, Some("service.tls.certificate")),
        (&good, &good, Some("lane.key: it holds no private key")),
        (&good, "", Some("lane.key: it holds no private key")),
    ] {
        let files = write(folder.path(), certificate, key);
        let result = Tls::read(&files, NOW).map(drop).map_err(|e| e.to_string());
        let is_so = match (&result, said) {
            (Ok(()), None) => true,
            (Err(e), Some(said)) => e.contains(said),
            _ => false,
        };
        if !is_so {
            wrong.push(format!("{said:?}: {result:?}"));
        }
    }
    let absent = TlsConfig {
        certificate: folder.path().join("absent.pem"),
        key: folder.path().join("lane.key"),
    };
    let error = Tls::read(&absent, NOW).err().expect("absent").to_string();
    if !error.contains("absent.pem") {
        wrong.push(error);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_new_certificate_is_shown_and_a_bad_one_isnt() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, key) = made(2025, 2030);
    let files = write(folder.path(), &first, &key);
    let tls = Tls::read(&files, NOW).expect("a certificate");
    let shown = || tls.shown.0.read().expect("it").cert[0].to_vec();
    let before = shown();
    tls.refresh(NOW);
    assert_eq!(shown(), before);
    let (second, other) = made(2025, 2031);
    // Half of it is there: the old one stays.
    std::fs::write(&files.certificate, &second).expect("written");
    tls.refresh(NOW);
    assert_eq!(shown(), before);
    std::fs::remove_file(&files.key).expect("removed");
    tls.refresh(NOW);
    assert_eq!(shown(), before);
    std::fs::write(&files.key, &other).expect("written");
    tls.refresh(NOW);
    assert_ne!(shown(), before);
}
