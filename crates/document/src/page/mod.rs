//! A picture of a data page or a visa sticker, whichever way up: where its
//! machine readable zone is, and what is printed there.
//!
//! The zone is the only print on a page with one pitch over thirty characters
//! or more (Doc 9303-3, 2.3), so it is found by its rhythm (`rhythm`), the
//! cells of its lines are fitted to the picture (`line`, `zone`), and each is
//! compared with the 37 characters of OCR-B (`glyphs`), which with what the fields may
//! hold and the check digits makes the text (`legible`).

mod glyphs;
mod grey;
mod legible;
mod line;
mod picture;
mod rhythm;
mod skew;
mod turn;
mod zone;

use std::cell::Cell;
use std::f32::consts::{FRAC_PI_2, PI};

pub(crate) use legible::{Doubt, Place, Text};
pub use picture::{FaceBox, PagePicture, PageView};

use jiff::civil::Date;
use rowcall_picture::Image;

use grey::Grey;
use line::{Line, Sheet};
use rhythm::Seed;
use turn::Turn;
use zone::Zone;

/// A line of 44 characters over this many pixels has 27 for each, which is
/// more than it takes to tell them apart.
const LONGEST_SIDE: usize = 1_200;
/// Less than a third of a degree is level.
const LEVEL: f32 = 0.006;
/// Regular rows at an angle that are tried, both ways up, before giving up.
const MOST_SEEDS: usize = 12;
/// A regular row is tried that is as much like characters before a line is fitted to it:
/// of the generated pages those that lead to a zone are by 0.41 and more.
const LIKELY: f32 = 0.4;
/// Cells that are looked at before giving up: of the generated pages those that are read
/// take up to 250,000, and one look a microsecond or two.
const MOST_LOOKS: u32 = 450_000;
/// Regular rows that are looked at for another zone when one was found.
const MOST_AFTER: usize = 6;
/// A zone as much like OCR-B as this is plain print.
const PLAIN: f32 = 0.75;
/// Pixels from character to character at which they are easily told apart.
const LEGIBLE: f32 = 18.0;
/// A picture with so many more pixels than the page that is searched is looked at in
/// its own.
const FINER: f32 = 1.25;
/// How far the zone may reach around a stretch of it, both ways, in pitches.
const ALONG: f32 = 100.0;
const ACROSS: f32 = 24.0;
/// Rows of this regularity are text of one pitch, or look like it.
const REGULAR: f32 = 0.1;

/// What was recognised on a page.
pub(crate) struct Reading {
    /// What the zone says.
    pub(crate) text: Text,
    /// By how much the picture has to be turned clockwise to stand upright, in
    /// radians.
    pub(crate) angle: f32,
    /// There is another zone on the picture.
    pub(crate) has_another: bool,
}

/// A zone that was found, and what it says.
struct Found {
    zone: Zone,
    text: Text,
    view: usize,
    angle: f32,
}

impl Found {
    /// So much like print that nothing better is to be expected, and right.
    fn is_plain(&self, at: Date) -> bool {
        self.zone.likeness > PLAIN && self.text.is_right(at)
    }

    /// How good a reading it is: by likeness first, but for one of which a part is hidden. A
    /// zone that fits its lines badly is unlike them everywhere, and hides nothing.
    fn rank(&self) -> (bool, f32) {
        let is_whole = self.text.hidden.is_empty() && self.zone.likeness > PLAIN;
        (is_whole, self.zone.evidence)
    }
}

