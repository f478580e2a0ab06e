//! The faces of a stress test: clean references, and pictures to degrade.

use std::path::{Path, PathBuf};

use image::RgbImage;
use rowcall_face::{
    Analyser, FaceObservation, Image, Quality, Rect, Search, Template, Tone, Worker,
};
use rowcall_picture::{Limits, Turn};
use rowcall_simulate::{Conditions, Face, shoot};
use rowcall_template::danger::Role as _;

use crate::{Error, ErrorKind, Manifest, Treatment, scores::on_every_core};

/// Pictures of one person.
pub(crate) struct Person {
    pub(crate) subject: u32,
    /// The template of the first, as it is.
    pub(crate) reference: Template,
    /// The first itself, upright, to be photographed anew as somebody's portrait.
    portrait: (RgbImage, Face),
    /// The others, to be photographed anew: one at least.
    pictures: Vec<(RgbImage, Face)>,
}

/// What a degraded picture gave.
pub(crate) struct Seen {
    pub(crate) quality: Quality,
    pub(crate) template: Template,
    /// Whether only the second look found it.
    pub(crate) is_second: bool,
}

/// Pictures beside the reference that a subject needs: with several frames two,
/// or all frames would be one photograph.
pub(crate) fn least_probes(frames: usize) -> usize {
    frames.clamp(1, 2)
}

/// The first pictures of up to `most` subjects that have enough of them, spread
/// evenly over the set: the reference, and one for each of the `frames` at most.
/// Also how many of these subjects were left out because too few of the pictures
/// show a face as they are.
pub(crate) fn people(
    analyser: &Analyser,
    manifest: &Manifest,
    images: &Path,
    most: usize,
    frames: usize,
) -> Result<(Vec<Person>, usize), Error> {
    let mut first: Vec<Vec<usize>> = vec![Vec::new(); manifest.subjects];
    for (i, entry) in manifest.entries.iter().enumerate() {
        let own = &mut first[entry.subject as usize];
        if own.len() <= frames {
            own.push(i);
        }
    }
    let able: Vec<(u32, &Vec<usize>)> = (0..)
        .zip(&first)
        .filter(|(_, own)| own.len() > least_probes(frames))
        .collect();
    let count = able.len().min(most);
    let chosen: Vec<_> = (0..count).map(|i| able[i * able.len() / count]).collect();
    let parts = on_every_core(
        count,
        || (Worker::new(), Vec::new()),
        |(worker, own), i| {
            let (subject, entries) = chosen[i];
            let paths = entries
                .iter()
                .map(|&k| images.join(&manifest.entries[k].path));
            let paths: Vec<PathBuf> = paths.collect();
            let least = least_probes(frames);
            own.push((i, person(analyser, subject, &paths, least, worker)));
        },
    );
    let mut all: Vec<_> = parts.into_iter().flat_map(|(_, own)| own).collect();
    all.sort_by_key(|(i, _)| *i);
    let mut people = Vec::with_capacity(count);
    for (_, outcome) in all {
        people.extend(outcome?);
    }
    let left_out = count - people.len();
    Ok((people, left_out))
}

/// `None` if the first picture shows no face, or fewer than `least` others do.
fn person(
    analyser: &Analyser,
    subject: u32,
    paths: &[PathBuf],
    least: usize,
    worker: &Worker,
) -> Result<Option<Person>, Error> {
    let read = |path: &Path| {
        let bad = |e: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Manifest, format!("{}: {e}", path.display()))
        };
        let file = std::fs::read(path).map_err(|e| bad(&e))?;
        Image::decode(&file, &Limits::FRAME).map_err(|e| bad(&e))
    };
    let observe = |image: &Image| {
        let failed = |e: rowcall_face::Error| Error::new(ErrorKind::Inference, e.to_string());
        analyser.portrait(image, worker).map_err(failed)
    };
    let mut reference = None;
    let mut pictures = Vec::new();
    for (k, path) in paths.iter().enumerate() {
        let image = read(path)?;
        match observe(&image)? {
            Some(portrait) if k == 0 => {
                let upright = image.turned(portrait.view.turn);
                let own = (raster(&upright)?, place(&portrait.face));
                reference = Some((portrait.face.template.opened(), own));
            }
            Some(portrait) if portrait.view.turn == Turn::None => {
                pictures.push((raster(&image)?, place(&portrait.face)));
            }
            Some(_) => {}
            None => {}
        }
    }
    let enough = pictures.len() >= least;
    let reference = reference.filter(|_| enough);
    Ok(reference.map(|(reference, portrait)| Person {
        subject,
        reference,
        portrait,
        pictures,
    }))
}

