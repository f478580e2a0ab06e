//! The clauses of standards that findings are about.

use serde::{Serialize, Serializer};
use strum::{Display, EnumIter, IntoStaticStr};

/// A clause of a standard.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumIter, IntoStaticStr,
)]
pub enum Clause {
    /// The portrait on a page.
    #[strum(serialize = "Doc 9303-3, 3.9")]
    PrintedPortrait,
    /// The machine readable zone.
    #[strum(serialize = "Doc 9303-3, 4")]
    Zone,
    /// The zone's lines, and what its fields are.
    #[strum(serialize = "Doc 9303-3, 4.2")]
    ZoneLines,
    /// The characters that a zone may have.
    #[strum(serialize = "Doc 9303-3, 4.3")]
    ZoneCharacters,
    /// The names in a zone.
    #[strum(serialize = "Doc 9303-3, 4.6")]
    ZoneNames,
    /// Dates and the other elements of a zone.
    #[strum(serialize = "Doc 9303-3, 4.8")]
    ZoneElements,
    /// A zone's check digits.
    #[strum(serialize = "Doc 9303-3, 4.9")]
    CheckDigits,
    /// Codes of states, organizations and nationalities.
    #[strum(serialize = "Doc 9303-3, 5")]
    StateCodes,
    /// The zone of a passport.
    #[strum(serialize = "Doc 9303-4, 4.2.2")]
    Td3,
    /// The zone of a card.
    #[strum(serialize = "Doc 9303-5, 4.2.2")]
    Td1,
    /// The zone of a larger card.
    #[strum(serialize = "Doc 9303-6, 4.2.2")]
    Td2,
    /// The zone of a full-size visa.
    #[strum(serialize = "Doc 9303-7, 4.2.2")]
    MrvA,
    /// The zone of a small visa.
    #[strum(serialize = "Doc 9303-7, 5.2.2")]
    MrvB,
    /// The portrait as it is stored.
    #[strum(serialize = "Doc 9303-9, 3.3")]
    StoredPortrait,
    /// The logical data structure of a chip.
    #[strum(serialize = "Doc 9303-10, 4")]
    Lds,
    /// A chip's elementary files.
    #[strum(serialize = "Doc 9303-10, 4.6")]
    LdsFiles,
    /// EF.COM.
    #[strum(serialize = "Doc 9303-10, 4.6.1")]
    Com,
    /// EF.SOD, the signed list of hashes.
    #[strum(serialize = "Doc 9303-10, 4.6.2")]
    SecurityObject,
    /// How EF.SOD is encoded.
    #[strum(serialize = "Doc 9303-10, 4.6.2.2")]
    SecurityObjectEncoding,
    /// The version of the list of hashes.
    #[strum(serialize = "Doc 9303-10, 4.6.2.3")]
    SecurityObjectVersion,
    /// The data groups.
    #[strum(serialize = "Doc 9303-10, 4.7")]
    DataGroups,
    /// DG1, the zone on the chip.
    #[strum(serialize = "Doc 9303-10, 4.7.1")]
    DataGroup1,
    /// DG2, the portrait on the chip.
    #[strum(serialize = "Doc 9303-10, 4.7.2")]
    DataGroup2,
    /// DG11, more about the holder.
    #[strum(serialize = "Doc 9303-10, 4.7.11")]
    DataGroup11,
    /// Passive authentication.
    #[strum(serialize = "Doc 9303-11, 5.1")]
    PassiveAuthentication,
    /// Active authentication of a chip.
    #[strum(serialize = "Doc 9303-11, 6.1")]
    ActiveAuthentication,
    /// Chip authentication.
    #[strum(serialize = "Doc 9303-11, 6.2")]
    ChipAuthentication,
    /// The algorithms that issuers sign with.
    #[strum(serialize = "Doc 9303-12, 4.1")]
    Algorithms,
    /// What issuers publish.
    #[strum(serialize = "Doc 9303-12, 7")]
    Pki,
    /// Certificates of issuers and signers.
    #[strum(serialize = "Doc 9303-12, 7.1")]
    Certificates,
    /// The fields of their certificates.
    #[strum(serialize = "Doc 9303-12, 7.1.1")]
    CertificateProfile,
    /// The document types that a signer may sign.
    #[strum(serialize = "Doc 9303-12, 7.1.1.6")]
    DocumentTypes,
    /// Revocation lists.
    #[strum(serialize = "Doc 9303-12, 7.1.4")]
    RevocationLists,
    /// Visible digital seals.
    #[strum(serialize = "Doc 9303-13")]
    Seals,
    /// How a seal is encoded.
    #[strum(serialize = "Doc 9303-13, 2")]
    SealEncoding,
    /// A seal's header and messages.
    #[strum(serialize = "Doc 9303-13, 2.3")]
    SealHeader,
    /// The lengths of a seal's messages.
    #[strum(serialize = "Doc 9303-13, 2.3.2")]
    SealLengths,
    /// A seal's signature and signer.
    #[strum(serialize = "Doc 9303-13, 2.4")]
    SealSigner,
    /// What seals are used for, and what each use must have.
    #[strum(serialize = "Doc 9303-13, 3")]
    SealUses,
    /// Digital travel credentials.
    #[strum(serialize = "ICAO TR DTC-VC")]
    Dtc,
    /// ICAO's barcodes.
    #[strum(serialize = "ICAO TR IDB, 3")]
    Idb,
    /// Seals for non-constrained environments.
    #[strum(serialize = "ICAO TR VDS-NC, 5")]
    VdsNc,
    /// The header of a facial record.
    #[strum(serialize = "ISO/IEC 19794-5, 5.4.3")]
    FacialRecordHeader,
    /// The block of information on a face.
    #[strum(serialize = "ISO/IEC 19794-5, 5.5.1")]
    FacialInformation,
    /// The quality of a picture of a face.
    #[strum(serialize = "ISO/IEC 29794-5")]
    FaceQuality,
    /// A certificate's signature algorithm.
    #[strum(serialize = "RFC 5280, 4.1.1.2")]
    CertificateAlgorithm,
    /// A certificate's validity.
    #[strum(serialize = "RFC 5280, 4.1.2.5")]
    CertificateValidity,
    /// A certificate's extensions.
    #[strum(serialize = "RFC 5280, 4.2")]
    CertificateExtensions,
    /// The identifier of the issuer's key.
    #[strum(serialize = "RFC 5280, 4.2.1.1")]
    AuthorityKeyId,
    /// What else a key is for.
    #[strum(serialize = "RFC 5280, 4.2.1.12")]
    ExtendedKeyUsage,
    /// The extensions of a revocation list.
    #[strum(serialize = "RFC 5280, 5.2")]
    CrlExtensions,
    /// The names along a path of certificates.
    #[strum(serialize = "RFC 5280, 6.1.3")]
    PathNames,
    /// A signer of signed data.
    #[strum(serialize = "RFC 5652, 5.3")]
    SignerInfo,
    /// The signed attributes, and what is hashed.
    #[strum(serialize = "RFC 5652, 5.4")]
    SignedAttributes,
    /// The attribute that names the content's type.
    #[strum(serialize = "RFC 5652, 11.1")]
    ContentTypeAttribute,
    /// The attribute that has the content's digest.
    #[strum(serialize = "RFC 5652, 11.2")]
    MessageDigestAttribute,
}

impl Clause {
    /// As it is cited, such as `Doc 9303-10, 4.6.2`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Serialize for Clause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// As it is cited; empty where there is none.
pub fn cited(clause: Option<Clause>) -> &'static str {
    clause.map_or("", Clause::as_str)
}
