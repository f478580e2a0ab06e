//! Where a passing vehicle is in a camera's picture.
//!
//! A [`Follower`] is given a camera's frames in the order in which they were taken, from
//! the empty lane on. It finds the vehicle by its outline, the edge up to which the picture
//! differs from the empty lane, and once that has left the picture by how far what lies
//! behind it has moved since a frame before. No face is looked for: zones of who opted out
//! have to be known before any is. With a frame's [`Offset`] the picture is moved back to
//! where the vehicle would stand ([`crate::frame::Ready::passing`]), so that zones, masks
//! and all that follows are those of a vehicle that stopped.
//!
//! Whatever isn't certain is no offset, and a frame without one isn't used: no vehicle in
//! it, one that was there from the start, a second one, an edge and a motion that
//! contradict each other, a motion that fits in two ways.
//!
//! It is arithmetic in one order on one thread: the same frames give the same offsets.

mod strip;
#[cfg(test)]
mod tests;

use rowcall_face::Image;
use rowcall_rollcall::{Camera, Pass, Travel};

use strip::{COLUMNS, Strip};

/// How far a vehicle is from where it is as the zones are drawn, to the right, in shares
/// of the picture's width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// How far.
    pub share: f32,
    /// By how much that may be wrong.
    pub uncertainty: f32,
}

/// What a frame shows of a passing vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The empty lane.
    Nothing,
    /// A vehicle, here.
    At(Offset),
    /// Something; where isn't known.
    Unknown,
}

/// Follows one vehicle through the frames of one camera.
pub struct Follower {
    pass: Pass,
    empty: Option<Strip>,
    stage: Stage,
}

enum Stage {
    /// Nothing has come yet.
    Waiting,
    /// A frame before, and where the vehicle was in it.
    Following(Strip, Known),
    /// It is lost, or gone: nothing is known of what comes.
    Over,
}

/// Where the leading edge is, in columns along the travel; beyond the last one it isn't
/// seen.
#[derive(Clone, Copy)]
struct Known {
    edge: f32,
    uncertainty: f32,
}

/// Frames of a camera's pass that are looked at.
pub const MOST_FRAMES: usize = 12;

/// An edge is found to two columns.
const EDGE: f32 = 2.0;
/// Each step from one frame to another adds this much, in columns.
const STEP: f32 = 0.5;
/// A frame is held against one before as long as the vehicle has moved by less since, in
/// columns: steps are few, however many frames there are.
const STRIDE: f32 = 48.0;
/// Beyond this an offset isn't one: a share of the width, a quarter of a face.
const MOST_UNCERTAIN: f32 = 0.03 * COLUMNS as f32;
/// Columns ahead of an edge that show the empty lane still.
const AHEAD: usize = 6;
/// A gap of so many empty columns behind a vehicle ends it.
const GAP: usize = 16;
/// How far in a vehicle may be as it is seen first: further in, it was there before.
const FIRST_SEEN: f32 = 0.75 * COLUMNS as f32;

impl Follower {
    /// Of a camera, before the vehicle comes.
    pub fn new(pass: &Pass) -> Self {
        Self {
            pass: *pass,
            empty: None,
            stage: Stage::Waiting,
        }
    }

    /// Takes the next frame, turned as the camera is mounted. The first one shows the
    /// empty lane.
    pub fn next(&mut self, image: &Image) -> Place {
        let Some(strip) = Strip::of(image, &self.pass) else {
            return self.lose();
        };
        let Some(empty) = &self.empty else {
            self.empty = Some(strip);
            return Place::Nothing;
        };
        let changed = strip.changed(empty);
        let Some(front) = changed.iter().rposition(|c| *c) else {
            // It came from one side and has left on the other.
            if let Stage::Following(..) = self.stage {
                self.stage = Stage::Over;
            }
            return Place::Nothing;
        };
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        let mut held = None;
        let seen = (front + AHEAD < COLUMNS).then(|| strip.edge(empty, front));
        let known = match stage {
            Stage::Over => None,
            Stage::Waiting => seen.filter(|edge| *edge <= FIRST_SEEN).map(|edge| Known {
                edge,
                uncertainty: EDGE,
            }),
            Stage::Following(before, was) => {
                let known = step(was, seen, strip.moved_since(&before, empty));
                let is_near = known.is_some_and(|k| (k.edge - was.edge).abs() < STRIDE);
                if seen.is_none() && is_near {
                    held = Some((before, was));
                }
                known
            }
        };
        let known = known.filter(|k| k.uncertainty <= MOST_UNCERTAIN);
        let Some(known) = known.filter(|_| !has_second(&changed)) else {
            return self.lose();
        };
        let (strip, held) = held.unwrap_or((strip, known));
        self.stage = Stage::Following(strip, held);
        Place::At(self.offset(known))
    }

