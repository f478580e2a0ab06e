//! A test issuer: specimen chip files of Utopia (UTO), the fictional state of
//! Doc 9303, so that no test depends on third-party documents.
//!
//! Everything derives from a seed: the same seed, MRZ and portrait give the
//! same bytes. The keys are therefore public, and what they sign proves
//! nothing; no real trust store may ever hold them.

mod certificate;
mod cms;
mod der;
mod deviation;
mod key;
mod lds;
mod seal;

use sha2::{Digest, Sha256};

use certificate::{Request, Use, certificate, name, revocation_list};
use der::{octets, seq, small};
use key::Key;

/// Why a specimen could not be issued.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The MRZ has no layout of Doc 9303.
    #[error("the MRZ must have 3 lines of 30, 2 of 36 or 2 of 44 characters A-Z, 0-9 and <")]
    Mrz,
    /// The portrait is no image that DG2 may hold.
    #[error("the portrait must be JPEG or JPEG 2000, with a readable header")]
    Portrait,
}

pub use der::tlv;
pub use deviation::Deviation;
pub use seal::{SEAL_SIGNER_SERIAL, c40};

/// One file of a specimen: its name, as in `EF_DG1.bin`, and its contents.
pub type File = (String, Vec<u8>);

/// The issuer: a country signer (CSCA), a document signer (DSC), and who signs lists and
/// seals.
pub struct Issuer {
    csca: Key,
    dsc: Key,
    list_signer: Key,
    seal_signer: Key,
    csca_name: Vec<u8>,
}

/// First and last day of all certificates (UTCTime).
const NOT_BEFORE: &str = "200101000000Z";
const NOT_AFTER: &str = "491231235959Z";
/// Serial number of the document signer's certificate.
pub const DSC_SERIAL: u64 = 0x1001;
/// Serial number of the master list signer's certificate.
const LIST_SIGNER_SERIAL: u64 = 0x2001;

/// Content type ldsSecurityObject (Doc 9303-10, 4.6.2).
const LDS_SECURITY_OBJECT: [u64; 6] = [2, 23, 136, 1, 1, 1];
/// Content type cscaMasterList (Doc 9303-12, 9).
const MASTER_LIST: [u64; 6] = [2, 23, 136, 1, 1, 2];

impl Issuer {
    /// The issuer that `seed` makes.
    pub fn new(seed: u64) -> Self {
        Self {
            csca: Key::derive(seed, "csca"),
            dsc: Key::derive(seed, "dsc"),
            list_signer: Key::derive(seed, "master list signer"),
            seal_signer: Key::derive(seed, "seal signer"),
            csca_name: name("Specimen CSCA"),
        }
    }

    fn sign_certificate(&self, serial: u64, subject: &[u8], key: &Key, purpose: Use) -> Vec<u8> {
        certificate(&Request {
            serial,
            issuer: &self.csca_name,
            subject,
            key,
            signer: &self.csca,
            purpose,
            not_before: NOT_BEFORE,
            not_after: NOT_AFTER,
        })
    }

    /// The country signer's certificate, self-signed, DER.
    pub fn csca_certificate(&self) -> Vec<u8> {
        self.sign_certificate(1, &self.csca_name, &self.csca, Use::Csca)
    }

    /// The document signer's certificate, DER.
    pub fn dsc_certificate(&self) -> Vec<u8> {
        let subject = name("Specimen document signer");
        self.sign_certificate(DSC_SERIAL, &subject, &self.dsc, Use::Dsc)
    }

    /// A link certificate: `next`'s country signer, vouched for by this one
    /// (Doc 9303-12, 7.1).
    pub fn link_to(&self, next: &Self) -> Vec<u8> {
        self.sign_certificate(2, &next.csca_name, &next.csca, Use::Csca)
    }

    /// A revocation list of these serial numbers, signed by the country signer.
    pub fn revocation_list(&self, serials: &[u64]) -> Vec<u8> {
        revocation_list(&self.csca_name, &self.csca, serials)
    }

    /// The same as a list of changes to another (RFC 5280, 5.2.4).
    pub fn revocation_list_of_changes(&self, serials: &[u64]) -> Vec<u8> {
        certificate::revocation_list_of_changes(&self.csca_name, &self.csca, serials)
    }

    /// Certificates and revocation lists in one file that nobody signed (PKCS#7).
    pub fn bundle(&self, certificates: &[&[u8]], lists: &[&[u8]]) -> Vec<u8> {
        cms::bundle(certificates, lists)
    }

    /// A master list of these certificates (Doc 9303-12, 9).
    pub fn master_list(&self, certificates: &[Vec<u8>]) -> Vec<u8> {
        let signer = self.list_signer_certificate();
        self.master_list_by(certificates, &signer, LIST_SIGNER_SERIAL, &self.list_signer)
    }

    /// The same by the document signer, who may not sign lists.
    pub fn master_list_of_document_signer(&self, certificates: &[Vec<u8>]) -> Vec<u8> {
        self.master_list_by(certificates, &self.dsc_certificate(), DSC_SERIAL, &self.dsc)
    }

    fn master_list_by(
        &self,
        certificates: &[Vec<u8>],
        signer: &[u8],
        serial: u64,
        key: &Key,
    ) -> Vec<u8> {
        let list = seq(&[&small(0), &der::set_of(certificates.to_vec())]);
        cms::signed_data(&cms::Request {
            content_type: &MASTER_LIST,
            content: &list,
            certificates: &[signer, &self.csca_certificate()],
            lists: &[],
            issuer: &self.csca_name,
            serial,
            key,
            deviation: None,
        })
    }

