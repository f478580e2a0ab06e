//! Zones, faces and their sizes drawn on a picture.

use rowcall_face::{Image, Point, Rect};
use rowcall_rollcall::Camera;

use super::FaceBox;

type Colour = [u8; 3];
/// Told apart by most eyes, also by those that tell red from green badly (Okabe and
/// Ito), light enough for a dark cabin.
const ZONES: [Colour; 6] = [
    [86, 180, 233],
    [230, 159, 0],
    [0, 190, 140],
    [240, 228, 66],
    [213, 94, 0],
    [204, 121, 167],
];
const HELD: Colour = [255, 255, 255];
const LOST: Colour = [255, 60, 60];
/// What lies under a line, so that it is seen on any ground.
const UNDER: Colour = [0, 0, 0];

/// The picture with the camera's zones, each with its seat's name and, in its middle,
/// the least and the greatest face that it takes; and the faces: white where a zone
/// holds it, red where none does. The picture is one that is turned as the camera is
/// mounted.
pub fn drawn(mut image: Image, camera: &Camera, faces: &[FaceBox]) -> Image {
    let size = (image.width() as f32, image.height() as f32);
    let thick = (image.width() / 480).max(1);
    for (i, zone) in camera.zones.iter().enumerate() {
        let colour = ZONES[i % ZONES.len()];
        let corners: Vec<Point> = zone
            .polygon
            .iter()
            .map(|p| Point::new(p.x * size.0, p.y * size.1))
            .collect();
        outline(&mut image, &corners, colour, thick);
        let n = corners.len().max(1) as f32;
        let middle = corners.iter().fold(Point::default(), |m, p| {
            Point::new(m.x + p.x / n, m.y + p.y / n)
        });
        for share in [zone.face_width.0, zone.face_width.1] {
            let (wide, high) = (share * size.0, share * size.0 * 1.25);
            let face = Rect {
                x: middle.x - wide / 2.0,
                y: middle.y - high / 2.0,
                width: wide,
                height: high,
            };
            dashed(&mut image, face, colour, thick);
        }
        let left = corners.iter().map(|p| p.x).fold(f32::MAX, f32::min);
        let top = corners.iter().map(|p| p.y).fold(f32::MAX, f32::min);
        write(
            &mut image,
            (
                left as i64 + 4 * i64::from(thick),
                top as i64 + 4 * i64::from(thick),
            ),
            &zone.seat.to_string(),
            colour,
            2 * thick,
        );
    }
    for face in faces {
        let held = camera.zones.iter().any(|zone| face.is_in(zone));
        let colour = if held { HELD } else { LOST };
        let (left, top) = (face.x * size.0, face.y * size.1);
        let (right, bottom) = (left + face.width * size.0, top + face.height * size.1);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let corners = corners.map(|(x, y)| Point::new(x, y));
        outline(&mut image, &corners, colour, thick);
        write(
            &mut image,
            (left as i64, bottom as i64 + 3 * i64::from(thick)),
            &format!("{:.3}", face.width),
            colour,
            2 * thick,
        );
    }
    image
}

fn outline(image: &mut Image, corners: &[Point], colour: Colour, thick: u32) {
    for (ink, wide) in [(UNDER, thick + 2), (colour, thick)] {
        for (i, from) in corners.iter().enumerate() {
            let to = corners[(i + 1) % corners.len()];
            line(image, *from, to, ink, wide, None);
        }
    }
}

fn dashed(image: &mut Image, of: Rect, colour: Colour, thick: u32) {
    let (right, bottom) = (of.x + of.width, of.y + of.height);
    let corners = [(of.x, of.y), (right, of.y), (right, bottom), (of.x, bottom)];
    let corners = corners.map(|(x, y)| Point::new(x, y));
    for (i, from) in corners.iter().enumerate() {
        line(image, *from, corners[(i + 1) % 4], colour, thick, Some(6));
    }
}

/// A line, a dash of so many steps after another where it is dashed. Ends may lie
/// outside the picture.
fn line(image: &mut Image, from: Point, to: Point, ink: Colour, thick: u32, dash: Option<u32>) {
    let steps = (to.x - from.x).abs().max((to.y - from.y).abs()).ceil();
    // A polygon in shares is at most as large as the picture.
    let steps = steps.clamp(1.0, 65_536.0) as u32;
    for step in 0..=steps {
        if dash.is_some_and(|dash| (step / (dash * thick.max(1))) % 2 == 1) {
            continue;
        }
        let share = step as f32 / steps as f32;
        let x = from.x + share * (to.x - from.x);
        let y = from.y + share * (to.y - from.y);
        dot(image, (x.round() as i64, y.round() as i64), ink, thick);
    }
}

/// A square dot about a place; what lies outside the picture isn't drawn.
fn dot(image: &mut Image, (x, y): (i64, i64), ink: Colour, wide: u32) {
    let (width, height) = (i64::from(image.width()), i64::from(image.height()));
    let half = i64::from(wide) / 2;
    for row in (y - half).max(0)..(y - half + i64::from(wide)).min(height) {
        for column in (x - half).max(0)..(x - half + i64::from(wide)).min(width) {
            let at = 3 * (row * width + column) as usize;
            if let Some(pixel) = image.rgb_mut().get_mut(at..at + 3) {
                pixel.copy_from_slice(&ink);
            }
        }
    }
}

/// Letters of 3 x 5 dots: what names of seats and widths are made of.
const LETTERS: [(char, u16); 22] = [
    ('0', 0b111_101_101_101_111),
    ('1', 0b010_110_010_010_111),
    ('2', 0b111_001_111_100_111),
    ('3', 0b111_001_111_001_111),
    ('4', 0b101_101_111_001_001),
    ('5', 0b111_100_111_001_111),
    ('6', 0b111_100_111_101_111),
    ('7', 0b111_001_010_010_010),
    ('8', 0b111_101_111_101_111),
    ('9', 0b111_101_111_001_111),
    ('-', 0b000_000_111_000_000),
    ('.', 0b000_000_000_000_010),
    ('c', 0b000_111_100_100_111),
    ('e', 0b111_100_110_100_111),
    ('f', 0b111_100_110_100_100),
    ('g', 0b111_100_101_101_111),
    ('h', 0b101_101_111_101_101),
    ('i', 0b111_010_010_010_111),
    ('l', 0b100_100_100_100_111),
    ('n', 0b000_110_101_101_101),
    ('r', 0b110_101_110_101_101),
    ('t', 0b111_010_010_010_010),
];

fn write(image: &mut Image, (x, y): (i64, i64), text: &str, ink: Colour, scale: u32) {
    let step = i64::from(scale);
    // Within the picture, whatever it names lies at its edge.
    let wide = 4 * step * text.len() as i64;
    let x = x.clamp(step, (i64::from(image.width()) - wide).max(step));
    let y = y.clamp(step, (i64::from(image.height()) - 6 * step).max(step));
    for (ink, more) in [(UNDER, 2), (ink, 0)] {
        for (i, letter) in text.chars().enumerate() {
            let known = LETTERS.iter().find(|(known, _)| *known == letter);
            let Some((_, dots)) = known else { continue };
            for bit in 0..15_i64 {
                if dots >> (14 - bit) & 1 == 1 {
                    let column = x + step * (4 * i as i64 + bit % 3);
                    let row = y + step * (bit / 3);
                    dot(image, (column, row), ink, scale + more);
                }
            }
        }
    }
}
