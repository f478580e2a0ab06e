//! Certificate revocation lists (RFC 5280, 5; Doc 9303-12, 7.1.4).

use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::ber::{Reader, Result, Tlv, fail};
use crate::certificate::{Certificate, serial_number};
use crate::crypto::{Algorithm, PublicKey, VerifyError, verify};
use crate::name::Name;
use crate::time::date;

/// A revocation list.
#[derive(Clone, Debug)]
pub struct Crl {
    /// The file that it came from.
    pub source: String,
    der: Vec<u8>,
    tbs: Range<usize>,
    /// Whose list it says that it is.
    pub issuer: Name,
    /// Identifier of the key that signed it.
    pub authority_key_id: Option<Vec<u8>>,
    /// The day from which it holds, if it can be read.
    pub this_update: Option<Date>,
    /// The day by which a newer one is due, if it can be read.
    pub next_update: Option<Date>,
    /// `None`: an algorithm that is not known here.
    pub algorithm: Option<Algorithm>,
    signature: Vec<u8>,
    scope: Scope,
    revoked: HashSet<Entry>,
}

/// Why a list does not show that what isn't on it is not revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// It has changes to another list only (RFC 5280, 5.2.4).
    Delta,
    /// It has only some reasons for a revocation (RFC 5280, 5.2.5).
    SomeReasons,
    /// It is of another kind of certificates (RFC 5280, 5.2.5).
    OtherCertificates,
    /// A critical extension is not known here: its object identifier's contents
    /// in hexadecimal digits (RFC 5280, 5.2).
    UnknownCritical(String),
    /// It is not in force yet.
    NotYet(Date),
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Delta => f.write_str("it has only the changes to another list"),
            Self::SomeReasons => f.write_str("it has only some reasons for a revocation"),
            Self::OtherCertificates => f.write_str("it is of another kind of certificates"),
            Self::UnknownCritical(oid) => {
                write!(
                    f,
                    "it has a critical extension that is not known here, {oid}"
                )
            }
            Self::NotYet(from) => write!(f, "it is in force from {from} on"),
        }
    }
}

/// What a list is about, by its extensions.
#[derive(Clone, Debug, Default)]
struct Scope {
    is_delta: bool,
    some_reasons: bool,
    only_users: bool,
    only_issuers: bool,
    only_attributes: bool,
    unknown_critical: Option<String>,
}

/// A revoked certificate: its issuer where that isn't the list's own, and its
/// serial number.
type Entry = (Option<String>, Vec<u8>);

/// Reason code removeFromCRL (RFC 5280, 5.3.1): only a list of changes has it.
const REMOVED: u32 = 8;

impl Crl {
    /// Reads the one list in `der`, from the file `source`.
    ///
    /// # Errors
    /// Where and why it isn't a list of revoked certificates.
    pub fn read(source: &str, der: &[u8]) -> Result<Self> {
        let outer = Reader::new(der, 0).expect(0x30, "no revocation list")?;
        let mut parts = outer.contents();
        let tbs = parts.expect(0x30, "no contents of a revocation list")?;
        let algorithm = parts.expect(0x30, "no signature algorithm")?;
        let signature = parts.expect(0x03, "no signature")?;
        let mut fields = tbs.contents();
        fields.optional(0x02)?;
        fields.expect(0x30, "no inner signature algorithm")?;
        let issuer = Name::read(&fields.expect(0x30, "no issuer")?)?;
        let this_update = fields.read()?;
        if !matches!(this_update.tag, 0x17 | 0x18) {
            return fail(this_update.offset, "no date of a revocation list");
        }
        let next_update = match fields.peek() {
            Some(0x17 | 0x18) => date(&fields.read()?),
            _ => None,
        };
        let entries = fields.optional(0x30)?;
        let mut list = Self {
            source: source.to_owned(),
            der: outer.raw.to_vec(),
            tbs: tbs.offset..tbs.offset + tbs.raw.len(),
            issuer,
            authority_key_id: None,
            this_update: date(&this_update),
            next_update,
            algorithm: Algorithm::read(&algorithm)?,
            signature: signature.bits()?.to_vec(),
            scope: Scope::default(),
            revoked: HashSet::new(),
        };
        if let Some(extensions) = fields.optional(0xa0)? {
            let extensions = extensions.contents().expect(0x30, "no extensions")?;
            for extension in extensions.contents() {
                list.extension(&Extension::read(&extension?)?)?;
            }
        }
        if let Some(entries) = entries {
            list.read_entries(&entries)?;
        }
        Ok(list)
    }

    fn extension(&mut self, extension: &Extension<'_>) -> Result<()> {
        let mut inside = extension.value.contents();
        match extension.oid {
            // The list's number, and other names of its issuer.
            [0x55, 0x1d, 0x14 | 0x12] => {}
            [0x55, 0x1d, 0x23] => {
                let mut fields = inside.expect(0x30, "no authority key id")?.contents();
                self.authority_key_id = fields.optional(0x80)?.map(|id| id.value.to_vec());
            }
            [0x55, 0x1d, 0x1b] => self.scope.is_delta = true,
            [0x55, 0x1d, 0x1c] => self.scope.distribution_point(inside)?,
            other if extension.is_critical => {
                self.scope.unknown_critical = Some(hexadecimal(other));
            }
            _ => {}
        }
        Ok(())
    }

