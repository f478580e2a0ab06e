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
    /// Frames that could be read, also those that aren't kept.
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
            frames: own.iter().map(|f| f.count()).sum(),
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
    let (mut run, mut longest) = (1, 1);
    for pair in frames.windows(2) {
        let (before, next) = (pair[0], pair[1]);
        let last = before.last_sketch();
        // Other pictures came after it that aren't kept: a row begins with the last of them.
        if !before.sketch.is_same_picture(last) {
            run = 1;
        }
        let is_same = last.is_same_picture(&next.sketch);
        run = if is_same { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    let all: usize = frames.iter().map(|f| f.count()).sum();
    longest >= STANDING || (longest > 1 && longest == all)
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

#[cfg(test)]
mod tests {
    use rowcall_face::{Image, Sketch};

    use super::stands;
    use crate::{Frame, Unkept};

    /// A picture of its own for each number.
    fn sketch(number: u32) -> Sketch {
        let mixed = |i: u32| (i + 1).wrapping_mul(2_654_435_761) ^ number.wrapping_mul(0x9E37_79B9);
        let value = |i: u32| 60 + (mixed(i).wrapping_mul(0x85EB_CA6B) >> 25) as u8;
        let rgb = (0..64 * 36).flat_map(|i| [value(i); 3]).collect();
        Sketch::of(&Image::from_rgb(64, 36, rgb).expect("the size"))
    }

    /// Frames as they come: one that is kept by its picture's number, one that isn't by
    /// its negative.
    fn frames(numbers: &[i32]) -> Vec<Frame> {
        let mut frames: Vec<Frame> = Vec::new();
        for number in numbers {
            let sketch = sketch(number.unsigned_abs());
            match (number.is_negative(), frames.last_mut()) {
                (true, Some(last)) => last.count_unkept(sketch),
                _ => frames.push(Frame {
                    camera: "front".into(),
                    name: number.to_string(),
                    width: 64,
                    height: 36,
                    faces: Vec::new(),
                    sketch,
                    unkept: Unkept::default(),
                }),
            }
        }
        frames
    }

    #[test]
    fn a_stream_stands_whichever_of_its_frames_are_kept() {
        for (case, numbers, expected) in [
            ("new pictures", &[1, 2, 3, 4][..], false),
            ("three of one", &[1, 2, 2, 2, 3], true),
            ("two of one", &[1, 2, 2, 3], false),
            ("nothing else ever", &[1, 1], true),
            ("the first of three isn't kept", &[1, -2, 2, 2], true),
            ("none of three is kept but the last", &[1, -3, -2, 2], false),
            ("two of one, and two of another", &[1, 1, -2, 2], false),
            (
                "a loop of five of which always the same one is kept",
                &[1, 2, 3, 4, 5, -1, -2, -3, -4, 5, -1, -2, -3, -4, 5],
                false,
            ),
        ] {
            let frames = frames(numbers);
            let all: Vec<&Frame> = frames.iter().collect();
            assert_eq!(stands(&all), expected, "{case}");
            let count: usize = all.iter().map(|f| f.count()).sum();
            assert_eq!(count, numbers.len(), "{case}");
        }
    }

    #[test]
    fn a_stream_that_stands_does_so_when_every_other_frame_has_gone() {
        for (case, numbers, expected) in [
            ("stands", [1, 2, 2, 2, 2, 2, 2, 2], true),
            ("doesn't", [1, 2, 3, 2, 4, 2, 5, 2], false),
        ] {
            let mut kept: Vec<Frame> = Vec::new();
            for (i, frame) in frames(&numbers).into_iter().enumerate() {
                match kept.last_mut() {
                    Some(last) if i % 2 == 1 => last.absorb(frame),
                    _ => kept.push(frame),
                }
            }
            let all: Vec<&Frame> = kept.iter().collect();
            assert_eq!(stands(&all), expected, "{case}");
            let count: usize = all.iter().map(|f| f.count()).sum();
            assert_eq!((all.len(), count), (4, 8), "{case}");
        }
    }
}
