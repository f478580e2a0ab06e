//! What the page says of a result, in words.

use rowcall_face::Curve;
use rowcall_words::document::Authenticity;
use rowcall_words::outcome::{Ambiguity, DocumentOutcome, SeatOutcome, VehicleReason};

use super::{Occupant, State, Todo};
use crate::check::result::{self, CheckResult, Detail};

/// The reason in plain words; of who is confirmed, what stands behind it.
pub(super) fn why(seat: &result::Seat, result: &CheckResult) -> String {
    let details: Vec<String> = seat.details.iter().map(|d| spaced(d.as_str())).collect();
    let details = details.join(", ");
    let is_picture = Detail::Ambiguity(Ambiguity::PictureSuspected);
    match seat.reason {
        None | Some(SeatOutcome::Confirmed) => match basis(seat, result) {
            Some(basis) => format!("Confirmed as the holder of this document, {basis}"),
            None => "Confirmed as the holder of this document".into(),
        },
        Some(SeatOutcome::NotCaptured) => "Declared, but no camera shows this person".into(),
        Some(SeatOutcome::PoorQuality) => format!("Not seen well enough to compare: {details}"),
        Some(SeatOutcome::NoMatchingDocument) if seat.details.is_empty() => {
            "Like the holder of no document presented".into()
        }
        Some(SeatOutcome::NoMatchingDocument) => {
            format!("Like the holder of no document, but not seen at their best: {details}")
        }
        Some(SeatOutcome::Ambiguous) if seat.details.contains(&is_picture) => {
            "Not beyond doubt: a picture may be held up".into()
        }
        Some(SeatOutcome::Ambiguous) => format!("Not beyond doubt: {details}"),
        Some(SeatOutcome::DocumentNotTrusted) => {
            "The face fits; the document may not confirm".into()
        }
        Some(SeatOutcome::PortraitUnusable) => {
            "A portrait that may be this person's can't be compared".into()
        }
        Some(SeatOutcome::OptedOut) => "Opted out".into(),
        Some(SeatOutcome::ManualByPolicy) => {
            "Left to the officer: a small child's document is left over".into()
        }
    }
}

/// A name in kebab-case, as words.
pub(super) fn spaced(name: &str) -> String {
    name.replace('-', " ")
}

/// What stands behind a confirmation: who vouches for the document.
fn basis(seat: &result::Seat, result: &CheckResult) -> Option<&'static str> {
    let id = seat.document.as_ref()?;
    let document = result.documents.iter().find(|d| &d.id == id)?;
    match document.authenticity? {
        Authenticity::Trusted => Some("which a trusted issuer signed"),
        Authenticity::NotSigned => Some("a printed page that nobody signed"),
        Authenticity::NotTrusted => Some("signed by nobody trusted"),
        Authenticity::NotChecked | Authenticity::Broken => None,
    }
}

/// How many are confirmed by documents that nobody trusted signed.
fn on_unsigned(result: &CheckResult) -> usize {
    let confirmed = result.documents.iter();
    confirmed
        .filter(|d| d.outcome == DocumentOutcome::HolderConfirmed)
        .filter(|d| d.authenticity != Some(Authenticity::Trusted))
        .count()
}

/// What a score means, from the calibration.
pub(super) fn meaning(seat: &result::Seat, result: &CheckResult) -> String {
    let Some(rate) = seat.false_match_rate else {
        return String::new();
    };
    let document = if seat.document.is_some() {
        ""
    } else {
        "best of all documents; "
    };
    let rarest = result.model.rarest_measured;
    let strangers = if rate >= 0.5 {
        "most strangers look as like this portrait".to_owned()
    } else if rate <= rarest {
        let all = thousands((1.0 / rarest).round() as u64);
        format!(
            "fewer than 1 in {all} strangers look this like the portrait; nothing rarer was measured"
        )
    } else {
        format!(
            "about 1 in {} strangers look this like the portrait",
            thousands((1.0 / rate).round() as u64)
        )
    };
    format!("{document}{strangers}")
}

pub(super) fn threshold_note(result: &CheckResult) -> String {
    let p = &result.policy;
    let one_in = |rate: f64| thousands((1.0 / rate).round().max(1.0) as u64);
    let mut note = format!(
        "The error budget of this vehicle is one false confirmation in {} vehicles of strangers; shared by {} comparisons \
         it leaves one in {} for each, which is the score {:.2}.",
        one_in(p.vehicle_false_confirm_rate),
        p.comparisons,
        one_in(p.false_match_rate),
        p.threshold
    );
    note += match p.curve {
        Curve::FusedProbes => {
            " It stands on the curve of people seen in several pictures, as here."
        }
        Curve::SinglePictures => " It stands on the curve of single pictures.",
    };
    if p.beyond_data {
        note += " That is rarer than the calibration's data can show: the threshold is extended cautiously, and confirms fewer, never more.";
    }
    if let Some(limit) = p.look_alike_below {
        note += &format!(
            " Below {limit:.2} a close relative could be as alike, and an officer decides."
        );
    }
    note
}

