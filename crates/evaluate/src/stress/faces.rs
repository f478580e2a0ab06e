//! The faces of a stress test: clean references, and pictures to degrade.

use std::path::Path;

use image::RgbImage;
use rowcall_face::{
    Analyser, FaceObservation, Image, PictureLimits, Quality, Rect, Search, Template, Tone, Worker,
};
use rowcall_simulate::{Conditions, Face, shoot};

use crate::{Error, ErrorKind, Manifest, Treatment, scores::on_every_core};

/// Two pictures of one person.
pub(crate) struct Pair {
    pub(crate) subject: u32,
    /// The template of the first, as it is.
    pub(crate) reference: Template,
    /// The second, to be photographed anew.
    pub(crate) picture: RgbImage,
    pub(crate) face: Face,
}

/// What a degraded picture gave.
pub(crate) struct Seen {
    pub(crate) quality: Quality,
    pub(crate) template: Template,
}

/// The first two pictures of up to `most` subjects that have two, spread evenly
/// over the set; and how many of these subjects were left out because one of
/// the pictures shows no face as it is.
pub(crate) fn pairs(
    analyser: &Analyser,
    manifest: &Manifest,
    images: &Path,
    most: usize,
) -> Result<(Vec<Pair>, usize), Error> {
    let mut first_two: Vec<Vec<usize>> = vec![Vec::new(); manifest.subjects];
    for (i, entry) in manifest.entries.iter().enumerate() {
        let own = &mut first_two[entry.subject as usize];
        if own.len() < 2 {
            own.push(i);
        }
    }
    let able: Vec<(u32, &Vec<usize>)> = (0..)
        .zip(&first_two)
        .filter(|(_, own)| own.len() == 2)
        .collect();
    let count = able.len().min(most);
    let chosen: Vec<_> = (0..count).map(|i| able[i * able.len() / count]).collect();
    let parts = on_every_core(
        count,
        || (Worker::new(), Vec::new()),
        |(worker, own), i| {
            let (subject, entries) = chosen[i];
            let path = |k: usize| images.join(&manifest.entries[entries[k]].path);
            own.push((i, pair(analyser, subject, &path(0), &path(1), worker)));
        },
    );
    let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
    all.sort_by_key(|(i, _)| *i);
    let mut pairs = Vec::with_capacity(count);
    for (_, outcome) in all {
        pairs.extend(outcome?);
    }
    let left_out = count - pairs.len();
    Ok((pairs, left_out))
}

fn pair(
    analyser: &Analyser,
    subject: u32,
    reference: &Path,
    probe: &Path,
    worker: &Worker,
) -> Result<Option<Pair>, Error> {
    let read = |path: &Path| {
        let bad = |e: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Manifest, format!("{}: {e}", path.display()))
        };
        let file = std::fs::read(path).map_err(|e| bad(&e))?;
        Image::decode(&file, &PictureLimits::default()).map_err(|e| bad(&e))
    };
    let observe = |image: &Image| {
        let failed = |e: rowcall_face::Error| Error::new(ErrorKind::Inference, e.to_string());
        analyser.portrait(image, worker).map_err(failed)
    };
    let (reference, picture) = (read(reference)?, read(probe)?);
    let (Some(own), Some(other)) = (observe(&reference)?, observe(&picture)?) else {
        return Ok(None);
    };
    Ok(Some(Pair {
        subject,
        reference: own.template,
        face: place(&other),
        picture: raster(&picture)?,
    }))
}

/// The pixels as the simulator takes them.
fn raster(image: &Image) -> Result<RgbImage, Error> {
    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
        .ok_or_else(|| Error::new(ErrorKind::Output, "a picture without pixels"))
}

fn place(face: &FaceObservation) -> Face {
    let l = &face.landmarks;
    let eyes = l.right_eye.midpoint(l.left_eye);
    let centre = eyes.midpoint(l.right_mouth.midpoint(l.left_mouth));
    Face {
        x: centre.x,
        y: centre.y,
        eye_distance: l.eye_distance(),
    }
}

impl Pair {
    /// The second picture under these conditions, as one picture of a camera.
    pub(crate) fn photograph(
        &self,
        conditions: &Conditions,
        seed: u64,
    ) -> Result<(RgbImage, Face), Error> {
        let shot = shoot(&self.picture, self.face, conditions, seed)
            .map_err(|e| Error::new(ErrorKind::Output, e.to_string()))?;
        Ok((shot.picture, shot.face))
    }

    /// What the pipeline sees in that photograph, searched like a lane's frame.
    /// `None` is a failure to acquire: no face within an eye distance of where
    /// it is.
    pub(crate) fn look(
        &self,
        analyser: &Analyser,
        conditions: &Conditions,
        treatment: Treatment,
        seed: u64,
        worker: &Worker,
    ) -> Result<Option<Seen>, Error> {
        let failed = |e: rowcall_face::Error| Error::new(ErrorKind::Inference, e.to_string());
        let (picture, truth) = self.photograph(conditions, seed)?;
        let (width, height) = picture.dimensions();
        let image = Image::from_rgb(width, height, picture.into_raw())
            .ok_or_else(|| Error::new(ErrorKind::Output, "a photograph without pixels"))?;
        let shown = treatment.detection.apply(&image);
        let found = analyser
            .detector
            .detect(&shown, Search::Frame, worker)
            .map_err(failed)?;
        let centre = rowcall_face::Point::new(truth.x, truth.y);
        let off =
            |face: Rect| Some(face.centre().distance(centre)).filter(|d| *d < truth.eye_distance);
        if found.is_empty() && treatment.second_look {
            let whole = Rect {
                x: 0.0,
                y: 0.0,
                width: width as f32,
                height: height as f32,
            };
            let faces = analyser
                .observe_again(&shown, whole, worker)
                .map_err(failed)?;
            let own = nearest(faces, |f| off(f.face));
            return Ok(own.map(|face| Seen {
                quality: face.quality,
                template: face.template,
            }));
        }
        let Some(detection) = nearest(found, |d| off(d.face)) else {
            return Ok(None);
        };
        let Some(crop) = analyser.embedder.align(&image, &detection.landmarks) else {
            return Ok(None);
        };
        let quality = Quality::measure(&crop, &detection.landmarks, detection.confidence);
        let tone = treatment
            .embedding
            .unwrap_or_else(|| Tone::in_force(quality.luminance));
        let template = analyser
            .embedder
            .embed(&tone.apply(&crop), worker)
            .map_err(failed)?;
        Ok(Some(Seen { quality, template }))
    }
}

/// The one whose distance is least, of those that have one.
fn nearest<T>(all: Vec<T>, distance: impl Fn(&T) -> Option<f32>) -> Option<T> {
    let near = all.into_iter().filter_map(|t| Some((distance(&t)?, t)));
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, t)| t)
}
