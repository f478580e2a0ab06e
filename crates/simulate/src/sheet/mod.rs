//! Pictures held up in a vehicle, composed into its frames as a camera has
//! already taken them.
//!
//! A sheet (a print, a page, a screen) lies in the plane of the face that it
//! stands for: each camera sees it foreshortened as it saw that face. What isn't
//! modelled: the glass before it (its brightness is the face's), curling,
//! fingers, the screen's moiré.

mod instrument;

use image::RgbImage;
use rand_chacha::ChaCha8Rng;
use rand_core::Rng as _;

pub use self::instrument::Instrument;
use crate::noise::stream;

/// A place in a picture, in pixels.
type Point = [f32; 2];

/// A photograph of a face: the picture and where its eyes are, the one to the
/// left in the picture first.
#[derive(Clone, Copy)]
pub struct Photo<'a> {
    /// The picture.
    pub image: &'a RgbImage,
    /// The eyes, in its pixels.
    pub eyes: [[f32; 2]; 2],
}

/// Where a face is to appear in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The eyes, the one to the left first, in pixels of the frame.
    pub eyes: [[f32; 2]; 2],
    /// How far apart they would be if the face weren't turned, in pixels.
    pub unturned: f32,
    /// The mean luminance that the face is to have, 0..=255.
    pub luminance: f32,
}

/// The mean luminance of a part of the frame (left, top, width and height in
/// pixels), 0..=255: what a sheet held there takes on.
pub fn luminance_within(frame: &RgbImage, [left, top, width, height]: [f32; 4]) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0_f32);
    let span = |at: f32, length: f32, side: u32| {
        let end = (at + length).clamp(0.0, side as f32) as u32;
        (at.clamp(0.0, side as f32) as u32)..end
    };
    for y in span(top, height, frame.height()) {
        for x in span(left, width, frame.width()) {
            sum += luma(pixel(frame, x, y));
            count += 1.0;
        }
    }
    sum / count.max(1.0)
}

/// `frame` with a sheet in it that shows `photo`, so that its face appears at
/// `target`; a little moved, tilted and grainy by the seed, as a hand and a
/// sensor make it.
pub fn hold_up(
    frame: &RgbImage,
    instrument: Instrument,
    photo: Photo<'_>,
    target: Target,
    seed: u64,
) -> RgbImage {
    let random = &mut stream(seed);
    let sheet = Sheet::of(instrument, photo);
    let map = Map::new(&sheet, target, random);
    let gain = target.luminance / sheet.face_luminance().max(1.0);
    // A screen shines by itself.
    let gain = if instrument.is_screen() {
        gain.max(0.6)
    } else {
        gain
    };
    let is_grey = is_grey(frame);
    let mut held = frame.clone();
    for (x, y, pixel) in held.enumerate_pixels_mut() {
        let Some(colour) = map.colour(&sheet, x as f32, y as f32) else {
            continue;
        };
        let noise = 2.5 * (uniform(random) + uniform(random) + uniform(random) - 1.5);
        let colour = if is_grey { [luma(colour); 3] } else { colour };
        pixel.0 = colour.map(|v| (gain * v + noise).clamp(0.0, 255.0) as u8);
    }
    held
}

/// What is held up, flat, with the eyes of the face on it.
struct Sheet {
    width: usize,
    height: usize,
    rgb: Vec<f32>,
    eyes: [Point; 2],
    /// Cut out along the face's outline.
    is_cut: bool,
}

