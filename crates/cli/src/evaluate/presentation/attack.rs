//! The attacks on a vehicle, composed into its frames and looked at.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use image::{ExtendedColorType, ImageEncoder as _, codecs::jpeg::JpegEncoder};
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;
use rowcall_evaluate::{FaceTruth, Instrument, Photo, Target, hold_up, luminance};
use rowcall_face::{Image, PictureLimits, Point, Rect, Search, Worker};
use rowcall_rollcall::{Frame, Presented, Seat};

use super::OVER_EMPTY;
use crate::{
    evaluate::vehicles::Known,
    failure::Failure,
    models::Models,
    vehicle::{analyse, folder},
};

/// The quality that cameras compress with.
const JPEG_QUALITY: u8 = 85;
/// Eyes of a frontal face are this share of the face's width apart.
const EYES_OVER_FACE: f32 = 0.45;

/// A picture on a seat.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attack {
    pub(super) seat: Seat,
    pub(super) instrument: Instrument,
    /// Whose portrait it shows, by place among the documents.
    pub(super) document: usize,
    pub(super) empty_seat: bool,
}

/// What the cameras see of an attack.
pub(super) struct Seen {
    pub(super) frames: Vec<Frame>,
    /// Where the picture's face is in each frame; none if it isn't held into it.
    pub(super) places: Vec<Option<Rect>>,
}

