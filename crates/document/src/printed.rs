//! Printed pages: what is on them, with and without a seal.

use crate::document::{Authenticity, Details, Kind, VerifiedDocument};
use crate::file::{Part, Role, find, pages};
use crate::finding::{Finding, Verdict, verdict_of};
use crate::mrz::national::National;
use crate::mrz::{CheckDigit, Mrz, MrzFormat, MrzOrigin, places, repair, split_lines, typed};
use crate::page::{self, Doubt, PagePicture, Place, Text};
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource, damage};
use crate::seal;
use crate::sides::{self, Side};
use jiff::civil::Date;
use rowcall_picture::{Error, Image, foreign_format, probe};

/// What the pictures of a page, or of a card's two sides, showed.
#[derive(Default)]
pub(crate) struct Recognised {
    /// A seal's bytes, and the file with its barcode.
    pub seal: Option<(String, Vec<u8>)>,
    /// The machine readable zone, and the file that it is on.
    pub zone: Option<(String, Text)>,
    /// The pictures, for the portrait.
    pub pictures: Vec<PagePicture>,
}

/// Looks at the pictures of a page or of a card's sides, if there are any: for a
/// seal, and, unless it was given, for the machine readable zone.
pub(crate) fn recognise(parts: &[Part], at: Date, findings: &mut Vec<Finding>) -> Recognised {
    let zone_given = [Role::MrzText, Role::RecognisedText]
        .into_iter()
        .any(|role| find(parts, role).is_some());
    let seal_given = find(parts, Role::Seal).is_some();
    let mut seals: Vec<(String, Vec<u8>)> = Vec::new();
    let mut rasters = Vec::new();
    let mut sides = Vec::new();
    for part in pages(parts) {
        let raster = match PagePicture::decode(&part.bytes) {
            Ok(raster) => raster,
            Err(why) => {
                // A drawn barcode may be larger than a page for its bytes.
                match seal::barcode::find(&part.bytes).filter(|_| !seal_given) {
                    Some(seal) => seals.push((part.name.clone(), seal)),
                    None => findings.push(unreadable(part, &why)),
                }
                continue;
            }
        };
        if !seal_given {
            // What is legible at half the size of a sheet may not do for a barcode.
            let seal = seal::barcode::find_in(&raster, part.bytes.len())
                .or_else(|| seal::barcode::find(&part.bytes).filter(|_| is_reduced(part, &raster)));
            seals.extend(seal.map(|seal| (part.name.clone(), seal)));
        }
        if !zone_given && let Some(reading) = page::read(&raster, at) {
            if reading.has_another {
                findings.push(Finding::warning(
                    "page-has-two-zones",
                    "Doc 9303-3, 4",
                    format!(
                        "{}: two machine readable zones are on the picture, of two documents; one is read, and a portrait may be the other's",
                        part.name
                    ),
                ));
            }
            sides.push(Side {
                file: part.name.clone(),
                reading,
            });
        }
        rasters.push((part.name.clone(), raster));
    }
    if let [first, second] = &seals[..]
        && first.1 != second.1
    {
        findings.push(Finding::warning(
            "second-seal-not-used",
            "Doc 9303-13, 2",
            format!("{}: another seal than on {}", second.0, first.0),
        ));
    }
    let zone = sides::with_zone(&sides, at, findings).map(|i| sides.swap_remove(i));
    let pictures = rasters
        .into_iter()
        .map(|(file, raster)| {
            let zone = zone.as_ref().filter(|side| side.file == file);
            PagePicture::new(&file, raster, zone.map(|side| side.reading.angle))
        })
        .collect();
    Recognised {
        seal: seals.into_iter().next(),
        zone: zone.map(|side| (side.file, side.reading.text)),
        pictures,
    }
}

/// Whether a picture was decoded at less than its size.
fn is_reduced(part: &Part, raster: &Image) -> bool {
    let longest = raster.width().max(raster.height());
    probe(&part.bytes).is_some_and(|header| header.width.max(header.height) > longest)
}

