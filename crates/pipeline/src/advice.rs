//! What an officer can do about a referral, in a sentence each.

use crate::defect;
use rowcall_document::VerifiedDocument;
use rowcall_face::Component;
use rowcall_rollcall::{
    DocumentNote, DocumentOutcome, DocumentResult, Guise, ReferralReason, SeatOutcome, SeatResult,
    Whereabouts,
};
use rowcall_words::document::{Authenticity, Verdict};
use rowcall_words::finding::code::Code;
use rowcall_words::outcome::{Ambiguity, PictureCue};
use rowcall_words::seat::{Seat, Side};

/// What to do about an occupant, by the documents' names; `None` if confirmed, and
/// nothing else is to be done.
pub fn for_seat(seat: &SeatResult, name: &dyn Fn(usize) -> String) -> Option<String> {
    let SeatOutcome::Refer(reason) = &seat.outcome else {
        return for_uncompared(seat, name);
    };
    let place = seat.seat.map_or_else(
        || "the seats that no camera shows".to_owned(),
        |s| format!("the seat {}", place(s)),
    );
    let window = seat.seat.map_or_else(|| "the windows".to_owned(), window);
    Some(match reason {
        ReferralReason::NotCaptured => format!("Look at {place}; lower {window} and take another picture, or check by hand."),
        ReferralReason::PoorQuality(components) => for_quality(components, &window),
        ReferralReason::NoMatchingDocument if seat.shortcomings.is_empty() => {
            "Ask for this person's document: none of those presented is like them.".into()
        }
        ReferralReason::NoMatchingDocument => format!(
            "{} Ask for this person's document if it isn't among those presented.",
            for_quality(&seat.shortcomings, &window)
        ),
        ReferralReason::Ambiguous(Ambiguity::RunnerUpClose) => {
            "Compare by eye: another person or another document in this vehicle fits nearly as well.".into()
        }
        ReferralReason::Ambiguous(Ambiguity::LookAlikePossible) => {
            "Compare by eye: like the portrait, but a close relative could be as like.".into()
        }
        ReferralReason::Ambiguous(Ambiguity::SeveralFaces) => {
            "Look at this seat: more than one face was seen there (a child on a lap, a picture held up?).".into()
        }
        ReferralReason::Ambiguous(Ambiguity::PortraitsDiffer) => {
            "Compare the portraits of this holder's documents with each other: they don't show one person.".into()
        }
        ReferralReason::Ambiguous(Ambiguity::PictureSuspected) => for_picture(&seat.picture_cues),
        ReferralReason::DocumentNotTrusted => match seat.document.map(name) {
            Some(document) => format!("The face fits document {document}, which may not confirm: check the document."),
            None => "The face fits, the document may not confirm: check the document.".into(),
        },
        ReferralReason::PortraitUnusable => "Compare by eye: a portrait that may be this person's can't be compared.".into(),
        ReferralReason::OptedOut => "Check by hand: this person opted out. Nothing of theirs was compared or kept.".into(),
        ReferralReason::ManualByPolicy => "Check by hand: a small child's document is left over.".into(),
    })
}

/// What to do where a document of somebody who is confirmed has no part in it.
fn for_uncompared(seat: &SeatResult, name: &dyn Fn(usize) -> String) -> Option<String> {
    let names: Vec<String> = seat.uncompared.iter().map(|&d| name(d)).collect();
    let others = match names.as_slice() {
        [] => return None,
        [one] => format!("the portrait of document {one}"),
        several => format!("the portraits of documents {}", several.join(" and ")),
    };
    let by = seat.document.map(name).unwrap_or_default();
    Some(format!(
        "Compare by eye with {others}: this person is confirmed by document {by} alone."
    ))
}

fn for_picture(cues: &[PictureCue]) -> String {
    let seen = |cue: &PictureCue| match cue {
        PictureCue::SamePicture => "what the cameras saw is so exactly the portrait",
        PictureCue::Flat => "from two sides the face looks as flat as a sheet",
        PictureCue::Border => "straight edges frame the face as those of a sheet or a screen do",
    };
    let seen: Vec<&str> = cues.iter().map(seen).collect();
    format!(
        "Look at this seat: a picture may be held up, since {}.",
        seen.join(", and ")
    )
}