/// The attacks on a vehicle: each holder's picture before their own seat, and
/// an absent person's, the last document, on each empty seat.
pub(super) fn plan(known: &Known, documents: &[Presented], own: usize) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for seat in &known.truth.seats {
        let truth = known.truth.documents.iter();
        let mut truth = truth.filter(|d| d.identity == seat.identity);
        let document = truth.find_map(|t| documents[..own].iter().position(|d| d.id == t.document));
        attacks.extend(Instrument::ALL.into_iter().filter_map(|instrument| {
            Some(Attack {
                seat: seat.seat,
                instrument,
                document: document?,
                empty_seat: false,
            })
        }));
    }
    let is_taken = |seat: &Seat| known.truth.seats.iter().any(|s| s.seat == *seat);
    for seat in known
        .folder
        .lane
        .seats()
        .into_iter()
        .filter(|s| !is_taken(s))
    {
        attacks.extend(OVER_EMPTY.into_iter().map(|instrument| Attack {
            seat,
            instrument,
            document: own,
            empty_seat: true,
        }));
    }
    attacks.retain(|a| a.document < documents.len());
    attacks
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
    image: Image,
    eyes: [Point; 2],
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
        fs::create_dir_all(folder).map_err(|e| Failure::file(folder, &e))?;
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
            fs::write(&path, jpeg).map_err(|e| Failure::file(&path, &e))?;
        }
        Ok(())
    }

    fn portraits(&self, documents: &[Presented]) -> Result<Vec<Option<Portrait>>, Failure> {
        let worker = Worker::new();
        let portrait = |d: &Presented| {
            let Some(Ok(image)) = analyse::decode_portrait(&d.document) else {
                return Ok(None);
            };
            let face = self.models.analyser.portrait(&image, &worker);
            let face = face.map_err(|e| Failure::new(e.to_string()))?;
            Ok(face.map(|f| Portrait {
                eyes: [f.landmarks.right_eye, f.landmarks.left_eye],
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
        let frame = analyse::load_frame(&self.known.folder, i).map_err(|why| failed(&why))?;
        // One seed a frame and an attack, so that the order they are done in
        // changes nothing.
        let mut random =
            ChaCha8Rng::seed_from_u64(self.seed ^ ((i as u64) << 32 | seed_of(attack)));
        let target = self.target(attack, i, &frame);
        let other = self.other_photo(attack, i)?;
        let portrait = match attack.instrument {
            Instrument::OtherPhoto => other.as_ref(),
            _ => portraits[attack.document].as_ref(),
        };
        let held = target
            .zip(portrait)
            .and_then(|((target, place), portrait)| {
                let photo = Photo {
                    image: &portrait.image,
                    eyes: portrait.eyes,
                };
                let held = hold_up(&frame, attack.instrument, photo, target, &mut random)?;
                Some((held, place))
            });
        let (held, place) = match held {
            Some((held, place)) => (held, Some(place)),
            None => (frame, None),
        };
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
            .write_image(
                held.rgb(),
                held.width(),
                held.height(),
                ExtendedColorType::Rgb8,
            )
            .map_err(|e| failed(&e))?;
        let seen = Image::decode(&jpeg, &PictureLimits::default()).map_err(|e| failed(&e))?;
        Ok((seen, jpeg, place))
    }

    /// Where the picture's face goes in a frame: before the occupant's, or to
    /// the middle of an empty seat's zone.
    fn target(&self, attack: &Attack, i: usize, frame: &Image) -> Option<(Target, Rect)> {
        if !attack.empty_seat {
            let face = self.face(attack.seat, i)?;
            let [x0, y0, x1, y1] = face.head_box?;
            let ([lx, ly], [rx, ry]) = (face.eye_right?, face.eye_left?);
            let (l, r) = (Point::new(lx, ly), Point::new(rx, ry));
            let turned = face.face_turned_from_camera_deg.unwrap_or(0.0).to_radians();
            let head = Rect {
                x: x0,
                y: y0,
                width: x1 - x0,
                height: y1 - y0,
            };
            let target = Target {
                eyes: [l, r],
                unturned: l.distance(r) / turned.cos().max(0.35),
                luminance: luminance(frame, head),
            };
            return (r.x > l.x).then_some((target, head));
        }
        let camera = self
            .known
            .folder
            .lane
            .camera(&self.known.folder.frames[i].camera)?;
        let zone = camera.zones.iter().find(|z| z.seat == attack.seat)?;
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        let n = zone.polygon.len() as f32;
        let sum = zone
            .polygon
            .iter()
            .fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
        let middle = Point::new(sum.x / n * width, sum.y / n * height);
        let face = (zone.face_width.0 * zone.face_width.1).sqrt() * width;
        let apart = face * EYES_OVER_FACE;
        let eyes_y = middle.y - 0.15 * face;
        let place = Rect {
            x: middle.x - face / 2.0,
            y: middle.y - face / 2.0,
            width: face,
            height: face,
        };
        let target = Target {
            eyes: [-0.5, 0.5].map(|s| Point::new(middle.x + s * apart, eyes_y)),
            unturned: apart,
            luminance: luminance(frame, place).clamp(45.0, 140.0),
        };
        Some((target, place))
    }

    /// A crop of the holder from the frame in which they are seen largest from
    /// the front, of another moment than frame `i`: another photograph of them.
    fn other_photo(&self, attack: &Attack, i: usize) -> Result<Option<Portrait>, Failure> {
        if attack.instrument != Instrument::OtherPhoto || attack.empty_seat {
            return Ok(None);
        }
        let frontal = |j: &usize| {
            let face = self.face(attack.seat, *j).filter(|f| f.visible);
            let turned = face.and_then(|f| f.face_turned_from_camera_deg);
            turned.map(|t| (t * 8.0) as i64)
        };
        let all = 0..self.known.folder.frames.len();
        let best = all
            .filter(|j| !self.chosen.contains(j) && *j != i)
            .filter_map(|j| Some((frontal(&j)?, j)))
            .min();
        let Some((_, j)) = best else { return Ok(None) };
        let Some(face) = self.face(attack.seat, j) else {
            return Ok(None);
        };
        let path = &self.known.folder.frames[j].path;
        let frame = Image::decode(&folder::read_limited(path)?, &PictureLimits::default())
            .map_err(|e| Failure::file(path, &e))?;
        let (Some([x0, y0, x1, y1]), Some(l), Some(r)) =
            (face.head_box, face.eye_right, face.eye_left)
        else {
            return Ok(None);
        };
        let (x0, y0) = (x0.max(0.0) as u32, y0.max(0.0) as u32);
        let (x1, y1) = (
            (x1 as u32).min(frame.width()),
            (y1 as u32).min(frame.height()),
        );
        let mut rgb = Vec::new();
        for y in y0..y1 {
            let row = 3 * (y * frame.width()) as usize;
            rgb.extend_from_slice(&frame.rgb()[row + 3 * x0 as usize..row + 3 * x1 as usize]);
        }
        let image = Image::from_rgb(x1.saturating_sub(x0), y1.saturating_sub(y0), rgb);
        let at = |[x, y]: [f32; 2]| Point::new(x - x0 as f32, y - y0 as f32);
        Ok(image.map(|image| Portrait {
            image,
            eyes: [at(l), at(r)],
        }))
    }

    fn face(&self, seat: Seat, i: usize) -> Option<&FaceTruth> {
        let name = self
            .known
            .folder
            .relative(&self.known.folder.frames[i].path);
        let frame = self.known.truth.frames.iter().find(|f| f.file == name)?;
        frame.occupants.iter().find(|o| o.seat == seat)
    }
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

fn seed_of(attack: &Attack) -> u64 {
    let seat = u64::from(attack.seat.row) * 4 + attack.seat.side as u64;
    seat * 64 + attack.instrument as u64 * 8 + u64::from(attack.empty_seat)
}
