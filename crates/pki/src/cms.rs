//! Cryptographic message syntax: SignedData (RFC 5652), DER or BER, with the
//! deviations that documents in circulation have.

use std::borrow::Cow;

use crate::ber::{Reader, Result, Tlv, fail};
use crate::certificate::{Certificate, serial_number};
use crate::crypto::{Algorithm, Hash, VerifyError, hash_algorithm, verify};
use crate::der::{der, element};
use crate::name::Name;

/// Contents of object identifier 1.2.840.113549.1.7.1.
pub const ID_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ID_SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const ATTRIBUTE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09];

const MOST_CERTIFICATES: usize = 64;
const MOST_LISTS: usize = 8;
const MOST_SIGNERS: usize = 8;

/// A parsed SignedData.
pub struct SignedData<'a> {
    /// Contents of the object identifier of the content.
    pub content_type: &'a [u8],
    /// The content itself, in one piece.
    pub content: Cow<'a, [u8]>,
    /// Where the content stands in its file.
    pub content_offset: usize,
    /// Certificates that came along, each a whole element.
    pub certificates: Vec<&'a [u8]>,
    /// Revocation lists that came along.
    pub crls: Vec<&'a [u8]>,
    /// The signatures, in their order.
    pub signers: Vec<SignerInfo<'a>>,
}

/// Who signed.
pub enum SignerId<'a> {
    /// By who issued the certificate, and its serial number.
    IssuerAndSerial(Name, Vec<u8>),
    /// By the identifier of the key.
    SubjectKeyId(&'a [u8]),
}

/// One signature.
pub struct SignerInfo<'a> {
    /// Where it stands in its file.
    pub offset: usize,
    /// Whose it says that it is.
    pub id: SignerId<'a>,
    /// The hash of the content; `None`: one that is not known here.
    pub digest: Option<Hash>,
    attributes: Option<Tlv<'a>>,
    /// Of the signature; `None`: one that is not known here.
    pub algorithm: Option<Algorithm>,
    signature: Cow<'a, [u8]>,
}

/// What became of a signer's digest of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageDigest {
    /// It is that of the content.
    Match,
    /// It is that of something else.
    Mismatch,
    /// There are signed attributes, and none is the digest.
    Absent,
    /// There is more than one (RFC 5652, 11.2 wants one, with one value).
    Repeated,
    /// By an algorithm that isn't known here.
    Unsupported,
    /// There are no signed attributes: the signature is over the content.
    NoAttributes,
}

/// What became of a signer's word on the content's type (RFC 5652, 11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// It is what the content says of itself.
    Match,
    /// It is another.
    Differs,
    /// There are signed attributes, and none is the type.
    Absent,
    /// There is more than one.
    Repeated,
    /// One says so, and another says something else.
    Contradicts,
}

/// What became of a signature.
pub struct SignerOutcome {
    /// Whether the certificate's key made it.
    pub signature: std::result::Result<(), VerifyError>,
    /// What became of the digest.
    pub digest: MessageDigest,
    /// The attributes stood out of DER order and were signed in it.
    pub signed_sorted: bool,
    /// The attributes stood in BER and were signed in DER.
    pub signed_in_der: bool,
    /// What became of the signer's word on the content's type.
    pub content_type: ContentType,
}

impl<'a> SignedData<'a> {
    /// Reads ContentInfo with SignedData.
    pub fn read(info: &Tlv<'a>) -> Result<Self> {
        let mut parts = info.contents();
        let oid = parts.expect(0x06, "no content type")?;
        if info.tag != 0x30 || oid.value != ID_SIGNED_DATA {
            return fail(info.offset, "no SignedData");
        }
        let wrapper = parts.expect(0xa0, "no SignedData")?;
        let signed = wrapper.contents().expect(0x30, "no SignedData")?;
        let mut fields = signed.contents();
        fields.expect(0x02, "no version of SignedData")?;
        fields.expect(0x31, "no digest algorithms")?;
        let mut encapsulated = fields.expect(0x30, "no encapsulated content")?.contents();
        let content_type = encapsulated.expect(0x06, "no type of the content")?.value;
        let wrapped = encapsulated.expect(0xa0, "no signed content")?;
        let inner = wrapped.contents().read()?;
        if !matches!(inner.tag, 0x04 | 0x24) {
            return fail(inner.offset, "signed content that is no octet string");
        }
        let mut certificates = Vec::new();
        if let Some(set) = fields.optional(0xa0)? {
            for certificate in set.contents().take(MOST_CERTIFICATES) {
                certificates.push(certificate?.raw);
            }
        }
        let mut crls = Vec::new();
        if let Some(set) = fields.optional(0xa1)? {
            for list in set.contents().take(MOST_LISTS) {
                crls.push(list?.raw);
            }
        }
        let mut signers = Vec::new();
        let set = fields.expect(0x31, "no signers")?;
        for signer in set.contents().take(MOST_SIGNERS) {
            signers.push(SignerInfo::read(&signer?)?);
        }
        Ok(Self {
            content_type,
            content: inner.octets()?,
            content_offset: inner.value_offset,
            certificates,
            crls,
            signers,
        })
    }
}

