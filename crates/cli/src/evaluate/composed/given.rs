//! The vehicles that others are made of, with their frames in memory.

use std::collections::BTreeMap;

use image::RgbImage;
use rowcall_face::{Detection, Search, Worker};
use rowcall_pipeline::models::Models;
use rowcall_rollcall::Seat;

use crate::{
    evaluate::vehicles::Known, failure::Failure, simulate::plan::decode, simulate::truth::Place,
    simulate::truth::Truth,
};

/// A vehicle to make others of.
pub(super) struct Given {
    pub(super) known: Known,
    /// The seats that somebody sits on, the driver's first.
    pub(super) seats: Vec<Seat>,
    /// The chosen frames, those of one camera beside each other and in order of time.
    pub(super) frames: Vec<GivenFrame>,
}

/// A frame as it was given.
pub(super) struct GivenFrame {
    /// The camera, by its place in the lane.
    pub(super) camera: usize,
    /// Which of the camera's frames.
    pub(super) moment: usize,
    pub(super) name: String,
    pub(super) picture: RgbImage,
    pub(super) places: Vec<Place>,
    pub(super) found: Vec<Detection>,
}

impl Given {
    /// Reads the first and the last frames, and those between, of each camera.
    pub(super) fn read(known: Known, models: &Models, each: usize) -> Result<Self, Failure> {
        let folder = &known.folder;
        let truth = Truth::read(&folder.path)?;
        let mut places: BTreeMap<String, Vec<Place>> = truth.frames()?.into_iter().collect();
        let worker = Worker::new();
        let mut frames = Vec::new();
        for (camera, of) in folder.lane.cameras.iter().enumerate() {
            let own: Vec<usize> = (0..folder.frames.len())
                .filter(|&i| folder.frames[i].camera == of.name)
                .collect();
            if own.len() < each {
                return Err(Failure::file(
                    &folder.path,
                    &format!(
                        "the camera {:?} has {} frames, {each} are asked for",
                        of.name,
                        own.len()
                    ),
                ));
            }
            let chosen = (0..each).map(|k| own[k * (own.len() - 1) / (each - 1).max(1)]);
            for (moment, i) in chosen.enumerate() {
                let path = &folder.frames[i].path;
                let name = folder.relative(path);
                let image = decode(path)?;
                let found = models
                    .analyser
                    .detector
                    .detect(&image, Search::Frame, &worker)
                    .map_err(|e| Failure::file(path, &e))?;
                let picture =
                    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
                        .ok_or_else(|| Failure::file(path, &"it has no pixels"))?;
                let places = places.remove(&name).ok_or_else(|| {
                    Failure::file(path, &"truth.json doesn't say who is in this frame")
                })?;
                frames.push(GivenFrame {
                    camera,
                    moment,
                    name,
                    picture,
                    places,
                    found,
                });
            }
        }
        let seats = truth.seats().into_iter().collect();
        Ok(Self {
            known,
            seats,
            frames,
        })
    }

    pub(super) fn cameras(&self) -> usize {
        self.known.folder.lane.cameras.len()
    }
}
