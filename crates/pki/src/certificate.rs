//! X.509 certificates (RFC 5280) as issuers of documents write them: also with
//! negative serial numbers, explicit curves and names in any string type.

use std::ops::Range;

use jiff::civil::Date;
use sha1::{Digest as _, Sha1};

use crate::ber::{Reader, Result, Tlv, fail};
use crate::crypto::{Algorithm, PublicKey, VerifyError, algorithm_identifier, verify};
use crate::name::{Name, text};
use crate::time::date;

/// A certificate, its bytes kept as they stood.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate as it stood.
    pub der: Vec<u8>,
    tbs: Range<usize>,
    /// Serial number, big-endian, without leading zeros.
    pub serial: Vec<u8>,
    /// Who issued it.
    pub issuer: Name,
    /// Whose it is.
    pub subject: Name,
    /// First day of validity, if it can be read.
    pub not_before: Option<Date>,
    /// Last day of validity, if it can be read.
    pub not_after: Option<Date>,
    /// The public key.
    pub key: PublicKey,
    key_digest: [u8; 20],
    /// `None`: an algorithm that is not known here.
    pub algorithm: Option<Algorithm>,
    signature: Vec<u8>,
    /// Identifier of its own key.
    pub subject_key_id: Option<Vec<u8>>,
    /// Identifier of the issuer's key.
    pub authority_key_id: Option<Vec<u8>>,
    /// Basic constraints; `None` if the extension is missing.
    pub is_ca: Option<bool>,
    /// Key usage, first bit highest; `None` if the extension is missing.
    pub key_usage: Option<u16>,
    /// Extended key usage; `None` if the extension is missing.
    pub purposes: Option<Purposes>,
    /// The type of a critical extension that isn't known here, as hexadecimal
    /// digits: what it demands is unknown (RFC 5280, 4.2).
    pub unknown_critical: Option<String>,
    /// A link that leads to another name says so (Doc 9303-12, 7.1.1).
    pub changes_name: bool,
    /// What could not be read of an extension; where it would have restricted the
    /// certificate, the certificate is for nothing then.
    pub unreadable_extension: Option<&'static str>,
    /// The signature algorithm inside isn't that outside (RFC 5280, 4.1.1.2).
    pub algorithms_differ: bool,
    /// Document types that a signer may sign (Doc 9303-12, 7.1.1.6), upper case.
    pub document_types: Vec<String>,
    /// The document types stand in more than one set.
    pub document_types_apart: bool,
}

/// What a key is for, as far as documents ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Signatures, or everything.
    Signatures,
    /// Signatures of another sort: non-repudiation without digitalSignature.
    NonRepudiation,
    /// None of these.
    Other,
}

/// What an extended key usage names, as far as it matters here (RFC 5280,
/// 4.2.1.12; Doc 9303-12, 7.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purposes {
    /// Any purpose.
    pub any: bool,
    /// Signing master lists (2.23.136.1.1.3).
    pub master_lists: bool,
    /// Signing deviation lists (2.23.136.1.1.8).
    pub deviation_lists: bool,
    /// Another of the purposes that ICAO names (2.23.136.1.1.*), such as seals'.
    pub other_of_icao: bool,
}

/// ICAO's arc of travel documents' security.
const ICAO: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01];
/// Critical extensions that are read, or that say nothing that a check here
/// depends on: key and alternative names, periods, policies without constraints,
/// where lists lie, and ICAO's change of name.
const KNOWN: [&[u8]; 12] = [
    &[0x55, 0x1d, 0x0e],
    &[0x55, 0x1d, 0x0f],
    &[0x55, 0x1d, 0x10],
    &[0x55, 0x1d, 0x11],
    &[0x55, 0x1d, 0x12],
    &[0x55, 0x1d, 0x13],
    &[0x55, 0x1d, 0x1f],
    &[0x55, 0x1d, 0x20],
    &[0x55, 0x1d, 0x23],
    &[0x55, 0x1d, 0x25],
    NAME_CHANGE,
    DOCUMENT_TYPES,
];
const NAME_CHANGE: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x01];
const DOCUMENT_TYPES: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x02];

/// More document types than any signer has.
const MOST_TYPES: usize = 64;

const DIGITAL_SIGNATURE: u16 = 0x8000;
const NON_REPUDIATION: u16 = 0x4000;
const KEY_CERT_SIGN: u16 = 0x0400;

