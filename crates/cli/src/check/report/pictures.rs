//! Pictures for the page: cut out, made smaller, and written into it as data.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{ExtendedColorType, ImageEncoder as _, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use rowcall_face::{Image, Rect};

/// Height of a cut-out face, in pixels.
const FACE_HEIGHT: u32 = 264;
/// How much more than the face is shown, so that hair and chin are in it.
const AROUND: f32 = 1.7;
/// Width over height of a cut-out, as in a passport.
const ASPECT: f32 = 0.8;

/// A face with its surroundings as a `data:` URI; the whole picture where no
/// face is known.
pub(super) fn face(image: &Image, face: Option<Rect>) -> Option<String> {
    let picture = pixels(image)?;
    let (width, height) = (image.width() as f32, image.height() as f32);
    let cut = match face {
        None => picture,
        Some(face) => {
            let tall = (face.height * AROUND).min(height).min(width / ASPECT);
            let wide = tall * ASPECT;
            let centre = face.centre();
            let x = (centre.x - wide / 2.0).clamp(0.0, width - wide);
            let y = (centre.y - tall * 0.52).clamp(0.0, height - tall);
            imageops::crop_imm(
                &picture,
                x as u32,
                y as u32,
                wide.max(1.0) as u32,
                tall.max(1.0) as u32,
            )
            .to_image()
        }
    };
    let wide = (FACE_HEIGHT as f32 * cut.width() as f32 / cut.height() as f32).max(1.0) as u32;
    encode(
        &imageops::resize(&cut, wide, FACE_HEIGHT, imageops::FilterType::CatmullRom),
        88,
    )
}

/// A frame made at most `width` pixels wide, as a `data:` URI.
pub(super) fn frame(image: &Image, width: u32) -> Option<String> {
    let picture = pixels(image)?;
    let width = width.min(image.width());
    let height =
        (u64::from(width) * u64::from(image.height()) / u64::from(image.width())).max(1) as u32;
    encode(
        &imageops::resize(&picture, width, height, imageops::FilterType::Triangle),
        80,
    )
}

fn pixels(image: &Image) -> Option<RgbImage> {
    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
}

fn encode(picture: &RgbImage, quality: u8) -> Option<String> {
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    encoder
        .write_image(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .ok()?;
    Some(format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg)))
}
