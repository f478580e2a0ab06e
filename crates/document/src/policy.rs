//! Leniency toward documents' defects: each a named choice, none a boolean, so
//! that a result and an audit log can say which was in force.

use serde::{Deserialize, Serialize};

use crate::finding::Verdict;

/// What to make of a defect that documents in circulation are known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leniency {
    /// Mention it, and let it change nothing.
    Note,
    /// `valid-with-warning` at best.
    Warn,
    /// `invalid`.
    Refuse,
}

impl Leniency {
    /// The best verdict a document with the defect can have.
    pub(crate) fn best(self) -> Verdict {
        match self {
            Self::Note => Verdict::Valid,
            Self::Warn => Verdict::ValidWithWarning,
            Self::Refuse => Verdict::Invalid,
        }
    }
}

/// How documents are judged, and which verdicts may confirm a holder.
/// Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Verdicts whose documents may confirm a holder. Default: `valid`,
    /// `valid-with-warning` and `unsigned`.
    pub confirming: Vec<Verdict>,
    /// Verdicts that may confirm with a printed page alone; where given it
    /// replaces `confirming` for such documents.
    pub confirming_pages: Option<Vec<Verdict>>,
    /// Verdicts that may confirm with a chip; where given it replaces
    /// `confirming` for such documents.
    pub confirming_chips: Option<Vec<Verdict>>,
    /// `X` as sex in a printed MRZ, where Doc 9303-3, 4.8 writes `<`.
    /// Default: `refuse`. In a signed DG1 it is never more than a warning.
    pub mrz_sex_x: Leniency,
    /// The document's date of expiry has passed. Default: `warn`.
    pub expired_document: Leniency,
    /// SHA-1 in a signature or as the hash of data groups. Default: `warn`.
    pub sha1: Leniency,
    /// RSA below 2048 bits. Default: `warn`.
    pub short_rsa_key: Leniency,
    /// An elliptic curve below 224 bits (Doc 9303-12, 4.1). Default: `warn`.
    pub short_ec_key: Leniency,
    /// The signer's certificate has expired at the date of the check. Default:
    /// `warn` (documents outlive the certificate, Doc 9303-12, 7.1).
    pub expired_signer: Leniency,
    /// The issuer's certificate (CSCA) has expired. Default: `warn`.
    pub expired_issuer: Leniency,
    /// eContentType `id-data` instead of `ldsSecurityObject`. Default: `warn`.
    pub content_type_data: Leniency,
    /// No signed attributes, the signature directly over the content
    /// (RFC 5652, 5.3 forbids it here). Default: `warn`.
    pub no_signed_attributes: Leniency,
    /// Signed attributes out of DER order, signed in DER order. Default: `warn`.
    pub unsorted_attributes: Leniency,
    /// Bytes after the end of a file's one element. Default: `warn`.
    pub trailing_bytes: Leniency,
    /// A length inside DG2 that contradicts the data by a few bytes.
    /// Default: `warn`.
    pub portrait_record_length: Leniency,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            confirming: vec![Verdict::Valid, Verdict::ValidWithWarning, Verdict::Unsigned],
            confirming_pages: None,
            confirming_chips: None,
            mrz_sex_x: Leniency::Refuse,
            expired_document: Leniency::Warn,
            sha1: Leniency::Warn,
            short_rsa_key: Leniency::Warn,
            short_ec_key: Leniency::Warn,
            expired_signer: Leniency::Warn,
            expired_issuer: Leniency::Warn,
            content_type_data: Leniency::Warn,
            no_signed_attributes: Leniency::Warn,
            unsorted_attributes: Leniency::Warn,
            trailing_bytes: Leniency::Warn,
            portrait_record_length: Leniency::Warn,
        }
    }
}

impl Policy {
    /// Whether a document of this kind and verdict may confirm a holder.
    pub fn confirms(&self, kind: crate::Kind, verdict: Verdict) -> bool {
        let by_kind = match kind {
            crate::Kind::Emrtd | crate::Kind::Dtc => self.confirming_chips.as_ref(),
            _ => self.confirming_pages.as_ref(),
        };
        by_kind.unwrap_or(&self.confirming).contains(&verdict)
    }
}