/// A picture that is not decoded, and why.
fn unreadable(part: &Part, why: &Error) -> Finding {
    let what = match foreign_format(&part.bytes) {
        Some(format) => format!("{format}, which is not read; give the page as JPEG or PNG"),
        None => format!("the picture can't be used: {why}"),
    };
    Finding::new(
        "page-unreadable",
        Verdict::Unsupported,
        "Doc 9303-3, 4",
        format!("{}: {what}", part.name),
    )
}

/// Whether there is a page beside a seal: text or a portrait.
pub(crate) fn is_there(parts: &[Part], page: &Recognised) -> bool {
    let given = [Role::MrzText, Role::RecognisedText, Role::Portrait];
    page.zone.is_some() || given.into_iter().any(|role| find(parts, role).is_some())
}

/// The printed MRZ: in `mrz.txt`, or as recognised.
pub(crate) fn mrz(
    parts: &[Part],
    page: &Recognised,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let Some(part) = find(parts, Role::MrzText) else {
        return match &page.zone {
            Some((file, text)) => seen_mrz(file, text, policy, at, findings),
            None => recognised_mrz(parts, policy, at, findings),
        };
    };
    let text = typed::text(&part.bytes);
    let lines = split_lines(&text);
    let parsed = Mrz::parse(&lines, at);
    if let Some(national) = National::of(&lines, parsed.as_ref().ok()) {
        findings.push(national.finding(&part.name));
        return None;
    }
    match parsed {
        Ok(mrz) => {
            findings.extend(mrz.findings(&part.name, MrzOrigin::Printed, policy, at));
            Some(mrz)
        }
        Err(defect) => {
            findings.push(defect.finding(&part.name));
            findings.extend(as_it_may_be_meant(&part.name, &lines, at));
            None
        }
    }
}

/// What helps whoever typed a zone that would be one but for the typing. It is not
/// read so: what stands there is what was presented.
fn as_it_may_be_meant(file: &str, lines: &[&str], at: Date) -> Option<Finding> {
    let meant = typed::as_meant(lines);
    if meant.changes.is_empty() {
        return None;
    }
    let lines: Vec<&str> = meant.lines.iter().map(String::as_str).collect();
    let mrz = Mrz::parse(&lines, at).ok()?;
    let digits = if mrz.checks().all_right() {
        "all check digits right"
    } else {
        "wrong check digits"
    };
    Some(Finding::info(
        "mrz-typed-otherwise",
        "Doc 9303-3, 4.3",
        format!(
            "{file}: typed with {}; without, it is a {} with {digits}: give it so",
            meant.changes.join(", "),
            mrz.format().as_str()
        ),
    ))
}

/// The MRZ on a page's picture, and what of it is in doubt. `None` where not all of it
/// can be read: what stands there then is nobody's number.
fn seen_mrz(
    file: &str,
    text: &Text,
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let mrz = text.mrz(at)?;
    let format = mrz.format();
    if !text.hidden.is_empty() {
        let places: Vec<String> = text.hidden.iter().map(|p| named(format, *p)).collect();
        findings.push(not_read(
            file,
            &format!("covered, cut off or illegible: {}", listed(&places)),
        ));
        return None;
    }
    let wrong = mrz
        .checks()
        .failed()
        .filter(|d| *d != CheckDigit::Composite);
    if wrong.count() > 1 {
        findings.push(not_read(file, "several check digits are wrong"));
        return None;
    }
    if !mrz.has_code_of_its_layout() {
        findings.push(not_read(file, "it begins with no document code"));
        return None;
    }
    let origin = match text.is_certain {
        true => MrzOrigin::Printed,
        false => MrzOrigin::Recognised,
    };
    findings.extend(mrz.findings(file, origin, policy, at));
    for (code, what, doubts) in [
        (
            "mrz-repaired",
            "read so because the check digits say so",
            &text.repaired,
        ),
        (
            "mrz-character-doubtful",
            "hardly more like the one than like the other",
            &text.doubts,
        ),
    ] {
        if !doubts.is_empty() {
            let told = |d: &Doubt| {
                let (is, or) = (char::from(d.is), char::from(d.or));
                format!("{}: {is} or {or}", named(format, d.place))
            };
            let places: Vec<String> = doubts.iter().map(told).collect();
            findings.push(Finding::warning(
                code,
                "Doc 9303-3, 4.3",
                format!("{file}: {what}: {}", listed(&places)),
            ));
        }
    }
    findings.push(names_recognised(file));
    Some(mrz)
}