/// The machine readable zone on the picture: the one most like OCR-B, if any is so at
/// all. Check digits don't choose: of noise, one reading in ten has them right.
pub(crate) fn read(raster: &Image, at: Date) -> Option<Reading> {
    let page = Grey::of(raster, LONGEST_SIDE);
    let skew = skew::angle(&page.ink(surroundings(&page)));
    let skew = if skew.abs() < LEVEL / 2.0 { 0.0 } else { skew };
    let level = (skew.abs() > LEVEL).then_some(0.0);
    let looks = Cell::new(0);
    let mut best: Option<Found> = None;
    let mut has_another = false;
    for angle in [skew].into_iter().chain(level) {
        if best.as_ref().is_some_and(|found| found.text.is_right(at)) || looks.get() > MOST_LOOKS {
            break;
        }
        let views = views(&page, angle);
        let mut after = 0;
        let rows = likeliest(seeds(&views), &views, &looks);
        for (i, seed) in rows.into_iter().take(MOST_SEEDS) {
            let plain = best.as_ref().filter(|best| best.is_plain(at));
            if plain.is_some_and(|best| is_there(best, i, &seed, &views)) {
                continue;
            }
            after += usize::from(plain.is_some());
            if looks.get() > MOST_LOOKS || after > MOST_AFTER {
                break;
            }
            let view = &views[i];
            let zone = zone_at(raster, &page, view, angle, &seed, &looks);
            let Some(zone) = zone.filter(Zone::is_zone) else {
                continue;
            };
            let Some(text) = legible::text(&zone.cells, at) else {
                continue;
            };
            let found = Found {
                zone,
                text,
                view: i,
                angle: view.angle,
            };
            let (one, other) = match best.take() {
                Some(best) if best.rank() >= found.rank() => (best, Some(found)),
                other => (found, other),
            };
            has_another |= other.is_some_and(|other| {
                other.text.is_right(at) && one.text.is_right(at) && apart(&one, &other, &views)
            });
            best = Some(one);
        }
    }
    best.map(|found| Reading {
        text: found.text,
        angle: found.angle,
        has_another,
    })
}

/// The zone around a seed: on the page as it was searched, or, where its characters
/// are small there and the picture has more of them, on a part of that.
fn zone_at(
    raster: &Image,
    page: &Grey,
    view: &View,
    angle: f32,
    seed: &Seed,
    looks: &Cell<u32>,
) -> Option<Zone> {
    let by = raster.width() as f32 / page.width as f32;
    if by < FINER || seed.pitch > LEGIBLE {
        let sheet = Sheet {
            page: &view.page,
            looks,
        };
        return zone::around(&sheet, seed);
    }
    let turn = Turn::new(page.width, page.height, angle);
    let enlarged = (LEGIBLE / seed.pitch).min(by);
    let size = (
        (ALONG * seed.pitch * enlarged) as usize,
        (ACROSS * seed.pitch * enlarged) as usize,
    );
    let from = |x: f32, y: f32| {
        let x = seed.x + (x - size.0 as f32 / 2.0) / enlarged;
        let y = seed.y + (y - size.1 as f32 / 2.0) / enlarged;
        let (x, y) = view.unturned(x, y);
        let (x, y) = turn.back(x, y);
        ((x + 0.5) * by - 0.5, (y + 0.5) * by - 0.5)
    };
    let part = Grey::part(raster, size, by / enlarged, from);
    let sheet = Sheet { page: &part, looks };
    let near = Seed {
        x: size.0 as f32 / 2.0,
        y: size.1 as f32 / 2.0,
        pitch: seed.pitch * enlarged,
        ..*seed
    };
    let mut zone = zone::around(&sheet, &near)?;
    zone.middle = (
        seed.x + (zone.middle.0 - near.x) / enlarged,
        seed.y + (zone.middle.1 - near.y) / enlarged,
    );
    zone.pitch /= enlarged;
    Some(zone)
}

/// Whether the seed is of the zone that was found, one way up or the other.
fn is_there(found: &Found, view: usize, seed: &Seed, views: &[View; 4]) -> bool {
    let at = match view {
        v if v == found.view => (seed.x, seed.y),
        v if v ^ 1 == found.view => turned_over((seed.x, seed.y), &views[view].page),
        // Across the lines nothing is regular but their patterns.
        _ => return true,
    };
    (at.1 - found.zone.middle.1).abs() < 4.0 * found.zone.pitch
}