pub(super) fn headline(clear: bool, occupants: &[Occupant], result: &CheckResult) -> String {
    let n = result.vehicle.occupants.confirmed;
    if clear {
        let who = match n {
            2 => "Both occupants confirmed".to_owned(),
            1 => "Confirmed: the one occupant holds the document".into(),
            n => format!("All {n} occupants confirmed"),
        };
        return match on_unsigned(result) {
            0 => who,
            m if m >= result.documents.len() => format!("{who}, by pages that nobody signed"),
            1 => format!("{who}, one by a page that nobody signed"),
            m => format!("{who}, {m} by pages that nobody signed"),
        };
    }
    let open = occupants
        .iter()
        .filter(|o| o.state != State::Confirmed && !o.waits_for_document)
        .count();
    let papers = result
        .documents
        .iter()
        .filter(|d| d.outcome != DocumentOutcome::HolderConfirmed)
        .count();
    match (open, papers) {
        (0, 0) => "An officer looks at this vehicle".into(),
        (0, 1) => "One document needs a look".into(),
        (0, m) => format!("{m} documents need a look"),
        (1, _) => "One person needs a look".into(),
        (n, _) => format!("{n} people need a look"),
    }
}

pub(super) fn summary(result: &CheckResult) -> String {
    let (o, d) = (&result.vehicle.occupants, &result.vehicle.documents);
    let declared = o.declared.map_or_else(
        || "occupants not declared".into(),
        |n| format!("{n} declared"),
    );
    format!(
        "Occupants: {declared}, {} seen, {} confirmed. Documents: {} presented, {} confirmed.",
        o.seen, o.confirmed, d.presented, d.confirmed
    )
}

pub(super) fn todo(occupants: &[Occupant], result: &CheckResult) -> Vec<Todo> {
    // Whose face fits a document that isn't accepted: the document's own line says it.
    let people = occupants.iter().filter(|o| !o.waits_for_document);
    let people = together(people.filter_map(|o| Some((o.place.clone(), o.advice.clone()?))));
    let papers = papers(result);
    let rest = result.vehicle.reasons.iter().filter_map(|reason| {
        let what = match reason {
            VehicleReason::NobodySeen => "Nobody was seen: look into the vehicle.",
            VehicleReason::NoDocuments => "No document was presented: ask for them.",
            VehicleReason::MoreThanDeclared => {
                "More people were seen than were declared: count again."
            }
            VehicleReason::FramesUnreadable => {
                "Some frames can't be read (below): take pictures again."
            }
            VehicleReason::CameraMissing => {
                "A camera that a seat needs showed nothing: look at the seats that it should see."
            }
            VehicleReason::CameraFrozen => {
                "A camera that a seat needs shows the same picture again and again: look at the seats that it should see."
            }
            VehicleReason::CountNotDeclared => {
                "Nobody declared how many are inside: an unseen person would not be missed."
            }
            _ => return None,
        };
        Some(Todo {
            place: "Vehicle".into(),
            what: what.into(),
        })
    });
    let strangers = result.bystanders.iter().filter_map(|b| {
        Some(Todo {
            place: format!("Camera {}", b.best_shot.camera),
            what: b.advice.clone()?,
        })
    });
    people
        .into_iter()
        .chain(strangers)
        .chain(papers)
        .chain(rest)
        .collect()
}

/// One line for all documents that need the same.
fn papers(result: &CheckResult) -> Vec<Todo> {
    let needed = result.documents.iter();
    let mut lines = together(needed.filter_map(|d| Some((d.id.clone(), d.advice.clone()?))));
    for line in &mut lines {
        let several = if line.place.contains("; ") { "s" } else { "" };
        line.place = format!("Document{several} {}", line.place.replace("; ", ", "));
    }
    lines
}

/// One line for all places that need the same, in the order of the first of each.
fn together(needed: impl Iterator<Item = (String, String)>) -> Vec<Todo> {
    let mut lines: Vec<Todo> = Vec::new();
    for (place, what) in needed {
        match lines.iter_mut().find(|line| line.what == what) {
            Some(line) => line.place = format!("{}; {place}", line.place),
            None => lines.push(Todo { place, what }),
        }
    }
    lines
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