/// The pixels as the simulator takes them.
fn raster(image: &Image) -> Result<RgbImage, Error> {
    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
        .ok_or_else(|| Error::new(ErrorKind::Output, "a picture without pixels"))
}

fn place<T>(face: &FaceObservation<T>) -> Face {
    let l = &face.landmarks;
    let eyes = l.right_eye.midpoint(l.left_eye);
    let centre = eyes.midpoint(l.right_mouth.midpoint(l.left_mouth));
    Face {
        x: centre.x,
        y: centre.y,
        eye_distance: l.eye_distance(),
    }
}

impl Person {
    /// Leaves one picture to be photographed.
    pub(crate) fn keep_one(&mut self) {
        self.pictures.truncate(1);
    }

    /// One frame of a camera under these conditions. The pictures take turns;
    /// noise, and where a lamp or a cover falls, are each frame's own.
    pub(crate) fn photograph(
        &self,
        conditions: &Conditions,
        frame: usize,
    ) -> Result<(RgbImage, Face), Error> {
        let (picture, face) = &self.pictures[frame % self.pictures.len()];
        let shot = shoot(picture, *face, conditions, seed(self.subject, frame))
            .map_err(|e| Error::new(ErrorKind::Output, e.to_string()))?;
        Ok((shot.picture, shot.face))
    }

    /// The person's portrait taken under these conditions, at its own size.
    pub(crate) fn portrait(&self, conditions: &Conditions) -> Result<RgbImage, Error> {
        let conditions = Conditions {
            eye_distance: None,
            jpeg: None,
            ..*conditions
        };
        let (picture, face) = &self.portrait;
        let shot = shoot(picture, *face, &conditions, seed(self.subject, PORTRAIT));
        let shot = shot.map_err(|e| Error::new(ErrorKind::Output, e.to_string()))?;
        Ok(shot.picture)
    }

    /// What the pipeline sees in that photograph, searched like a lane's frame.
    /// `None` is a failure to acquire: no face within an eye distance of where
    /// it is.
    pub(crate) fn look(
        &self,
        analyser: &Analyser,
        conditions: &Conditions,
        treatment: Treatment,
        frame: usize,
        worker: &Worker,
    ) -> Result<Option<Seen>, Error> {
        let failed = |e: rowcall_face::Error| Error::new(ErrorKind::Inference, e.to_string());
        let (picture, truth) = self.photograph(conditions, frame)?;
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
                is_second: true,
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
        Ok(Some(Seen {
            quality,
            template,
            is_second: false,
        }))
    }
}

/// The portrait, where frames are counted: no seat has so many.
const PORTRAIT: usize = 1 << 20;

/// A frame's stream: the same at each level, so that a curve shows the condition
/// and not the dice.
fn seed(subject: u32, frame: usize) -> u64 {
    let own = u64::from(subject).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 29_794;
    own.wrapping_add((frame as u64).wrapping_mul(0xD1B5_4A32_D192_ED03))
}

/// The one whose distance is least, of those that have one.
fn nearest<T>(all: Vec<T>, distance: impl Fn(&T) -> Option<f32>) -> Option<T> {
    let near = all.into_iter().filter_map(|t| Some((distance(&t)?, t)));
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, t)| t)
}
