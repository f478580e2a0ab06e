//! Whether every camera that a seat needs has shown something: what a dead camera
//! would have seen is evidence that is missing, not evidence that nobody was there.

use std::collections::BTreeSet;

use crate::{Camera, Declaration, Frame, Lane};
use rowcall_words::outcome::CameraState;
use rowcall_words::seat::Seat;

/// So many frames in a row that show the same picture are a stream that stands; a
/// camera slower than what records it repeats a picture once or twice.
const STANDING: usize = 3;

/// What became of a camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraResult {
    /// Its name in the lane.
    pub name: String,
    /// Frames that could be read.
    pub frames: usize,
    /// How it did.
    pub state: CameraState,
    /// Whether a seat needs it, so that its failure refers the vehicle.
    pub is_needed: bool,
}

/// What became of each camera of the lane, in its order.
pub(crate) fn states(
    lane: &Lane,
    frames: &[Frame],
    declaration: &Declaration,
) -> Vec<CameraResult> {
    let opted_out = &declaration.opted_out_seats;
    let needed: BTreeSet<&str> = lane
        .seats()
        .iter()
        .filter(|seat| !opted_out.contains(seat))
        .flat_map(|seat| lane.cameras_of(*seat))
        .collect();
    let state = |camera: &Camera| {
        let own: Vec<&Frame> = frames.iter().filter(|f| f.camera == camera.name).collect();
        CameraResult {
            name: camera.name.clone(),
            frames: own.len(),
            state: match own.len() {
                0 => CameraState::Missing,
                _ if own.iter().all(|f| shows_nothing(f)) => CameraState::Missing,
                _ if stands(&own) || alternates(&own) => CameraState::Frozen,
                _ if declaration.failed_cameras.contains(&camera.name) => CameraState::Missing,
                _ => CameraState::Delivering,
            },
            is_needed: needed.contains(camera.name.as_str()),
        }
    };
    lane.cameras.iter().map(state).collect()
}

/// Whether a camera's frames, in the order of time, show a stream that stands.
fn stands(frames: &[&Frame]) -> bool {
    let is_same = |pair: &[&Frame]| pair[0].sketch.is_same_picture(&pair[1].sketch);
    let (mut run, mut longest) = (1, 1);
    for pair in frames.windows(2) {
        run = if is_same(pair) { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest >= STANDING || (longest > 1 && longest == frames.len())
}

/// Whether there is nothing in a frame, and nobody.
fn shows_nothing(frame: &Frame) -> bool {
    frame.faces.is_empty() && frame.sketch.shows_nothing()
}

/// Whether a camera comes back to a picture that it had left, and shows two at most: a
/// buffer that runs in a circle. No live sensor gives a picture twice.
fn alternates(frames: &[&Frame]) -> bool {
    let [first, rest @ ..] = frames else {
        return false;
    };
    let is_first = |f: &&Frame| f.sketch.is_same_picture(&first.sketch);
    let Some(left) = rest.iter().position(|f| !is_first(f)) else {
        return false;
    };
    let second = rest[left];
    let after = &rest[left + 1..];
    let is_second = |f: &&Frame| f.sketch.is_same_picture(&second.sketch);
    after.iter().any(is_first) && after.iter().all(|f| is_first(f) || is_second(f))
}

impl Lane {
    /// The cameras that a seat needs: those that the policy names for it, or else
    /// all that have a zone for it.
    pub fn cameras_of(&self, seat: Seat) -> Vec<&str> {
        if let Some(named) = self.policy.needed_cameras.get(&seat) {
            return named.iter().map(String::as_str).collect();
        }
        let sees = |camera: &&Camera| camera.zones.iter().any(|zone| zone.seat == seat);
        let seeing = self.cameras.iter().filter(sees);
        seeing.map(|camera| camera.name.as_str()).collect()
    }
}