/// A zone that is there and can't be read.
fn not_read(file: &str, why: &str) -> Finding {
    Finding::new(
        "mrz-not-read",
        Verdict::Unsupported,
        "Doc 9303-3, 4",
        format!(
            "{file}: a machine readable zone that can't be read ({why}); picture it anew, or give it as mrz.txt"
        ),
    )
}

/// A character's place, such as "6th character of the document number".
fn named(format: MrzFormat, place: Place) -> String {
    let (field, number) = places::field(format, place.row, place.column);
    if field.starts_with("the check digit") || field.starts_with("the composite") {
        return field.to_owned();
    }
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending} character of {field}")
}

/// The first few, and how many more.
fn listed(places: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = places.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    match places.len().saturating_sub(SHOWN) {
        0 => shown.join("; "),
        more => format!("{} and {more} more", shown.join("; ")),
    }
}

fn names_recognised(file: &str) -> Finding {
    Finding::info(
        "names-from-recognition",
        "Doc 9303-3, 4.9",
        format!("{file}: the names were recognised on a picture, and no check digit covers them"),
    )
}

/// The MRZ in text that another's character recognition gave.
fn recognised_mrz(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let part = find(parts, Role::RecognisedText)?;
    let text = typed::text(&part.bytes);
    let lines = split_lines(&text);
    let mrz = repair::read_recognised(&lines, at);
    if let Some(national) = National::of(&lines, mrz.as_ref()) {
        findings.push(national.finding(&part.name));
        return None;
    }
    let Some(mrz) = mrz else {
        findings.push(Finding::new(
            "mrz-not-recognised",
            Verdict::Unsupported,
            "Doc 9303-3, 4",
            format!(
                "{}: no machine readable zone in the recognised text",
                part.name
            ),
        ));
        return None;
    };
    findings.extend(mrz.findings(&part.name, MrzOrigin::Recognised, policy, at));
    if mrz.repaired_characters() > 0 {
        findings.push(Finding::warning(
            "mrz-repaired",
            "Doc 9303-3, 4.3",
            format!(
                "{}: {} character(s) from text recognition were repaired: look-alikes of which the field allows one, or fillers lost after the names",
                part.name,
                mrz.repaired_characters()
            ),
        ));
    }
    findings.push(names_recognised(&part.name));
    Some(mrz)
}

/// The portrait file of a printed page.
fn portrait(parts: &[Part], findings: &mut Vec<Finding>) -> Option<Portrait> {
    let part = find(parts, Role::Portrait)?;
    let Some(header) = probe(&part.bytes) else {
        findings.push(Finding::warning(
            "portrait-unreadable",
            "Doc 9303-3, 3.9",
            format!(
                "{}: neither JPEG, PNG nor JPEG 2000, or its header is cut",
                part.name
            ),
        ));
        return None;
    };
    if let Some(damage) = damage(&part.bytes) {
        findings.push(Finding::warning(
            "portrait-truncated",
            "Doc 9303-3, 3.9",
            format!("{}: {damage}; give it anew", part.name),
        ));
    }
    Some(Portrait {
        format: header.format,
        width: header.width,
        height: header.height,
        encoding: PortraitEncoding::Image,
        source: PortraitSource::PrintedPage,
        file: part.name.clone(),
        encoded: part.bytes.clone(),
    })
}

