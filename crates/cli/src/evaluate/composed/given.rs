//! The vehicles that others are made of, with their frames in memory.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use image::RgbImage;
use rowcall_face::{Detection, Search, Worker};
use rowcall_pipeline::models::Models;
use rowcall_rollcall::Lane;
use rowcall_words::seat::Seat;

use crate::{
    evaluate::vehicles::Known, failure::Failure, simulate::plan::decode, simulate::truth::Place,
    simulate::truth::Truth,
};

/// The last row that a seat can be in.
const LAST_ROW: u8 = 9;

/// A vehicle to make others of.
pub(super) struct Given {
    pub(super) name: String,
    /// The folder of the vehicle, or of the first of two.
    pub(super) path: PathBuf,
    pub(super) lane: Lane,
    /// The seats that somebody sits on, the driver's first.
    pub(super) seats: Vec<Seat>,
    /// The chosen frames, those of one camera beside each other and in order of time.
    pub(super) frames: Vec<GivenFrame>,
}

/// A frame as it was given.
#[derive(Clone)]
pub(super) struct GivenFrame {
    /// The camera, by its place in the lane.
    pub(super) camera: usize,
    /// Which of the camera's frames.
    pub(super) moment: usize,
    pub(super) path: PathBuf,
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
                    path: path.clone(),
                    name,
                    picture,
                    places,
                    found,
                });
            }
        }
        let seats = truth.seats().into_iter().collect();
        let folder = known.folder;
        Ok(Self {
            name: folder.name,
            path: folder.path,
            lane: folder.lane,
            seats,
            frames,
        })
    }

    pub(super) fn cameras(&self) -> usize {
        self.lane.cameras.len()
    }

    /// The vehicles that have more seats than any of `given` and are two of these
    /// one behind the other, in one lane with the cameras of both.
    pub(super) fn longer(given: &[Self]) -> Vec<Self> {
        let most = given.iter().map(|g| g.seats.len()).max().unwrap_or(0);
        let pairs = given
            .iter()
            .flat_map(|a| given.iter().map(move |b| (a, b)))
            .filter(|(a, b)| a.seats.len() + b.seats.len() > most);
        pairs.filter_map(|(a, b)| a.before(b)).collect()
    }

    /// This vehicle with the rows of another behind its own. `None` where there would
    /// be more rows than seats can be named by.
    fn before(&self, other: &Self) -> Option<Self> {
        let rows = self.lane.seats().last()?.row;
        if other.lane.seats().last()?.row.checked_add(rows)? > LAST_ROW {
            return None;
        }
        let back = |seat: Seat| Seat {
            row: seat.row + rows,
            ..seat
        };
        let called = |name: &str| format!("behind-{name}");
        let mut lane = self.lane.clone();
        for camera in &other.lane.cameras {
            let mut camera = camera.clone();
            camera.name = called(&camera.name);
            camera.zones.iter_mut().for_each(|z| z.seat = back(z.seat));
            lane.cameras.push(camera);
        }
        for (seat, names) in &other.lane.policy.needed_cameras {
            let names = names.iter().map(|name| called(name)).collect();
            lane.policy.needed_cameras.insert(back(*seat), names);
        }
        let behind = other.frames.iter().cloned().map(|mut frame| {
            frame.camera += self.cameras();
            frame.name = Path::new("behind")
                .join(&frame.name)
                .to_string_lossy()
                .into_owned();
            frame.places.iter_mut().for_each(|p| p.seat = back(p.seat));
            frame
        });
        Some(Self {
            name: format!("{} before {}", self.name, other.name),
            path: self.path.clone(),
            lane,
            seats: [
                self.seats.clone(),
                other.seats.iter().copied().map(back).collect(),
            ]
            .concat(),
            frames: self.frames.iter().cloned().chain(behind).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rowcall_rollcall::Lane;

    use super::Given;
    use crate::simulate::truth::Place;

    fn given(name: &str, seats: &[&str]) -> Given {
        let zones: String = seats
            .iter()
            .map(|seat| {
                format!(
                    "[[camera.zone]]\nseat = \"{seat}\"\npolygon = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]\nface_width = [0.1, 0.2]\n"
                )
            })
            .collect();
        let lane = format!(
            "format = 1\nname = \"{name}\"\n[policy.needed_cameras]\n\"{}\" = [\"front\"]\n[[camera]]\nname = \"front\"\n{zones}",
            seats[0]
        );
        let seats: Vec<_> = seats.iter().map(|s| s.parse().expect("a seat")).collect();
        let place = |seat| Place {
            seat,
            head: [0.0, 0.0, 10.0, 10.0],
            eyes: [[3.0, 4.0], [7.0, 4.0]],
            visible: 1.0,
            turned: 0.0,
        };
        Given {
            name: name.to_owned(),
            path: PathBuf::from(name),
            lane: Lane::parse(&lane).expect("a lane"),
            frames: vec![super::GivenFrame {
                camera: 0,
                moment: 0,
                path: PathBuf::from("1.jpg"),
                name: "1.jpg".to_owned(),
                picture: image::RgbImage::new(10, 10),
                places: seats.iter().copied().map(place).collect(),
                found: Vec::new(),
            }],
            seats,
        }
    }

    #[test]
    fn longer_vehicles_have_the_rows_and_the_cameras_of_both() {
        let two = given("couple", &["1-left", "1-right"]);
        let four = given("family", &["1-left", "1-right", "2-left", "2-right"]);
        let longer = Given::longer(&[two, four]);
        let names: Vec<&str> = longer.iter().map(|g| g.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "couple before family",
                "family before couple",
                "family before family"
            ]
        );
        for (one, seats) in longer.iter().zip([
            "1-left 1-right 2-left 2-right 3-left 3-right",
            "1-left 1-right 2-left 2-right 3-left 3-right",
            "1-left 1-right 2-left 2-right 3-left 3-right 4-left 4-right",
        ]) {
            let own: Vec<String> = one.seats.iter().map(ToString::to_string).collect();
            assert_eq!(own.join(" "), seats, "{}", one.name);
            let zones = one.lane.cameras.iter().flat_map(|c| &c.zones);
            assert!(zones.map(|z| z.seat).eq(one.seats.iter().copied()));
            let cameras: Vec<&str> = one.lane.cameras.iter().map(|c| c.name.as_str()).collect();
            assert_eq!(cameras, ["front", "behind-front"], "{}", one.name);
            let needed: Vec<&[String]> = one
                .lane
                .policy
                .needed_cameras
                .values()
                .map(Vec::as_slice)
                .collect();
            assert_eq!(needed, [["front"], ["behind-front"]], "{}", one.name);
            let frames = one.frames.iter().map(|f| (f.camera, f.name.as_str()));
            assert!(frames.eq([(0, "1.jpg"), (1, "behind/1.jpg")]));
            let places = one.frames.iter().flat_map(|f| &f.places);
            assert!(places.map(|p| p.seat).eq(one.seats.iter().copied()));
        }
    }
}
