//! Certificate revocation lists (RFC 5280, 5; Doc 9303-12, 7.1.4).

use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::ber::{Reader, Result};
use crate::certificate::serial_number;
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
    /// The day by which a newer one is due, if it can be read.
    pub next_update: Option<Date>,
    /// `None`: an algorithm that is not known here.
    pub algorithm: Option<Algorithm>,
    signature: Vec<u8>,
    revoked: HashSet<Vec<u8>>,
}

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
            return crate::ber::fail(this_update.offset, "no date of a revocation list");
        }
        let next_update = match fields.peek() {
            Some(0x17 | 0x18) => date(&fields.read()?),
            _ => None,
        };
        let mut revoked = HashSet::new();
        if let Some(list) = fields.optional(0x30)? {
            for entry in list.contents() {
                let serial = entry?.contents().expect(0x02, "no revoked serial number")?;
                revoked.insert(serial_number(&serial));
            }
        }
        Ok(Self {
            source: source.to_owned(),
            der: outer.raw.to_vec(),
            tbs: tbs.offset..tbs.offset + tbs.raw.len(),
            issuer,
            next_update,
            algorithm: Algorithm::read(&algorithm)?,
            signature: signature.bits()?.to_vec(),
            revoked,
        })
    }

    /// Whether `issuer`'s key made the list's signature.
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

    /// Whether the serial number is on the list.
    pub fn revokes(&self, serial: &[u8]) -> bool {
        self.revoked.contains(serial)
    }
}
