//! Cryptographic message syntax: SignedData (RFC 5652), DER or BER, with the
//! deviations that documents in circulation have.

use std::borrow::Cow;

use super::certificate::{Certificate, serial_number};
use super::name::Name;
use crate::ber::{Reader, Result, Tlv, fail};
use crate::crypto::{Algorithm, Hash, VerifyError, hash_algorithm, verify};

/// Contents of object identifier 1.2.840.113549.1.7.1.
pub(crate) const ID_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ID_SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const ATTRIBUTE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09];

const MOST_CERTIFICATES: usize = 32;
const MOST_SIGNERS: usize = 8;

/// A parsed SignedData.
pub(crate) struct SignedData<'a> {
    pub content_type: &'a [u8],
    pub content: Cow<'a, [u8]>,
    /// Where the content stands in its file.
    pub content_offset: usize,
    pub certificates: Vec<&'a [u8]>,
    pub signers: Vec<SignerInfo<'a>>,
}

/// Who signed.
pub(crate) enum SignerId<'a> {
    IssuerAndSerial(Name, Vec<u8>),
    SubjectKeyId(&'a [u8]),
}

/// One signature.
pub(crate) struct SignerInfo<'a> {
    pub offset: usize,
    pub id: SignerId<'a>,
    pub digest: Option<Hash>,
    attributes: Option<Tlv<'a>>,
    pub algorithm: Option<Algorithm>,
    signature: Cow<'a, [u8]>,
}

/// What became of a signer's digest of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageDigest {
    Match,
    Mismatch,
    /// There are signed attributes, and none is the digest.
    Absent,
    /// There are no signed attributes: the signature is over the content.
    NoAttributes,
}

/// What became of a signature.
pub(crate) struct SignerOutcome {
    pub signature: std::result::Result<(), VerifyError>,
    pub digest: MessageDigest,
    /// The attributes stood out of DER order and were signed in it.
    pub signed_sorted: bool,
    /// The content type attribute contradicts the content's.
    pub content_type_differs: bool,
}

impl<'a> SignedData<'a> {
    /// Reads ContentInfo with SignedData.
    pub(crate) fn read(info: &Tlv<'a>) -> Result<Self> {
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
        fields.optional(0xa1)?;
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
    pub(crate) fn names(&self, certificate: &Certificate) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                issuer.canonical == certificate.issuer.canonical && *serial == certificate.serial
            }
            SignerId::SubjectKeyId(id) => certificate.subject_key_id.as_deref() == Some(id),
        }
    }

    /// Verifies the signature with the certificate's key (RFC 5652, 5.4-5.6).
    pub(crate) fn verify(
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
                content_type_differs: false,
            });
        };
        let mut encodings = Vec::new();
        let mut digest = MessageDigest::Absent;
        let mut differs = false;
        for attribute in attributes.contents() {
            let attribute = attribute?;
            encodings.push(attribute.raw);
            let mut parts = attribute.contents();
            let oid = parts.expect(0x06, "no type of a signed attribute")?;
            let values = parts.expect(0x31, "no values of a signed attribute")?;
            match oid.value.strip_prefix(ATTRIBUTE) {
                Some([3]) => differs |= values.contents().read()?.value != content_type,
                Some([4]) => {
                    let stated = values.contents().read()?.octets()?;
                    let own = self.digest.map(|h| h.digest(&[content]));
                    let same = own.as_deref() == Some(stated.as_ref());
                    // A second digest must not mend the first.
                    digest = match (digest, same) {
                        (MessageDigest::Mismatch, _) | (_, false) => MessageDigest::Mismatch,
                        _ => MessageDigest::Match,
                    };
                }
                _ => {}
            }
        }
        // Signed with the tag of a SET (RFC 5652, 5.4), first as they stand.
        let as_they_stand = encodings.concat();
        let mut signature = check(&[&set_header(as_they_stand.len()), &as_they_stand]);
        let mut signed_sorted = false;
        if signature == Err(VerifyError::Wrong) && !encodings.is_sorted() {
            encodings.sort_unstable();
            let sorted = encodings.concat();
            signature = check(&[&set_header(sorted.len()), &sorted]);
            signed_sorted = signature.is_ok();
        }
        Ok(SignerOutcome {
            signature,
            digest,
            signed_sorted,
            content_type_differs: differs,
        })
    }
}

/// Tag and length of a SET in DER.
fn set_header(len: usize) -> Vec<u8> {
    let mut header = vec![0x31];
    match len {
        0..=0x7f => header.push(len as u8),
        0x80..=0xff => header.extend([0x81, len as u8]),
        0x100..=0xffff => header.extend([0x82, (len >> 8) as u8, len as u8]),
        _ => {
            header.push(0x84);
            header.extend((len as u32).to_be_bytes());
        }
    }
    header
}

/// ContentInfo at the start of `bytes`.
pub(crate) fn content_info<'a>(bytes: &'a [u8], offset: usize) -> Result<Tlv<'a>> {
    Reader::new(bytes, offset).expect(0x30, "no ContentInfo")
}