impl<'a> SignerInfo<'a> {
    fn read(tlv: &Tlv<'a>) -> Result<Self> {
        let mut fields = tlv.contents();
        fields.expect(0x02, "no version of a signer")?;
        let id = fields.read()?;
        let id = match id.tag {
            0x30 => {
                let mut parts = id.contents();
                let issuer = Name::read(&parts.expect(0x30, "no issuer of a signer")?)?;
                let serial = parts.expect(0x02, "no serial number of a signer")?;
                SignerId::IssuerAndSerial(issuer, serial_number(&serial))
            }
            0x80 => SignerId::SubjectKeyId(id.value),
            // Explicitly tagged, as some issuers have it.
            0xa0 => SignerId::SubjectKeyId(id.contents().expect(0x04, "no key id")?.value),
            _ => return fail(id.offset, "no identifier of a signer"),
        };
        let digest = hash_algorithm(&fields.expect(0x30, "no digest algorithm")?)?;
        let attributes = fields.optional(0xa0)?;
        let algorithm = Algorithm::read(&fields.expect(0x30, "no signature algorithm")?)?;
        let signature = fields.read()?;
        if !matches!(signature.tag, 0x04 | 0x24) {
            return fail(signature.offset, "no signature");
        }
        Ok(Self {
            offset: tlv.offset,
            id,
            digest,
            attributes,
            algorithm,
            signature: signature.octets()?,
        })
    }

    /// Whether the identifier names this certificate.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                issuer.canonical == certificate.issuer.canonical && *serial == certificate.serial
            }
            SignerId::SubjectKeyId(id) => certificate.subject_key_id.as_deref() == Some(id),
        }
    }

    /// Verifies the signature with the certificate's key (RFC 5652, 5.4-5.6).
    pub fn verify(
        &self,
        content_type: &[u8],
        content: &[u8],
        certificate: &Certificate,
    ) -> Result<SignerOutcome> {
        let check = |message: &[&[u8]]| match self.algorithm {
            Some(algorithm) => verify(
                &certificate.key,
                algorithm,
                self.digest,
                message,
                &self.signature,
            ),
            None => Err(VerifyError::Unsupported("a signature algorithm not known")),
        };
        let Some(attributes) = &self.attributes else {
            return Ok(SignerOutcome {
                signature: check(&[content]),
                digest: MessageDigest::NoAttributes,
                signed_sorted: false,
                signed_in_der: false,
                content_type: ContentType::Match,
            });
        };
        let mut encodings = Vec::new();
        let mut in_der = Vec::new();
        let (mut digests, mut types) = (Vec::new(), Vec::new());
        for attribute in attributes.contents() {
            let attribute = attribute?;
            encodings.push(attribute.raw);
            in_der.extend(der(&attribute));
            let mut parts = attribute.contents();
            let oid = parts.expect(0x06, "no type of a signed attribute")?;
            let values = parts.expect(0x31, "no values of a signed attribute")?;
            let of_type = match oid.value.strip_prefix(ATTRIBUTE) {
                Some([3]) => &mut types,
                Some([4]) => &mut digests,
                _ => continue,
            };
            for value in values.contents() {
                of_type.push(value?);
            }
        }
        // Signed with the tag of a SET (RFC 5652, 5.4), first as they stand.
        let signed = |parts: Vec<u8>| check(&[&element(0x31, &parts)]);
        let mut signature = signed(encodings.concat());
        let (mut signed_sorted, mut signed_in_der) = (false, false);
        if signature == Err(VerifyError::Wrong) && !encodings.is_sorted() {
            encodings.sort_unstable();
            signature = signed(encodings.concat());
            signed_sorted = signature.is_ok();
        }
        let is_der = in_der
            .iter()
            .map(Vec::as_slice)
            .eq(encodings.iter().copied());
        if signature == Err(VerifyError::Wrong) && !is_der && in_der.len() == encodings.len() {
            in_der.sort_unstable();
            signature = signed(in_der.concat());
            signed_in_der = signature.is_ok();
        }
        Ok(SignerOutcome {
            signature,
            digest: self.judge_digest(&digests, content)?,
            signed_sorted,
            signed_in_der,
            content_type: judge_type(&types, content_type),
        })
    }

    /// The values of the digest's attributes against the content.
    fn judge_digest(&self, values: &[Tlv<'_>], content: &[u8]) -> Result<MessageDigest> {
        Ok(match (values, self.digest) {
            ([], _) => MessageDigest::Absent,
            ([_, _, ..], _) => MessageDigest::Repeated,
            (_, None) => MessageDigest::Unsupported,
            ([value], Some(hash)) if hash.digest(&[content]) == value.octets()?.as_ref() => {
                MessageDigest::Match
            }
            _ => MessageDigest::Mismatch,
        })
    }
}

fn judge_type(values: &[Tlv<'_>], content_type: &[u8]) -> ContentType {
    let differing = values.iter().filter(|v| v.value != content_type).count();
    match (values.len(), differing) {
        (0, _) => ContentType::Absent,
        (1, 0) => ContentType::Match,
        (_, 0) => ContentType::Repeated,
        (all, differing) if all == differing => ContentType::Differs,
        _ => ContentType::Contradicts,
    }
}

/// ContentInfo at the start of `bytes`.
pub fn content_info<'a>(bytes: &'a [u8], offset: usize) -> Result<Tlv<'a>> {
    Reader::new(bytes, offset).expect(0x30, "no ContentInfo")
}
