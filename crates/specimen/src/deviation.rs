//! Security objects as they should not be.

/// What can be wrong or odd with a security object, all else being right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// The digest's attribute stands twice (RFC 5652, 11.2 forbids it).
    TwoDigests,
    /// One attribute has two digests, the first of them right.
    TwoValuesOfDigest,
    /// The digest is by an algorithm that documents don't use (SHA-3).
    UnknownDigest,
    /// The content's type isn't signed (RFC 5652, 11.1 demands it).
    NoContentType,
    /// It is signed twice.
    TwoContentTypes,
    /// A second one says something else.
    ContradictingContentTypes,
    /// The signed attributes stand in BER, and were signed in DER (RFC 5652, 5.4).
    AttributesInBer,
    /// The content is a string in pieces, one of them in pieces again.
    PiecesOfPieces,
    /// Two signers, the first with a wrong signature.
    WrongSignerFirst,
    /// Something follows the SignedData inside the file's element.
    BytesAfterContent,
    /// The list of hashes has a version that isn't known.
    VersionTwo,
    /// A data group is listed twice, with one hash.
    GroupListedTwice,
    /// A revocation list with the signer on it lies inside.
    RevokedInside,
    /// The signer is named with the issuer's attributes in another order.
    IssuerReversed,
    /// The signer is named with the subject's name instead of the issuer's.
    SubjectForIssuer,
    /// The signer is named with another serial number.
    OtherSerial,
    /// The content type of ICAO's PKI report of 2004.
    LegacyContentType,
    /// A content type that nobody knows.
    UnknownContentType,
    /// The content type of a master list.
    ContentTypeOfList,
    /// The signed attributes stand out of DER order, and were signed so.
    SignedUnsorted,
    /// The signature's algorithm is id-ecPublicKey.
    KeyForAlgorithm,
    /// r and s stand side by side.
    PlainNumbers,
    /// The list of hashes names an algorithm that isn't known.
    UnknownListHash,
    /// The list has a data group 17.
    UnknownGroup,
}