fn for_quality(components: &[Component], window: &str) -> String {
    match components.first() {
        Some(Component::UnderExposurePrevention) => {
            format!("Too dark: lower {window} and take another picture.")
        }
        Some(Component::DynamicRange) => format!(
            "Hardly any contrast, veiled by a reflection or lost in the dark: lower {window} and take another picture."
        ),
        Some(Component::OverExposurePrevention) => {
            format!("Glare on the face: lower {window} or shade it, and take another picture.")
        }
        Some(Component::IlluminationUniformity) => format!(
            "A reflection or a patch of light lies on the face: lower {window} or shade it, and take another picture."
        ),
        Some(Component::Noise) => format!(
            "Too little light for the camera: switch the lane light on or lower {window}, and take another picture."
        ),
        Some(Component::CompressionArtifacts) => {
            "The camera's pictures are compressed too much: take another picture, and tell the supervisor.".into()
        }
        Some(Component::Sharpness) => {
            "Blurred: let the vehicle stand still, and take another picture.".into()
        }
        Some(Component::FaceOcclusionPrevention) => {
            "Eyes or mouth are hidden: ask the person to take away what is before the face, and take another picture.".into()
        }
        Some(Component::EyesVisible) => {
            "The eyes are hidden: ask the person to take off dark glasses or push up the brim, and take another picture.".into()
        }
        Some(Component::HeadPoseYaw | Component::HeadPosePitch) => {
            "Turned away: ask the person to look at the camera, and take another picture.".into()
        }
        Some(Component::InterEyeDistance) => {
            "Too far away or too small: move the vehicle up to the mark and take another picture."
                .into()
        }
        _ => format!(
            "Not seen clearly: lower {window}, ask the person to look at the camera, and take another picture."
        ),
    }
}

/// What to do about a document; `None` if its holder is confirmed. `seats` are
/// all seats of the vehicle: its holder may be on one that wasn't seen well.
pub fn for_document(
    result: &DocumentResult,
    document: &VerifiedDocument,
    seats: &[SeatResult],
) -> Option<String> {
    Some(match &result.outcome {
        DocumentOutcome::HolderConfirmed(_) => return None,
        DocumentOutcome::HolderNotFound
            if result.notes.contains(&DocumentNote::PortraitsDiffer) =>
        {
            "Compare this holder's portraits with each other, and decide whose documents these are."
                .into()
        }
        DocumentOutcome::HolderNotFound => match result.seat {
            Some(seat) => format!("Compare with the person at {} by eye.", place(seat)),
            None => match unseen(seats).as_slice() {
                [] => "Ask where the holder is: nobody who was seen is like this portrait.".into(),
                places => format!(
                    "Look for the holder at {}: nobody who was seen well is like this portrait.",
                    places.join(" or ")
                ),
            },
        },
        DocumentOutcome::NotAccepted => not_accepted(document).into(),
        DocumentOutcome::NoPortrait(_) => {
            "Compare by eye: this document has no portrait that can be compared.".into()
        }
        DocumentOutcome::PoorPortrait(defects) => {
            let why = defects
                .first()
                .map_or("it can't be compared", |d| defect::sentence(*d));
            format!("Compare by eye: {why}.")
        }
        DocumentOutcome::SetAside => return None,
        DocumentOutcome::OptedOut => "Check by hand: opted out. The document wasn't opened.".into(),
    })
}