    /// The revoked certificates. In a list of several issuers an entry is of the
    /// issuer that it names, or else that of the entry before (RFC 5280, 5.3.3).
    fn read_entries(&mut self, entries: &Tlv<'_>) -> Result<()> {
        let mut issuer = None;
        for entry in entries.contents() {
            let mut fields = entry?.contents();
            let serial = fields.expect(0x02, "no revoked serial number")?;
            fields.read()?;
            let mut is_removed = false;
            if let Some(extensions) = fields.optional(0x30)? {
                for extension in extensions.contents() {
                    let extension = Extension::read(&extension?)?;
                    match extension.oid {
                        [0x55, 0x1d, 0x15] => {
                            let reason = extension.value.contents().read()?;
                            is_removed = reason.small_uint() == Some(REMOVED);
                        }
                        [0x55, 0x1d, 0x1d] => {
                            let name = names_directory(&extension.value)?.canonical;
                            issuer = (name != self.issuer.canonical).then_some(name);
                        }
                        // When it became known, and what to do about it.
                        [0x55, 0x1d, 0x18 | 0x17] => {}
                        other if extension.is_critical => {
                            self.scope.unknown_critical = Some(hexadecimal(other));
                        }
                        _ => {}
                    }
                }
            }
            // What a list of changes takes off stands on no list any more. On a
            // whole one it makes no sense, and who stands there is revoked.
            if !(is_removed && self.scope.is_delta) {
                self.revoked
                    .insert((issuer.clone(), serial_number(&serial)));
            }
        }
        Ok(())
    }

    /// Whether `issuer`'s key made the list's signature.
    ///
    /// # Errors
    /// Why it did not, or why that can't be known.
    pub fn is_signed_by(&self, issuer: &PublicKey) -> std::result::Result<(), VerifyError> {
        let algorithm = self
            .algorithm
            .ok_or(VerifyError::Unsupported("a signature algorithm not known"))?;
        let tbs = self.der.get(self.tbs.clone()).unwrap_or_default();
        verify(issuer, algorithm, None, &[tbs], &self.signature)
    }

    /// Whether both are one list, byte for byte.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.der == other.der
    }

    /// Whether the certificate is on the list.
    pub fn revokes(&self, certificate: &Certificate) -> bool {
        let of_other = Some(certificate.issuer.canonical.clone());
        self.revoked.contains(&(None, certificate.serial.clone()))
            || self
                .revoked
                .contains(&(of_other, certificate.serial.clone()))
    }

    /// Why the list does not show on the day `at` that a certificate which isn't on
    /// it is not revoked; `None` if it does.
    pub fn gap(&self, certificate: &Certificate, at: Date) -> Option<Gap> {
        let scope = &self.scope;
        let is_issuer = certificate.is_ca == Some(true);
        let is_of_others = scope.only_attributes
            || (scope.only_users && is_issuer)
            || (scope.only_issuers && !is_issuer);
        if scope.is_delta {
            Some(Gap::Delta)
        } else if let Some(oid) = &scope.unknown_critical {
            Some(Gap::UnknownCritical(oid.clone()))
        } else if scope.some_reasons {
            Some(Gap::SomeReasons)
        } else if is_of_others {
            Some(Gap::OtherCertificates)
        } else {
            self.this_update.filter(|from| *from > at).map(Gap::NotYet)
        }
    }
}

impl Scope {
    /// IssuingDistributionPoint (RFC 5280, 5.2.5).
    fn distribution_point(&mut self, mut inside: Reader<'_>) -> Result<()> {
        let point = inside.expect(0x30, "no issuing distribution point")?;
        for field in point.contents() {
            let field = field?;
            let is_true = field.value.iter().any(|b| *b != 0);
            match field.tag {
                0x81 => self.only_users |= is_true,
                0x82 => self.only_issuers |= is_true,
                0x83 => self.some_reasons = true,
                0x85 => self.only_attributes |= is_true,
                // Where it lies, and that it is of several issuers.
                _ => {}
            }
        }
        Ok(())
    }
}

/// An extension of a list or of an entry (RFC 5280, 4.2).
struct Extension<'a> {
    oid: &'a [u8],
    is_critical: bool,
    value: Tlv<'a>,
}

impl<'a> Extension<'a> {
    fn read(tlv: &Tlv<'a>) -> Result<Self> {
        let mut parts = tlv.contents();
        let oid = parts.expect(0x06, "no type of an extension")?.value;
        let critical = parts.optional(0x01)?;
        Ok(Self {
            oid,
            is_critical: critical.is_some_and(|c| c.value != [0]),
            value: parts.expect(0x04, "no value of an extension")?,
        })
    }
}

/// The directory name among GeneralNames.
fn names_directory(value: &Tlv<'_>) -> Result<Name> {
    for name in value.contents().expect(0x30, "no names")?.contents() {
        let name = name?;
        if name.tag == 0xa4 {
            return Name::read(&name.contents().expect(0x30, "no directory name")?);
        }
    }
    fail(value.offset, "no directory name of an issuer")
}

fn hexadecimal(oid: &[u8]) -> String {
    base16ct::lower::encode_string(&oid[..oid.len().min(32)])
}