impl Certificate {
    /// Reads the one certificate in `der`.
    pub fn read(der: &[u8]) -> Result<Self> {
        let outer = Reader::new(der, 0).expect(0x30, "no certificate")?;
        let mut parts = outer.contents();
        let tbs = parts.expect(0x30, "no contents of a certificate")?;
        let algorithm = parts.expect(0x30, "no signature algorithm of a certificate")?;
        let signature = parts.expect(0x03, "no signature of a certificate")?;

        let mut fields = tbs.contents();
        fields.optional(0xa0)?;
        let serial = fields.expect(0x02, "no serial number")?;
        let inner = fields.expect(0x30, "no inner signature algorithm")?;
        let issuer = fields.expect(0x30, "no issuer")?;
        let mut validity = fields.expect(0x30, "no validity")?.contents();
        let not_before = date(&validity.read()?);
        let not_after = date(&validity.read()?);
        let subject = fields.expect(0x30, "no subject")?;
        let spki = fields.expect(0x30, "no public key")?;
        fields.optional(0x81)?;
        fields.optional(0x82)?;
        let mut certificate = Self {
            der: outer.raw.to_vec(),
            tbs: tbs.offset..tbs.offset + tbs.raw.len(),
            serial: serial_number(&serial),
            issuer: Name::read(&issuer)?,
            subject: Name::read(&subject)?,
            not_before,
            not_after,
            key: PublicKey::read(&spki)?,
            key_digest: key_digest(&spki)?,
            algorithm: Algorithm::read(&algorithm)?,
            signature: signature.bits()?.to_vec(),
            subject_key_id: None,
            authority_key_id: None,
            is_ca: None,
            key_usage: None,
            purposes: None,
            unknown_critical: None,
            changes_name: false,
            unreadable_extension: None,
            algorithms_differ: differ(&inner, &algorithm)?,
            document_types: Vec::new(),
            document_types_apart: false,
        };
        if let Some(extensions) = fields.optional(0xa3)? {
            let list = extensions.contents().expect(0x30, "no extensions")?;
            for extension in list.contents() {
                certificate.extension(&extension?)?;
            }
        }
        Ok(certificate)
    }

    /// One extension. What can't be read inside it is noted: issuers have got
    /// optional ones wrong, and a passport isn't false for that. A restriction that
    /// can't be read allows nothing.
    fn extension(&mut self, tlv: &Tlv<'_>) -> Result<()> {
        let mut parts = tlv.contents();
        let oid = parts.expect(0x06, "no type of an extension")?;
        let critical = parts.optional(0x01)?.is_some_and(|c| c.value != [0]);
        if critical && !KNOWN.contains(&oid.value) {
            let shown = &oid.value[..oid.value.len().min(32)];
            self.unknown_critical = Some(base16ct::lower::encode_string(shown));
        }
        let value = parts.expect(0x04, "no value of an extension")?;
        if let Err(e) = self.known_extension(oid.value, &value) {
            self.unreadable_extension = Some(e.what);
            match oid.value {
                [0x55, 0x1d, 0x0f] => self.key_usage = Some(0),
                [0x55, 0x1d, 0x13] => self.is_ca = Some(false),
                [0x55, 0x1d, 0x25] => self.purposes = Some(Purposes::unreadable()),
                _ => {}
            }
        }
        Ok(())
    }

