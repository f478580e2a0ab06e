//! Where the standards say what each finding is about.

use super::clause::Clause;
use super::code::Code;

impl Code {
    /// The clauses that it is about: the first unless where it was found says another of
    /// them. None for what is Rowcall's own to say.
    pub fn clauses(self) -> &'static [Clause] {
        match self {
            Self::FileNotRecognised | Self::JoinedByOfficer => &[],
            Self::PortraitFramed
            | Self::PortraitOnBothSides
            | Self::PortraitUnusable
            | Self::PortraitsDiffer => &[Clause::PrintedPortrait],
            Self::MrzNotRead
            | Self::MrzNotRecognised
            | Self::PageHasTwoZones
            | Self::PageNotRecognised
            | Self::PageUnreadable
            | Self::PageZonesDiffer
            | Self::PresentedTwice
            | Self::SecondZoneNotUsed => &[Clause::Zone],
            Self::MrzMissing => &[Clause::Zone, Clause::DataGroup1],
            Self::MrzLength | Self::MrzNationalLayout | Self::NumberOfAnother => {
                &[Clause::ZoneLines]
            }
            Self::MrzCharacter
            | Self::MrzCharacterDoubtful
            | Self::MrzRepaired
            | Self::MrzTypedOtherwise => &[Clause::ZoneCharacters],
            Self::MrzNamesGroups | Self::MrzNamesMayBeTruncated => &[Clause::ZoneNames],
            Self::MrzBirthDateNotADate
            | Self::MrzBirthDatePartlyUnknown
            | Self::MrzExpiryDateNotADate
            | Self::MrzNoExpiryDate
            | Self::MrzSexNotAllowed => &[Clause::ZoneElements],
            Self::NamesFromRecognition => &[Clause::CheckDigits],
            Self::IssuingStateOfSpecimens | Self::IssuingStateUnknown => &[Clause::StateCodes],
            Self::DocumentExpired
            | Self::MrzBirthDateCheckDigit
            | Self::MrzCompositeCheckDigit
            | Self::MrzDocumentCode
            | Self::MrzDocumentNumberCheckDigit
            | Self::MrzExpiryDateCheckDigit
            | Self::MrzExpiryUnlimited
            | Self::MrzIssuingState
            | Self::MrzNamesDigit
            | Self::MrzNamesMissing
            | Self::MrzNationality
            | Self::MrzNumberGoesOn
            | Self::MrzNumberMissing
            | Self::MrzPersonalNumberCheckDigit => LAYOUTS,
            Self::PortraitTurned => &[Clause::StoredPortrait],
            Self::FileTooLarge | Self::TooManyFiles => &[Clause::Lds],
            Self::DuplicateFile => &[Clause::Lds, Clause::Dtc],
            Self::ChipFileNotRead | Self::WrongTag => &[Clause::LdsFiles],
            Self::TrailingBytes => &[Clause::LdsFiles, Clause::SealHeader],
            Self::Malformed => &[
                Clause::LdsFiles,
                Clause::SecurityObject,
                Clause::DataGroup1,
                Clause::DataGroup2,
                Clause::SignerInfo,
                Clause::Dtc,
            ],
            Self::ComLacksDataGroup
            | Self::ComListsUnsignedDataGroup
            | Self::ComUnknownDataGroup
            | Self::ComUnreadable
            | Self::LdsVersionDiffers => &[Clause::Com],
            Self::ContentType
            | Self::DataGroupListedTwice
            | Self::DataGroupMissing
            | Self::DataGroupUnknown
            | Self::NotSigned
            | Self::SeveralSigners => &[Clause::SecurityObject],
            Self::SecurityObjectMissing => &[Clause::SecurityObject, Clause::Dtc],
            Self::EncodingNotDer => &[Clause::SecurityObjectEncoding],
            Self::SecurityObjectVersion => &[Clause::SecurityObjectVersion],
            Self::AdditionalDataOdd | Self::AdditionalDataUnreadable => &[Clause::DataGroups],
            Self::PortraitEncoding | Self::PortraitMissing | Self::SeveralPortraits => {
                &[Clause::DataGroup2]
            }
            Self::PortraitTruncated | Self::PortraitUnreadable => {
                &[Clause::DataGroup2, Clause::PrintedPortrait]
            }
            Self::Dg11BirthDateDiffers => &[Clause::DataGroup11],
            Self::DataGroupHashMismatch
            | Self::DataGroupNotSigned
            | Self::EmbeddedCertificateUnreadable
            | Self::IssuerNotFound
            | Self::IssuerSignatureWrong
            | Self::LinkRevoked
            | Self::RevocationNotChecked
            | Self::SignerRevoked
            | Self::SignerTrustedDirectly => &[Clause::PassiveAuthentication],
            Self::SignatureWrong | Self::SignerCertificateMissing => {
                &[Clause::PassiveAuthentication, Clause::SealSigner]
            }
            Self::PrintedMrzDiffers => &[Clause::PassiveAuthentication, Clause::SealUses],
            Self::AlgorithmNotSupported => &[
                Clause::PassiveAuthentication,
                Clause::SecurityObject,
                Clause::SealSigner,
                Clause::Idb,
                Clause::VdsNc,
            ],
            Self::ChipGenuine
            | Self::ChipNotGenuine
            | Self::ExchangeNotChecked
            | Self::ExchangeUnreadable => {
                &[Clause::ActiveAuthentication, Clause::ChipAuthentication]
            }
            Self::WeakKey => &[Clause::Algorithms],
            Self::WeakHash => &[Clause::Algorithms, Clause::SecurityObject],
            Self::NotADocument => &[Clause::Pki],
            Self::AccompanyingFileUnreadable
            | Self::IntermediateIssuer
            | Self::IssuerExpired
            | Self::IssuerNotYetValid
            | Self::LinkCertificateUsed
            | Self::LinkNotCurrent
            | Self::SignerExpired
            | Self::SignerNotYetValid => &[Clause::Certificates],
            Self::IssuerNotMarked
            | Self::IssuingStateDependent
            | Self::IssuingStateDiffers
            | Self::SignerKeyUsage => &[Clause::CertificateProfile],
            Self::DocumentTypeNotListed | Self::DocumentTypesApart => &[Clause::DocumentTypes],
            Self::IssuerRevoked | Self::RevocationListNotTrusted | Self::RevocationListOutdated => {
                &[Clause::RevocationLists]
            }
            Self::SealUnreadable => &[Clause::Seals],
            Self::SealInText | Self::SecondSealNotUsed => &[Clause::SealEncoding],
            Self::SealDate
            | Self::SealOlderSignerField
            | Self::SealStatesDiffer
            | Self::SealVersion => &[Clause::SealHeader],
            Self::SealMalformed => &[Clause::SealHeader, Clause::Idb, Clause::VdsNc],
            Self::SealLengthNotDer => &[Clause::SealLengths],
            Self::SealSignerReference => &[Clause::SealSigner],
            Self::SealConfirmsNothing | Self::SealZone => &[Clause::SealUses],
            Self::SealContents => &[Clause::SealUses, Clause::Idb, Clause::VdsNc],
            Self::SealNotSigned => &[Clause::Idb],
            Self::FacialRecordLength => &[Clause::FacialRecordHeader],
            Self::FacialBlockLength => &[Clause::FacialInformation],
            Self::PortraitCompressionArtifacts
            | Self::PortraitDetectorConfidence
            | Self::PortraitDynamicRange
            | Self::PortraitEyesVisible
            | Self::PortraitFaceOcclusionPrevention
            | Self::PortraitHeadPosePitch
            | Self::PortraitHeadPoseYaw
            | Self::PortraitIlluminationUniformity
            | Self::PortraitInterEyeDistance
            | Self::PortraitNoise
            | Self::PortraitOverExposurePrevention
            | Self::PortraitSeveralFaces
            | Self::PortraitSharpness
            | Self::PortraitUnderExposurePrevention => &[Clause::FaceQuality],
            Self::CertificateAlgorithmsDiffer => &[Clause::CertificateAlgorithm],
            Self::ValidityUnreadable => &[Clause::CertificateValidity],
            Self::CertificateExtensionUnreadable | Self::CriticalExtensionUnknown => {
                &[Clause::CertificateExtensions]
            }
            Self::IssuerKeyIdDiffers => &[Clause::AuthorityKeyId],
            Self::SignerPurpose => &[Clause::ExtendedKeyUsage],
            Self::RevocationListPartial => &[Clause::CrlExtensions],
            Self::IssuerNameDiffers => &[Clause::PathNames],
            Self::NoSignedAttributes | Self::SignatureOdd | Self::SignerIdentifierDiffers => {
                &[Clause::SignerInfo]
            }
            Self::SignedAttributesUnsorted => &[Clause::SignedAttributes],
            Self::ContentTypeAttribute => &[Clause::ContentTypeAttribute],
            Self::MessageDigestMismatch
            | Self::MessageDigestMissing
            | Self::MessageDigestRepeated => &[Clause::MessageDigestAttribute],
        }
    }
}

/// A zone's own layout decides: findings on its fields name the clause that lays it out.
const LAYOUTS: &[Clause] = &[
    Clause::Td3,
    Clause::Td1,
    Clause::Td2,
    Clause::MrvA,
    Clause::MrvB,
];
