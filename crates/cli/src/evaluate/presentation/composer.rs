//! Attacks composed into a vehicle's frames, and what the models see there.

mod place;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use image::{RgbImage, codecs::jpeg::JpegEncoder};
use rowcall_face::{Image, Rect, Search, Sketch, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{document, models::Models};
use rowcall_rollcall::{Frame, Presented, Unkept};
use rowcall_simulate::{Photo, hold_up};

use super::attack::Attack;
use crate::{evaluate::vehicles::Known, failure::Failure, private};

/// The quality that cameras compress with.
const JPEG_QUALITY: u8 = 85;

/// What the cameras see of an attack.
pub(super) struct Seen {
    pub(super) frames: Vec<Frame>,
    /// Where the picture's face is in each frame; none if it isn't held into it.
    pub(super) places: Vec<Option<Rect>>,
}

/// Composes attacks into the frames of a vehicle.
pub(super) struct Composer<'a> {
    known: &'a Known,
    models: &'a Models,
    seed: u64,
    /// Which of the folder's frames pictures are held into.
    chosen: Vec<usize>,
}

/// A portrait's pixels and eyes.
struct Portrait {
    image: RgbImage,
    eyes: [[f32; 2]; 2],
}

impl<'a> Composer<'a> {
    pub(super) fn new(known: &'a Known, models: &'a Models, seed: u64, each: usize) -> Self {
        let mut of_camera: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, frame) in known.folder.frames.iter().enumerate() {
            of_camera.entry(&frame.camera).or_default().push(i);
        }
        let mut chosen: Vec<usize> = of_camera
            .values()
            .flat_map(|all| spread(all, each))
            .collect();
        chosen.sort_unstable();
        Self {
            known,
            models,
            seed,
            chosen,
        }
    }

    /// What the cameras see of each attack, on every core; in the order of the
    /// attacks.
    pub(super) fn observe(
        &self,
        attacks: &[Attack],
        documents: &[Presented],
    ) -> Result<Vec<Result<Seen, Failure>>, Failure> {
        let portraits = self.portraits(documents)?;
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    let worker = Worker::new();
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(attack) = attacks.get(i) else { break };
                        let seen = self.see(attack, &portraits, &worker);
                        done.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((i, seen));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(i, _)| *i);
        Ok(done.into_iter().map(|(_, seen)| seen).collect())
    }

    /// Writes the first frame of an attack, for people to look at.
    pub(super) fn write_example(
        &self,
        attack: &Attack,
        documents: &[Presented],
        folder: &Path,
    ) -> Result<(), Failure> {
        private::make_folder(folder).map_err(|e| Failure::file(folder, &e))?;
        let portraits = self.portraits(documents)?;
        let Some(&first) = self.chosen.first() else {
            return Ok(());
        };
        if let (_, jpeg, Some(_)) = self.compose(attack, &portraits, first)? {
            let name = format!(
                "{}-{}-{}.jpg",
                self.known.folder.name,
                attack.seat,
                attack.instrument.as_str()
            );
            let path = folder.join(name);
            private::write(&path, &jpeg).map_err(|e| Failure::file(&path, &e))?;
        }
        Ok(())
    }

    fn portraits(&self, documents: &[Presented]) -> Result<Vec<Option<Portrait>>, Failure> {
        let worker = Worker::new();
        let portrait = |d: &Presented| {
            let Some(Ok(image)) = document::decode_portrait(&d.document) else {
                return Ok(None);
            };
            let face = self.models.analyser.portrait(&image, &worker);
            let face = face.map_err(|e| Failure::new(e.to_string()))?;
            let Some(portrait) = face else {
                return Ok(None);
            };
            let upright = image.turned(portrait.view.turn);
            let l = &portrait.face.landmarks;
            Ok(raster(&upright).map(|image| Portrait {
                eyes: [l.right_eye, l.left_eye].map(|p| [p.x, p.y]),
                image,
            }))
        };
        documents.iter().map(portrait).collect()
    }

    fn see(
        &self,
        attack: &Attack,
        portraits: &[Option<Portrait>],
        worker: &Worker,
    ) -> Result<Seen, Failure> {
        let mut seen = Seen {
            frames: Vec::new(),
            places: Vec::new(),
        };
        for &i in &self.chosen {
            let source = &self.known.folder.frames[i];
            let (image, _, place) = self.compose(attack, portraits, i)?;
            let faces = self
                .models
                .analyser
                .observe(&image, Search::Frame, worker)
                .map_err(|e| Failure::file(&source.path, &e))?;
            seen.places.push(place);
            seen.frames.push(Frame {
                camera: source.camera.clone(),
                name: self.known.folder.relative(&source.path),
                width: image.width(),
                height: image.height(),
                sketch: Sketch::of(&image),
                unkept: Unkept::default(),
                faces,
            });
        }
        Ok(seen)
    }

    /// A frame with the attack in it, its file, and where its face is.
    fn compose(
        &self,
        attack: &Attack,
        portraits: &[Option<Portrait>],
        i: usize,
    ) -> Result<(Image, Vec<u8>, Option<Rect>), Failure> {
        let path = &self.known.folder.frames[i].path;
        let failed = |why: &dyn std::fmt::Display| Failure::file(path, why);
        let frame = self
            .known
            .folder
            .ready_frame(i)
            .map_err(|why| failed(&why))?;
        let frame = raster(&frame).ok_or_else(|| failed(&"it has no pixels"))?;
        // One seed a frame and an attack, so that the order they are done in
        // changes nothing.
        let seed = self.seed ^ ((i as u64) << 32 | attack.number());
        let target = self.target(attack, i, &frame);
        let other = self.other_photo(attack)?;
        let portrait = match attack.instrument {
            i if i.is_other() => other.as_ref(),
            _ => portraits[attack.document].as_ref(),
        };
        let held = target.zip(portrait).map(|((target, place), portrait)| {
            let photo = Photo {
                image: &portrait.image,
                eyes: portrait.eyes,
            };
            (
                hold_up(&frame, attack.instrument, photo, target, seed),
                place,
            )
        });
        let (held, place) = match held {
            Some((held, place)) => (held, Some(place)),
            None => (frame, None),
        };
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
            .encode_image(&held)
            .map_err(|e| failed(&e))?;
        let seen = Image::decode(&jpeg, &Limits::FRAME).map_err(|e| failed(&e))?;
        Ok((seen, jpeg, place))
    }
}

/// The pixels as the simulator takes them.
fn raster(image: &Image) -> Option<RgbImage> {
    RgbImage::from_raw(image.width(), image.height(), image.rgb().to_vec())
}

/// `n` of `all`, from the first to the last.
fn spread(all: &[usize], n: usize) -> Vec<usize> {
    let last = all.len().saturating_sub(1);
    let step = n.saturating_sub(1).max(1);
    let mut chosen: Vec<usize> = (0..n)
        .filter_map(|k| all.get(k * last / step).copied())
        .collect();
    chosen.dedup();
    chosen
}
