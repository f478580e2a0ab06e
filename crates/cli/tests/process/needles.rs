//! What is searched for: pieces of everything that the pipeline makes of one vehicle,
//! worked out here by the same pipeline on the same pictures.

use std::{collections::BTreeSet, path::Path, sync::OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use rowcall_face::{FaceObservation, Image, Template, Tone, Worker};
use rowcall_picture::Limits;
use rowcall_pipeline::{
    frame::Ready,
    models::{self, Models},
};
use rowcall_rollcall::Lane;
use rowcall_template::danger::{Role as _, Unguarded as _};

use crate::{serve::samples, vehicle::vehicle};

/// What a piece is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A frame as the camera encoded it.
    FrameFile,
    /// Pixels of a frame, on a seat.
    FramePixels,
    /// Pixels of a face cut out and turned for the embedder.
    Crop,
    /// Values of a row of the embedder's input.
    EmbedderInput,
    /// Values of a row of the detector's input, on a seat.
    DetectorInput,
    /// A template of a face in a frame.
    Template,
    /// A portrait's file.
    PortraitFile,
    /// Pixels of a portrait.
    PortraitPixels,
    /// A portrait's template.
    Reference,
    /// A line of a machine readable zone.
    Zone,
}

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::FrameFile,
        Self::FramePixels,
        Self::Crop,
        Self::EmbedderInput,
        Self::DetectorInput,
        Self::Template,
        Self::PortraitFile,
        Self::PortraitPixels,
        Self::Reference,
        Self::Zone,
    ];
}

/// Moments that the cameras show: three frames each.
pub(crate) const MOMENTS: usize = 2;

/// A piece.
pub(crate) struct Needle {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// All pieces, and what finds them.
pub(crate) struct Needles {
    pub(crate) all: Vec<Needle>,
    finder: AhoCorasick,
}

/// Pixels in a piece; values of a template in one.
const PIXELS: usize = 8;
const VALUES: usize = 6;
/// A network's input never lies anywhere as a whole: the engine asks for it row by row
/// into a ring of at least three rows, for as long as its first filters take. So pieces
/// are of rows that are no farther apart.
const RING: usize = 3;

impl Needles {
    /// Of the vehicle's documents and its frames of the first two moments; made once.
    pub(crate) fn of_vehicle() -> &'static Self {
        static MADE: OnceLock<Needles> = OnceLock::new();
        MADE.get_or_init(|| Self::make(MOMENTS))
    }

    fn make(moments: usize) -> Self {
        let text = std::fs::read_to_string(samples().join("lanes/front-row.toml"));
        let lane = Lane::parse(&text.expect("a lane")).expect("a lane");
        let policy = &lane.policy;
        let folder = models::folder(None).expect("models");
        let models = Models::load(&folder, &policy.model, policy.calibration.as_deref());
        let maker = Maker {
            lane: &lane,
            models: models.expect("models"),
            worker: Worker::new(),
        };
        let mut all = Vec::new();
        for camera in ["front", "left", "right"] {
            for moment in 1..=moments {
                maker.frame(camera, &format!("{moment:04}.jpg"), &mut all);
            }
        }
        for document in ["01", "02"] {
            maker.document(document, &mut all);
        }
        Self::new(all)
    }

    fn new(all: Vec<Needle>) -> Self {
        // Some hundred megabytes are searched for a thousand pieces, many times.
        let finder = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(all.iter().map(|needle| &needle.bytes));
        Self {
            all,
            finder: finder.expect("few needles"),
        }
    }

