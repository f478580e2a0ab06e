//! Master lists of CSCA certificates (Doc 9303-12, 9), in CMS or bare.

use std::collections::HashMap;

use crate::ber::Reader;
use crate::certificate::Certificate;
use crate::cms::{ContentType, MessageDigest, SignedData, content_info};
use crate::error::Error;

/// Contents of object identifier 2.23.136.1.1.2.
pub(crate) const CSCA_MASTER_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x02];
const MOST_CERTIFICATES: usize = 10_000;
/// Certificates in it that are tried for one signature.
const MOST_ATTEMPTS: usize = 4;

/// What vouches for a master list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MasterListSignature {
    /// A bare list: nothing.
    Absent,
    /// The signature is right; by the signer with this subject, who may or may
    /// not be trusted.
    Valid {
        /// The signer's subject.
        signer: String,
        /// The signer's certificate, DER.
        certificate: Vec<u8>,
    },
}

/// A master list, its CMS signature checked where there is one.
#[derive(Debug)]
pub struct MasterList {
    signature: MasterListSignature,
    certificates: Vec<Certificate>,
    unreadable: Vec<String>,
}

/// What became of the signatures of a list's self-issued certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SelfSignatures {
    /// Signed by its own key: a root.
    pub own_key: usize,
    /// Signed by another key of the same name in the list: a link.
    pub other_key: usize,
    /// Names a key, by its identifier, that is not in the list.
    pub signer_absent: usize,
    /// By none of these.
    pub wrong: usize,
}

impl MasterList {
    /// Reads a master list: CMS SignedData or a bare `CscaMasterList`, DER.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Operator`] if it is neither or its signature is
    /// wrong. A certificate inside that cannot be read is no error: see
    /// [`MasterList::unreadable`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let malformed = |e| Error::operator(format!("not a master list: {e}"));
        let info = content_info(bytes, 0).map_err(malformed)?;
        if info.contents().peek() == Some(0x02) {
            return Self::list(bytes, MasterListSignature::Absent);
        }
        let signed = SignedData::read(&info).map_err(malformed)?;
        if signed.content_type != CSCA_MASTER_LIST {
            return Err(Error::operator(
                "not a master list: the signed content is something else",
            ));
        }
        let embedded: Vec<Certificate> = signed
            .certificates
            .iter()
            .filter_map(|der| Certificate::read(der).ok())
            .collect();
        let mut why = None;
        for signer in &signed.signers {
            for (_, certificate) in signer.by_fit(&embedded).into_iter().take(MOST_ATTEMPTS) {
                let outcome = signer
                    .verify(signed.content_type, &signed.content, certificate)
                    .map_err(malformed)?;
                if outcome.signature.is_ok()
                    && matches!(outcome.digest, MessageDigest::Match)
                    && outcome.content_type == ContentType::Match
                {
                    return Self::list(
                        &signed.content,
                        MasterListSignature::Valid {
                            signer: certificate.subject.shown.clone(),
                            certificate: certificate.der.clone(),
                        },
                    );
                }
                // That by the likeliest signer says most.
                why.get_or_insert_with(|| {
                    format!("the signature by {} is wrong", certificate.subject.shown)
                });
            }
        }
        let why = why.unwrap_or_else(|| "no signer's certificate in it".to_owned());
        Err(Error::operator(format!("master list not taken: {why}")))
    }

    fn list(content: &[u8], signature: MasterListSignature) -> Result<Self, Error> {
        let malformed = |e| Error::operator(format!("not a master list: {e}"));
        let outer = Reader::new(content, 0)
            .expect(0x30, "no list")
            .map_err(malformed)?;
        let mut fields = outer.contents();
        fields.expect(0x02, "no version").map_err(malformed)?;
        let set = fields
            .expect(0x31, "no set of certificates")
            .map_err(malformed)?;
        let mut list = Self {
            signature,
            certificates: Vec::new(),
            unreadable: Vec::new(),
        };
        for (i, certificate) in set.contents().enumerate() {
            let certificate = certificate.map_err(malformed)?;
            if i == MOST_CERTIFICATES {
                list.unreadable.push(format!(
                    "certificates from offset {} on: there are more than {MOST_CERTIFICATES}",
                    certificate.offset
                ));
                break;
            }
            match Certificate::read(certificate.raw) {
                Ok(c) => list.certificates.push(c),
                Err(e) => list
                    .unreadable
                    .push(format!("certificate at offset {}: {e}", certificate.offset)),
            }
        }
        Ok(list)
    }

    /// What vouches for the list.
    pub fn signature(&self) -> &MasterListSignature {
        &self.signature
    }

    /// How many certificates could be read.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// What was read, in the list's order.
    pub(crate) fn into_certificates(self) -> Vec<Certificate> {
        self.certificates
    }

    /// The certificates, DER, in the list's order.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(|c| c.der.as_slice())
    }

    /// The country of each certificate's subject, as written.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.certificates.iter().map(|c| c.subject.country.as_str())
    }

    /// Checks the signature of every self-issued certificate.
    pub fn check_self_signatures(&self) -> SelfSignatures {
        let mut result = SelfSignatures::default();
        let mut by_name: HashMap<&str, Vec<&Certificate>> = HashMap::new();
        for certificate in &self.certificates {
            by_name
                .entry(&certificate.subject.canonical)
                .or_default()
                .push(certificate);
        }
        for certificate in self.certificates.iter().filter(|c| c.is_self_issued()) {
            let others = by_name
                .get(certificate.issuer.canonical.as_str())
                .map(Vec::as_slice)
                .unwrap_or_default();
            // Where the key identifiers say who signed, nobody else is tried.
            let named = |c: &&&Certificate| {
                certificate.authority_key_id.is_some()
                    && c.subject_key_id == certificate.authority_key_id
            };
            let own_named = named(&&certificate) || certificate.authority_key_id.is_none();
            if own_named && certificate.is_signed_by(&certificate.key).is_ok() {
                result.own_key += 1;
            } else if others
                .iter()
                .filter(named)
                .any(|c| certificate.is_signed_by(&c.key).is_ok())
            {
                result.other_key += 1;
            } else if !others.iter().any(|c| named(&c)) && !own_named {
                result.signer_absent += 1;
            } else {
                result.wrong += 1;
            }
        }
        result
    }

    /// What could not be read, with its offset.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }
}
