//! A made-up vehicle at a made-up lane.

mod cameras;

use jiff::civil::{Date, date};
use rowcall_document::NamedFile;
use rowcall_face::{
    Calibration, FaceObservation, Landmarks, Point, PortraitView, Quality, Registrations,
};
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::{
    Declaration, Evidence, Frame, Lane, PortraitFace, Presented, RollCall, SecondLook,
};

use crate::{
    person::Person,
    seen::{good, observation, photograph, seen_narrower, shown},
    zone::{Zone, mrv_a, td3},
};

const LANE: &str = include_str!("lane.toml");
const CALIBRATION: &str = include_str!("../../../../models/sface.calibration.json");
const DAY: Date = date(2026, 11, 23);
const FRAMES: usize = 3;

/// What happens at the lane, in the order it is told.
pub(crate) struct Scene {
    lane: Lane,
    calibration: String,
    declaration: Declaration,
    frames: Vec<Frame>,
    presented: Vec<Presented>,
}

impl Scene {
    pub(crate) fn new(declared: u8) -> Self {
        let frame = |camera: &str, i: usize| Frame {
            camera: camera.into(),
            name: format!("{camera}/{i}"),
            width: 1000,
            height: 1000,
            faces: Vec::new(),
            sketch: shown(i as u32),
            unkept: rowcall_rollcall::Unkept::default(),
        };
        Self {
            lane: Lane::parse(LANE).expect("a lane"),
            calibration: CALIBRATION.to_owned(),
            declaration: Declaration {
                occupants: Some(declared),
                ..Declaration::default()
            },
            frames: ["front", "side"]
                .iter()
                .flat_map(|c| (0..FRAMES).map(|i| frame(c, i)))
                .collect(),
            presented: Vec::new(),
        }
    }

    pub(crate) fn undeclared(mut self) -> Self {
        self.declaration.occupants = None;
        self
    }

    pub(crate) fn with_unreadable_frames(mut self, n: usize) -> Self {
        self.declaration.unreadable_frames = n;
        self
    }

    pub(crate) fn with_rate(mut self, rate: f64) -> Self {
        self.lane.policy.vehicle_false_confirm_rate = rate;
        self
    }

    pub(crate) fn with_look_alikes(mut self, share: f64, score: f32) -> Self {
        let quantile = format!("{{\"share\": {share}, \"score\": {score}}}");
        // The measured shares give way, however many the file holds: they are flat
        // objects, so that the first bracket ends them.
        let start = self
            .calibration
            .find("\"look_alikes\": [")
            .expect("a field");
        let start = start + "\"look_alikes\": [".len();
        let end = start + self.calibration[start..].find(']').expect("its end");
        self.calibration.replace_range(start..end, &quantile);
        self
    }

    /// A camera sees somebody on a seat in each of its frames.
    pub(crate) fn sees(self, camera: &str, seat: &str, person: &Person) -> Self {
        self.adds(camera, seat, person, (0.0, 100.0), good())
    }

    /// As [`Scene::sees`], but not in this frame.
    pub(crate) fn sees_after(
        mut self,
        camera: &str,
        seat: &str,
        person: &Person,
        missed: usize,
    ) -> Self {
        self = self.sees(camera, seat, person);
        self.frames[missed].faces.clear();
        self
    }

    /// As [`Scene::sees`], but what is there is the portrait itself.
    pub(crate) fn sees_portrait(mut self, camera: &str, seat: &str, person: &Person) -> Self {
        self = self.sees(camera, seat, person);
        let frames = self.frames.iter_mut().filter(|f| f.camera == camera);
        for face in frames.filter_map(|f| f.faces.last_mut()) {
            face.imprint = photograph(person.number as u64);
        }
        self
    }

    /// As [`Scene::sees`], but one flat picture of the person, another than the
    /// portrait; narrower by this factor from one frame to the next.
    pub(crate) fn sees_flat(mut self, camera: &str, seat: &str, person: &Person, by: f32) -> Self {
        self = self.sees(camera, seat, person);
        let frames = self.frames.iter_mut().filter(|f| f.camera == camera);
        let faces = frames.filter_map(|f| f.faces.last_mut());
        for (i, face) in faces.enumerate() {
            let narrow = by.powi(i as i32);
            face.imprint = seen_narrower(2_000 + person.number as u64, narrow);
            let middle = face.face.centre().x;
            let points = face.landmarks.points();
            let points = points.map(|p| Point::new(middle + narrow * (p.x - middle), p.y));
            face.landmarks = Landmarks::from_points(points);
        }
        self
    }

