//! Evidence of nobody: a lane, and what would be in custody there. For tests and
//! benchmarks of several kinds, each of which uses a part.
#![allow(dead_code, reason = "each user takes what it needs")]

use rowcall_custody::{Cut, Seen};
use rowcall_document::VerifiedDocument;
use rowcall_face::{
    FaceObservation, Image, Imprint, Landmarks, Point, PortraitView, Quality, Rect, Reference,
    Sketch, Template,
};
use rowcall_rollcall::{Frame, Lane, PortraitFace, Presented, Unkept};
use rowcall_template::danger::{Role as _, Unguarded as _};
use std::sync::Arc;

const LANE: &str = r#"
format = 1
name = "made"
[[camera]]
name = "front"
[[camera.zone]]
seat = "1-left"
polygon = [[0.0, 0.0], [1.0, 0.0], [1.0, 0.5], [0.0, 0.5]]
face_width = [0.1, 0.9]
[[camera.zone]]
seat = "2-left"
polygon = [[0.0, 0.5], [1.0, 0.5], [1.0, 1.0], [0.0, 1.0]]
face_width = [0.1, 0.9]
"#;

/// One camera, two seats, one behind the other.
pub(crate) fn lane() -> Arc<Lane> {
    Arc::new(Lane::parse(LANE).expect("a lane"))
}

/// The same without the second row.
pub(crate) fn one_row() -> Arc<Lane> {
    let (first, _) = LANE.rsplit_once("[[camera.zone]]").expect("two zones");
    Arc::new(Lane::parse(first).expect("a lane"))
}

pub(crate) fn template(seed: u8) -> Template {
    Template::from_embedding(embedding(seed)).expect("a direction")
}

pub(crate) fn embedding(seed: u8) -> Vec<f32> {
    let value = |i: i32| ((i * 37 + i32::from(seed) * 11) % 97 - 48) as f32 + 0.125;
    (0..128).map(value).collect()
}

/// Where the face of somebody in this row is in a picture of this size.
pub(crate) fn place(row: u8, width: u32, height: u32) -> Rect {
    let (width, height) = (width as f32, height as f32);
    let side = 0.4 * width;
    Rect {
        x: 0.3 * width,
        y: height * (0.5 * f32::from(row) - 0.25) - side / 2.0,
        width: side,
        height: side,
    }
}

fn face(at: Rect, template: Template, picture: &Image) -> FaceObservation {
    let centre = at.centre();
    let point = |dx: f32, dy: f32| Point::new(centre.x + dx * at.width, centre.y + dy * at.width);
    FaceObservation {
        face: at,
        landmarks: Landmarks::from_points([
            point(-0.2, -0.1),
            point(0.2, -0.1),
            point(0.0, 0.1),
            point(-0.15, 0.3),
            point(0.15, 0.3),
        ]),
        quality: Quality::CLEAR,
        template,
        imprint: Imprint::of(picture),
        border: None,
    }
}

/// A picture with nobody in it.
pub(crate) fn nobody(picture: Image) -> Seen {
    Seen {
        frame: frame(&picture, Vec::new()),
        cuts: Vec::new(),
    }
}

/// A picture in which somebody sits in a row.
pub(crate) fn somebody(row: u8, picture: Image, template: Template) -> Seen {
    let at = place(row, picture.width(), picture.height());
    let faces = vec![face(at, template, &picture)];
    Seen {
        cuts: Cut::of(&picture, 0, at).into_iter().collect(),
        frame: frame(&picture, faces),
    }
}

/// What of that picture is shown.
pub(crate) fn shown(row: u8, picture: &Image) -> Vec<u8> {
    let at = place(row, picture.width(), picture.height());
    let cut = Cut::of(picture, 0, at).expect("inside");
    cut.image().rgb().to_vec()
}

fn frame(picture: &Image, faces: Vec<FaceObservation>) -> Frame {
    Frame {
        camera: "front".into(),
        name: "made".into(),
        width: picture.width(),
        height: picture.height(),
        faces,
        sketch: Sketch::of(picture),
        unkept: Unkept::default(),
    }
}

/// A document with this portrait's template, and nothing else.
pub(crate) fn document(template: Option<Template>, portrait: &Image) -> Presented {
    let found = |template| PortraitFace::Found {
        reference: Reference::of(template),
        imprint: Imprint::of(portrait),
        quality: Quality::CLEAR,
        view: PortraitView::default(),
    };
    Presented {
        id: "00".into(),
        document: VerifiedDocument::unopened(),
        portrait: template.map_or(PortraitFace::Absent, found),
    }
}
