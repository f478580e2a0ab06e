//! What a roll call finds of a document: of its portrait, and beside the vehicle's
//! other documents. What the document's own reader found stands in the document.

use rowcall_rollcall::{DocumentNote, DocumentOutcome, DocumentResult};
use rowcall_words::document::Severity;
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

use crate::defect;

/// Something noticed about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause of the standard; none where an officer says it.
    pub clause: Option<Clause>,
    /// For a person.
    pub detail: String,
}

impl Finding {
    fn new(code: Code, severity: Severity, detail: String) -> Self {
        Self {
            code,
            severity,
            clause: code.clauses().first().copied(),
            detail,
        }
    }
}

/// All that the roll call says of a document; `id` is what documents are called, by
/// their place.
pub fn of(result: &DocumentResult, id: &dyn Fn(usize) -> String) -> Vec<Finding> {
    let error = |code, detail| Finding::new(code, Severity::Error, detail);
    let mut all = match &result.outcome {
        DocumentOutcome::NoPortrait(why) => vec![error(Code::PortraitUnusable, why.clone())],
        DocumentOutcome::PoorPortrait(defects) => defects
            .iter()
            .map(|d| error(defect::code(*d), defect::sentence(*d).into()))
            .collect(),
        _ => Vec::new(),
    };
    all.extend(result.notes.iter().map(|note| noted(*note, id)));
    all
}

fn noted(note: DocumentNote, id: &dyn Fn(usize) -> String) -> Finding {
    let (code, severity, detail) = match note {
        DocumentNote::PortraitsDiffer => (
            Code::PortraitsDiffer,
            Severity::Error,
            "this holder's documents show two different people; until an officer decides, neither confirms anybody".into(),
        ),
        DocumentNote::PresentedTwice(other) => (
            Code::PresentedTwice,
            Severity::Warning,
            format!("its machine readable zone is the same as that of document {}", id(other)),
        ),
        DocumentNote::NumberOfAnother(other) => (
            Code::NumberOfAnother,
            Severity::Warning,
            format!("it has the number of document {}, and another name, sex or date of birth", id(other)),
        ),
        DocumentNote::PortraitTurned(degrees) => (
            Code::PortraitTurned,
            Severity::Warning,
            format!("its portrait doesn't stand upright; it was turned clockwise by {degrees} degrees"),
        ),
        DocumentNote::PortraitFramed => (
            Code::PortraitFramed,
            Severity::Warning,
            "straight edges frame the face in its portrait: it may be a picture of a picture, or a scan with its margin".into(),
        ),
        DocumentNote::JoinedByOfficer(other) => (
            Code::JoinedByOfficer,
            Severity::Info,
            format!("an officer says that it is the same holder's as document {}", id(other)),
        ),
    };
    Finding::new(code, severity, detail)
}