    /// The same pieces, of networks' inputs a few, as they would be in a text too: in
    /// hexadecimal, and in base 64 at each alignment.
    pub(crate) fn in_every_form(&self) -> Self {
        let few = self.all.iter().enumerate().filter(|(i, needle)| {
            let is_input = matches!(needle.kind, Kind::EmbedderInput | Kind::DetectorInput);
            !is_input || i.is_multiple_of(32)
        });
        let forms = few.flat_map(|(_, needle)| {
            let digits = |upper: bool| -> String {
                let digit = |b: &u8| match upper {
                    true => format!("{b:02X}"),
                    false => format!("{b:02x}"),
                };
                needle.bytes.iter().map(digit).collect()
            };
            let mut forms = vec![digits(false).into_bytes(), digits(true).into_bytes()];
            for before in 0..3 {
                use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
                let text = STANDARD_NO_PAD.encode([&[0; 2][..before], &needle.bytes].concat());
                // The first and last characters depend on the neighbours too.
                let inner = (8 * before).div_ceil(6)..text.len() - 2;
                forms.push(text.as_bytes()[inner].to_vec());
            }
            forms.push(needle.bytes.clone());
            forms.into_iter().map(move |bytes| Needle {
                kind: needle.kind,
                name: needle.name.clone(),
                bytes,
            })
        });
        Self::new(forms.collect())
    }

    /// Marks which pieces are in these bytes. Pages of zeros, which is most of a memory
    /// that is wiped, are gone past.
    pub(crate) fn mark(&self, bytes: &[u8], seen: &mut [bool]) {
        let pages: Vec<&[u8]> = bytes.chunks(4096).collect();
        let mut at = 0;
        for run in pages.chunk_by(|a, b| is_zero(a) == is_zero(b)) {
            let length = run.iter().map(|page| page.len()).sum::<usize>();
            if !is_zero(run[0]) {
                for found in self.finder.find_overlapping_iter(&bytes[at..at + length]) {
                    seen[found.pattern().as_usize()] = true;
                }
            }
            at += length;
        }
    }

    pub(crate) fn longest(&self) -> usize {
        self.all.iter().map(|n| n.bytes.len()).max().unwrap_or(0)
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.all.iter().filter(|n| n.kind == kind).count()
    }

    /// The pieces that are marked.
    pub(crate) fn marked<'a>(&'a self, seen: &'a [bool]) -> impl Iterator<Item = &'a Needle> {
        let all = self.all.iter().zip(seen);
        all.filter(|(_, seen)| **seen).map(|(needle, _)| needle)
    }
}

struct Maker<'a> {
    lane: &'a Lane,
    models: Models,
    worker: Worker,
}

impl Maker<'_> {
    fn frame(&self, camera: &str, file: &str, all: &mut Vec<Needle>) {
        let name = format!("{camera}/{file}");
        let bytes = std::fs::read(vehicle().join("frames").join(&name)).expect("a frame");
        push(all, Kind::FrameFile, &name, middle(&bytes));
        let image = Image::decode(&bytes, &Limits::FRAME).expect("a picture");
        for zone in &self.lane.camera(camera).expect("a camera").zones {
            let n = zone.polygon.len() as f32;
            let sum =
                |axis: fn(&rowcall_face::Point) -> f32| zone.polygon.iter().map(axis).sum::<f32>();
            let x = sum(|p| p.x) / n * image.width() as f32;
            let y = sum(|p| p.y) / n * image.height() as f32;
            let name = format!("{name}, {}", zone.seat);
            push(all, Kind::FramePixels, &name, pixels(&image, x, y));
            // The detector takes a frame of this size as it is, in values of 0 to 255.
            for y in (0..image.height() as usize).step_by(RING) {
                let name = format!("{name}, row {y}");
                push(
                    all,
                    Kind::DetectorInput,
                    &name,
                    plane(&pixels(&image, x, y as f32), |v| v),
                );
            }
        }
        let ready = Ready::new(image, camera, self.lane, &BTreeSet::new());
        let analyser = &self.models.analyser;
        let frame = ready.look(camera, name.clone(), analyser, &self.worker);
        for (i, face) in frame.expect("a frame").faces.into_iter().enumerate() {
            let name = format!("{name}, face {i}");
            self.crop(ready.image(), &face, &name, all);
            template(all, Kind::Template, &name, &face.template);
        }
    }

    fn document(&self, document: &str, all: &mut Vec<Needle>) {
        let folder = vehicle().join("documents").join(document);
        let zone = std::fs::read_to_string(folder.join("mrz.txt")).expect("a zone");
        for line in zone.lines() {
            let name = format!("{document}, {}", &line[..5]);
            push(all, Kind::Zone, &name, line.as_bytes()[..24].to_vec());
        }
        let bytes = std::fs::read(folder.join("portrait.jpg")).expect("a portrait");
        push(all, Kind::PortraitFile, document, middle(&bytes));
        let image = Image::decode(&bytes, &Limits::PORTRAIT).expect("a picture");
        let analyser = &self.models.analyser;
        let portrait = analyser.portrait(&image, &self.worker).expect("models");
        let face = portrait.expect("a face").face;
        let centre = face.face.centre();
        let shown = pixels(&image, centre.x, centre.y);
        push(all, Kind::PortraitPixels, document, shown);
        self.crop(&image, &face, &format!("{document}, portrait"), all);
        template(all, Kind::Reference, document, &face.template.opened());
    }

    /// Pieces of what the embedder is given, at three heights of the face.
    fn crop<T>(&self, image: &Image, face: &FaceObservation<T>, name: &str, all: &mut Vec<Needle>) {
        let embedder = &self.models.analyser.embedder;
        let crop = embedder.align(image, &face.landmarks).expect("a crop");
        let crop = Tone::in_force(face.quality.luminance).apply(&crop);
        let side = crop.width() as f32;
        for share in [0.35, 0.5, 0.65] {
            let name = format!("{name} at {share}");
            let piece = pixels(&crop, side / 2.0, share * side);
            push(all, Kind::Crop, &name, piece);
        }
        for y in (0..crop.height()).step_by(RING) {
            let name = format!("{name}, row {y}");
            let piece = pixels(&crop, side / 2.0, y as f32);
            // As the network's first step scales it.
            let scaled = plane(&piece, |v| (v - 127.5) * 0.007_812_5);
            push(all, Kind::EmbedderInput, &name, scaled);
        }
    }
}

