//! What was noticed about a document, and what that makes of it.

use serde::{Deserialize, Serialize};

/// How far a document can be trusted. The order is from best to worst, so the
/// verdict of a document is the greatest that any of its findings demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Signed by a trusted issuer, nothing odd.
    Valid,
    /// Signed by a trusted issuer; something is odd, and the findings say what.
    ValidWithWarning,
    /// In itself in order, and nothing in it is signed: a printed page.
    Unsigned,
    /// Whole in itself, and nobody trusted stands behind it (any more): a signer whom
    /// nobody vouches for, or what the policy distrusts, such as a date of expiry that
    /// has passed.
    Untrusted,
    /// Uses something that this version cannot check.
    Unsupported,
    /// Altered, revoked, malformed or contradicting itself.
    Invalid,
}

impl Verdict {
    /// The kebab-case name, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidWithWarning => "valid-with-warning",
            Self::Unsigned => "unsigned",
            Self::Untrusted => "untrusted",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid",
        }
    }
}

/// How much a [`Finding`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth saying; changes nothing.
    Info,
    /// Odd or weak; the document may still be good.
    Warning,
    /// The document does not reach a verdict that confirms by default.
    Error,
}

/// One thing noticed about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What, in kebab-case; stable across versions.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause of the standard, such as `Doc 9303-4, 4.2.2`.
    pub clause: &'static str,
    /// For a person: the file, the offset in bytes where there is one, and
    /// what was seen there.
    pub detail: String,
    /// The best verdict that a document with this finding can have.
    #[serde(skip)]
    pub(crate) best: Verdict,
}

impl Finding {
    pub(crate) fn new(
        code: &'static str,
        best: Verdict,
        clause: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let severity = match best {
            Verdict::Valid => Severity::Info,
            Verdict::ValidWithWarning => Severity::Warning,
            _ => Severity::Error,
        };
        Self {
            code,
            severity,
            clause,
            detail: detail.into(),
            best,
        }
    }

    /// Worth saying, without effect on the verdict.
    pub(crate) fn info(
        code: &'static str,
        clause: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(code, Verdict::Valid, clause, detail)
    }

    /// At best `valid-with-warning`.
    pub(crate) fn warning(
        code: &'static str,
        clause: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(code, Verdict::ValidWithWarning, clause, detail)
    }

    /// Makes the document `invalid`.
    pub(crate) fn invalid(
        code: &'static str,
        clause: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(code, Verdict::Invalid, clause, detail)
    }
}

/// The verdict on a document that would be `base` if nothing were noticed.
pub(crate) fn verdict_of(base: Verdict, findings: &[Finding]) -> Verdict {
    findings.iter().map(|f| f.best).fold(base, Verdict::max)
}