    /// Issues a chip with DG1 and DG2: `mrz` in lines or in one run, `portrait`
    /// as JPEG or JPEG 2000.
    ///
    /// # Errors
    /// [`Error`] if the MRZ has no known layout or the portrait no header.
    pub fn issue(&self, mrz: &str, portrait: &[u8]) -> Result<Vec<File>, Error> {
        let groups = [(1, lds::dg1(mrz)?), (2, lds::dg2(portrait)?)];
        let sod = self.security_object(&groups);
        let mut files = vec![
            ("EF_COM.bin".to_owned(), lds::com(&[0x61, 0x75])),
            ("EF_SOD.bin".to_owned(), sod),
        ];
        for (number, bytes) in groups {
            files.push((format!("EF_DG{number}.bin"), bytes));
        }
        Ok(files)
    }

    /// EF.SOD over data groups (number, whole file), for tests that bring
    /// their own.
    pub fn security_object(&self, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
        self.security_object_by(groups, &self.dsc_certificate(), DSC_SERIAL, &self.dsc)
    }

    /// The same with revocation lists inside.
    pub fn security_object_with_lists(&self, groups: &[(u8, Vec<u8>)], lists: &[&[u8]]) -> Vec<u8> {
        let certificate = self.dsc_certificate();
        let parts = (&certificate[..], DSC_SERIAL, &self.dsc);
        self.security_object_with(groups, parts, lists, None)
    }

    /// The same by the signer of master lists, who may not sign chips.
    pub fn security_object_of_list_signer(&self, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let signer = self.list_signer_certificate();
        self.security_object_by(groups, &signer, LIST_SIGNER_SERIAL, &self.list_signer)
    }

    /// The same by a document signer whose certificate has a critical extension
    /// that nobody knows.
    pub fn security_object_of_demanding_signer(&self, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let subject = name("Specimen demanding signer");
        let signer = self.sign_certificate(DSC_SERIAL, &subject, &self.dsc, Use::Demanding);
        self.security_object_by(groups, &signer, DSC_SERIAL, &self.dsc)
    }

    fn list_signer_certificate(&self) -> Vec<u8> {
        let subject = name("Specimen master list signer");
        self.sign_certificate(
            LIST_SIGNER_SERIAL,
            &subject,
            &self.list_signer,
            Use::MasterListSigner,
        )
    }

    /// The same by a document signer whose key is for issuing, and not for signing.
    pub fn security_object_of_issuing_signer(&self, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let subject = name("Specimen issuing signer");
        let signer = self.sign_certificate(DSC_SERIAL, &subject, &self.dsc, Use::Csca);
        self.security_object_by(groups, &signer, DSC_SERIAL, &self.dsc)
    }

    /// A security object by the document signer that is wrong or odd in one way.
    pub fn deviating_security_object(
        &self,
        groups: &[(u8, Vec<u8>)],
        deviation: Deviation,
    ) -> Vec<u8> {
        let certificate = self.dsc_certificate();
        let parts = (&certificate[..], DSC_SERIAL, &self.dsc);
        let revoking = self.revocation_list(&[DSC_SERIAL]);
        let lists: &[&[u8]] = match deviation {
            Deviation::RevokedInside => &[&revoking],
            _ => &[],
        };
        self.security_object_with(groups, parts, lists, Some(deviation))
    }

    fn security_object_by(
        &self,
        groups: &[(u8, Vec<u8>)],
        certificate: &[u8],
        serial: u64,
        key: &Key,
    ) -> Vec<u8> {
        self.security_object_with(groups, (certificate, serial, key), &[], None)
    }

    fn security_object_with(
        &self,
        groups: &[(u8, Vec<u8>)],
        (certificate, serial, key): (&[u8], u64, &Key),
        lists: &[&[u8]],
        deviation: Option<Deviation>,
    ) -> Vec<u8> {
        let twice = match deviation {
            Some(Deviation::GroupListedTwice) => &groups[..1],
            _ => &[],
        };
        let hashes: Vec<Vec<u8>> = twice
            .iter()
            .chain(groups)
            .map(|(n, bytes)| seq(&[&small(u64::from(*n)), &octets(&Sha256::digest(bytes))]))
            .collect();
        let unknown = seq(&[&small(17), &octets(&[7; 32])]);
        let mut hashes: Vec<&[u8]> = hashes.iter().map(Vec::as_slice).collect();
        if deviation == Some(Deviation::UnknownGroup) {
            hashes.push(&unknown);
        }
        let version = match deviation {
            Some(Deviation::VersionTwo) => 2,
            _ => 0,
        };
        let hash = match deviation {
            // SHA3-256.
            Some(Deviation::UnknownListHash) => {
                seq(&[&der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 8])])
            }
            _ => certificate::sha256(),
        };
        let object = seq(&[&small(version), &hash, &seq(&hashes)]);
        let mut signed = cms::signed_data(&cms::Request {
            content_type: match deviation {
                Some(Deviation::LegacyContentType) => &[1, 3, 27, 1, 1, 1],
                Some(Deviation::UnknownContentType) => &[2, 999, 1],
                Some(Deviation::ContentTypeOfList) => &MASTER_LIST,
                _ => &LDS_SECURITY_OBJECT,
            },
            content: &object,
            certificates: &[certificate],
            lists,
            issuer: &self.csca_name,
            serial,
            key,
            deviation,
        });
        if deviation == Some(Deviation::BytesAfterContent) {
            signed.extend(der::octets(b"more"));
        }
        der::tlv(0x77, &signed)
    }
}