    fn known_extension(&mut self, oid: &[u8], value: &Tlv<'_>) -> Result<()> {
        let mut inside = value.contents();
        match oid {
            [0x55, 0x1d, 0x0e] => {
                self.subject_key_id = Some(inside.expect(0x04, "no key id")?.value.to_vec());
            }
            [0x55, 0x1d, 0x0f] => {
                let bits = inside.expect(0x03, "no key usage")?.value;
                let byte = |i: usize| u16::from(bits.get(i).copied().unwrap_or_default());
                self.key_usage = Some(byte(1) << 8 | byte(2));
            }
            [0x55, 0x1d, 0x13] => {
                let mut fields = inside.expect(0x30, "no basic constraints")?.contents();
                let ca = fields.optional(0x01)?;
                self.is_ca = Some(ca.is_some_and(|c| c.value != [0]));
            }
            [0x55, 0x1d, 0x23] => {
                let mut fields = inside.expect(0x30, "no authority key id")?.contents();
                self.authority_key_id = fields.optional(0x80)?.map(|id| id.value.to_vec());
            }
            [0x55, 0x1d, 0x25] => {
                let list = inside.expect(0x30, "no extended key usage")?;
                let mut purposes = Purposes::default();
                for purpose in list.contents().take(64) {
                    purposes.add(purpose?.value);
                }
                self.purposes = Some(purposes);
            }
            NAME_CHANGE => self.changes_name = true,
            DOCUMENT_TYPES => {
                let mut fields = inside.expect(0x30, "no document type list")?.contents();
                fields.optional(0x02)?;
                // Some states have each type in a set of its own.
                for (i, set) in fields.take(MOST_TYPES).enumerate() {
                    self.document_types_apart = i > 0;
                    let set = set?;
                    if set.tag != 0x31 {
                        return fail(set.offset, "no document types");
                    }
                    for kind in set.contents().take(MOST_TYPES) {
                        self.document_types
                            .push(text(&kind?).trim().to_ascii_uppercase());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether `issuer`'s key made this certificate's signature.
    pub fn is_signed_by(&self, issuer: &PublicKey) -> std::result::Result<(), VerifyError> {
        let algorithm = self
            .algorithm
            .ok_or(VerifyError::Unsupported("a signature algorithm not known"))?;
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        verify(issuer, algorithm, None, &[tbs], &self.signature)
    }

    /// Issuer and subject are the same.
    pub fn is_self_issued(&self) -> bool {
        self.issuer.canonical == self.subject.canonical
    }

    /// Whether it may sign certificates, as far as it says.
    pub fn may_issue(&self) -> bool {
        self.is_ca != Some(false) && self.key_usage.is_none_or(|u| u & KEY_CERT_SIGN != 0)
    }

    /// Whether its key is for signatures, as far as it says (RFC 5280, 4.2.1.3).
    pub fn signs(&self) -> KeyUse {
        match self.key_usage {
            None => KeyUse::Signatures,
            Some(usage) if usage & DIGITAL_SIGNATURE != 0 => KeyUse::Signatures,
            Some(usage) if usage & NON_REPUDIATION != 0 => KeyUse::NonRepudiation,
            Some(_) => KeyUse::Other,
        }
    }

    /// Whether it may sign master lists (Doc 9303-12, 7.1.1: the purpose is
    /// mandatory), or is an issuer's own.
    pub fn may_sign_master_lists(&self) -> bool {
        self.is_ca == Some(true) || self.purposes.is_some_and(|p| p.any || p.master_lists)
    }

    /// Whether `at` lies in its validity; `None` if that cannot be read.
    pub fn is_current(&self, at: Date) -> Option<bool> {
        Some(self.not_before? <= at && at <= self.not_after?)
    }

    /// The key identifier that the certificate should have: SHA-1 of its key
    /// (RFC 5280, 4.2.1.2, method 1).
    pub fn computed_key_id(&self) -> [u8; 20] {
        self.key_digest
    }

    /// For a person: subject and serial number.
    pub fn shown(&self) -> String {
        format!("{} (serial {})", self.subject.shown, self.serial_shown())
    }

    /// The serial number in hexadecimal digits.
    pub fn serial_shown(&self) -> String {
        base16ct::lower::encode_string(&self.serial)
    }
}

impl Purposes {
    /// For nothing that is asked of here.
    fn unreadable() -> Self {
        Self {
            deviation_lists: true,
            ..Self::default()
        }
    }

    fn add(&mut self, purpose: &[u8]) {
        match purpose.strip_prefix(ICAO) {
            Some([0x03]) => self.master_lists = true,
            Some([0x08]) => self.deviation_lists = true,
            Some(_) => self.other_of_icao = true,
            None => self.any |= purpose == [0x55, 0x1d, 0x25, 0x00],
        }
    }

    /// Whether lists are all that it may sign.
    pub fn is_for_lists(self) -> bool {
        (self.master_lists || self.deviation_lists) && !self.any && !self.other_of_icao
    }

    /// Whether it is for something of ICAO's other than chips, which have no
    /// purpose of their own (Doc 9303-12, 7.1.1).
    pub fn is_not_for_chips(self) -> bool {
        (self.master_lists || self.deviation_lists || self.other_of_icao) && !self.any
    }
}

/// SHA-1 of a SubjectPublicKeyInfo's key.
fn key_digest(spki: &Tlv<'_>) -> Result<[u8; 20]> {
    let mut parts = spki.contents();
    parts.expect(0x30, "no key algorithm")?;
    let bits = parts.expect(0x03, "no key")?.bits()?;
    Ok(Sha1::digest(bits).into())
}

/// Whether two identifiers name different algorithms; absent parameters are NULL.
fn differ(inner: &Tlv<'_>, outer: &Tlv<'_>) -> Result<bool> {
    let (inner, own) = algorithm_identifier(inner)?;
    let (outer, other) = algorithm_identifier(outer)?;
    let parameters = |p: Option<Tlv<'_>>| p.filter(|p| p.tag != 0x05).map(|p| p.raw.to_vec());
    Ok(inner != outer || parameters(own) != parameters(other))
}

/// A serial number's bytes without leading zeros; a negative one as it stands.
pub fn serial_number(tlv: &Tlv<'_>) -> Vec<u8> {
    crate::crypto::significant(tlv.value).to_vec()
}