impl Sheet {
    fn of(instrument: Instrument, photo: Photo<'_>) -> Self {
        let (w, h) = (photo.image.width() as usize, photo.image.height() as usize);
        // The sheet's size and where the photograph lies on it, in its pixels.
        let (width, height, left, top, ground) = match instrument {
            Instrument::CutOut => (w, h, 0, 0, 0.0),
            Instrument::Print | Instrument::OtherPhoto | Instrument::OtherTilted => {
                let border = w / 16;
                (w + 2 * border, h + 2 * border, border, border, 236.0)
            }
            // Doc 9303-4, 3: a page of 125 x 88 mm with a portrait of 35 x 45.
            Instrument::Page | Instrument::PageActual => {
                (w * 125 / 35, w * 88 / 35, w * 5 / 35, w * 16 / 35, 214.0)
            }
            Instrument::Phone | Instrument::PhoneActual | Instrument::OtherPhone => {
                (w * 12 / 10, w * 24 / 10, w / 10, w * 6 / 10, 14.0)
            }
        };
        let height = height.max(top + h);
        let mut rgb = vec![ground; 3 * width * height];
        let zone = top + h + w / 12..top + h + w / 3;
        let line = |y: usize| instrument.is_page() && zone.contains(&y);
        for (i, out) in rgb.chunks_exact_mut(3).enumerate() {
            let (x, y) = (i % width, i / width);
            if (left..left + w).contains(&x) && (top..top + h).contains(&y) {
                let p = pixel(photo.image, (x - left) as u32, (y - top) as u32);
                // A screen's pane reflects a streak of light.
                let is_streak = instrument.is_screen() && (x + y / 2) % (2 * w) < w / 6;
                let streak = if is_streak { 26.0 } else { 0.0 };
                out.copy_from_slice(&p.map(|v| v + streak));
            } else if line(y) && (y / (w / 12).max(1)) % 2 == 0 && (x / (w / 30).max(1)) % 2 == 0 {
                // The machine readable zone, from afar.
                out.fill(60.0);
            }
        }
        let at = |[x, y]: Point| [x + left as f32, y + top as f32];
        Self {
            width,
            height,
            rgb,
            eyes: photo.eyes.map(at),
            is_cut: instrument == Instrument::CutOut,
        }
    }

    /// Whether something of the sheet is there.
    fn covers(&self, u: f32, v: f32) -> bool {
        let inside =
            (0.0..self.width as f32).contains(&u) && (0.0..self.height as f32).contains(&v);
        if !self.is_cut {
            return inside;
        }
        // The outline of a face about the middle between brow and chin.
        let [a, b] = self.eyes;
        let (middle, apart) = (midpoint(a, b), distance(a, b).max(1.0));
        let across = (u - middle[0]) / (1.15 * apart);
        let down = (v - middle[1] - 0.42 * apart) / (1.5 * apart);
        inside && across.hypot(down) <= 1.0
    }

    /// Of the face: a square under the eyes.
    fn face_luminance(&self) -> f32 {
        let [a, b] = self.eyes;
        let span = |low: f32, high: f32, side: usize| {
            (low.max(0.0) as usize).min(side)..(high.max(0.0) as usize).min(side)
        };
        let apart = distance(a, b);
        let (mut sum, mut count) = (0.0, 0.0_f32);
        for y in span(a[1], a[1] + apart, self.height) {
            for x in span(a[0], b[0], self.width) {
                let i = 3 * (y * self.width + x);
                sum += luma([self.rgb[i], self.rgb[i + 1], self.rgb[i + 2]]);
                count += 1.0;
            }
        }
        sum / count.max(1.0)
    }
}

/// From the frame to the sheet: the inverse of an affine map with a little
/// perspective.
struct Map {
    /// The eyes' middle in the frame and on the sheet.
    middle: Point,
    origin: Point,
    inverse: [f32; 4],
    perspective: [f32; 2],
    /// Sheet pixels that a frame pixel covers, per axis.
    samples: usize,
}

impl Map {
    fn new(sheet: &Sheet, target: Target, random: &mut ChaCha8Rng) -> Self {
        let [a, b] = sheet.eyes;
        let apart = distance(a, b).max(1.0);
        let mut jitter = |by: f32| by * (2.0 * uniform(random) - 1.0);
        let [l, r] = target.eyes;
        let (dx, dy) = (r[0] - l[0], r[1] - l[1]);
        let turn = dy.atan2(dx) + jitter(0.04);
        let across = dx.hypot(dy) * (1.0 + jitter(0.03));
        let down = target.unturned * (1.0 + jitter(0.03));
        let (sin, cos) = turn.sin_cos();
        // Columns: where a sheet pixel to the right and one down lead.
        let (ax, ay) = (across / apart * cos, across / apart * sin);
        let (bx, by) = (-down / apart * sin, down / apart * cos);
        let determinant = ax * by - bx * ay;
        let half = (sheet.width as f32 / 2.0).max(1.0);
        let middle = midpoint(l, r);
        Self {
            middle: [middle[0] + jitter(2.0), middle[1] + jitter(2.0)],
            origin: midpoint(a, b),
            inverse: [by, -bx, -ay, ax].map(|v| v / determinant),
            perspective: [jitter(0.05) / half, jitter(0.05) / half],
            samples: ((apart / across.max(1.0)).ceil() as usize).clamp(2, 8),
        }
    }

