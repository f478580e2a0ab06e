//! Everything between a face and its picture, in the order in which light
//! meets it.

use std::io::Cursor;

use image::{ImageFormat, RgbImage, codecs::jpeg::JpegEncoder};

use crate::{
    Blur, Camera, Cover, Error, ErrorKind, Face, Glasses, Linear, Pane, Veil, error::within,
    noise::stream, optics, spectrum,
};

/// Under what conditions a face is photographed. The default changes nothing
/// but what any camera does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// Distance between the eyes on the sensor, 4..=400 pixels; `None` leaves it.
    pub eye_distance: Option<f32>,
    /// Something opaque before a part of the face.
    pub cover: Option<Cover>,
    /// Dark glasses before the eyes.
    pub glasses: Option<Glasses>,
    /// How far the light is near-infrared, 0..=1 (see `docs/evaluation.md`: an
    /// approximation). Above 0.5 the camera is monochrome.
    pub near_infrared: f32,
    /// Glass before the face.
    pub pane: Option<Pane>,
    /// What that glass reflects; nothing without glass.
    pub veil: Option<Veil>,
    /// Defocus and motion.
    pub blur: Blur,
    /// The camera.
    pub camera: Camera,
    /// Quality of the JPEG compression, 1..=100 (the libjpeg scale); `None`
    /// leaves it out.
    pub jpeg: Option<u8>,
}

/// A photograph.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// The picture.
    pub picture: RgbImage,
    /// Where the face is in it.
    pub face: Face,
}

/// How far around its centre a face is metered, in eye distances.
const ZONE: f32 = 1.1;

impl Conditions {
    fn check(&self) -> Result<(), Error> {
        if let Some(eyes) = self.eye_distance {
            within("the eye distance", eyes, 4.0, 400.0)?;
        }
        self.cover.as_ref().map_or(Ok(()), Cover::check)?;
        self.glasses.as_ref().map_or(Ok(()), Glasses::check)?;
        within("near-infrared", self.near_infrared, 0.0, 1.0)?;
        self.pane.as_ref().map_or(Ok(()), Pane::check)?;
        self.veil.as_ref().map_or(Ok(()), Veil::check)?;
        self.blur.check()?;
        self.camera.check()?;
        let quality = f32::from(self.jpeg.unwrap_or(100));
        within("the JPEG quality", quality, 1.0, 100.0)
    }
}

/// Photographs the face of a portrait under these conditions. The portrait is
/// taken for the radiance of the face as its own camera saw it. The same
/// arguments give the same picture.
///
/// # Errors
/// [`ErrorKind::Parameter`] for a condition outside its range;
/// [`ErrorKind::Picture`] if the picture would become too small or too large.
pub fn shoot(
    portrait: &RgbImage,
    face: Face,
    conditions: &Conditions,
    seed: u64,
) -> Result<Shot, Error> {
    conditions.check()?;
    within(
        "the portrait's eye distance",
        face.eye_distance,
        2.0,
        4_000.0,
    )?;
    let mut light = Linear::from_srgb(portrait);
    let factor = conditions
        .eye_distance
        .map_or(1.0, |eyes| eyes / face.eye_distance);
    light = optics::scale(&light, factor)?;
    let face = Face {
        x: face.x * factor,
        y: face.y * factor,
        eye_distance: face.eye_distance * factor,
    };
    let picture = expose(light, face, conditions, seed)?;
    let picture = match conditions.jpeg {
        Some(quality) => compress(&picture, quality)?,
        None => picture,
    };
    Ok(Shot { picture, face })
}

/// Everything but scale and compression, for a scene that has its size: a whole
/// frame, metered at `face`.
///
/// # Errors
/// [`ErrorKind::Parameter`] for a condition outside its range.
pub fn expose(
    mut light: Linear,
    face: Face,
    conditions: &Conditions,
    seed: u64,
) -> Result<RgbImage, Error> {
    conditions.check()?;
    let mut rng = stream(seed);
    let reach = ZONE * face.eye_distance;
    if let Some(cover) = &conditions.cover {
        cover.hide(&mut light, face, seed);
    }
    if let Some(glasses) = &conditions.glasses {
        glasses.put_on(&mut light, face, seed);
    }
    if conditions.near_infrared > 0.0 {
        let level = light.mean_near(face.x, face.y, reach);
        spectrum::near_infrared(&mut light, conditions.near_infrared, level);
    }
    light = conditions.blur.apply(&light);
    if let Some(pane) = &conditions.pane {
        let share = pane.of_the_face();
        for pixel in light.pixels.pixels_mut() {
            pixel.0 = pixel.0.map(|v| v * share);
        }
        if let Some(veil) = &conditions.veil {
            let centre = (face.x, face.y);
            veil.add(&mut light, pane, centre, face.eye_distance, &mut rng);
        }
    }
    let zone = light.mean_near(face.x, face.y, reach);
    let monochrome = conditions.near_infrared >= 0.5;
    Ok(conditions.camera.read(&light, zone, monochrome, &mut rng))
}

fn compress(picture: &RgbImage, quality: u8) -> Result<RgbImage, Error> {
    let failed = |e: image::ImageError| {
        Error::new(ErrorKind::Encoding, format!("JPEG compression failed: {e}"))
    };
    let mut file = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(picture)
        .map_err(failed)?;
    let decoded = image::load_from_memory_with_format(file.get_ref(), ImageFormat::Jpeg);
    Ok(decoded.map_err(failed)?.into_rgb8())
}
