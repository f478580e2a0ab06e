//! Synthetic pictures.

use std::io::Cursor;

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};

/// A JPEG with edges, as bright as is said, that differs with `seed`.
pub(crate) fn jpeg(width: u32, height: u32, seed: u32, brightness: f32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let tile = ((x + seed) / 23 + y / 17).is_multiple_of(2);
        let value = if tile { 230.0 } else { 40.0 } * brightness;
        Rgb([value as u8, value as u8, (value * 0.9) as u8])
    });
    encoded(&picture)
}

/// The same out of focus: a slope instead of edges.
pub(crate) fn blurred(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let wave = ((x + seed) as f32 / 40.0).sin() * (y as f32 / 40.0).cos();
        Rgb([(128.0 + 100.0 * wave) as u8; 3])
    });
    encoded(&picture)
}

fn encoded(picture: &RgbImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut file, 85);
    picture.write_with_encoder(encoder).expect("encodes");
    file.into_inner()
}
