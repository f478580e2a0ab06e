//! A picture of a data page or a visa sticker, whichever way up: where its
//! machine readable zone is, and what is printed there.
//!
//! The zone is the only print on a page with one pitch over thirty characters
//! or more (Doc 9303-3, 2.3), so it is found by its rhythm (`rhythm`), the
//! cells of its lines are fitted to the picture (`line`, `zone`), and each is
//! compared with the 37 characters of OCR-B (`glyphs`). What look-alikes and
//! check digits make of the text is for [`crate::mrz::repair`].

mod glyphs;
mod grey;
mod line;
mod picture;
mod rhythm;
mod skew;
mod turn;
mod zone;

use std::cell::Cell;
use std::f32::consts::{FRAC_PI_2, PI};

use rowcall_picture::Image;

pub use picture::{FaceBox, PagePicture, PageView};

use grey::Grey;
use line::Sheet;
use rhythm::Seed;
use turn::Turn;
use zone::Zone;

/// A line of 44 characters over this many pixels has 27 for each, which is
/// more than it takes to tell them apart.
const LONGEST_SIDE: usize = 1_200;
/// Less than a third of a degree is level.
const LEVEL: f32 = 0.006;
/// Regular rows that are tried, both ways up, before giving up.
const MOST_SEEDS: usize = 20;
/// Cells that are looked at before giving up: the altered specimens take up to
/// 430,000, and one look some microseconds.
const MOST_LOOKS: u32 = 450_000;
/// Rows of this regularity are text of one pitch, or look like it.
const REGULAR: f32 = 0.1;

/// What was recognised on a page.
pub(crate) struct Reading {
    /// Two or three lines of one length.
    pub(crate) lines: Vec<String>,
    /// By how much the picture has to be turned clockwise to stand upright, in
    /// radians.
    pub(crate) angle: f32,
}

/// The machine readable zone on the picture: the first reading that `is_right`
/// (by its check digits), or else the one most like OCR-B, if it is so at all.
pub(crate) fn read(raster: &Image, is_right: impl Fn(&[String]) -> bool) -> Option<Reading> {
    let page = Grey::of(raster, LONGEST_SIDE);
    let skew = skew::angle(&page.ink(surroundings(&page)));
    let mut best: Option<(Zone, f32)> = None;
    let level = (skew.abs() > LEVEL).then_some(0.0);
    let looks = Cell::new(0);
    for angle in [skew].into_iter().chain(level) {
        let views = views(&page, angle);
        for (view, seed) in seeds(&views).into_iter().take(MOST_SEEDS) {
            if looks.get() > MOST_LOOKS {
                break;
            }
            let view = &views[view];
            let sheet = Sheet {
                page: &view.page,
                looks: &looks,
            };
            let Some(zone) = zone::around(&sheet, &seed) else {
                continue;
            };
            if is_right(&zone.lines) {
                return Some(reading(zone, view.angle));
            }
            let most = best.as_ref().map_or(f32::MIN, |(zone, _)| zone.evidence);
            if zone.is_zone() && zone.evidence > most {
                best = Some((zone, view.angle));
            }
        }
    }
    best.map(|(zone, angle)| reading(zone, angle))
}

fn reading(zone: Zone, angle: f32) -> Reading {
    Reading {
        lines: zone.lines,
        angle,
    }
}

/// One way up of a page.
struct View {
    page: Grey,
    /// Clockwise from the picture as it was presented, in radians.
    angle: f32,
}

/// The page turned by `angle`, on each of its four sides: right side up, over,
/// and the other two likewise.
fn views(page: &Grey, angle: f32) -> [View; 4] {
    let level = if angle.abs() < LEVEL / 2.0 {
        page.quarter_turned(0)
    } else {
        page.turned(angle)
    };
    [0, 2, 1, 3].map(|turns| View {
        page: level.quarter_turned(turns),
        angle: angle + f32::from(turns) * FRAC_PI_2,
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
