//! What is true of a vehicle: the file `truth.json` of a made one.

use std::collections::BTreeSet;

use rowcall_words::seat::Seat;
use serde::Deserialize;

use crate::{Error, ErrorKind};

/// A vehicle's truth is at most this large, in bytes.
pub const MAX_TRUTH: u64 = 16 << 20;

/// Who really sits where, with whose documents. Unknown keys are passed over:
/// makers of vehicles say more than is measured here.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Truth {
    /// The cameras' set-up, which a lane file is named after.
    #[serde(default)]
    pub camera_setup: Option<String>,
    /// How many people an officer would declare.
    #[serde(default)]
    pub declared_occupants: Option<u8>,
    /// Everybody inside.
    pub seats: Vec<SeatTruth>,
    /// Every document presented.
    #[serde(default)]
    pub documents: Vec<DocumentTruth>,
    /// What each frame shows.
    #[serde(default)]
    pub frames: Vec<FrameTruth>,
}

/// Somebody on a seat.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SeatTruth {
    /// Where.
    #[serde(deserialize_with = "seat")]
    pub seat: Seat,
    /// Who: the same name as in the documents.
    pub identity: String,
}

/// Somebody's document.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DocumentTruth {
    /// Its folder.
    pub document: String,
    /// Whose it is.
    pub identity: String,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FrameTruth {
    /// The file, relative to the vehicle's folder.
    pub file: String,
    /// The camera.
    pub camera: String,
    /// Who is in it.
    #[serde(default)]
    pub occupants: Vec<FaceTruth>,
}

/// Somebody in a frame.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FaceTruth {
    /// Where they sit.
    #[serde(deserialize_with = "seat")]
    pub seat: Seat,
    /// Whether the camera sees most of the face.
    #[serde(default)]
    pub visible: bool,
    /// The person's right eye (to the left in a frontal picture), x and y in
    /// pixels.
    #[serde(default)]
    pub eye_right: Option<[f32; 2]>,
    /// The person's left eye.
    #[serde(default)]
    pub eye_left: Option<[f32; 2]>,
    /// The head in pixels: left, top, right, bottom.
    #[serde(default)]
    pub head_box: Option<[f32; 4]>,
    /// How far the face is turned from the camera, in degrees.
    #[serde(default)]
    pub face_turned_from_camera_deg: Option<f32>,
}

impl Truth {
    /// Reads truth.json.
    ///
    /// # Errors
    /// [`ErrorKind::Truth`]: it isn't JSON of this form, or two people sit on
    /// one seat.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let bad = |why: String| Error::new(ErrorKind::Truth, format!("the truth: {why}"));
        let truth: Self = serde_json::from_slice(json).map_err(|e| bad(e.to_string()))?;
        if truth.seats.is_empty() && truth.frames.is_empty() {
            return Err(bad(
                "it names neither seats nor frames, so that everybody who is seen would count as \
                 a false alarm; an empty vehicle's names its frames"
                    .into(),
            ));
        }
        let mut taken = BTreeSet::new();
        match truth.seats.iter().find(|s| !taken.insert(s.seat)) {
            Some(twice) => Err(bad(format!("two people sit on the seat {}", twice.seat))),
            None => Ok(truth),
        }
    }

    /// Whether somebody's own document was presented.
    pub fn has_document(&self, identity: &str) -> bool {
        self.documents.iter().any(|d| d.identity == identity)
    }

    /// Whether the vehicle ought to be cleared: everybody inside has presented
    /// a document, and every document's holder is inside.
    pub fn is_clearable(&self) -> bool {
        let is_inside = |d: &DocumentTruth| self.seats.iter().any(|s| s.identity == d.identity);
        !self.seats.is_empty()
            && self.seats.iter().all(|s| self.has_document(&s.identity))
            && self.documents.iter().all(is_inside)
    }

    /// Whether some camera sees the face of whoever sits there; of `camera`
    /// alone, where one is named.
    pub fn is_in_view(&self, seat: Seat, camera: Option<&str>) -> bool {
        let frames = self
            .frames
            .iter()
            .filter(|f| camera.is_none_or(|c| f.camera == c));
        frames
            .flat_map(|f| &f.occupants)
            .any(|o| o.seat == seat && o.visible)
    }
}

/// `{"row": 1, "position": "left"}`, or `"1-left"` as lanes write it.
fn seat<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Seat, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Name(String),
        Place { row: u8, position: String },
    }
    let name = match Written::deserialize(from)? {
        Written::Name(name) => name,
        Written::Place { row, position } => format!("{row}-{position}"),
    };
    name.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::Truth;

    const TRUTH: &str = r#"{"vehicle": "v", "seats": [
        {"seat": {"row": 1, "position": "left"}, "identity": "a", "expected": "confirmed by document 01"},
        {"seat": "2-right", "identity": "b"}],
        "documents": [{"document": "01", "identity": "a"}, {"document": "02", "identity": "b"}],
        "frames": [{"file": "frames/front/1.jpg", "camera": "front",
            "occupants": [{"seat": "1-left", "visible": true}, {"seat": "2-right"}]}]}"#;

    #[test]
    fn knows_who_is_inside() {
        let truth = Truth::parse(TRUTH.as_bytes()).expect("valid");
        let seat = |name: &str| name.parse().expect("a seat");
        assert!(truth.is_clearable());
        assert!(truth.is_in_view(seat("1-left"), None));
        assert!(truth.is_in_view(seat("1-left"), Some("front")));
        assert!(!truth.is_in_view(seat("1-left"), Some("side")));
        assert!(!truth.is_in_view(seat("2-right"), None));
        for (what, from, to) in [
            (
                "an absent holder",
                "\"seat\": \"2-right\", \"identity\": \"b\"",
                "\"seat\": \"2-right\", \"identity\": \"a\"",
            ),
            (
                "nobody's document",
                "\"02\", \"identity\": \"b\"",
                "\"02\", \"identity\": \"c\"",
            ),
        ] {
            let changed = Truth::parse(TRUTH.replace(from, to).as_bytes()).expect("valid");
            assert!(!changed.is_clearable(), "{what}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (json, expected) in [
            ("{}", "seats"),
            ("nonsense", "line 1"),
            (
                &TRUTH.replace("\"2-right\", \"identity\"", "\"2-middle\", \"identity\""),
                "2-middle",
            ),
            (
                &TRUTH.replace("\"2-right\", \"identity\"", "\"1-left\", \"identity\""),
                "two people",
            ),
        ] {
            let error = Truth::parse(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
