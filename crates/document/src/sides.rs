//! The two sides of a card: on which the machine readable zone is, and on which
//! the portrait.

use jiff::civil::Date;

use crate::finding::Finding;
use crate::mrz::{Mrz, MrzFormat};
use crate::page::{FaceBox, PagePicture, PageView, Reading};
use rowcall_words::finding::code::Code;

/// A face this much smaller than the other side's is a repetition of it in a
/// window or a watermark.
const REPETITION: f32 = 0.6;

/// A zone as it was recognised on a side.
pub(crate) struct Side {
    /// The picture's name.
    pub file: String,
    pub reading: Reading,
}

/// Of the zones recognised on the sides, the document's, as an index: the first
/// that check digits confirm, or else the first. What the other is becomes a
/// finding: a card has one zone (Doc 9303-5, 3), and two that differ are of two
/// documents.
pub(crate) fn with_zone(sides: &[Side], at: Date, findings: &mut Vec<Finding>) -> Option<usize> {
    let zones: Vec<Option<Mrz>> = sides
        .iter()
        .map(|side| {
            let text = &side.reading.text;
            text.is_right(at).then(|| text.mrz(at)).flatten()
        })
        .collect();
    let chosen = zones.iter().position(Option::is_some).unwrap_or(0);
    let side = sides.get(chosen)?;
    let others = sides.iter().zip(&zones).enumerate();
    for (_, (other, zone)) in others.filter(|(i, _)| *i != chosen) {
        match (&zones[chosen], zone) {
            (Some(a), Some(b)) if a.differing(b).is_empty() => {}
            (Some(_), Some(_)) => findings.push(Finding::invalid(
                Code::PageZonesDiffer,
                format!(
                    "{} and {}: the machine readable zones are of two documents; present the two sides of one",
                    side.file, other.file
                ),
            )),
            _ => findings.push(Finding::warning(
                Code::SecondZoneNotUsed,
                format!(
                    "{}: print like a machine readable zone that no check digits confirm; the zone is taken from {}",
                    other.file, side.file
                ),
            )),
        }
    }
    Some(chosen)
}

/// Of the faces found on the sides, whose pictures are `pages`, the portrait's.
pub(crate) fn with_portrait<'a>(
    pages: &[PagePicture],
    zone: Option<&Mrz>,
    faces: &'a [(PageView, FaceBox)],
    findings: &mut Vec<Finding>,
) -> Option<&'a (PageView, FaceBox)> {
    let share = |(view, face): &(PageView, FaceBox)| view.share(*face);
    let largest = faces.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let other = faces
        .iter()
        .find(|f| f.0.file() != largest.0.file() && share(f) > REPETITION * share(largest));
    let Some(other) = other else {
        return Some(largest);
    };
    // A TD1 has its zone on the back and its portrait on the front (Doc 9303-5,
    // 3), the others both on one side (Doc 9303-4, -6 and -7).
    let zone_side = pages.iter().find(|page| page.has_zone());
    let chosen = match (zone_side, zone) {
        (Some(page), Some(mrz)) => {
            let apart = mrz.format() == MrzFormat::Td1;
            let here = |f: &(PageView, FaceBox)| (f.0.file() == page.file()) != apart;
            if here(largest) { largest } else { other }
        }
        // Faces come in the order of the sides, the front first.
        _ => faces.first()?,
    };
    findings.push(Finding::warning(
        Code::PortraitOnBothSides,
        format!(
            "{} and {}: a face as large as a portrait on either; that of {} is used",
            faces.first()?.0.file(),
            faces.last()?.0.file(),
            chosen.0.file()
        ),
    ));
    Some(chosen)
}