    fn lose(&mut self) -> Place {
        self.stage = Stage::Over;
        Place::Unknown
    }

    /// From columns along the travel to the picture.
    fn offset(&self, known: Known) -> Offset {
        let columns = COLUMNS as f32;
        let share = match self.pass.travel {
            Travel::Right => known.edge / columns - self.pass.edge,
            Travel::Left => (1.0 - known.edge / columns) - self.pass.edge,
        };
        Offset {
            share,
            uncertainty: known.uncertainty / columns,
        }
    }
}

/// Where the edge is now, by what is seen of it and by how far what is behind it moved;
/// none where these contradict each other, or neither is known.
fn step(before: Known, seen: Option<f32>, moved: Option<f32>) -> Option<Known> {
    match (seen, moved) {
        (Some(edge), Some(moved)) => {
            let agrees = (before.edge + moved - edge).abs() <= before.uncertainty + 2.0 * EDGE;
            agrees.then_some(Known {
                edge,
                uncertainty: EDGE,
            })
        }
        // Just come in: there is too little of it to see it move.
        (Some(edge), None) => (edge >= before.edge - EDGE).then_some(Known {
            edge,
            uncertainty: EDGE,
        }),
        (None, Some(moved)) => Some(Known {
            edge: before.edge + moved,
            uncertainty: before.uncertainty + STEP,
        }),
        (None, None) => None,
    }
}

/// Whether behind the vehicle, after a gap that shows the empty lane, another comes.
fn has_second(changed: &[bool]) -> bool {
    let mut gap = 0;
    let mut is_behind = false;
    for is_changed in changed.iter().rev().skip_while(|c| !**c) {
        match is_changed {
            true if is_behind => return true,
            true => gap = 0,
            false => gap += 1,
        }
        is_behind |= gap >= GAP;
    }
    false
}

impl Offset {
    /// How far to move a picture of this width so that the vehicle is where the zones are
    /// drawn, in whole pixels: no pixel is made anew.
    pub fn back(&self, width: u32) -> i32 {
        (-self.share * width as f32).round() as i32
    }

    /// Whether the whole zone of some seat is in the picture.
    pub fn shows(&self, camera: &Camera) -> bool {
        let inside = 0.0..=1.0;
        camera.zones.iter().any(|zone| {
            let mut corners = zone.polygon.iter();
            corners.all(|corner| inside.contains(&(corner.x + self.share)))
        })
    }
}

/// Which of a pass's frames are looked at: at most so many, of which none lies where
/// another does, from first to last; indices into `places`.
pub fn chosen(places: &[Place], camera: &Camera, most: usize) -> Vec<usize> {
    let shows = |place: &Place| matches!(place, Place::At(offset) if offset.shows(camera));
    let usable: Vec<usize> = (0..places.len()).filter(|i| shows(&places[*i])).collect();
    let share = |i: usize| match places[i] {
        Place::At(offset) => offset.share,
        _ => 0.0,
    };
    let (Some(first), Some(last)) = (usable.first(), usable.last()) else {
        return Vec::new();
    };
    let (from, to) = (share(*first), share(*last));
    let spread = (to - from) / (most.max(2) - 1) as f32;
    let mut chosen: Vec<usize> = Vec::new();
    for k in 0..most {
        let wanted = from + spread * k as f32;
        let away = |i: &&usize| (share(**i) - wanted).abs();
        let nearest = usable.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        chosen.extend(nearest.filter(|i| chosen.last() != Some(i)));
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
