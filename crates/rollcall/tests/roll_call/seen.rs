//! What a camera sees of somebody, and what its frames look like.

use rowcall_face::{FaceObservation, Image, Imprint, Landmarks, Point, Quality, Rect, Sketch};

use crate::person::Person;

/// A face of somebody with its middle there, in the `i`th frame.
pub(crate) fn observation(
    (x, y): (f32, f32),
    width: f32,
    person: &Person,
    quality: Quality,
    i: usize,
) -> FaceObservation {
    let at = |dx: f32, dy: f32| Point::new(x + dx * width, y + dy * width);
    FaceObservation {
        face: Rect {
            x: x - width / 2.0,
            y: y - width / 2.0,
            width,
            height: width,
        },
        landmarks: Landmarks::from_points([
            at(-0.2, -0.1),
            at(0.2, -0.1),
            at(0.0, 0.1),
            at(-0.15, 0.3),
            at(0.15, 0.3),
        ]),
        quality,
        template: person.template(),
        // No two photographs of anybody are alike.
        imprint: photograph(1_000 + 64 * person.number as u64 + i as u64),
        border: Some(0.3),
    }
}

/// What a frame looks like as a whole; another picture for each number.
pub(crate) fn shown(number: u32) -> Sketch {
    let value = |i: u32| {
        let mixed = (i + 1).wrapping_mul(2_654_435_761) ^ number.wrapping_mul(0x9E37_79B9);
        60 + (mixed.wrapping_mul(0x85EB_CA6B) >> 25) as u8
    };
    let rgb = (0..64 * 36).flat_map(|i| [value(i); 3]).collect();
    Sketch::of(&Image::from_rgb(64, 36, rgb).expect("the size"))
}

/// Fine structure of its own for each number.
pub(crate) fn photograph(number: u64) -> Imprint {
    seen_narrower(number, 1.0)
}

/// The same, foreshortened to this share of its width.
pub(crate) fn seen_narrower(number: u64, share: f32) -> Imprint {
    let mut state = number + 1;
    let cells: Vec<u8> = (0..14 * 14)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            60 + (state >> 57) as u8
        })
        .collect();
    let pixel = |i: usize| {
        let x = ((i % 112) as f32 - 56.0) / share + 56.0;
        [cells[(i / 112 / 8) * 14 + (x.clamp(0.0, 111.0) as usize) / 8]; 3]
    };
    let rgb = (0..112 * 112).flat_map(pixel).collect();
    Imprint::of(&Image::from_rgb(112, 112, rgb).expect("the size"))
}

pub(crate) fn good() -> Quality {
    Quality::CLEAR
}
