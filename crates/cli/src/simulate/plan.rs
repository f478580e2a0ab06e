//! What is done to each seat, with its pictures in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use image::RgbImage;
use rowcall_face::{Analyser, Image, Landmarks, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::folder::entries::read_limited;
use rowcall_simulate::{Landmarks5, Linear};
use rowcall_words::seat::Seat;

use crate::failure::Failure;

/// A change as it was asked for.
pub(super) enum Change {
    /// A face, and the portrait of its document.
    Face(PathBuf, Option<PathBuf>),
    Print(PathBuf),
    Tint(f32),
    Sky(f32),
}

/// Everything that is done to seats.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) seats: BTreeMap<Seat, SeatPlan>,
}

/// Everything that is done to one seat.
#[derive(Default)]
pub(super) struct SeatPlan {
    pub(super) person: Option<Person>,
    pub(super) tint: Option<f32>,
    pub(super) sky: Option<f32>,
}

/// Who or what is put into a seat.
pub(crate) enum Person {
    /// A face, and the portrait that the seat's document gets.
    Face(Picture, Option<PathBuf>),
    /// A print.
    Print(Picture),
}

/// A photograph with a face.
pub(crate) struct Picture {
    /// Its file's name without extension: the identity in the truth.
    pub(crate) name: String,
    pub(crate) light: Linear,
    pub(crate) landmarks: Landmarks5,
}

impl Plan {
    /// Reads all pictures. `known` are the seats on which somebody sits.
    ///
    /// # Errors
    /// Another seat than these, two people for one seat, a picture without a face.
    pub(super) fn read(
        analyser: &Analyser,
        known: &BTreeSet<Seat>,
        changes: &[(Seat, Change)],
    ) -> Result<Self, Failure> {
        let worker = Worker::new();
        let mut plan = Self::default();
        for (seat, change) in changes {
            if !known.contains(seat) {
                let names: Vec<String> = known.iter().map(Seat::to_string).collect();
                return Err(Failure::new(format!(
                    "nobody sits on {seat} in this vehicle; its occupants are on {}",
                    names.join(", ")
                )));
            }
            let own = plan.seats.entry(*seat).or_default();
            let person = match change {
                Change::Face(face, portrait) => {
                    let picture = Picture::read(analyser, face, &worker)?;
                    Person::Face(picture, portrait.clone())
                }
                Change::Print(file) => Person::Print(Picture::read(analyser, file, &worker)?),
                Change::Tint(share) => {
                    own.tint = Some(*share);
                    continue;
                }
                Change::Sky(times) => {
                    own.sky = Some(*times);
                    continue;
                }
            };
            if own.person.replace(person).is_some() {
                return Err(Failure::new(format!(
                    "{seat} is given twice: a seat takes one face or one print"
                )));
            }
        }
        Ok(plan)
    }
}

impl Picture {
    /// Reads a photograph and finds its face.
    ///
    /// # Errors
    /// A file that is no picture, or shows no face.
    pub(crate) fn read(analyser: &Analyser, path: &Path, worker: &Worker) -> Result<Self, Failure> {
        let image = decode(path)?;
        let face = analyser
            .portrait(&image, worker)
            .map_err(|e| Failure::file(path, &e))?;
        let portrait = face.ok_or_else(|| Failure::file(path, &"no face was found in it"))?;
        let image = image.turned(portrait.view.turn);
        Ok(Self {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            light: light(&image, path)?,
            landmarks: five(&portrait.face.landmarks),
        })
    }
}

/// A picture file.
pub(crate) fn decode(path: &Path) -> Result<Image, Failure> {
    let file = read_limited(path)?;
    Image::decode(&file, &Limits::FRAME).map_err(|e| Failure::file(path, &e))
}

/// The picture as the simulator takes it.
pub(crate) fn light(image: &Image, path: &Path) -> Result<Linear, Failure> {
    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
        .map(|p| Linear::from_srgb(&p))
        .ok_or_else(|| Failure::file(path, &"it has no pixels"))
}

pub(crate) fn five(landmarks: &Landmarks) -> Landmarks5 {
    landmarks.points().map(|p| [p.x, p.y])
}
