//! A made-up vehicle at a made-up lane.

use jiff::civil::{Date, date};
use rowcall_document::NamedFile;
use rowcall_face::{
    Calibration, FaceObservation, Image, Imprint, Landmarks, Point, Pose, Quality, Rect, Reference,
    Template,
};
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::{Declaration, Frame, Lane, PortraitFace, Presented, RollCall, SecondLook};

const LANE: &str = include_str!("lane.toml");
const CALIBRATION: &str = include_str!("../../../../models/sface.calibration.json");
const DAY: Date = date(2026, 11, 23);
const DIMENSION: usize = 16;
const FRAMES: usize = 3;

/// Somebody: a direction of their own, or one partly another's.
#[derive(Clone)]
pub(crate) struct Person {
    number: usize,
    embedding: Vec<f32>,
    born: &'static str,
}

impl Person {
    /// A person unlike every other.
    pub(crate) fn new(number: usize) -> Self {
        let mut embedding = vec![0.0; DIMENSION];
        embedding[number] = 1.0;
        Self {
            number,
            embedding,
            born: "850101",
        }
    }

    /// The same person, with this cosine to person `other`.
    pub(crate) fn like(mut self, other: usize, cosine: f32) -> Self {
        self.embedding[self.number] = (1.0 - cosine * cosine).sqrt();
        self.embedding[other] = cosine;
        self
    }

    /// The same person, born on that day (`YYMMDD`).
    pub(crate) fn born(mut self, day: &'static str) -> Self {
        self.born = day;
        self
    }

    fn template(&self) -> Template {
        Template::from_embedding(self.embedding.clone()).expect("a direction")
    }

    fn portrait(&self) -> PortraitFace {
        PortraitFace::Usable {
            reference: Reference::from(self.template()),
            imprint: photograph(self.number as u64),
        }
    }
}

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

    pub(crate) fn with_mated_quantile(mut self, fnmr: f64, score: f32) -> Self {
        let quantile = format!("{{\"fnmr\": {fnmr}, \"score\": {score}}}");
        // The measured quantiles give way, however many the file holds: they
        // are flat objects, so that the first bracket ends them.
        let start = self.calibration.find("\"mated\": [").expect("a field");
        let start = start + "\"mated\": [".len();
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
                contrast: 0.008,
                under_exposed: 0.9,
                sharpness: 0.035,
                dynamic_range: 2.0,
                confidence: 0.88,
                ..good()
            },
        )
    }

    /// As [`Scene::sees`], veiled by a reflection and yet good enough to compare.
    pub(crate) fn sees_veiled(self, camera: &str, seat: &str, person: &Person) -> Self {
        let veiled = Quality {
            contrast: 0.03,
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
            let face = Rect {
                x: x - width / 2.0,
                y: y - width / 2.0,
                width,
                height: width,
            };
            let at = |dx: f32, dy: f32| Point::new(x + dx * width, y + dy * width);
            frame.faces.push(FaceObservation {
                face,
                landmarks: Landmarks::from_points([
                    at(-0.2, -0.1),
                    at(0.2, -0.1),
                    at(0.0, 0.1),
                    at(-0.15, 0.3),
                    at(0.15, 0.3),
                ]),
                quality,
                template: person.template(),
                // No two photographs of anybody are alike.
                imprint: photograph(1_000 + 64 * person.number as u64 + i as u64),
                border: Some(0.3),
            });
        }
        self
    }

    /// A printed page of the person with their portrait.
    pub(crate) fn presents(self, id: &str, person: &Person) -> Self {
        let mrz = td3(person, "P<");
        self.adds_document(id, &mrz, person.portrait())
    }

    /// A visa in the name of `person` with the portrait of `shown`.
    pub(crate) fn presents_visa(self, id: &str, person: &Person, shown: &Person) -> Self {
        let mrz = td3(
            &Person {
                number: person.number + 8,
                ..person.clone()
            },
            "P<",
        );
        // Another number, the same name and date of birth.
        let mrz = mrz.replacen(&name(person.number + 8), &name(person.number), 1);
        self.adds_document(id, &mrz, shown.portrait())
    }

    /// As [`Scene::presents`], with a wrong check digit.
    pub(crate) fn presents_broken(self, id: &str, person: &Person) -> Self {
        let mut mrz = td3(person, "P<").into_bytes();
        let digit = mrz.len() - 1;
        mrz[digit] = if mrz[digit] == b'0' { b'1' } else { b'0' };
        let mrz = String::from_utf8(mrz).expect("ASCII");
        self.adds_document(id, &mrz, person.portrait())
    }

    /// As [`Scene::presents`], with a portrait in which no face was found.
    pub(crate) fn presents_without_face(self, id: &str, person: &Person) -> Self {
        let mrz = td3(person, "P<");
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
        rowcall_rollcall::call(
            &self.lane,
            &calibration,
            &self.declaration,
            &self.frames,
            &self.presented,
            DAY,
        )
        .expect("a roll call")
    }
}

/// Fine structure of its own for each number.
fn photograph(number: u64) -> Imprint {
    seen_narrower(number, 1.0)
}

/// The same, foreshortened to this share of its width.
fn seen_narrower(number: u64, share: f32) -> Imprint {
    let mut state = number + 1;
    let cells: Vec<u8> = (0..14 * 14)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            60 + (state >> 57) as u8
        })
        .collect();
    let pixel = |i: usize| {
        let x = ((i % 112) as f32 - 56.0) / share + 56.0;
        [cells[(i / 112 / 8) * 14 + (x.clamp(0.0, 111.0) as usize) / 8]; 3]
    };
    let rgb = (0..112 * 112).flat_map(pixel).collect();
    Imprint::of(&Image::from_rgb(112, 112, rgb).expect("the size"))
}

fn good() -> Quality {
    Quality {
        inter_eye_distance: 60.0,
        pose: Pose {
            yaw: 0.0,
            pitch: 0.0,
            roll: 0.0,
        },
        sharpness: 0.1,
        under_exposed: 0.0,
        over_exposed: 0.0,
        luminance: 0.5,
        contrast: 0.1,
        dynamic_range: 6.5,
        illumination_uniformity: 0.7,
        veil: 0.4,
        glare: 0.0,
        noise: 0.01,
        landmark_detail: 0.7,
        confidence: 0.95,
    }
}

/// A different name for each person.
fn name(number: usize) -> String {
    let letter = char::from(b'A' + number as u8);
    format!("TESTER{letter}<<ANNA{letter}")
}

/// A passport's zone (Doc 9303-4, 4.2) with right check digits.
fn td3(person: &Person, code: &str) -> String {
    let number = format!("X{:08}", person.number);
    let optional = "<".repeat(14);
    let (birth, expiry) = (person.born, "310101");
    let body = format!(
        "{number}{}UTO{birth}{}<{expiry}{}{optional}<",
        check(&number),
        check(birth),
        check(expiry)
    );
    let composite = format!(
        "{number}{}{birth}{}{expiry}{}{optional}<",
        check(&number),
        check(birth),
        check(expiry)
    );
    format!(
        "{:<<44}\n{body}{}",
        format!("{code}UTO{}", name(person.number)),
        check(&composite)
    )
}

/// The check digit of Doc 9303-3, 4.9.
fn check(field: &str) -> u32 {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    field
        .chars()
        .zip([7, 3, 1].iter().cycle())
        .map(|(c, weight)| value(c) * weight)
        .sum::<u32>()
        % 10
}