/// A printed page: an MRZ and a portrait, neither signed.
pub(crate) fn page(
    parts: &[Part],
    page: &Recognised,
    policy: &Policy,
    at: Date,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let zone = mrz(parts, page, policy, at, &mut findings);
    let portrait = portrait(parts, &mut findings);
    let no_text = page.zone.is_none()
        && find(parts, Role::MrzText).is_none()
        && find(parts, Role::RecognisedText).is_none();
    let pictures: Vec<&str> = pages(parts).map(|page| page.name.as_str()).collect();
    if no_text && !pictures.is_empty() {
        findings.push(Finding::new(
            "page-not-recognised",
            Verdict::Unsupported,
            "Doc 9303-3, 4",
            format!(
                "{}: no machine readable zone was recognised; give it as mrz.txt{}",
                pictures.join(" and "),
                if pictures.len() == 1 {
                    ", or a card's other side as page-back.jpg"
                } else {
                    ""
                }
            ),
        ));
    } else if no_text {
        findings.push(Finding::invalid(
            "mrz-missing",
            "Doc 9303-3, 4",
            "the document has no machine readable zone (mrz.txt) and no chip files",
        ));
    }
    VerifiedDocument {
        kind: if find(parts, Role::MrzText).is_some()
            && find(parts, Role::Portrait).is_none()
            && pages(parts).next().is_none()
        {
            Kind::Mrz
        } else {
            Kind::Page
        },
        verdict: verdict_of(Verdict::Unsigned, &findings),
        authenticity: Authenticity::NotSigned,
        findings,
        mrz: zone.map(Box::new),
        portrait,
        pages: Vec::new(),
        page_confirmed: false,
        details: Details::default(),
    }
}

/// A printed page with a seal on it: the seal vouches for the data that it
/// repeats, not for the picture (Doc 9303-13, 1).
pub(crate) fn sealed_page(
    parts: &[Part],
    page: &Recognised,
    bytes: &[u8],
    context: &seal::Context<'_>,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let printed = mrz(parts, page, context.policy, context.at, &mut findings);
    let mut portrait = portrait(parts, &mut findings);
    let seal = seal::read(bytes, context, &mut findings);
    let sealed = seal
        .as_ref()
        .and_then(|s| seal::mrz(s, context, &mut findings));
    let mut confirmed = false;
    let both = printed.as_ref().zip(sealed.as_ref());
    match both.map(|(printed, sealed)| printed.differing(sealed)) {
        Some(differing) if differing.is_empty() => confirmed = true,
        Some(differing) => findings.push(Finding::invalid(
            "printed-mrz-differs",
            "Doc 9303-13, 3",
            format!(
                "the printed MRZ is not the seal's: {} differ(s)",
                differing.join(", ")
            ),
        )),
        None => findings.push(Finding::new(
            "seal-confirms-nothing",
            Verdict::Unsigned,
            "Doc 9303-13, 3",
            "there is no MRZ on both the page and the seal to compare".to_owned(),
        )),
    }
    let authenticity = seal
        .as_ref()
        .map_or(Authenticity::Broken, |s| s.authenticity);
    confirmed &= authenticity == Authenticity::Trusted;
    if confirmed && let Some(portrait) = &mut portrait {
        portrait.source = PortraitSource::SealConfirmedPage;
    }
    VerifiedDocument {
        kind: seal.as_ref().map_or(Kind::Page, |s| s.kind),
        verdict: verdict_of(Verdict::Valid, &findings),
        authenticity,
        findings,
        mrz: printed.or(sealed).map(Box::new),
        portrait,
        pages: Vec::new(),
        page_confirmed: confirmed,
        details: Details {
            seal: seal.map(|s| s.contents),
            ..Details::default()
        },
    }
}
