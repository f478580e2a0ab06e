//! Printed pages: what is on them, with and without a seal.

mod zone;

pub(crate) use zone::mrz;

use crate::document::{Details, VerifiedDocument};
use crate::draft::Draft;
use crate::file::{Part, Role, find, pages};
use crate::finding::{Finding, verdict_of};
use crate::page::{self, PagePicture, Text};
use crate::policy::Policy;
use crate::portrait::{Portrait, PortraitEncoding, PortraitSource, damage};
use crate::seal;
use crate::sides::{self, Side};
use jiff::civil::Date;
use rowcall_picture::{Error, Image, foreign_format, probe};
use rowcall_words::document::Verdict;
use rowcall_words::document::{Authenticity, Kind};
use rowcall_words::finding::clause::Clause;
use rowcall_words::finding::code::Code;

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
                    Code::PageHasTwoZones,
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
            Code::SecondSealNotUsed,
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
        Code::PageUnreadable,
        Verdict::Unsupported,
        format!("{}: {what}", part.name),
    )
}

/// Whether there is a page beside a seal: text or a portrait.
pub(crate) fn is_there(parts: &[Part], page: &Recognised) -> bool {
    let given = [Role::MrzText, Role::RecognisedText, Role::Portrait];
    page.zone.is_some() || given.into_iter().any(|role| find(parts, role).is_some())
}

/// The portrait file of a printed page.
fn portrait(parts: &[Part], findings: &mut Vec<Finding>) -> Option<Portrait> {
    let part = find(parts, Role::Portrait)?;
    let Some(header) = probe(&part.bytes) else {
        let what = match foreign_format(&part.bytes) {
            Some(format) => {
                format!("{format}, which is not read; give the portrait as JPEG or PNG")
            }
            None => "neither JPEG, PNG nor JPEG 2000, or its header is cut".to_owned(),
        };
        findings.push(
            Finding::warning(Code::PortraitUnreadable, format!("{}: {what}", part.name))
                .under(Clause::PrintedPortrait),
        );
        return None;
    };
    if let Some(damage) = damage(&part.bytes) {
        findings.push(
            Finding::warning(
                Code::PortraitTruncated,
                format!("{}: {damage}; give it anew", part.name),
            )
            .under(Clause::PrintedPortrait),
        );
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
            Code::PageNotRecognised,
            Verdict::Unsupported,
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
            Code::MrzMissing,
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
) -> Draft {
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
        Some(differing) => findings.push(
            Finding::invalid(
                Code::PrintedMrzDiffers,
                format!(
                    "the printed MRZ is not the seal's: {} differ(s)",
                    differing.join(", ")
                ),
            )
            .under(Clause::SealUses),
        ),
        None => findings.push(Finding::new(
            Code::SealConfirmsNothing,
            Verdict::Unsigned,
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
    let document = VerifiedDocument {
        kind: seal.as_ref().map_or(Kind::Page, |s| s.kind),
        verdict: verdict_of(Verdict::Valid, &findings),
        authenticity,
        findings,
        mrz: printed.or(sealed).map(Box::new),
        portrait,
        details: Details {
            seal: seal.map(|s| s.contents),
            ..Details::default()
        },
    };
    Draft {
        document,
        pages: Vec::new(),
        page_confirmed: confirmed,
    }
}
