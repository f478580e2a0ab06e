//! Leniency toward documents' defects: each a named choice, none a boolean, so
//! that a result and an audit log can say which was in force.

use serde::{Deserialize, Serialize};

use rowcall_words::document::{Kind, Verdict};

/// What to make of a defect that documents in circulation are known to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leniency {
    /// Mention it, and let it change nothing.
    Note,
    /// `valid-with-warning` at best.
    Warn,
    /// `untrusted` at best: it confirms nobody by itself.
    Distrust,
    /// `invalid`.
    Refuse,
}

impl Leniency {
    /// The best verdict a document with the defect can have.
    pub(crate) fn best(self) -> Verdict {
        match self {
            Self::Note => Verdict::Valid,
            Self::Warn => Verdict::ValidWithWarning,
            Self::Distrust => Verdict::Untrusted,
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
    /// The document's date of expiry has passed. Default: `distrust`, so that its holder
    /// is referred; `document inspect`, which confirms nobody, warns.
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
    /// The signer is named otherwise than by its certificate's issuer and serial
    /// number or key identifier, and the certificate's key made the signature.
    /// Default: `warn`.
    pub signer_identifier: Leniency,
    /// A signature that the key made and that is written otherwise than the standards
    /// have it: `r` and `s` without a sequence, the key's algorithm for the
    /// signature's, a hash that the algorithm denies. Default: `warn`.
    pub odd_signature: Leniency,
    /// A security object in BER instead of DER (Doc 9303-10, 4.6.2.2). Default:
    /// `warn`.
    pub ber_encoding: Leniency,
    /// A certificate names its issuer by another name or key identifier than the
    /// trusted one whose key signed it. Default: `warn`.
    pub issuer_identifier: Leniency,
    /// No revocation list shows whether the signer is revoked. Default: `note`, since
    /// many states publish none.
    pub revocation_missing: Leniency,
    /// The newest revocation list is past the day on which the next is due. Default:
    /// `warn`.
    pub revocation_outdated: Leniency,
    /// A document of a territory under the issuer of the state that it belongs to,
    /// such as BMU under GB. Default: `warn`.
    pub dependent_state: Leniency,
    /// A specimen, of the fictional state UTO, under another issuer than Utopia's (UT),
    /// as makers of test data have it. Default: `distrust`; `document inspect`, which
    /// confirms nobody, takes note.
    pub specimen_state: Leniency,
    /// A seal that names one state as issuer and is signed under the authority of
    /// another's. Default: `warn`, since states seal for one another.
    pub seal_of_other_state: Leniency,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            confirming: vec![Verdict::Valid, Verdict::ValidWithWarning, Verdict::Unsigned],
            confirming_pages: None,
            confirming_chips: None,
            mrz_sex_x: Leniency::Refuse,
            expired_document: Leniency::Distrust,
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
            signer_identifier: Leniency::Warn,
            odd_signature: Leniency::Warn,
            ber_encoding: Leniency::Warn,
            issuer_identifier: Leniency::Warn,
            revocation_missing: Leniency::Note,
            revocation_outdated: Leniency::Warn,
            dependent_state: Leniency::Warn,
            specimen_state: Leniency::Distrust,
            seal_of_other_state: Leniency::Warn,
        }
    }
}

impl Policy {
    /// For looking at documents, specimens and expired ones among them, where nobody is
    /// confirmed.
    pub fn for_inspection() -> Self {
        Self {
            expired_document: Leniency::Warn,
            specimen_state: Leniency::Note,
            ..Self::default()
        }
    }

    /// Whether a document of this kind and verdict may confirm a holder.
    pub fn confirms(&self, kind: Kind, verdict: Verdict) -> bool {
        let by_kind = match kind {
            Kind::Emrtd | Kind::Dtc => self.confirming_chips.as_ref(),
            _ => self.confirming_pages.as_ref(),
        };
        by_kind.unwrap_or(&self.confirming).contains(&verdict)
    }
}