/// Why a document confirms nobody, and what to do.
fn not_accepted(document: &VerifiedDocument) -> &'static str {
    let found = |code: Code| document.findings().iter().any(|f| f.code == code);
    match (document.verdict(), document.authenticity()) {
        (_, Authenticity::Broken) => {
            "Check the document by hand: its signature is broken, so it may have been altered."
        }
        (Verdict::Untrusted, _) if found(Code::DocumentExpired) => {
            "It has expired: decide by the rules for expired documents."
        }
        (_, Authenticity::NotTrusted) => {
            "Check the document: nobody trusted stands behind its signature."
        }
        (Verdict::Unsigned, _) => {
            "Nothing in it is signed, and this lane confirms by signed documents alone: read its chip, or check it by hand."
        }
        (Verdict::Unsupported, _) => "Check it by hand: it can't be read here.",
        _ => "Check the document: see what was found.",
    }
}

/// What to do about a face on no seat; `None` if nothing.
pub fn for_bystander(place: Whereabouts) -> Option<String> {
    let Whereabouts::Inside(guise) = place else {
        return None;
    };
    let seen = match guise {
        Guise::Picture => {
            "A face framed by straight edges (a page, a print or a screen in somebody's hand?)"
        }
        Guise::Small => {
            "A face smaller than a head on that seat (a picture, a reflection, a child, somebody behind?)"
        }
        Guise::Large => {
            "A face larger than a head on that seat (somebody who leans towards the camera?)"
        }
        Guise::BetweenSeats => "A face between or beside the seats",
    };
    Some(format!(
        "Look into the vehicle: {} belongs to nobody who is on a seat.",
        seen.replacen("A face", "a face", 1)
    ))
}

/// Where somebody sits, or must sit, whom no portrait could be compared with.
fn unseen(seats: &[SeatResult]) -> Vec<String> {
    let mut places: Vec<String> = seats
        .iter()
        .filter(|s| {
            matches!(
                s.outcome,
                SeatOutcome::Refer(
                    ReferralReason::NotCaptured
                        | ReferralReason::PoorQuality(_)
                        | ReferralReason::Ambiguous(Ambiguity::SeveralFaces)
                )
            )
        })
        .map(|s| {
            s.seat
                .map_or_else(|| "a seat that no camera shows".to_owned(), place)
        })
        .collect();
    places.dedup();
    places
}

/// A seat in words: `row 2, left`.
pub fn place(seat: Seat) -> String {
    format!("row {}, {}", seat.row, side(seat.side))
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Centre => "centre",
        Side::Right => "right",
    }
}

fn window(seat: Seat) -> String {
    let row = match seat.row {
        1 => "front",
        _ => "rear",
    };
    match seat.side {
        Side::Centre => format!("the {row} windows"),
        s => format!("the {row} {} window", side(s)),
    }
}

#[cfg(test)]
mod tests {
    use rowcall_rollcall::{SeatOutcome, SeatResult};
    use rowcall_words::outcome::{PictureCue, Stage};

    use super::{for_picture, for_seat};

    #[test]
    fn a_document_without_a_part_is_named_on_the_seat() {
        let advice = |uncompared: &[usize]| {
            let seat = SeatResult {
                seat: None,
                outcome: SeatOutcome::Confirmed,
                stage: Stage::Match,
                document: Some(1),
                uncompared: uncompared.to_vec(),
                score: None,
                llr: None,
                runner_up: None,
                shots: Vec::new(),
                shortcomings: Vec::new(),
                picture_cues: Vec::new(),
            };
            for_seat(&seat, &|d| format!("0{d}"))
        };
        assert_eq!(advice(&[]), None);
        let one = "Compare by eye with the portrait of document 02: this person is confirmed by document 01 alone.";
        assert_eq!(advice(&[2]).as_deref(), Some(one));
        let two = advice(&[0, 2]).unwrap_or_default();
        assert!(
            two.contains("the portraits of documents 00 and 02"),
            "{two}"
        );
    }

    #[test]
    fn the_officer_is_told_each_cue() {
        let all = for_picture(PictureCue::ALL);
        for words in [
            "exactly the portrait, and",
            "flat as a sheet, and",
            "frame the face",
        ] {
            assert!(all.contains(words), "{words}: {all}");
        }
        let one = for_picture(&[PictureCue::Flat]);
        assert_eq!(
            one,
            "Look at this seat: a picture may be held up, since from two sides the face looks as flat as a sheet."
        );
    }
}
