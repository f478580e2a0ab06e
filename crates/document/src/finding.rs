//! What was noticed about a document, and what that makes of it.

use rowcall_words::finding::clause::{Clause, cited};
use rowcall_words::finding::code::Code;
use serde::{Deserialize, Serialize, Serializer};

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
    /// What.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause of the standard: of the code's, the one that goes with where it was
    /// found. None for what is Rowcall's own to say, which JSON has as empty text.
    #[serde(serialize_with = "cite")]
    pub clause: Option<Clause>,
    /// For a person: the file, the offset in bytes where there is one, and
    /// what was seen there.
    pub detail: String,
    /// The best verdict that a document with this finding can have.
    #[serde(skip)]
    pub(crate) best: Verdict,
}

impl Finding {
    pub(crate) fn new(code: Code, best: Verdict, detail: impl Into<String>) -> Self {
        let severity = match best {
            Verdict::Valid => Severity::Info,
            Verdict::ValidWithWarning => Severity::Warning,
            _ => Severity::Error,
        };
        Self {
            code,
            severity,
            clause: code.clauses().first().copied(),
            detail: detail.into(),
            best,
        }
    }

    /// Worth saying, without effect on the verdict.
    pub(crate) fn info(code: Code, detail: impl Into<String>) -> Self {
        Self::new(code, Verdict::Valid, detail)
    }

    /// At best `valid-with-warning`.
    pub(crate) fn warning(code: Code, detail: impl Into<String>) -> Self {
        Self::new(code, Verdict::ValidWithWarning, detail)
    }

    /// Makes the document `invalid`.
    pub(crate) fn invalid(code: Code, detail: impl Into<String>) -> Self {
        Self::new(code, Verdict::Invalid, detail)
    }

    /// The same under another of its code's clauses.
    pub(crate) fn under(mut self, clause: Clause) -> Self {
        debug_assert!(
            self.code.clauses().contains(&clause),
            "{clause} isn't about {}",
            self.code
        );
        self.clause = Some(clause);
        self
    }
}

fn cite<S: Serializer>(clause: &Option<Clause>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(cited(*clause))
}

/// The verdict on a document that would be `base` if nothing were noticed.
pub(crate) fn verdict_of(base: Verdict, findings: &[Finding]) -> Verdict {
    findings.iter().map(|f| f.best).fold(base, Verdict::max)
}