    /// As [`Scene::sees`], with straight edges around the face.
    pub(crate) fn sees_bordered(mut self, camera: &str, seat: &str, person: &Person) -> Self {
        self = self.sees(camera, seat, person);
        let mut frames = self.frames.iter_mut().filter(|f| f.camera == camera);
        if let Some(face) = frames.next().and_then(|f| f.faces.last_mut()) {
            face.border = Some(0.8);
        }
        self
    }

    /// As [`Scene::sees_bordered`], and that face is too poor to be compared.
    pub(crate) fn sees_border_poorly(mut self, camera: &str, seat: &str, person: &Person) -> Self {
        self = self.sees_bordered(camera, seat, person);
        let faces = self.frames.iter_mut().flat_map(|f| &mut f.faces);
        for face in faces.filter(|f| f.border == Some(0.8)) {
            face.quality.confidence = 0.5;
            face.quality.sharpness = 0.0;
        }
        self
    }

    /// As [`Scene::sees`], too small for a head on that seat.
    pub(crate) fn sees_small(self, camera: &str, seat: &str, person: &Person) -> Self {
        self.adds(camera, seat, person, (60.0, 30.0), good())
    }

    /// As [`Scene::sees`], beside whoever is there.
    pub(crate) fn sees_beside(self, camera: &str, seat: &str, person: &Person) -> Self {
        self.adds(camera, seat, person, (90.0, 100.0), good())
    }

    /// As [`Scene::sees`], lost in the dark.
    pub(crate) fn sees_dark(self, camera: &str, seat: &str, person: &Person) -> Self {
        self.adds(
            camera,
            seat,
            person,
            (0.0, 100.0),
            Quality {
                sharpness: 0.195,
                under_exposed: 1.0,
                contrast: 0.007,
                dynamic_range: 2.648,
                illumination_uniformity: 0.832,
                veil: 0.172,
                noise: 0.001,
                confidence: 0.75,
                ..good()
            },
        )
    }

    /// As [`Scene::sees`], veiled by a reflection and yet good enough to compare.
    pub(crate) fn sees_veiled(self, camera: &str, seat: &str, person: &Person) -> Self {
        let veiled = Quality {
            sharpness: 0.04,
            contrast: 0.073,
            dynamic_range: 6.032,
            illumination_uniformity: 0.332,
            veil: 0.729,
            noise: 0.001,
            landmark_detail: 0.205,
            confidence: 0.9,
            ..good()
        };
        self.adds(camera, seat, person, (0.0, 100.0), veiled)
    }

    fn adds(
        mut self,
        camera: &str,
        seat: &str,
        person: &Person,
        (aside, width): (f32, f32),
        quality: Quality,
    ) -> Self {
        let (x, y) = match seat {
            "1-left" => (250.0, 650.0),
            "1-right" => (750.0, 650.0),
            "2-left" => (250.0, 250.0),
            "2-right" => (750.0, 250.0),
            other => unreachable!("the test lane has no seat {other}"),
        };
        for (i, frame) in self
            .frames
            .iter_mut()
            .filter(|f| f.camera == camera)
            .enumerate()
        {
            // A little movement, as people have.
            let (x, y) = (x + aside + 4.0 * i as f32, y - 3.0 * i as f32);
            frame
                .faces
                .push(observation((x, y), width, person, quality, i));
        }
        self
    }

    /// A printed page of the person with their portrait.
    pub(crate) fn presents(self, id: &str, person: &Person) -> Self {
        let mrz = td3(person);
        self.adds_document(id, &mrz, person.portrait())
    }

    /// A visa in the name of `person` with the portrait of `shown`.
    pub(crate) fn presents_visa(self, id: &str, person: &Person, shown: &Person) -> Self {
        let mrz = mrv_a(person);
        self.adds_document(id, &mrz, shown.portrait())
    }

    /// A page with the number and name of `person` and the portrait of `shown`.
    pub(crate) fn presents_forged(self, id: &str, person: &Person, shown: &Person) -> Self {
        let mrz = td3(person);
        self.adds_document(id, &mrz, shown.portrait())
    }

    /// As [`Scene::presents`], with these lines in the zone.
    pub(crate) fn presents_zone(self, id: &str, zone: &Zone<'_>, shown: &Person) -> Self {
        let mrz = zone.td3();
        self.adds_document(id, &mrz, shown.portrait())
    }

    /// As [`Scene::presents`], with a portrait of that quality and view.
    pub(crate) fn presents_poorly(
        self,
        id: &str,
        person: &Person,
        change: impl Fn(&mut Quality, &mut PortraitView),
    ) -> Self {
        let (mut quality, mut view) = (good(), PortraitView::default());
        change(&mut quality, &mut view);
        let mrz = td3(person);
        self.adds_document(id, &mrz, person.portrait_like(quality, view))
    }

    /// An officer says that these documents are one holder's.
    pub(crate) fn joins(mut self, documents: &[usize]) -> Self {
        let group = documents.iter().copied().collect();
        self.declaration.joined_documents.push(group);
        self
    }

