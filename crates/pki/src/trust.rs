//! Whom to trust: CSCA certificates, master lists, revocation lists.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::collection::{Collection, Item, Limits, UnreadableFile};
use crate::crl::Crl;
use crate::master_list::{MasterList, MasterListSignature};

/// Certificates and revocation lists against which signatures are checked.
///
/// What an operator puts into a trust folder is trusted by that act; a master
/// list's CMS signature must be right all the same.
#[derive(Debug, Default)]
pub struct TrustStore {
    certificates: Vec<Trusted>,
    /// Document signers of directories.
    listed: Vec<Certificate>,
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

    /// A store of what `files` (name, contents) hold, as [`Collection::read`] tells,
    /// and the files of which something could not be used.
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
            let mut found = Collection::read(&name.into(), &bytes, Limits::OPERATOR);
            unreadable.append(&mut found.unusable);
            for (source, item) in found.items {
                match item {
                    Item::Certificate(certificate) => self.add_certificate(&source, certificate),
                    Item::Listed(certificate) => self.listed.push(certificate),
                    Item::Crl(list) => self.crls.push(list),
                    Item::MasterList(list) => {
                        for certificate in list.into_certificates() {
                            self.add_certificate(&source, certificate);
                        }
                    }
                }
            }
        }
        unreadable
    }

    /// Adds the revocation lists in `files`. Whoever else is in them is not trusted
    /// for it; a file without any list is returned as of no use here.
    pub fn add_revocation_lists<N: Into<String>>(
        &mut self,
        files: impl IntoIterator<Item = (N, Vec<u8>)>,
    ) -> Vec<UnreadableFile> {
        let mut unreadable = Vec::new();
        for (name, bytes) in files {
            let name = name.into();
            let mut found = Collection::read(&name, &bytes, Limits::OPERATOR);
            let is_of_use = found.items.iter().any(|(_, i)| matches!(i, Item::Crl(_)));
            if !is_of_use && found.unusable.is_empty() {
                found.unusable.push(UnreadableFile {
                    name,
                    why: "no revocation list is in it; who is to be trusted belongs into a trust folder"
                        .to_owned(),
                });
            }
            unreadable.append(&mut found.unusable);
            for (_, item) in found.items {
                if let Item::Crl(list) = item {
                    self.crls.push(list);
                }
            }
        }
        unreadable
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

    /// Certificates of document signers that a directory lists: not trusted by
    /// themselves, but they may be the signer's of a document that brings none.
    pub fn listed(&self) -> &[Certificate] {
        &self.listed
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
                sha256: base16ct::lower::encode_string(&Sha256::digest(&c.der)),
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

    /// Whether somebody in it issued the certificate of a master list's signer.
    /// `false` also for a bare list, which nobody signed.
    pub fn trusts_signer_of(&self, list: &MasterList) -> bool {
        let MasterListSignature::Valid { certificate, .. } = list.signature() else {
            return false;
        };
        Certificate::read(certificate).is_ok_and(|signer| {
            self.holds(&signer)
                || signer.may_sign_master_lists()
                    && signer.unknown_critical.is_none()
                    && self
                        .all()
                        .any(|c| c.may_issue() && signer.is_signed_by(&c.key).is_ok())
        })
    }
}
