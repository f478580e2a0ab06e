//! The zones of a camera, drawn and dragged on its picture.

use askama::Template;
use rowcall_rollcall::Seat;
use serde_json::json;

use crate::console::{Viewer, assets, html, phrase, shell::Shell};

/// What the page shows: a deliberate set-up mode, with no transaction open.
#[derive(Clone, Debug)]
pub struct ZonesPage {
    /// Who looks.
    pub viewer: Viewer,
    /// The lane.
    pub lane: String,
    /// The sort of vehicle: the lane file's name.
    pub layout: String,
    /// The camera.
    pub camera: String,
    /// Width and height of its picture in pixels.
    pub size: (u32, u32),
    /// Where its picture is, served without being stored; it is asked for anew while
    /// the page is open. None while a transaction is open: then there is no picture.
    pub picture: Option<String>,
    /// The zones as they stand: the seat, the polygon in shares of the picture, the
    /// least and greatest width of a face in shares of the picture's width.
    pub zones: Vec<Zone>,
    /// Seats that a zone can be drawn for.
    pub seats: Vec<Seat>,
    /// Faces found in this mode or in recorded evaluation folders.
    pub faces: Vec<FaceBox>,
    /// The lane file as it stands.
    pub file: String,
}

/// A zone: where a camera sees a seat.
pub type Zone = (Seat, Vec<(f32, f32)>, (f32, f32));

/// A face that was found, in shares of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceBox {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// The page. Its script sends the zones as
/// `{"zones": [{"seat", "polygon", "face_width"}]}`: to `…/zones/check` for the lane
/// file's text as it would be (`{"file"}`), to `…/zones` to write it, both below
/// `/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}`.
pub fn zones(page: &ZonesPage) -> String {
    let shell = Shell::of(&page.viewer, "zones-title", "/administrator");
    let w = shell.w;
    let zone = |(seat, polygon, face_width): &Zone| json!({ "seat": seat, "polygon": polygon, "face_width": face_width });
    let face = |face: &FaceBox| json!([face.x, face.y, face.width, face.height]);
    let (width, height) = page.size;
    let state = json!({
        "zones": page.zones.iter().map(zone).collect::<Vec<_>>(),
        "faces": page.faces.iter().map(face).collect::<Vec<_>>(),
        "width": width,
        "height": height,
    });
    html(&Zones {
        state: state.to_string(),
        seats: page
            .seats
            .iter()
            .map(|seat| (seat.to_string(), phrase::seat_name(&w, Some(*seat))))
            .collect(),
        js: assets::path("zones.js"),
        shell,
        page,
    })
}

#[derive(Template)]
#[template(path = "zones.html")]
struct Zones<'a> {
    shell: Shell,
    page: &'a ZonesPage,
    state: String,
    seats: Vec<(String, String)>,
    js: String,
}