    /// An officer takes a document out.
    pub(crate) fn sets_aside(mut self, document: usize) -> Self {
        self.declaration.set_aside_documents.insert(document);
        self
    }

    /// Somebody else is on the seat in these frames of the camera, by their place
    /// among its own.
    pub(crate) fn swaps(
        mut self,
        camera: &str,
        person: &Person,
        frames: std::ops::Range<usize>,
    ) -> Self {
        let own = self.frames.iter_mut().filter(|f| f.camera == camera);
        for frame in own.skip(frames.start).take(frames.len()) {
            for face in &mut frame.faces {
                face.template = person.template();
            }
        }
        self
    }

    /// Whoever the camera shows wears dark glasses in these of its frames.
    pub(crate) fn hides_eyes(mut self, camera: &str, frames: std::ops::Range<usize>) -> Self {
        let own = self.frames.iter_mut().filter(|f| f.camera == camera);
        for frame in own.skip(frames.start).take(frames.len()) {
            for face in &mut frame.faces {
                face.quality.eyes_visible = 0.3;
            }
        }
        self
    }

    /// Somebody leans out of the zone of 1-left, towards the camera, in one frame,
    /// by its place among the camera's.
    pub(crate) fn leans(mut self, camera: &str, i: usize, person: &Person) -> Self {
        let mut own = self.frames.iter_mut().filter(|f| f.camera == camera);
        if let Some(frame) = own.nth(i) {
            let face = observation((300.0, 640.0), 240.0, person, good(), i);
            frame.faces.push(face);
        }
        self
    }

    /// A face at this place and of this width, in pixels of 1000 x 1000.
    pub(crate) fn sees_at(
        mut self,
        camera: &str,
        (x, y): (f32, f32),
        width: f32,
        person: &Person,
        change: impl Fn(&mut FaceObservation),
    ) -> Self {
        let frames = self.frames.iter_mut().filter(|f| f.camera == camera);
        for (i, frame) in frames.enumerate() {
            let mut face = observation((x + 3.0 * i as f32, y), width, person, good(), i);
            change(&mut face);
            frame.faces.push(face);
        }
        self
    }

    /// As [`Scene::presents`], with a wrong check digit.
    pub(crate) fn presents_broken(self, id: &str, person: &Person) -> Self {
        let mut mrz = td3(person).into_bytes();
        let digit = mrz.len() - 1;
        mrz[digit] = if mrz[digit] == b'0' { b'1' } else { b'0' };
        let mrz = String::from_utf8(mrz).expect("ASCII");
        self.adds_document(id, &mrz, person.portrait())
    }

    /// As [`Scene::presents`], with a portrait in which no face was found.
    pub(crate) fn presents_without_face(self, id: &str, person: &Person) -> Self {
        let mrz = td3(person);
        self.adds_document(
            id,
            &mrz,
            PortraitFace::Unusable("no face was found in the portrait".into()),
        )
    }

    fn adds_document(mut self, id: &str, mrz: &str, portrait: PortraitFace) -> Self {
        let file = NamedFile {
            name: "mrz.txt".into(),
            bytes: mrz.as_bytes().to_vec(),
        };
        let document = rowcall_document::read(
            vec![file],
            &TrustStore::empty(),
            &self.lane.policy.documents,
            DAY,
        );
        self.presented.push(Presented {
            id: id.into(),
            document,
            portrait,
        });
        self
    }

    pub(crate) fn opts_out(mut self, seat: &str, documents: &[usize]) -> Self {
        self.declaration
            .opted_out_seats
            .insert(seat.parse().expect("a seat"));
        self.declaration.opted_out_documents.extend(documents);
        self
    }

    /// Where a second look is worth it.
    pub(crate) fn second_looks(&self) -> Vec<SecondLook> {
        SecondLook::plan(&self.lane, &self.frames, &self.declaration.opted_out_seats)
    }

    /// How many faces of this frame a second look of another frame would add.
    pub(crate) fn keeps(&mut self, look: &SecondLook, of: usize) -> usize {
        let faces = std::mem::take(&mut self.frames[of].faces);
        let frame = &self.frames[look.frame];
        let camera = self.lane.camera(&frame.camera).expect("a camera");
        look.keep(faces, camera, frame).len()
    }

    pub(crate) fn call(&self) -> RollCall {
        let calibration = Calibration::parse(&self.calibration).expect("a calibration");
        rowcall_rollcall::call(&Evidence {
            lane: &self.lane,
            calibration: &calibration,
            declaration: &self.declaration,
            frames: &self.frames,
            documents: &self.presented,
            registrations: &Registrations::default(),
            at: DAY,
        })
        .expect("a roll call")
    }
}
