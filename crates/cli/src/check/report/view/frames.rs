//! The page's pictures: crops, portraits and annotated frames.

use std::{collections::BTreeMap, path::Path};

use rowcall_face::{Image, Rect};
use rowcall_pipeline::{analyse::Analysis, document, folder::Folder};
use rowcall_rollcall::{RollCall, Whereabouts};

use super::{Occupant, State, pictures};

/// Width of the large and the small frames, in pixels.
const LARGE: u32 = 960;
const SMALL: u32 = 480;
/// More frames than this of a camera aren't shown small.
const MOST_SMALL: usize = 12;

pub(super) struct CameraView {
    pub(super) name: String,
    pub(super) best: Option<FrameView>,
    pub(super) others: Vec<FrameView>,
}

pub(super) struct FrameView {
    pub(super) name: String,
    pub(super) data: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) boxes: Vec<BoxView>,
}

#[derive(Clone)]
pub(super) struct BoxView {
    pub(super) class: &'static str,
    pub(super) label: String,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Pictures, read again from their files: none is kept in memory meanwhile.
pub(super) struct Frames<'a> {
    pub(super) folder: &'a Folder,
    pub(super) analysis: &'a Analysis,
}

impl Frames<'_> {
    pub(super) fn load(&self, frame: usize) -> Option<Image> {
        let name = Path::new(&self.analysis.frames[frame].name);
        let i = self
            .folder
            .frames
            .iter()
            .position(|f| f.path.ends_with(name))?;
        self.folder.ready_frame(i).ok()
    }

    pub(super) fn portrait(&self, document: usize) -> Option<String> {
        let image = document::decode_portrait(&self.analysis.documents[document].document)?.ok()?;
        match self.analysis.portrait_faces[document] {
            Some(place) => pictures::face(&image.turned(place.turn), Some(place.face)),
            None => pictures::face(&image, None),
        }
    }

    pub(super) fn cameras(&self, roll_call: &RollCall, occupants: &[Occupant]) -> Vec<CameraView> {
        let mut boxes: BTreeMap<usize, Vec<BoxView>> = BTreeMap::new();
        for (seat, occupant) in roll_call.seats.iter().zip(occupants) {
            for shot in &seat.shots {
                let label = seat.seat.map(|s| s.to_string()).unwrap_or_default();
                boxes.entry(shot.frame).or_default().push(box_view(
                    occupant.state.class(),
                    label,
                    shot.face,
                ));
            }
        }
        for bystander in &roll_call.bystanders {
            let (class, label) = match bystander.place {
                Whereabouts::Inside(_) => (State::Refer.class(), "who is this?".to_owned()),
                Whereabouts::Leaning(seat) => (State::Empty.class(), seat.to_string()),
                Whereabouts::Outside => (State::Empty.class(), "outside".to_owned()),
            };
            let shot = &bystander.shot;
            boxes
                .entry(shot.frame)
                .or_default()
                .push(box_view(class, label, shot.face));
        }
        self.folder
            .lane
            .cameras
            .iter()
            .map(|camera| self.camera(&camera.name, &boxes))
            .collect()
    }

    fn camera(&self, name: &str, boxes: &BTreeMap<usize, Vec<BoxView>>) -> CameraView {
        let own =
            || (0..self.analysis.frames.len()).filter(|&i| self.analysis.frames[i].camera == name);
        let seen = |i: usize| boxes.get(&i).map_or(0, Vec::len);
        // The frame that shows most; of equals the first.
        let best = own().rev().max_by_key(|&i| seen(i));
        let others = own().filter(|&i| Some(i) != best).take(MOST_SMALL);
        CameraView {
            name: name.to_owned(),
            best: best.and_then(|i| self.frame(i, boxes, LARGE)),
            others: others.filter_map(|i| self.frame(i, boxes, SMALL)).collect(),
        }
    }

    fn frame(
        &self,
        i: usize,
        boxes: &BTreeMap<usize, Vec<BoxView>>,
        width: u32,
    ) -> Option<FrameView> {
        let image = self.load(i)?;
        Some(FrameView {
            name: self.analysis.frames[i].name.clone(),
            data: pictures::frame(&image, width)?,
            width: image.width(),
            height: image.height(),
            boxes: boxes.get(&i).cloned().unwrap_or_default(),
        })
    }
}

fn box_view(class: &'static str, label: String, face: Rect) -> BoxView {
    let Rect {
        x,
        y,
        width,
        height,
    } = face;
    BoxView {
        class,
        label,
        x,
        y,
        width,
        height,
    }
}
