//! What a roll call finds of a document: of its portrait, and beside the vehicle's
//! other documents. What the document's own reader found stands in the document.

use rowcall_document::Severity;
use rowcall_rollcall::{DocumentNote, DocumentOutcome, DocumentResult};

use crate::defect;

/// Something noticed about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What, in kebab-case.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause of the standard; empty where an officer says it.
    pub clause: &'static str,
    /// For a person.
    pub detail: String,
}

/// All that the roll call says of a document; `id` is what documents are called, by
/// their place.
pub fn of(result: &DocumentResult, id: &dyn Fn(usize) -> String) -> Vec<Finding> {
    let error = |code: String, clause, detail| Finding {
        code,
        severity: Severity::Error,
        clause,
        detail,
    };
    let mut all = match &result.outcome {
        DocumentOutcome::NoPortrait(why) => vec![error(
            "portrait-unusable".into(),
            "Doc 9303-3, 3.9",
            why.clone(),
        )],
        DocumentOutcome::PoorPortrait(defects) => defects
            .iter()
            .map(|d| {
                let code = format!("portrait-{}", defect::name(*d));
                error(code, "ISO/IEC 29794-5", defect::sentence(*d).into())
            })
            .collect(),
        _ => Vec::new(),
    };
    all.extend(result.notes.iter().map(|note| noted(*note, id)));
    all
}

fn noted(note: DocumentNote, id: &dyn Fn(usize) -> String) -> Finding {
    let (code, severity, clause, detail) = match note {
        DocumentNote::PortraitsDiffer => (
            "portraits-differ",
            Severity::Error,
            "Doc 9303-3, 3.9",
            "this holder's documents show two different people; until an officer decides, neither confirms anybody".into(),
        ),
        DocumentNote::PresentedTwice(other) => (
            "presented-twice",
            Severity::Warning,
            "Doc 9303-3, 4",
            format!("its machine readable zone is the same as that of document {}", id(other)),
        ),
        DocumentNote::NumberOfAnother(other) => (
            "number-of-another",
            Severity::Warning,
            "Doc 9303-3, 4.2",
            format!("it has the number of document {}, and another name, sex or date of birth", id(other)),
        ),
        DocumentNote::PortraitTurned(degrees) => (
            "portrait-turned",
            Severity::Warning,
            "Doc 9303-9, 3.3",
            format!("its portrait doesn't stand upright; it was turned clockwise by {degrees} degrees"),
        ),
        DocumentNote::PortraitFramed => (
            "portrait-framed",
            Severity::Warning,
            "Doc 9303-3, 3.9",
            "straight edges frame the face in its portrait: it may be a picture of a picture, or a scan with its margin".into(),
        ),
        DocumentNote::JoinedByOfficer(other) => (
            "joined-by-officer",
            Severity::Info,
            "",
            format!("an officer says that it is the same holder's as document {}", id(other)),
        ),
    };
    Finding {
        code: code.into(),
        severity,
        clause,
        detail,
    }
}
