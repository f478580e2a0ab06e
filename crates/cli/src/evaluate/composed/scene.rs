//! A composed vehicle: its frames in memory, looked at and decided as `check` does.

use std::{collections::BTreeSet, path::Path};

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use jiff::civil::Date;
use rowcall_evaluate::{CameraFault, Composition, Outcome};
use rowcall_face::{Image, Rect, Registrations, Search, Sketch, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::models::Models;
use rowcall_rollcall::{Camera, Declaration, Evidence, Frame, Presented, SecondLook, Unkept};
use rowcall_simulate::{Linear, put_face};

use super::{
    given::{Given, GivenFrame},
    people::People,
};
use crate::{
    failure::Failure, private, simulate::frames::Eyes, simulate::frames::put,
    simulate::plan::Person, simulate::plan::Picture, simulate::truth::Place,
};

/// The quality that cameras compress with.
const JPEG_QUALITY: u8 = 85;
/// A head is this much larger than its box in the truth, from crown to collar.
const AROUND_HEAD: f32 = 0.15;

/// Composes vehicles and decides them.
pub(super) struct Composer<'a> {
    pub(super) given: &'a [Given],
    pub(super) people: &'a People<'a>,
    pub(super) models: &'a Models,
    pub(super) at: Date,
    pub(super) keep: Option<&'a Path>,
}

/// The faces of a composition, by seat.
struct Cast {
    first: Vec<Person>,
    second: Vec<Option<Person>>,
    bystander: Option<Picture>,
}