/// Whether two zones lie at different places.
fn apart(one: &Found, other: &Found, views: &[View; 4]) -> bool {
    let at = match other.view {
        v if v == one.view => other.zone.middle,
        v if v ^ 1 == one.view => turned_over(other.zone.middle, &views[v].page),
        _ => return one.text.lines != other.text.lines,
    };
    let (x, y) = (at.0 - one.zone.middle.0, at.1 - one.zone.middle.1);
    y.abs() > 4.0 * one.zone.pitch || x.abs() > 20.0 * one.zone.pitch
}

fn turned_over((x, y): (f32, f32), page: &Grey) -> (f32, f32) {
    (page.width as f32 - 1.0 - x, page.height as f32 - 1.0 - y)
}

/// One way up of a page.
struct View {
    page: Grey,
    /// Clockwise from the picture as it was presented, in radians.
    angle: f32,
    /// Quarters from the level page.
    turns: u8,
}

impl View {
    /// Where a pixel comes from on the level page.
    fn unturned(&self, x: f32, y: f32) -> (f32, f32) {
        // Sides of the level page.
        let (right, down) = match self.turns % 2 {
            0 => (self.page.width as f32 - 1.0, self.page.height as f32 - 1.0),
            _ => (self.page.height as f32 - 1.0, self.page.width as f32 - 1.0),
        };
        match self.turns % 4 {
            0 => (x, y),
            1 => (y, down - x),
            2 => (right - x, down - y),
            _ => (right - y, x),
        }
    }
}

/// The page turned by `angle`, on each of its four sides: right side up, over,
/// and the other two likewise.
fn views(page: &Grey, angle: f32) -> [View; 4] {
    let level = if angle == 0.0 {
        page.quarter_turned(0)
    } else {
        page.turned(angle)
    };
    [0, 2, 1, 3].map(|turns| View {
        page: level.quarter_turned(turns),
        angle: angle + f32::from(turns) * FRAC_PI_2,
        turns,
    })
}

/// The regular rows of all views with the view's number, best first. A row is
/// as regular upside down, so only two views are searched.
fn seeds(views: &[View; 4]) -> Vec<(usize, Seed)> {
    let mut seeds = Vec::new();
    for i in [0, 2] {
        let page = &views[i].page;
        for seed in rhythm::seeds(&page.ink(surroundings(page))) {
            if seed.strength > REGULAR {
                seeds.push((i, seed));
                seeds.push((i + 1, seed.turned_over(page)));
            }
        }
    }
    seeds.sort_by(|a, b| b.1.strength.total_cmp(&a.1.strength).then(a.0.cmp(&b.0)));
    seeds
}

/// Those of the rows that may be OCR-B, the likeliest first: on a page there is more than
/// print that repeats, and to fit a line takes far longer than a look at it.
fn likeliest(
    seeds: Vec<(usize, Seed)>,
    views: &[View; 4],
    looks: &Cell<u32>,
) -> Vec<(usize, Seed)> {
    let mut rows: Vec<(usize, Seed, f32)> = seeds
        .into_iter()
        .map(|(i, seed)| {
            let sheet = Sheet {
                page: &views[i].page,
                looks,
            };
            (i, seed, Line::likeness_at(&sheet, &seed))
        })
        .filter(|(.., likeness)| *likeness > LIKELY)
        .collect();
    rows.sort_by(|a, b| b.2.total_cmp(&a.2));
    rows.into_iter().map(|(i, seed, _)| (i, seed)).collect()
}

/// How far around a pixel its surroundings reach: about one character.
fn surroundings(page: &Grey) -> usize {
    page.width.max(page.height) / 50 + 2
}

/// The quarter turns and the rest of an angle: only the rest needs pixels in
/// between.
fn split(angle: f32) -> (u8, f32) {
    let quarters = (angle / FRAC_PI_2).round();
    let rest = angle - quarters * FRAC_PI_2;
    debug_assert!(rest.abs() <= PI / 4.0 + 0.01, "{angle}");
    ((quarters as i32).rem_euclid(4) as u8, rest)
}
