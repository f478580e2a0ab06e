//! Faces that are on no seat: outside the vehicle, leaning out of their zone, or
//! inside and accounted for by nobody.

use std::collections::{BTreeMap, BTreeSet};

use rowcall_face::{FaceObservation, Rect};
use serde::Serialize;

use crate::{
    CLOSED_BORDER, Camera, Frame, Shot,
    one_person::OnePerson,
    track::{Sighting, Track, are_two_at_once},
};
use rowcall_words::seat::Seat;

/// A face that is on no seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Bystander {
    /// The best that was seen of it.
    pub shot: Shot,
    /// Where it is.
    pub place: Whereabouts,
}

/// Where a face is that is on no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Outside the vehicle's cabin: the officer at the window, the next lane.
    Outside,
    /// The occupant of this seat, leaning out of their zone.
    Leaning(Seat),
    /// In the cabin, and explained by nobody on a seat: somebody is unaccounted
    /// for until an officer has looked.
    Inside(Guise),
}

/// What a face in the cabin that is on no seat looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guise {
    /// Straight edges frame it: a page, a print, a screen in somebody's hand.
    Picture,
    /// Smaller than a head on any seat there: a picture, a reflection, a child,
    /// somebody behind.
    Small,
    /// Larger than a head on any seat there: somebody who leans towards the camera.
    Large,
    /// As large as a head, between or beside the seats.
    BetweenSeats,
}

impl Whereabouts {
    /// Its name in kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Leaning(_) => "leaning",
            Self::Inside(Guise::Picture) => "inside-picture",
            Self::Inside(Guise::Small) => "inside-small",
            Self::Inside(Guise::Large) => "inside-large",
            Self::Inside(Guise::BetweenSeats) => "inside-between-seats",
        }
    }
}

/// A face that covers so much (intersection over union) of one that was on a seat
/// in another frame is at the same place.
const SAME_PLACE: f32 = 0.2;

/// Where the face of a track is that belongs to no seat. `None` where nobody was
/// seen, or a seat that opted out is.
pub(crate) fn place(
    camera: &Camera,
    frames: &[Frame],
    stray: &Track<'_>,
    seats: &BTreeMap<Seat, Vec<Track<'_>>>,
    opted_out: &BTreeSet<Seat>,
    one_person: &OnePerson<'_>,
) -> Option<Bystander> {
    let best = stray.sightings.iter().max_by(|a, b| {
        let quality = |s: &Sighting<'_>| s.face.quality.unified();
        quality(a).total_cmp(&quality(b))
    })?;
    let size = |s: &Sighting<'_>| (frames[s.frame].width, frames[s.frame].height);
    let zones = camera.seats_around(best.face.face, size(best));
    if zones.iter().any(|seat| opted_out.contains(seat)) {
        return None;
    }
    // One sighting inside is enough: whoever was seen counts.
    let is_inside = |s: &Sighting<'_>| camera.is_inside(s.face.face, size(s));
    let of_seat = |seat: &Seat| {
        let tracks = seats.get(seat).map_or(&[][..], Vec::as_slice);
        is_of(stray, camera, frames, tracks, one_person)
    };
    let place = if !stray.sightings.iter().any(is_inside) {
        Whereabouts::Outside
    } else if let Some(seat) = zones.iter().copied().find(of_seat) {
        Whereabouts::Leaning(seat)
    } else {
        Whereabouts::Inside(guise(stray, camera, best.face.face, size(best)))
    };
    Some(Bystander {
        shot: Shot::of(best),
        place,
    })
}

/// Whether a stray face is the occupant of a seat, who isn't seen there in the same
/// frames: fit to be compared it must be theirs by its template, otherwise by its
/// place.
fn is_of(
    stray: &Track<'_>,
    camera: &Camera,
    frames: &[Frame],
    own: &[Track<'_>],
    one_person: &OnePerson<'_>,
) -> bool {
    if own.iter().any(|track| are_two_at_once(track, stray)) {
        return false;
    }
    let strays = fit(stray, one_person);
    if strays.is_empty() {
        let of_camera = |s: &&Sighting<'_>| frames[s.frame].camera == camera.name;
        let mut places = own.iter().flat_map(|t| &t.sightings).filter(of_camera);
        return places.any(|s| {
            let near = |other: &Sighting<'_>| other.face.face.overlap(s.face.face) > SAME_PLACE;
            stray.sightings.iter().any(near)
        });
    }
    let seated: Vec<&FaceObservation> = own.iter().flat_map(|t| fit(t, one_person)).collect();
    !seated.is_empty() && one_person.parting(&[seated, strays].concat()).is_none()
}

/// What of a track is fit to be compared.
fn fit<'a>(track: &Track<'a>, one_person: &OnePerson<'_>) -> Vec<&'a FaceObservation> {
    let fit = track.sightings.iter().filter(|s| one_person.is_fit(s));
    fit.map(|s| s.face).collect()
}

fn guise(stray: &Track<'_>, camera: &Camera, face: Rect, size: (u32, u32)) -> Guise {
    let border = stray.sightings.iter().filter_map(|s| s.face.border);
    let (least, greatest) = camera.face_widths(face, size);
    let width = face.width / size.0 as f32;
    if border.fold(0.0, f32::max) >= CLOSED_BORDER {
        Guise::Picture
    } else if width < least {
        Guise::Small
    } else if width > greatest {
        Guise::Large
    } else {
        Guise::BetweenSeats
    }
}
