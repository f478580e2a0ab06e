//! The codes of what is noticed about a document.

use serde::{Serialize, Serializer};
use strum::{Display, EnumIter, EnumMessage, IntoStaticStr};

/// What was noticed about a document. Each has a name in kebab-case, which stays the
/// same across versions, and a sentence: its own line here.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Display,
    EnumIter,
    EnumMessage,
    IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Code {
    // Files that were presented.
    /// A certificate or revocation list beside the document can't be read.
    AccompanyingFileUnreadable,
    /// A chip's file is empty or holds the chip's refusal, and counts as not presented.
    ChipFileNotRead,
    /// Two files of the same kind were presented, or one credential has an element twice.
    DuplicateFile,
    /// A file of no kind that is read.
    FileNotRecognised,
    /// A file is larger than any document's, and wasn't read.
    FileTooLarge,
    /// A certificate, a revocation list or a master list was given in a document's place.
    NotADocument,
    /// There are more files than a document has; the rest weren't read.
    TooManyFiles,

    // The machine readable zone.
    /// The document's date of expiry has passed.
    DocumentExpired,
    /// The check digit of the date of birth is wrong.
    MrzBirthDateCheckDigit,
    /// The date of birth is no date that exists.
    MrzBirthDateNotADate,
    /// Parts of the date of birth are unknown.
    MrzBirthDatePartlyUnknown,
    /// A zone has characters other than A-Z, 0-9 and <.
    MrzCharacter,
    /// A character read from a picture is hardly more like the one than like another.
    MrzCharacterDoubtful,
    /// The composite check digit is wrong.
    MrzCompositeCheckDigit,
    /// The document code isn't one of its layout's.
    MrzDocumentCode,
    /// The check digit of the document number is wrong.
    MrzDocumentNumberCheckDigit,
    /// The check digit of the date of expiry is wrong.
    MrzExpiryDateCheckDigit,
    /// The date of expiry is no date that exists.
    MrzExpiryDateNotADate,
    /// A card's date of expiry stands for one that never comes: it doesn't expire.
    MrzExpiryUnlimited,
    /// No state or organization has the code of the issuing state.
    MrzIssuingState,
    /// The lines aren't as many or as long as any layout's.
    MrzLength,
    /// There is no machine readable zone.
    MrzMissing,
    /// There is a digit in the names.
    MrzNamesDigit,
    /// Two fillers in a row stand in the names more than once.
    MrzNamesGroups,
    /// The names fill their field to the end, and may be cut short.
    MrzNamesMayBeTruncated,
    /// There is no name.
    MrzNamesMissing,
    /// The zone has a layout of a state's own, and none of Doc 9303's.
    MrzNationalLayout,
    /// The nationality is no code that exists.
    MrzNationality,
    /// The document has no date of expiry.
    MrzNoExpiryDate,
    /// A zone is there and can't be read.
    MrzNotRead,
    /// There is no zone in the text that a character recognition gave.
    MrzNotRecognised,
    /// The document number seems to go on in the optional data of a layout that doesn't have that.
    MrzNumberGoesOn,
    /// There is no document number.
    MrzNumberMissing,
    /// The check digit of the personal number is wrong.
    MrzPersonalNumberCheckDigit,
    /// A character that was misread was put right by what the field or its check digit allows.
    MrzRepaired,
    /// The sex is none of M, F and <.
    MrzSexNotAllowed,
    /// The zone would be one without what was typed otherwise, and how is told.
    MrzTypedOtherwise,
    /// The names were recognised on a picture, and no check digit covers them.
    NamesFromRecognition,

    // Pages.
    /// Two zones of two documents are on one picture; one is read.
    PageHasTwoZones,
    /// No machine readable zone was recognised on the picture.
    PageNotRecognised,
    /// The picture of a page can't be used.
    PageUnreadable,
    /// The zones on the two sides are of two documents.
    PageZonesDiffer,
    /// Either side has a face as large as a portrait; one is used.
    PortraitOnBothSides,
    /// The printed zone isn't the one that was signed on the chip or in the seal.
    PrintedMrzDiffers,
    /// The other side has another seal, which isn't used.
    SecondSealNotUsed,
    /// The other side has print like a zone, which isn't used.
    SecondZoneNotUsed,

    // The chip.
    /// A recorded exchange shows that the chip knows its private key: it is no copy.
    ChipGenuine,
    /// In a recorded exchange the chip didn't know its private key: it is a copy.
    ChipNotGenuine,
    /// A recorded exchange proves nothing: the key isn't there or signed by nobody trusted, or can't be used.
    ExchangeNotChecked,
    /// The recorded exchanges can't be read.
    ExchangeUnreadable,
    /// A data group with more about the holder or the document has something odd.
    AdditionalDataOdd,
    /// A data group with more about the holder or the document can't be read.
    AdditionalDataUnreadable,
    /// EF.COM lacks a data group that the security object lists.
    ComLacksDataGroup,
    /// EF.COM lists a data group that the security object doesn't.
    ComListsUnsignedDataGroup,
    /// EF.COM lists a tag that is no data group's.
    ComUnknownDataGroup,
    /// EF.COM can't be read.
    ComUnreadable,
    /// DG11 has another date of birth than DG1.
    Dg11BirthDateDiffers,
    /// The block of information on a face declares another length than it has.
    FacialBlockLength,
    /// The facial record declares another length than it has.
    FacialRecordLength,
    /// EF.COM says another version of the data structure than the security object.
    LdsVersionDiffers,
    /// A file can't be read on: it breaks off, or something else stands where a part belongs.
    Malformed,
    /// Bytes stand after the end of the data.
    TrailingBytes,
    /// A file begins with another tag than its own.
    WrongTag,

    // Portraits.
    /// An officer said that the document is the same holder's as another.
    JoinedByOfficer,
    /// It has the number of another document, and another name, sex or date of birth.
    NumberOfAnother,
    /// The portrait is compressed too much to be compared.
    PortraitCompressionArtifacts,
    /// It isn't sure that the portrait shows a whole face.
    PortraitDetectorConfidence,
    /// The portrait has hardly any contrast.
    PortraitDynamicRange,
    /// The portrait is in an encoding that documents don't have.
    PortraitEncoding,
    /// The eyes are hidden in the portrait.
    PortraitEyesVisible,
    /// An eye, the mouth or the forehead is hidden in the portrait.
    PortraitFaceOcclusionPrevention,
    /// Straight edges frame the face: it may be a picture of a picture, or a scan with its margin.
    PortraitFramed,
    /// The face in the portrait looks too far up or down.
    PortraitHeadPosePitch,
    /// The face in the portrait is turned too far to a side.
    PortraitHeadPoseYaw,
    /// A reflection or a patch of light lies on the face in the portrait.
    PortraitIlluminationUniformity,
    /// The face in the portrait is too small to be compared.
    PortraitInterEyeDistance,
    /// There is no face image in the file of the portrait.
    PortraitMissing,
    /// The portrait was taken in too little light.
    PortraitNoise,
    /// The portrait is too bright to be compared.
    PortraitOverExposurePrevention,
    /// The portrait shows more than one face.
    PortraitSeveralFaces,
    /// The portrait is too blurred to be compared.
    PortraitSharpness,
    /// Part of the portrait's picture is missing.
    PortraitTruncated,
    /// The portrait doesn't stand upright, and was turned.
    PortraitTurned,
    /// The portrait is too dark to be compared.
    PortraitUnderExposurePrevention,
    /// The portrait is no picture that can be read.
    PortraitUnreadable,
    /// There is no portrait that anybody can be compared with.
    PortraitUnusable,
    /// The holder's documents show two different people.
    PortraitsDiffer,
    /// Another document has the same zone.
    PresentedTwice,
    /// There is more than one portrait; the first counts.
    SeveralPortraits,

    // What was signed.
    /// It is signed or hashed with an algorithm that isn't known here.
    AlgorithmNotSupported,
    /// What was signed is, by its own word, something else than a chip's list of hashes.
    ContentType,
    /// The signed attributes don't name the type of what was signed, once and rightly.
    ContentTypeAttribute,
    /// A data group isn't what was signed.
    DataGroupHashMismatch,
    /// The signed list has a data group twice.
    DataGroupListedTwice,
    /// A data group is listed and was not presented.
    DataGroupMissing,
    /// A data group isn't in the signed list.
    DataGroupNotSigned,
    /// The signed list has data groups that the standard has not.
    DataGroupUnknown,
    /// A certificate in the security object can't be read.
    EmbeddedCertificateUnreadable,
    /// The security object is in BER, where the standard asks for DER.
    EncodingNotDer,
    /// The signed digest isn't that of the list of hashes.
    MessageDigestMismatch,
    /// The signed attributes have no digest, so the list of hashes isn't signed.
    MessageDigestMissing,
    /// The signed attributes have more than one digest.
    MessageDigestRepeated,
    /// The signature is directly over the content, without signed attributes.
    NoSignedAttributes,
    /// Nobody signed it.
    NotSigned,
    /// There is no security object, so nothing is signed.
    SecurityObjectMissing,
    /// The version of the list of hashes is neither 0 nor 1.
    SecurityObjectVersion,
    /// There are several signers where one is allowed.
    SeveralSigners,
    /// The signature is right, but oddly written.
    SignatureOdd,
    /// The signature is wrong.
    SignatureWrong,
    /// The signed attributes aren't in DER, or not in its order.
    SignedAttributesUnsorted,

    // Who signed.
    /// A certificate names another signature algorithm inside than outside.
    CertificateAlgorithmsDiffer,
    /// A certificate has an extension that can't be read.
    CertificateExtensionUnreadable,
    /// A certificate has a critical extension that isn't known here.
    CriticalExtensionUnknown,
    /// The signer's certificate is for other types of document.
    DocumentTypeNotListed,
    /// A certificate has each document type in a set of its own.
    DocumentTypesApart,
    /// There is another authority between the signer and its issuer.
    IntermediateIssuer,
    /// The issuer's certificate is no longer valid.
    IssuerExpired,
    /// A certificate names another key of its issuer than the one that signed it.
    IssuerKeyIdDiffers,
    /// A certificate names its issuer otherwise than the issuer does.
    IssuerNameDiffers,
    /// No trusted certificate issued the signer's.
    IssuerNotFound,
    /// Nothing in the issuer's certificate says that it is an issuer's.
    IssuerNotMarked,
    /// The issuer's certificate isn't valid yet.
    IssuerNotYetValid,
    /// The trusted issuer is on its own revocation list.
    IssuerRevoked,
    /// A trusted issuer is named by name and key, and that key didn't sign the certificate.
    IssuerSignatureWrong,
    /// The issuing state is a territory of the country under whose authority it is signed.
    IssuingStateDependent,
    /// The issuing state isn't that of the authority under which it is signed.
    IssuingStateDiffers,
    /// The issuing state is the fictional one of specimens.
    IssuingStateOfSpecimens,
    /// The issuing state is no code that has a country's certificate.
    IssuingStateUnknown,
    /// The issuer is trusted through a link certificate.
    LinkCertificateUsed,
    /// A link certificate isn't valid on the day.
    LinkNotCurrent,
    /// A link certificate was revoked.
    LinkRevoked,
    /// No trusted issuer signed a revocation list.
    RevocationListNotTrusted,
    /// A newer revocation list is due.
    RevocationListOutdated,
    /// A revocation list is of some certificates alone: whoever isn't on it may be revoked.
    RevocationListPartial,
    /// There is no complete revocation list of the issuer.
    RevocationNotChecked,
    /// The signer's certificate is nowhere to be found.
    SignerCertificateMissing,
    /// The signer's certificate is no longer valid.
    SignerExpired,
    /// The signer is named otherwise than by the certificate whose key signed.
    SignerIdentifierDiffers,
    /// The signer's key is for something else than such signatures.
    SignerKeyUsage,
    /// The signer's certificate isn't valid yet.
    SignerNotYetValid,
    /// The signer may sign something else, and not this.
    SignerPurpose,
    /// The signer's certificate was revoked.
    SignerRevoked,
    /// The signer's own certificate is in the trust store.
    SignerTrustedDirectly,
    /// The validity of the signer's certificate can't be read.
    ValidityUnreadable,
    /// It relies on SHA-1.
    WeakHash,
    /// A key is shorter than is safe.
    WeakKey,

    // Seals.
    /// There is no zone on both the page and the seal to compare, so the seal confirms nothing.
    SealConfirmsNothing,
    /// What the seal is of.
    SealContents,
    /// The day on which the seal says that it was signed can't be.
    SealDate,
    /// The seal's bytes are written as text.
    SealInText,
    /// A length in the seal isn't in DER.
    SealLengthNotDer,
    /// The seal can't be read.
    SealMalformed,
    /// The barcode isn't signed.
    SealNotSigned,
    /// A seal of version 4 has the signer's field of version 3.
    SealOlderSignerField,
    /// The seal is signed by another signer than it names.
    SealSignerReference,
    /// The seal's header and the zone in it name different states.
    SealStatesDiffer,
    /// It is no seal of a kind that is known.
    SealUnreadable,
    /// The version of the seal is none that the standard has.
    SealVersion,
    /// The seal has no zone where it must have one, or more than one.
    SealZone,
}

impl Code {
    /// The name in kebab-case, as in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it means, for a person.
    pub fn sentence(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