impl Composer<'_> {
    /// One vehicle.
    pub(super) fn decide(
        &self,
        composition: &Composition,
        worker: &Worker,
    ) -> Result<Outcome, Failure> {
        let given = &self.given[composition.vehicle];
        let lane = &given.lane;
        let documents = composition.documents.iter().enumerate();
        let documents: Vec<Presented> = documents
            .map(|(i, plan)| {
                let id = format!("{:02}", i + 1);
                let policy = &lane.policy.documents;
                self.people.document(id, plan, policy, self.at, worker)
            })
            .collect::<Result<_, _>>()?;
        let (images, mut frames, shown) = self.observe(composition, given, worker)?;
        for look in SecondLook::plan(lane, &frames, &BTreeSet::new()) {
            let faces = self
                .models
                .analyser
                .observe_again(&images[look.frame], look.region, worker)
                .map_err(|e| Failure::new(e.to_string()))?;
            let frame = &frames[look.frame];
            let camera = lane.camera(&frame.camera);
            let new = camera.map(|camera| look.keep(faces, camera, frame));
            frames[look.frame].faces.extend(new.into_iter().flatten());
        }
        let declaration = Declaration {
            occupants: u8::try_from(composition.seats.len()).ok(),
            ..Declaration::default()
        };
        let call = rowcall_rollcall::call(&Evidence {
            lane,
            calibration: &self.models.calibration,
            declaration: &declaration,
            frames: &frames,
            documents: &documents,
            registrations: &Registrations::default(),
            at: self.at,
        })
        .map_err(|e| Failure::file(&given.path, &e))?;
        Ok(Outcome::of(composition, &given.name, shown, &call))
    }

    /// What the cameras saw, and in how many frames somebody else could be shown on
    /// a seat.
    fn observe(
        &self,
        composition: &Composition,
        given: &Given,
        worker: &Worker,
    ) -> Result<(Vec<Image>, Vec<Frame>, usize), Failure> {
        let cast = self.cast(composition, worker)?;
        let lane = &given.lane;
        let (mut images, mut frames, mut shown) = (Vec::new(), Vec::new(), 0);
        for source in &given.frames {
            let mut source = source;
            match composition.fault {
                Some((CameraFault::Dead, camera)) if camera == source.camera => continue,
                Some((CameraFault::Frozen, camera)) if camera == source.camera => {
                    let first = given.frames.iter().find(|f| f.camera == camera);
                    source = first.unwrap_or(source);
                }
                _ => {}
            }
            let camera = &lane.cameras[source.camera];
            let (picture, seconds) = self.compose(composition, &cast, given, source, camera)?;
            shown += seconds;
            let failed = |why: &dyn std::fmt::Display| Failure::file(&source.path, why);
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
                .encode_image(&picture)
                .map_err(|e| failed(&e))?;
            if let Some(folder) = self.keep {
                keep(folder, composition, camera, source.moment, &jpeg)?;
            }
            let image = Image::decode(&jpeg, &Limits::FRAME).map_err(|e| failed(&e))?;
            let faces = self
                .models
                .analyser
                .observe(&image, Search::Frame, worker)
                .map_err(|e| failed(&e))?;
            frames.push(Frame {
                camera: camera.name.clone(),
                name: source.name.clone(),
                width: image.width(),
                height: image.height(),
                sketch: Sketch::of(&image),
                unkept: Unkept::default(),
                faces,
            });
            images.push(image);
        }
        Ok((images, frames, shown))
    }

    fn cast(&self, composition: &Composition, worker: &Worker) -> Result<Cast, Failure> {
        let face = |person| {
            let picture = self.people.seated(person, worker)?;
            Ok::<_, Failure>(Person::Face(picture, None))
        };
        let seats = &composition.seats;
        let bystander = composition.bystander;
        Ok(Cast {
            first: seats
                .iter()
                .map(|s| face(s.person))
                .collect::<Result<_, _>>()?,
            second: seats
                .iter()
                .map(|s| s.second.map(|second| face(second.person)).transpose())
                .collect::<Result<_, _>>()?,
            bystander: bystander
                .map(|person| self.people.seated(person, worker))
                .transpose()?,
        })
    }

    /// A frame with everybody in it, and on how many seats somebody else is.
    fn compose(
        &self,
        composition: &Composition,
        cast: &Cast,
        given: &Given,
        source: &GivenFrame,
        camera: &Camera,
    ) -> Result<(RgbImage, usize), Failure> {
        let failed = |e: rowcall_simulate::Error| Failure::file(&source.path, &e);
        let seated = |place: &Place| {
            let seats = composition.seats.iter();
            seats.clone().position(|s| s.seat == place.seat)
        };
        let mut picture = source.picture.clone();
        let kept: Vec<Rect> = source
            .places
            .iter()
            .filter(|place| seated(place).is_some())
            .map(|place| around(place.head, 0.0))
            .collect();
        for place in source.places.iter().filter(|p| seated(p).is_none()) {
            empty(&mut picture, around(place.head, AROUND_HEAD), &kept);
        }
        let beside = cast
            .bystander
            .as_ref()
            .and_then(|face| Some((face, between(source, camera, &mut picture)?)));
        let mut scene = Linear::from_srgb(&picture);
        let mut seconds = 0;
        let moments = given.frames.iter().filter(|f| f.camera == source.camera);
        let moments = moments.count();
        for place in &source.places {
            let Some(i) = seated(place) else { continue };
            let second = composition.seats[i]
                .second
                .filter(|s| s.when.includes(source.camera, source.moment, moments));
            let person = match (second, &cast.second[i]) {
                (Some(_), Some(person)) => person,
                _ => &cast.first[i],
            };
            let was_put = put(
                &mut scene,
                person,
                place,
                &Eyes::of(place),
                &source.found,
                0,
            )
            .map_err(failed)?;
            seconds += usize::from(was_put && second.is_some());
        }
        if let Some((face, landmarks)) = beside {
            put_face(&mut scene, &face.light, &face.landmarks, &landmarks).map_err(failed)?;
        }
        Ok((scene.to_srgb(), seconds))
    }
}

fn around([left, top, right, bottom]: [f32; 4], share: f32) -> Rect {
    let (w, h) = (right - left, bottom - top);
    Rect {
        x: left - share * w,
        y: top - share * h,
        width: w * (1.0 + 2.0 * share),
        height: h * (1.0 + 2.0 * share),
    }
}

fn contains(r: &Rect, x: f32, y: f32) -> bool {
    (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y)
}

