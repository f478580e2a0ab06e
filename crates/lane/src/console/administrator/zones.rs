//! The zones of a camera, drawn and dragged on its picture.

use askama::Template;
use rowcall_words::seat::Seat;
use serde_json::json;

pub use rowcall_pipeline::zones::FaceBox;

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
    /// Whether whoever looks is in a set-up: without one there is no picture.
    pub set_up: SetUp,
    /// The zones as they stand: the seat, the polygon in shares of the picture, the
    /// least and greatest width of a face in shares of the picture's width.
    pub zones: Vec<Zone>,
    /// Seats that a zone can be drawn for.
    pub seats: Vec<Seat>,
    /// Faces found in this set-up.
    pub faces: Vec<FaceBox>,
    /// Whether the lane uses these zones; the file was changed since it started
    /// otherwise.
    pub is_in_force: bool,
    /// The lane file as it stands.
    pub file: String,
    /// Its SHA-256.
    pub of: String,
}

/// A deliberate look at a lane's cameras, which is on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// Nobody looks.
    Off,
    /// Whoever sees the page does.
    On {
        /// Until it ends by itself.
        minutes: u64,
    },
}

/// A zone: where a camera sees a seat.
pub type Zone = (Seat, Vec<(f32, f32)>, (f32, f32));

/// The page. Its script sends the zones as
/// `{"of", "zones": [{"seat", "polygon", "face_width"}]}`: to `…/zones/check` for the lane
/// file's text as it would be (`{"file"}`), to `…/zones` to write it (`{"file", "of"}`),
/// both below `/v1/lanes/{lane}/layouts/{layout}/cameras/{camera}`, where it also asks for
/// the `picture` and the `faces` while a set-up lasts; one begins and ends with
/// `/v1/lanes/{lane}/set-up`.
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
        left: match page.set_up {
            SetUp::Off => None,
            SetUp::On { minutes } => Some(w.n("zones-left", minutes as usize)),
        },
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
    /// How long the set-up lasts, in words.
    left: Option<String>,
    seats: Vec<(String, String)>,
    js: String,
}
