//! Pages drawn in OCR-B as a camera sees them: aslant, bowed, out of focus, with a
//! lamp's glare, dim, cut off, under a finger.

use image::{GrayImage, Luma};

use super::zone::Random;

/// What is done to a page.
#[derive(Clone, Copy)]
pub(crate) enum Alteration {
    Plain,
    Small,
    Turned,
    Aslant,
    Bowed,
    BowedAslant,
    Blurred,
    Moved,
    Noisy,
    Glare,
    Cut,
    Covered,
}

pub(crate) const ALTERATIONS: [(&str, Alteration); 12] = [
    ("as it is, 12 to 24 pixels a character", Alteration::Plain),
    ("small, 8 to 12 pixels a character", Alteration::Small),
    ("turned by any angle", Alteration::Turned),
    ("aslant by up to 30°", Alteration::Aslant),
    ("sagging by up to 2 mm", Alteration::Bowed),
    ("sagging, and aslant by up to 15°", Alteration::BowedAslant),
    ("out of focus", Alteration::Blurred),
    ("moved", Alteration::Moved),
    ("noisy and dim", Alteration::Noisy),
    ("under a lamp's glare", Alteration::Glare),
    ("cut off on one side of the zone", Alteration::Cut),
    ("a finger over some characters", Alteration::Covered),
];

/// Millimetres: a passport's page, its lines' pitch, where the zone begins and where
/// its lines are (Doc 9303-4, 3).
const PAGE: (f32, f32) = (125.0, 88.0);
const PITCH: f32 = 2.54;
const LEFT: f32 = 6.6;
const LINES: [f32; 2] = [72.4, 78.75];

/// The characters that documents are compared with, drawn from a free font.
const SHEET: &[u8] = include_bytes!("../../src/page/ocr-b.png");
const CHARACTERS: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
const CELL: (f32, f32) = (28.0, 40.0);

/// How a page is seen.
pub(crate) struct Page {
    /// Pixels a millimetre.
    scale: f32,
    /// Radians: in the plane, and out of it about the upright and the level axis.
    turn: f32,
    slant: (f32, f32),
    /// Millimetres down in the middle, and by how much the sag leans to one side.
    sag: (f32, f32),
    /// Pixels.
    blur: f32,
    motion: f32,
    noise: f32,
    light: f32,
    /// Centre, in millimetres, radius and strength.
    glare: (f32, f32, f32, f32),
    /// Millimetres of the page that aren't on the picture, at the left and right.
    cut: (f32, f32),
    /// Millimetres.
    finger: Option<(f32, f32)>,
    /// How much bolder than the font the print is.
    bold: f32,
}

impl Page {
    pub(crate) fn altered(alteration: Alteration, random: &mut Random) -> Self {
        let mut page = Self {
            scale: random.between(12.0, 24.0) / PITCH,
            turn: 0.0,
            slant: (0.0, 0.0),
            sag: (0.0, 0.0),
            blur: 0.5,
            motion: 0.0,
            noise: 2.0,
            light: 1.0,
            glare: (0.0, 0.0, 1.0, 0.0),
            cut: (0.0, 0.0),
            finger: None,
            bold: random.between(-0.15, 0.15),
        };
        let either = |random: &mut Random, most: f32| random.between(-most, most);
        let degrees = |d: f32| d.to_radians();
        match alteration {
            Alteration::Plain => {}
            Alteration::Small => page.scale = random.between(8.0, 12.0) / PITCH,
            Alteration::Turned => page.turn = either(random, std::f32::consts::PI),
            Alteration::Aslant => {
                page.slant = (either(random, degrees(30.0)), either(random, degrees(30.0)));
            }
            Alteration::Bowed => page.sag = (either(random, 2.0), either(random, 0.5)),
            Alteration::BowedAslant => {
                page.sag = (either(random, 1.5), either(random, 0.5));
                page.slant = (either(random, degrees(15.0)), either(random, degrees(15.0)));
                page.turn = either(random, degrees(5.0));
            }
            Alteration::Blurred => page.blur = random.between(0.06, 0.16) * PITCH * page.scale,
            Alteration::Moved => page.motion = random.between(0.1, 0.3) * PITCH * page.scale,
            Alteration::Noisy => {
                page.noise = random.between(8.0, 25.0);
                page.light = random.between(0.25, 1.0);
            }
            Alteration::Glare => {
                let (x, y) = (random.between(10.0, 115.0), random.between(65.0, 85.0));
                page.glare = (x, y, random.between(4.0, 14.0), random.between(0.5, 1.3));
            }
            Alteration::Cut => {
                let by = LEFT + random.between(0.2, 3.0) * PITCH;
                page.cut = if random.unit() < 0.5 {
                    (by, 0.0)
                } else {
                    (0.0, by)
                };
            }
            Alteration::Covered => {
                page.finger = Some((random.between(6.0, 119.0), random.between(72.0, 82.0)));
            }
        }
        page
    }

