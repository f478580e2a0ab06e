//! Printed pages: what is on them, with and without a seal.

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::document::{Authenticity, Details, Kind, VerifiedDocument};
use crate::file::{Part, Role, find, pages};
use crate::finding::{Finding, Verdict, verdict_of};
use crate::mrz::national::National;
use crate::mrz::{Mrz, MrzOrigin, repair, split_lines, typed};
use crate::page::{self, PagePicture};
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource, is_whole, probe};
use crate::seal;
use crate::sides::{self, Side};

/// What the pictures of a page, or of a card's two sides, showed.
#[derive(Default)]
pub(crate) struct Recognised {
    /// A seal's bytes, and the file with its barcode.
    pub seal: Option<(String, Vec<u8>)>,
    /// The pictures, for the portrait.
    pub pictures: Vec<PagePicture>,
}

/// Looks at the pictures of a page or of a card's sides, if there are any: for a
/// seal, and, unless it was given, for the machine readable zone, which joins
/// `parts` as recognised text under its picture's name.
pub(crate) fn recognise(
    parts: &mut Vec<Part>,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Recognised {
    let zone_given = [Role::MrzText, Role::RecognisedText]
        .into_iter()
        .any(|role| find(parts, role).is_some());
    let seal_given = find(parts, Role::Seal).is_some();
    let mut seals: Vec<(String, Vec<u8>)> = Vec::new();
    let mut rasters = Vec::new();
    let mut sides = Vec::new();
    for part in pages(parts) {
        let raster = probe(&part.bytes).and_then(|p| PagePicture::decode(p.format, &part.bytes));
        let Some(raster) = raster else {
            // A drawn barcode may be larger than a page for its bytes.
            if !seal_given && let Some(seal) = seal::barcode::find(&part.bytes) {
                seals.push((part.name.clone(), seal));
                continue;
            }
            findings.push(Finding::new(
                "page-unreadable",
                Verdict::Unsupported,
                "Doc 9303-3, 4",
                format!(
                    "{}: the picture is damaged, of a kind that is not read, or larger than a page's",
                    part.name
                ),
            ));
            continue;
        };
        if !seal_given && let Some(seal) = seal::barcode::find_in(&raster) {
            seals.push((part.name.clone(), seal));
        }
        let is_right = |lines: &[String]| sides::confirmed(lines, at).is_some();
        if !zone_given && let Some(reading) = page::read(&raster, is_right) {
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
    parts.extend(zone.map(|side| Part {
        name: side.file,
        role: Role::RecognisedText,
        bytes: Zeroizing::new(side.reading.lines.join("\n").into_bytes()),
    }));
    Recognised {
        seal: seals.into_iter().next(),
        pictures,
    }
}

/// Whether there is a page beside a seal: text or a portrait.
pub(crate) fn is_there(parts: &[Part]) -> bool {
    [Role::MrzText, Role::RecognisedText, Role::Portrait]
        .into_iter()
        .any(|role| find(parts, role).is_some())
}

/// The printed MRZ in `mrz.txt`.
pub(crate) fn mrz(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let Some(part) = find(parts, Role::MrzText) else {
        return recognised_mrz(parts, policy, at, findings);
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

/// The MRZ that character recognition found on the page's picture: the one
/// place where look-alike characters may be repaired.
fn recognised_mrz(
    parts: &[Part],
    policy: &Policy,
    at: Date,
    findings: &mut Vec<Finding>,
) -> Option<Mrz> {
    let part = find(parts, Role::RecognisedText)?;
    let text = String::from_utf8_lossy(&part.bytes);
    let Some(mrz) = repair::read_recognised(&split_lines(&text), at) else {
        findings.push(Finding::invalid(
            "mrz-not-recognised",
            "Doc 9303-3, 4",
            format!(
                "{}: no machine readable zone in the recognised text",
                part.name
            ),
        ));
        return None;
    };
    findings.extend(mrz.findings(&part.name, MrzOrigin::Printed, policy, at));
    findings.push(Finding::info(
        "names-from-recognition",
        "Doc 9303-3, 4.9",
        format!(
            "{}: the names were recognised on a picture, and no check digit covers them",
            part.name
        ),
    ));
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
    if !is_whole(header.format, &part.bytes) {
        findings.push(Finding::warning(
            "portrait-truncated",
            "Doc 9303-3, 3.9",
            format!("{}: the image is cut off; give it anew", part.name),
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
    policy: &Policy,
    at: Date,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let zone = mrz(parts, policy, at, &mut findings);
    let portrait = portrait(parts, &mut findings);
    let no_text =
        find(parts, Role::MrzText).is_none() && find(parts, Role::RecognisedText).is_none();
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
        mrz: zone,
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
    bytes: &[u8],
    context: &seal::Context<'_>,
    mut findings: Vec<Finding>,
) -> VerifiedDocument {
    let printed = mrz(parts, context.policy, context.at, &mut findings);
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
        mrz: printed.or(sealed),
        portrait,
        pages: Vec::new(),
        page_confirmed: confirmed,
        details: Details {
            seal: seal.map(|s| s.contents),
            ..Details::default()
        },
    }
}
