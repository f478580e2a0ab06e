//! What was noticed about a document, and what that makes of it.

use rowcall_words::document::{Severity, Verdict};
use rowcall_words::finding::clause::{Clause, cited};
use rowcall_words::finding::code::Code;
use serde::{Serialize, Serializer};

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