    /// The mean colour of the sheet under a frame pixel; none beside the sheet.
    fn colour(&self, sheet: &Sheet, x: f32, y: f32) -> Option<[f32; 3]> {
        let at = |x: f32, y: f32| {
            let (dx, dy) = (x - self.middle[0], y - self.middle[1]);
            let (u, v) = (
                self.inverse[0] * dx + self.inverse[1] * dy,
                self.inverse[2] * dx + self.inverse[3] * dy,
            );
            let w = 1.0 + self.perspective[0] * u + self.perspective[1] * v;
            let (u, v) = (u / w + self.origin[0], v / w + self.origin[1]);
            (w > 0.5 && sheet.covers(u, v)).then_some((u as usize, v as usize))
        };
        at(x, y)?;
        let (mut sum, mut count) = ([0.0_f32; 3], 0.0_f32);
        let step = 1.0 / self.samples as f32;
        // A lens blurs over a little more than a pixel.
        let offset = |s: usize| 1.3 * ((s as f32 + 0.5) * step - 0.5);
        for sy in 0..self.samples {
            for sx in 0..self.samples {
                if let Some((u, v)) = at(x + offset(sx), y + offset(sy)) {
                    let i = 3 * (v * sheet.width + u);
                    sum.iter_mut()
                        .zip(&sheet.rgb[i..i + 3])
                        .for_each(|(s, v)| *s += v);
                    count += 1.0;
                }
            }
        }
        Some(sum.map(|s| s / count.max(1.0)))
    }
}

fn pixel(image: &RgbImage, x: u32, y: u32) -> [f32; 3] {
    image.get_pixel(x, y).0.map(f32::from)
}

fn distance([ax, ay]: Point, [bx, by]: Point) -> f32 {
    (ax - bx).hypot(ay - by)
}

fn midpoint([ax, ay]: Point, [bx, by]: Point) -> Point {
    [(ax + bx) / 2.0, (ay + by) / 2.0]
}

fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Whether a camera is monochrome.
fn is_grey(frame: &RgbImage) -> bool {
    let mut sample = frame.pixels().step_by(997);
    sample.all(|p| p[0].abs_diff(p[1]) < 12 && p[1].abs_diff(p[2]) < 12)
}

/// Uniform in 0..1.
fn uniform(random: &mut ChaCha8Rng) -> f32 {
    (random.next_u32() >> 8) as f32 / (1 << 24) as f32
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::{Instrument, Photo, Target, hold_up, luminance_within};

    #[test]
    fn a_sheet_covers_its_place_and_nothing_else() {
        let photo = RgbImage::from_pixel(80, 100, Rgb([200; 3]));
        let frame = RgbImage::from_pixel(320, 240, Rgb([40; 3]));
        let photo = Photo {
            image: &photo,
            eyes: [[28.0, 45.0], [52.0, 45.0]],
        };
        let target = Target {
            eyes: [[148.0, 100.0], [172.0, 100.0]],
            unturned: 24.0,
            luminance: 90.0,
        };
        for instrument in Instrument::ALL {
            let held = hold_up(&frame, instrument, photo, target, 1);
            let at = |x: f32, y: f32| luminance_within(&held, [x, y, 6.0, 6.0]);
            let expected = if instrument.is_screen() { 120.0 } else { 90.0 };
            assert!(
                (at(157.0, 110.0) - expected).abs() < 20.0,
                "{instrument:?}: {}",
                at(157.0, 110.0)
            );
            assert!((at(2.0, 2.0) - 40.0).abs() < 1.0, "{instrument:?}");
            let again = hold_up(&frame, instrument, photo, target, 1);
            assert_eq!(again, held, "the same seed, the same picture");
        }
    }
}