fn is_zero(page: &[u8]) -> bool {
    let (blocks, rest) = page.as_chunks::<64>();
    blocks.iter().all(|block| *block == [0; 64]) && rest.iter().all(|byte| *byte == 0)
}

/// The red values of pixels as a plane of a network's input has them.
fn plane(pixels: &[u8], scale: fn(f32) -> f32) -> Vec<u8> {
    let red = pixels.iter().step_by(3).map(|v| scale(f32::from(*v)));
    red.flat_map(f32::to_le_bytes).collect()
}

/// A flat place says nothing of anybody.
fn push(all: &mut Vec<Needle>, kind: Kind, name: &str, bytes: Vec<u8>) {
    let step = match kind {
        Kind::FramePixels | Kind::Crop | Kind::PortraitPixels => 3,
        Kind::EmbedderInput | Kind::DetectorInput | Kind::Template | Kind::Reference => 4,
        _ => 1,
    };
    let different: BTreeSet<&[u8]> = bytes.chunks(step).collect();
    if different.len() >= 4 && !all.iter().any(|n| n.bytes == bytes) {
        all.push(Needle {
            kind,
            name: name.to_owned(),
            bytes,
        });
    }
}

fn middle(file: &[u8]) -> Vec<u8> {
    let at = file.len() / 2;
    file[at..at + 24].to_vec()
}

fn pixels(image: &Image, x: f32, y: f32) -> Vec<u8> {
    let at = 3 * (y as usize * image.width() as usize + x as usize);
    image.rgb()[at..at + 3 * PIXELS].to_vec()
}

/// Reads values of a template out, bit by bit as they are, by comparing it with unit
/// vectors: what a lane has no door for.
fn template(all: &mut Vec<Needle>, kind: Kind, name: &str, template: &Template) {
    let dimension = 128;
    for at in [0, 60, dimension - VALUES] {
        let values = (at..at + VALUES).map(|k| {
            let unit = (0..dimension).map(|i| f32::from(u8::from(i == k)));
            let unit = Template::from_embedding(unit.collect()).expect("a direction");
            template.compare(&unit).expect("one dimension").0
        });
        let bytes = values.flat_map(f32::to_le_bytes).collect();
        push(all, kind, &format!("{name} at {at}"), bytes);
    }
}

/// Every file under a folder.
pub(crate) fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let all = paths.map(|path| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    });
    all.flatten().collect()
}
