//! Cryptographic message syntax: SignedData (RFC 5652), DER or BER, with the
//! deviations that documents in circulation have.

use std::borrow::Cow;

use crate::ber::{Reader, Result, Tlv, fail};
use crate::certificate::{Certificate, serial_number};
use crate::crypto::{Algorithm, Hash, Oddity, VerifyError, hash_algorithm, verify_leniently};
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

/// How well a signer's identifier fits a certificate, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It names this certificate.
    Names,
    /// It names this one in another way: the name in another order, or a key identifier
    /// that the certificate should have (RFC 5280, 4.2.1.2).
    Resembles,
    /// It has the issuer or the serial number, which others may have as well.
    Hints,
    /// It names another.
    Differs,
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

/// How signed attributes stood, and how they were signed (RFC 5652, 5.4: in DER).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// In DER, or there are none.
    Der,
    /// Out of DER order, and so signed.
    Unsorted,
    /// Out of DER order, and signed in it.
    SignedSorted,
    /// In BER, and so signed.
    Ber,
    /// In BER, and signed in DER.
    SignedInDer,
}

/// What became of a signature.
pub struct SignerOutcome {
    /// Whether the certificate's key made it, and what is odd about how.
    pub signature: std::result::Result<Vec<Oddity>, VerifyError>,
    /// What became of the digest.
    pub digest: MessageDigest,
    /// How the attributes were signed.
    pub attributes: Attributes,
    /// What became of the signer's word on the content's type.
    pub content_type: ContentType,
}

impl<'a> SignedData<'a> {
    /// Reads ContentInfo with SignedData.
    pub fn read(info: &Tlv<'a>) -> Result<Self> {
        let (mut fields, mut encapsulated) = signed_fields(info)?;
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

/// Certificates and revocation lists in a SignedData that nobody signed, as states
/// publish them (RFC 5652, 5.2: `.p7b`, `.p7c`).
pub struct Bundle<'a> {
    /// Each a whole element.
    pub certificates: Vec<Tlv<'a>>,
    /// Each a whole element.
    pub crls: Vec<Tlv<'a>>,
}

impl<'a> Bundle<'a> {
    /// Reads ContentInfo with SignedData that has neither content nor signers.
    ///
    /// # Errors
    /// Where and why it is no such SignedData.
    pub fn read(info: &Tlv<'a>) -> Result<Self> {
        let (mut fields, content) = signed_fields(info)?;
        let mut after = fields;
        after.optional(0xa0)?;
        after.optional(0xa1)?;
        let signers = after.expect(0x31, "no signers")?;
        // Of what somebody signed the certificates are the least.
        if !signers.value.is_empty() || content.count() > 1 {
            return fail(info.offset, "something signed");
        }
        let mut set = |tag| -> Result<Vec<Tlv<'a>>> {
            let set = fields.optional(tag)?;
            set.map_or(Ok(Vec::new()), |set| set.contents().collect())
        };
        Ok(Self {
            certificates: set(0xa0)?,
            crls: set(0xa1)?,
        })
    }
}

/// The fields of a SignedData after its content, and the content's.
fn signed_fields<'a>(info: &Tlv<'a>) -> Result<(Reader<'a>, Reader<'a>)> {
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
    let encapsulated = fields.expect(0x30, "no encapsulated content")?;
    Ok((fields, encapsulated.contents()))
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

    /// How the identifier fits this certificate: a hint which to try first, since
    /// states write names and key identifiers in their own ways. Whose the signature
    /// is is told by the signature.
    pub fn fit(&self, certificate: &Certificate) -> Fit {
        match &self.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                let has_serial = *serial == certificate.serial;
                let has_attributes = issuer.has_same_attributes(&certificate.issuer);
                if issuer.canonical == certificate.issuer.canonical && has_serial {
                    Fit::Names
                } else if has_serial && has_attributes {
                    Fit::Resembles
                } else if has_serial || has_attributes {
                    Fit::Hints
                } else {
                    Fit::Differs
                }
            }
            SignerId::SubjectKeyId(id) => {
                if certificate.subject_key_id.as_deref() == Some(id) {
                    Fit::Names
                } else if certificate.computed_key_id() == *id {
                    Fit::Resembles
                } else {
                    Fit::Differs
                }
            }
        }
    }

    /// What of the identifier isn't the certificate's, for a person.
    pub fn difference(&self, certificate: &Certificate) -> &'static str {
        match &self.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                let same_name = issuer.canonical == certificate.issuer.canonical;
                let reordered = issuer.has_same_attributes(&certificate.issuer);
                match (same_name, reordered, *serial == certificate.serial) {
                    (true, _, _) => "the serial number differs",
                    (false, true, true) => "the issuer's name has its attributes in another order",
                    (false, false, true) => "the issuer's name differs",
                    (false, _, false) => "the issuer's name and the serial number differ",
                }
            }
            SignerId::SubjectKeyId(_) if certificate.subject_key_id.is_none() => {
                "the certificate has no key identifier"
            }
            SignerId::SubjectKeyId(_) => "the key identifier differs",
        }
    }

    /// The `certificates` that may be the signer's, the likeliest first.
    pub fn by_fit<'c>(
        &self,
        certificates: impl IntoIterator<Item = &'c Certificate>,
    ) -> Vec<(Fit, &'c Certificate)> {
        let mut fits: Vec<(Fit, &Certificate)> = certificates
            .into_iter()
            .map(|certificate| (self.fit(certificate), certificate))
            .collect();
        fits.sort_by_key(|(fit, _)| *fit);
        fits
    }

    /// Verifies the signature with the certificate's key (RFC 5652, 5.4-5.6).
    pub fn verify(
        &self,
        content_type: &[u8],
        content: &[u8],
        certificate: &Certificate,
    ) -> Result<SignerOutcome> {
        let check = |message: &[&[u8]]| match self.algorithm {
            Some(algorithm) => verify_leniently(
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
                attributes: Attributes::Der,
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
        let is_sorted = encodings.is_sorted();
        let is_der = in_der
            .iter()
            .map(Vec::as_slice)
            .eq(encodings.iter().copied());
        // Signed with the tag of a SET (RFC 5652, 5.4), first as they stand.
        let signed = |parts: Vec<u8>| check(&[&element(0x31, &parts)]);
        let mut signature = signed(encodings.concat());
        let mut how = match (is_der, is_sorted) {
            (true, true) => Attributes::Der,
            (true, false) => Attributes::Unsorted,
            (false, _) => Attributes::Ber,
        };
        if signature == Err(VerifyError::Wrong) && !is_sorted {
            encodings.sort_unstable();
            signature = signed(encodings.concat());
            how = Attributes::SignedSorted;
        }
        if signature == Err(VerifyError::Wrong) && !is_der && in_der.len() == encodings.len() {
            in_der.sort_unstable();
            signature = signed(in_der.concat());
            how = Attributes::SignedInDer;
        }
        Ok(SignerOutcome {
            signature,
            attributes: how,
            digest: self.judge_digest(&digests, content)?,
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