    /// Whether a reader can be asked for all of it: each of the zone's characters is 12
    /// pixels wide or more, and none is cut off, under a finger, or left with less than a
    /// third of its contrast by a lamp.
    pub(crate) fn is_legible(&self) -> bool {
        let (gx, gy, radius, strength) = self.glare;
        let cells = LINES.iter().flat_map(|y| (0..44).map(move |i| (i, *y)));
        let is_legible = |(i, y): (u8, f32)| {
            let x = LEFT + f32::from(i) * PITCH;
            let (left, right) = (self.seen(x, y), self.seen(x + PITCH, y));
            let width = (right.0 - left.0).hypot(right.1 - left.1);
            let apart = (x + PITCH / 2.0 - gx).hypot(y - gy) / radius;
            width >= 12.0 && strength * (-apart * apart).exp() < 2.0 / 3.0
        };
        self.cut == (0.0, 0.0) && self.finger.is_none() && cells.into_iter().all(is_legible)
    }

    /// The picture of a page with that zone.
    pub(crate) fn picture(&self, zone: &[String], random: &mut Random) -> GrayImage {
        let sheet = image::load_from_memory(SHEET)
            .expect("decodes")
            .into_luma8();
        let corners =
            [(0.0, 0.0), (PAGE.0, 0.0), PAGE, (0.0, PAGE.1)].map(|(x, y)| self.seen(x, y));
        let least = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
        let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MIN, f32::max);
        let is_flat = self.turn == 0.0 && self.slant == (0.0, 0.0);
        let margin = if is_flat { 0.0 } else { 5.0 * self.scale };
        let (left, top) = (least(|c| c.0) - margin, least(|c| c.1) - margin);
        let (right, bottom) = (most(|c| c.0) + margin, most(|c| c.1) + margin);
        let (from, to) = (
            left + self.cut.0 * self.scale,
            right - self.cut.1 * self.scale,
        );
        let size = ((to - from) as u32, (bottom - top) as u32);
        let drawn = GrayImage::from_fn(size.0, size.1, |x, y| {
            let mut sum = 0.0;
            for (a, b) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let at = self.unseen(from + x as f32 + a, top + y as f32 + b);
                sum += self.brightness(at, zone, &sheet);
            }
            Luma([(sum / 4.0).clamp(0.0, 255.0) as u8])
        });
        let drawn = image::imageops::blur(&self.moved(&drawn), self.blur.max(0.3));
        let mut noisy = drawn;
        for value in noisy.iter_mut() {
            let seen = f32::from(*value) * self.light + self.noise * random.normal();
            *value = seen.clamp(0.0, 255.0) as u8;
        }
        noisy
    }

    /// Where a point of the page is on the picture: turned in space around the middle
    /// and seen from three widths away.
    fn seen(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - PAGE.0 / 2.0, y - PAGE.1 / 2.0);
        let (sin, cos) = self.turn.sin_cos();
        let (x, y) = (x * cos - y * sin, x * sin + y * cos);
        let away = 1.0 + (x * self.slant.0.sin() + y * self.slant.1.sin()) / DISTANCE;
        let (x, y) = (x * self.slant.0.cos() / away, y * self.slant.1.cos() / away);
        (x * self.scale, y * self.scale)
    }

    /// The other way.
    fn unseen(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x / self.scale, y / self.scale);
        // x = X·cx/(1 + (X·sx + Y·sy)/d), and so for y: linear in X and Y.
        let (cx, cy) = (self.slant.0.cos(), self.slant.1.cos());
        let (sx, sy) = (self.slant.0.sin() / DISTANCE, self.slant.1.sin() / DISTANCE);
        let (a, b, c, d) = (cx - x * sx, -x * sy, -y * sx, cy - y * sy);
        let by = a * d - b * c;
        let (x, y) = ((x * d - b * y) / by, (a * y - x * c) / by);
        let (sin, cos) = self.turn.sin_cos();
        let (x, y) = (x * cos + y * sin, y * cos - x * sin);
        (x + PAGE.0 / 2.0, y + PAGE.1 / 2.0)
    }

    fn brightness(&self, (x, y): (f32, f32), zone: &[String], sheet: &GrayImage) -> f32 {
        if !(0.0..=PAGE.0).contains(&x) || !(0.0..=PAGE.1).contains(&y) {
            return 70.0;
        }
        if let Some((fx, fy)) = self.finger
            && ((x - fx) / 7.0).powi(2) + ((y - fy) / 11.0).powi(2) < 1.0
        {
            return 165.0;
        }
        // Background print, and a portrait.
        let pattern = 6.0 * ((x * 0.9 + 4.0 * (y * 0.35).sin()).sin() + (y * 1.3 + x * 0.2).sin());
        let paper = 228.0 + pattern;
        let is_portrait = (6.0..36.0).contains(&x) && (18.0..56.0).contains(&y);
        let (gx, gy, radius, strength) = self.glare;
        let apart = ((x - gx).powi(2) + (y - gy).powi(2)).sqrt() / radius;
        let glare = strength * (-apart * apart).exp();
        let ink = if is_portrait {
            0.4
        } else {
            self.ink(x, y, zone, sheet)
        };
        let print = paper - 195.0 * ink;
        print + (255.0 - print) * glare.min(1.0)
    }

    /// How much ink of the zone is there.
    fn ink(&self, x: f32, y: f32, zone: &[String], sheet: &GrayImage) -> f32 {
        let along = (x / PAGE.0).clamp(0.0, 1.0);
        let arch = (std::f32::consts::PI * along).sin();
        let lean = (std::f32::consts::TAU * along).sin();
        let y = y - self.sag.0 * arch - self.sag.1 * lean;
        let cell = (x - LEFT) / PITCH;
        let near = zone
            .iter()
            .zip(LINES)
            .find(|(_, line)| (y - line).abs() < 1.8);
        let Some((text, line)) = near else { return 0.0 };
        let Some(character) = (cell >= 0.0)
            .then(|| text.as_bytes().get(cell as usize))
            .flatten()
        else {
            return 0.0;
        };
        let Some(at) = CHARACTERS.iter().position(|c| c == character) else {
            return 0.0;
        };
        let column = cell.fract() * CELL.0;
        let row = (y - line) / PITCH * CELL.0 + CELL.1 / 2.0;
        let pixel = |column: f32, row: f32| {
            let column = column.clamp(0.0, CELL.0 - 1.0) as u32 + at as u32 * CELL.0 as u32;
            let row = row.clamp(0.0, CELL.1 - 1.0) as u32;
            1.0 - f32::from(sheet.get_pixel(column, row).0[0]) / 255.0
        };
        let (column, row) = (column - 0.5, row - 0.5);
        let (c, r) = (column.floor(), row.floor());
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        let upper = mix(pixel(c, r), pixel(c + 1.0, r), column - c);
        let lower = mix(pixel(c, r + 1.0), pixel(c + 1.0, r + 1.0), column - c);
        // Bolder or finer print: where the edge is.
        ((mix(upper, lower, row - r) - 0.5 + self.bold) * 1.6 + 0.5).clamp(0.0, 1.0)
    }

    /// The mean along a way.
    fn moved(&self, picture: &GrayImage) -> GrayImage {
        let steps = self.motion.round() as i64;
        if steps < 1 {
            return picture.clone();
        }
        GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
            let sum: u32 = (0..=steps)
                .map(|i| {
                    let at =
                        (i64::from(x) + i - steps / 2).clamp(0, i64::from(picture.width()) - 1);
                    u32::from(picture.get_pixel(at as u32, y).0[0])
                })
                .sum();
            Luma([(sum / (steps as u32 + 1)) as u8])
        })
    }
}

/// Millimetres from the lens to the page.
const DISTANCE: f32 = 375.0;
