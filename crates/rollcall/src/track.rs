//! Faces of one camera, followed from frame to frame.

use rowcall_face::{FaceObservation, Rect};

use crate::{Camera, Frame};
use rowcall_words::seat::Seat;

/// A face in the next frame belongs to a track if its centre moved by less than
/// this share of its width and its width changed by less than this factor. The
/// vehicle stands; heads turn and lean.
const MAX_MOVE: f32 = 0.6;
const MAX_GROWTH: f32 = 1.5;
/// A face may be missed in this many frames and still be followed.
const MAX_GAP: usize = 4;
/// Two faces in one frame whose middles are nearer than this share of the larger
/// one's width are one face that was found twice.
const FOUND_TWICE: f32 = 0.35;

/// One face, followed through the frames of one camera.
#[derive(Debug)]
pub(crate) struct Track<'a> {
    /// The sightings, in the order of frames.
    pub(crate) sightings: Vec<Sighting<'a>>,
    /// The seat that most of them lie in; `None` for a bystander.
    pub(crate) seat: Option<Seat>,
}

/// A face in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting<'a> {
    /// Which of the frames given to the roll call.
    pub(crate) frame: usize,
    pub(crate) face: &'a FaceObservation,
    seat: Option<Seat>,
}

/// Follows the faces of `camera` through its frames, given with their place
/// among all frames, in order of time.
pub(crate) fn follow<'a>(camera: &Camera, frames: &[(usize, &'a Frame)]) -> Vec<Track<'a>> {
    let mut tracks: Vec<(usize, Vec<Sighting<'a>>)> = Vec::new();
    for (step, &(index, frame)) in frames.iter().enumerate() {
        let is_alive = |t: &usize| step - tracks[*t].0 <= MAX_GAP + 1;
        let alive: Vec<usize> = (0..tracks.len()).filter(is_alive).collect();
        let last = alive.iter().filter_map(|&t| tracks[t].1.last());
        let before: Vec<Rect> = last.map(|last| last.face.face).collect();
        let now: Vec<Rect> = frame.faces.iter().map(|face| face.face).collect();
        let owner = followed(&before, &now).into_iter();
        let owner: Vec<Option<usize>> = owner.map(|i| i.map(|i| alive[i])).collect();
        for (face, owner) in frame.faces.iter().zip(owner) {
            let seat = camera.seat_of(face.face, frame.width, frame.height);
            let sighting = Sighting {
                frame: index,
                face,
                seat,
            };
            match owner {
                Some(t) => {
                    tracks[t].0 = step;
                    tracks[t].1.push(sighting);
                }
                None => tracks.push((step, vec![sighting])),
            }
        }
    }
    tracks
        .into_iter()
        .map(|(_, sightings)| Track {
            seat: usual_seat(&sightings),
            sightings,
        })
        .collect()
}

/// For each of the faces of a frame which of those before, of the same camera, it is: the
/// rule by which faces are followed. Nearest pairs first, each face once; `None` where
/// none was near enough, or the nearest are taken.
pub fn followed(before: &[Rect], now: &[Rect]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (f, face) in now.iter().enumerate() {
        for (t, last) in before.iter().enumerate() {
            if let Some(distance) = step_between(*last, *face) {
                pairs.push((distance, f, t));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut owner = vec![None; now.len()];
    for (_, f, t) in pairs {
        if owner[f].is_none() && !owner.contains(&Some(t)) {
            owner[f] = Some(t);
        }
    }
    owner
}

/// How far a face moved, in face widths; `None` if too far to be the same.
fn step_between(a: Rect, b: Rect) -> Option<f32> {
    let (small, large) = (a.width.min(b.width), a.width.max(b.width));
    let moved = a.centre().distance(b.centre()) / large.max(1.0);
    (moved < MAX_MOVE && large < MAX_GROWTH * small).then_some(moved)
}

/// The seat with the most sightings; of several, the first in order. Being
/// nowhere counts as a place too.
fn usual_seat(sightings: &[Sighting<'_>]) -> Option<Seat> {
    let count = |seat: Option<Seat>| sightings.iter().filter(|s| s.seat == seat).count();
    let mut seats: Vec<Option<Seat>> = sightings.iter().map(|s| s.seat).collect();
    seats.sort();
    seats.dedup();
    // Reversed, since `max_by_key` keeps the last of equals and a seat comes
    // before being nowhere.
    seats
        .into_iter()
        .rev()
        .max_by_key(|&seat| (count(seat), seat.is_some()))?
}

/// Whether both show a face in one frame, and not the same one twice.
pub(crate) fn are_two_at_once(one: &Track<'_>, other: &Track<'_>) -> bool {
    let pairs = one
        .sightings
        .iter()
        .flat_map(|a| other.sightings.iter().map(move |b| (a, b)));
    pairs.into_iter().any(|(a, b)| {
        let (a_face, b_face) = (a.face.face, b.face.face);
        let apart = a_face.centre().distance(b_face.centre());
        a.frame == b.frame && apart > FOUND_TWICE * a_face.width.max(b_face.width)
    })
}
