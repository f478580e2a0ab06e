//! How much of a frame is looked at: all of it, or whether those who were seen are still
//! where they were.
//!
//! To find everybody in a frame and make a template of each takes ten times what it takes
//! to look around the faces of the frame before. Before a vehicle that stands, the first
//! frames say nearly all that a hundred would; what is new afterwards is somebody who comes,
//! goes or changes seats. So each camera looks at its first frames whole, at every frame
//! until what it sees needs no more, and from then on whole once a second and whenever
//! somebody isn't where they were. In between a face is followed by the very rule by which
//! the roll call follows it; nothing of such a frame is kept, and none confirms anybody.
//!
//! Whoever took a seat unseen would have to do it between two frames, on the place of the
//! face that was there, and be gone again within the second.

use std::time::Duration;

use rowcall_face::Rect;
use rowcall_rollcall::{Camera, ReferralReason, RollCall, SeatOutcome};

/// Frames of a camera that are looked at whole in any case: as many as a seat had where the
/// decision's error rates were measured (docs/evaluation.md).
const FIRST: u32 = 5;
/// So many where somebody may yet be seen better: what these didn't show the next won't
/// soon.
const PATIENCE: u32 = 40;
/// The longest between two frames that are looked at whole.
const BEAT: Duration = Duration::from_secs(1);

/// What a camera of a transaction looked at so far.
#[derive(Default)]
pub(crate) struct Watch {
    /// Frames that were looked at whole.
    whole: u32,
    /// When the last of them was, since any one moment.
    last: Duration,
    /// Where faces were in its last frame.
    faces: Vec<Rect>,
}

/// How to look at a frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Look {
    /// At all of it.
    Whole,
    /// Around these faces.
    Near(Vec<Rect>),
}

impl Watch {
    /// How to look at the next frame, at `now`; `is_settled` if nobody whom the camera sees
    /// need be seen better.
    pub(crate) fn next(&mut self, now: Duration, is_settled: bool) -> Look {
        let enough = if is_settled { FIRST } else { PATIENCE };
        let is_due = now.saturating_sub(self.last) >= BEAT;
        match self.whole < enough || is_due || self.faces.is_empty() {
            true => {
                self.look_whole(now);
                Look::Whole
            }
            false => Look::Near(self.faces.clone()),
        }
    }

    /// A frame is looked at whole.
    pub(crate) fn look_whole(&mut self, now: Duration) {
        self.whole = self.whole.saturating_add(1);
        self.last = now;
    }

    /// Faces are where a frame shows them.
    pub(crate) fn found(&mut self, faces: Vec<Rect>) {
        self.faces = faces;
    }
}

/// Whether nothing that the camera may yet show would change what is thought of those whom
/// it sees: each is confirmed or referred for what no picture changes, and nobody is missing
/// who may sit where nobody was seen.
pub(crate) fn is_settled(call: &RollCall, camera: &Camera) -> bool {
    let people = call.vehicle.occupants;
    let is_full = people
        .declared
        .is_some_and(|n| usize::from(n) <= people.seen + people.opted_out);
    camera.zones.iter().all(|zone| {
        let seat = call.seats.iter().find(|s| s.seat == Some(zone.seat));
        seat.map_or(is_full, |seat| {
            matches!(
                seat.outcome,
                SeatOutcome::Confirmed
                    | SeatOutcome::Refer(
                        ReferralReason::OptedOut
                            | ReferralReason::ManualByPolicy
                            | ReferralReason::DocumentNotTrusted
                    )
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rowcall_face::Rect;

    use super::{FIRST, Look, PATIENCE, Watch};

    fn somebody() -> Vec<Rect> {
        vec![Rect {
            x: 10.0,
            y: 20.0,
            width: 40.0,
            height: 50.0,
        }]
    }

    /// Which of so many frames, 200 ms apart, are looked at whole, if faces stay.
    fn whole(watch: &mut Watch, from: u64, frames: u64, is_settled: bool) -> Vec<u64> {
        let look = |i: &u64| {
            let look = watch.next(Duration::from_millis(200 * i), is_settled);
            watch.found(somebody());
            look == Look::Whole
        };
        (from..from + frames).filter(look).collect()
    }

    #[test]
    fn the_first_frames_are_looked_at_whole_and_then_one_a_second() {
        let mut watch = Watch::default();
        assert_eq!(
            whole(&mut watch, 100, 20, true),
            [100, 101, 102, 103, 104, 109, 114, 119]
        );
        assert_eq!(watch.whole, FIRST + 3);
    }

    #[test]
    fn while_somebody_may_be_seen_better_every_frame_is_up_to_patience() {
        let mut watch = Watch::default();
        let all = whole(&mut watch, 0, u64::from(PATIENCE), false);
        assert_eq!(all.len(), PATIENCE as usize);
        assert_eq!(whole(&mut watch, 40, 10, false), [44, 49]);
    }

    #[test]
    fn nobody_to_follow_and_somebody_who_moved_are_looked_at_whole() {
        let mut watch = Watch::default();
        whole(&mut watch, 0, 6, true);
        let at = |i: u64| Duration::from_millis(200 * i);
        assert_eq!(watch.next(at(6), true), Look::Near(somebody()));
        // Somebody moved: the frame was looked at whole after all, and the beat begins anew.
        watch.look_whole(at(6));
        watch.found(somebody());
        assert_eq!(whole(&mut watch, 7, 5, true), [11]);
        watch.found(Vec::new());
        assert_eq!(watch.next(at(12), true), Look::Whole);
    }
}