/// Takes a head out of a picture: its box gets the mean colour around it, but for
/// what belongs to the heads that stay.
fn empty(picture: &mut RgbImage, head: Rect, kept: &[Rect]) {
    let (width, height) = picture.dimensions();
    let clamp = |v: f32, side: u32| v.clamp(0.0, side as f32) as u32;
    let (left, right) = (clamp(head.x, width), clamp(head.x + head.width, width));
    let (top, bottom) = (clamp(head.y, height), clamp(head.y + head.height, height));
    let is_kept = |x: u32, y: u32| kept.iter().any(|k| contains(k, x as f32, y as f32));
    let (mut sum, mut n) = ([0_u64; 3], 0_u64);
    for y in top..bottom {
        for x in left..right {
            let is_edge = x < left + 3 || x + 3 >= right || y < top + 3;
            if is_edge && !is_kept(x, y) {
                n += 1;
                let pixel = picture.get_pixel(x, y).0;
                (0..3).for_each(|c| sum[c] += u64::from(pixel[c]));
            }
        }
    }
    let mean = Rgb(sum.map(|s| (s / n.max(1)) as u8));
    for y in top..bottom {
        for x in left..right {
            if !is_kept(x, y) {
                picture.put_pixel(x, y, mean);
            }
        }
    }
}

/// Copies the head of who is seen best to the middle between two heads, and gives
/// the landmarks of a face there, if that is on no seat.
fn between(source: &GivenFrame, camera: &Camera, picture: &mut RgbImage) -> Option<[[f32; 2]; 5]> {
    let [a, b] = &source.places[..] else {
        return None;
    };
    let near = |place: &Place| {
        let eyes = Eyes::of(place);
        let at = rowcall_face::Point::new(eyes.x, eyes.y);
        let found = source.found.iter();
        found.copied().find(|d| {
            let own = d.landmarks.right_eye.midpoint(d.landmarks.left_eye);
            own.distance(at) < 0.4 * eyes.distance
        })
    };
    let (own, head) = near(a)
        .map(|d| (d, around(a.head, AROUND_HEAD)))
        .or_else(|| near(b).map(|d| (d, around(b.head, AROUND_HEAD))))?;
    let middle = |place: &Place| around(place.head, 0.0).centre();
    let to = middle(a).midpoint(middle(b));
    let (dx, dy) = (to.x - head.centre().x, to.y - head.centre().y);
    let face = Rect {
        x: own.face.x + dx,
        y: own.face.y + dy,
        ..own.face
    };
    let (width, height) = picture.dimensions();
    if camera.seat_of(face, width, height).is_some() {
        return None;
    }
    let before = picture.clone();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = (x as f32 - dx, y as f32 - dy);
        let (cx, cy) = (head.centre().x, head.centre().y);
        let out = (2.0 * (u - cx) / head.width).hypot(2.0 * (v - cy) / head.height);
        let inside = (0.0..width as f32).contains(&u) && (0.0..height as f32).contains(&v);
        if out < 1.0 && inside {
            let weight = ((1.0 - out) / 0.15).min(1.0);
            let from = before.get_pixel(u as u32, v as u32).0;
            pixel.0 = [0, 1, 2].map(|c| {
                let (old, new) = (f32::from(pixel.0[c]), f32::from(from[c]));
                (old + weight * (new - old)).round() as u8
            });
        }
    }
    Some(own.landmarks.points().map(|p| [p.x + dx, p.y + dy]))
}

fn keep(
    folder: &Path,
    composition: &Composition,
    camera: &Camera,
    moment: usize,
    jpeg: &[u8],
) -> Result<(), Failure> {
    let kind = composition.kind.name().replace(' ', "-");
    let own = folder.join(format!("{:04}-{kind}", composition.number));
    private::make_folder(&own).map_err(|e| Failure::file(&own, &e))?;
    let path = own.join(format!("{}-{}.jpg", camera.name, moment + 1));
    private::write(&path, jpeg).map_err(|e| Failure::file(&path, &e))
}
