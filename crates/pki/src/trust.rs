//! Whom to trust: CSCA certificates, master lists, revocation lists.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::certificate::{self, Certificate};
use crate::crl::Crl;
use crate::master_list::MasterList;

/// Certificates and revocation lists against which signatures are checked.
///
/// What an operator puts into a trust folder is trusted by that act; a master
/// list's CMS signature must be right all the same.
#[derive(Debug, Default)]
pub struct TrustStore {
    certificates: Vec<Trusted>,
    crls: Vec<Crl>,
    by_subject: HashMap<String, Vec<usize>>,
    by_der: HashMap<[u8; 32], usize>,
}

#[derive(Debug)]
struct Trusted {
    certificate: Certificate,
    source: String,
    duplicates: usize,
}

/// A file that was offered to a [`TrustStore`] and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// The file's name as it was given.
    pub name: String,
    /// What was wrong with it.
    pub why: String,
}

/// One trusted certificate, as `rowcall trust list` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct TrustEntry {
    /// Country of the subject, two letters, as written.
    pub country: String,
    /// The subject's name.
    pub subject: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// First day of validity, if it can be read.
    pub not_before: Option<Date>,
    /// Last day of validity, if it can be read.
    pub not_after: Option<Date>,
    /// Kind and size of the key.
    pub key: String,
    /// `true` if issuer and subject are the same: a root, not a link.
    pub self_issued: bool,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// The file it came from.
    pub source: String,
    /// How many more times the same certificate was offered.
    pub duplicates: usize,
}

impl TrustStore {
    /// Trusts nobody.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A store of the certificates (DER or PEM), master lists (CMS or bare)
    /// and revocation lists in `files` (name, contents), and the files that
    /// could not be read.
    pub fn from_files<N: Into<String>>(
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> (Self, Vec<UnreadableFile>) {
        let mut store = Self::empty();
        let unreadable = store.add_files(files);
        (store, unreadable)
    }

    /// Adds what is in `files` as [`TrustStore::from_files`] does.
    pub fn add_files<N: Into<String>>(
        &mut self,
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> Vec<UnreadableFile> {
        let mut unreadable = Vec::new();
        for (name, bytes) in files {
            let name = name.into();
            let blocks = match pem_blocks(&bytes) {
                Some(Ok(blocks)) => blocks,
                Some(Err(why)) => {
                    unreadable.push(UnreadableFile { name, why });
                    continue;
                }
                None => vec![bytes],
            };
            for block in blocks {
                if let Err(why) = self.add(&name, &block) {
                    unreadable.push(UnreadableFile {
                        name: name.clone(),
                        why,
                    });
                }
            }
        }
        unreadable
    }

    /// Adds the revocation lists in `files`, passes over certificates and master
    /// lists, and returns what is none of these.
    pub fn add_revocation_lists<N: Into<String>>(
        &mut self,
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> Vec<UnreadableFile> {
        // Whoever else lies there is read, to tell a damaged list from another
        // file, and not trusted.
        let mut besides = Self::empty();
        let unreadable = besides.add_files(files);
        self.crls.append(&mut besides.crls);
        unreadable
    }

    fn add(&mut self, name: &str, der: &[u8]) -> Result<(), String> {
        let as_certificate = match certificate::first(der) {
            Ok(certificate) => {
                self.add_certificate(name, certificate);
                return Ok(());
            }
            Err(e) => e,
        };
        if let Ok(crl) = Crl::read(name, der) {
            self.crls.push(crl);
            return Ok(());
        }
        match MasterList::read(der) {
            Ok(list) => {
                for certificate in list.into_certificates() {
                    self.add_certificate(name, certificate);
                }
                Ok(())
            }
            Err(as_list) => Err(format!(
                "neither a certificate ({as_certificate}), a revocation list nor a master list ({as_list})"
            )),
        }
    }

    fn add_certificate(&mut self, source: &str, certificate: Certificate) {
        let fingerprint: [u8; 32] = Sha256::digest(&certificate.der).into();
        if let Some(index) = self.by_der.get(&fingerprint) {
            self.certificates[*index].duplicates += 1;
            return;
        }
        let index = self.certificates.len();
        self.by_der.insert(fingerprint, index);
        self.by_subject
            .entry(certificate.subject.canonical.clone())
            .or_default()
            .push(index);
        self.certificates.push(Trusted {
            certificate,
            source: source.to_owned(),
            duplicates: 0,
        });
    }

    /// How many certificates it holds, each counted once.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether it holds no certificate.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// How many revocation lists it holds.
    pub fn revocation_lists(&self) -> usize {
        self.crls.len()
    }

    /// Every certificate, in the order in which they were added.
    pub fn entries(&self) -> impl Iterator<Item = TrustEntry> {
        self.certificates.iter().map(|t| {
            let c = &t.certificate;
            TrustEntry {
                country: c.subject.country.clone(),
                subject: c.subject.shown.clone(),
                serial: c.serial_shown(),
                not_before: c.not_before,
                not_after: c.not_after,
                key: c.key.name(),
                self_issued: c.is_self_issued(),
                sha256: Sha256::digest(&c.der)
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect(),
                source: t.source.clone(),
                duplicates: t.duplicates,
            }
        })
    }

    /// Those with the subject, in its form for comparison ([`crate::name::Name::canonical`]).
    pub fn with_subject(&self, canonical: &str) -> impl Iterator<Item = &Certificate> {
        self.by_subject
            .get(canonical)
            .into_iter()
            .flatten()
            .map(|i| &self.certificates[*i].certificate)
    }

    /// Every revocation list, in the order in which they were added.
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// Every certificate, in the order in which they were added.
    pub fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates.iter().map(|t| &t.certificate)
    }

    /// Whether it holds this very certificate.
    pub fn holds(&self, certificate: &Certificate) -> bool {
        let fingerprint: [u8; 32] = Sha256::digest(&certificate.der).into();
        self.by_der.contains_key(&fingerprint)
    }
}

/// The blocks of a PEM file (RFC 7468); `None` if it is none.
pub fn pem_blocks(bytes: &[u8]) -> Option<Result<Vec<Vec<u8>>, String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.contains("-----BEGIN ") {
        return None;
    }
    let mut blocks = Vec::new();
    for part in text.split("-----BEGIN ").skip(1) {
        let body = part
            .split_once("-----")
            .and_then(|(_, rest)| rest.split_once("-----END"))
            .map(|(body, _)| body);
        let Some(body) = body else {
            return Some(Err("a PEM block without an end".to_owned()));
        };
        let compact: String = body.split_whitespace().collect();
        match STANDARD.decode(compact) {
            Ok(der) => blocks.push(der),
            Err(e) => return Some(Err(format!("a PEM block that is not Base64: {e}"))),
        }
    }
    Some(Ok(blocks))
}
