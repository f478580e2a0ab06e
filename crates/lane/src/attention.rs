//! How much of a frame is looked at: all of it, or whether those who were seen are still
//! where they were and nobody else is there.
//!
//! To make a template of each face in a frame takes many times what it takes to tell where
//! faces are. Before a vehicle that stands, the first frames say nearly all that a hundred
//! would; what is new afterwards is somebody who comes, goes or changes seats. So each
//! camera looks at its first frames whole, at every frame until what it sees needs no more,
//! and from then on whole once a second and whenever faces aren't where they were. Nothing
//! of the frames between is kept, and none of them confirms anybody.
//!
//! Whoever took a seat unseen would have to take the very place of the face that was there
//! between two frames, and leave it again to the same face before the second is over, or
//! have the last frame come within it.

use std::time::Duration;

use rowcall_face::Rect;
use rowcall_rollcall::{Camera, OccupantCount, ReferralReason, RollCall, SeatOutcome};

/// Frames of a camera that are looked at whole in any case: as many as a seat had where the
/// decision's error rates were measured (docs/evaluation.md).
const FIRST: u32 = 5;
/// So many in a row where somebody may yet be seen better: what these didn't show the next
/// won't soon.
const PATIENCE: u32 = 40;
/// The longest between two frames that are looked at whole.
const BEAT: Duration = Duration::from_secs(1);

/// What a camera of a transaction looked at so far.
#[derive(Default)]
pub(crate) struct Attention {
    /// Frames that were looked at whole, and how many of the latest in the hope of more.
    whole: u32,
    in_hope: u32,
    /// When the last of them was, since any one moment.
    last: Duration,
    /// Where faces were in it.
    faces: Vec<Rect>,
}

/// How to look at a frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Look {
    /// At all of it.
    Whole,
    /// Whether these faces are there and nobody else.
    AreStill(Vec<Rect>),
}

impl Attention {
    /// How to look at the next frame, at `now`; `is_settled` if nobody whom the camera sees
    /// need be seen better.
    pub(crate) fn next(&mut self, now: Duration, is_settled: bool) -> Look {
        if is_settled {
            self.in_hope = 0;
        }
        let is_hoping = !is_settled && self.in_hope < PATIENCE;
        let is_due = now.saturating_sub(self.last) >= BEAT;
        match self.whole < FIRST || is_hoping || is_due || self.faces.is_empty() {
            true => {
                self.in_hope += u32::from(is_hoping);
                self.note_whole(now);
                Look::Whole
            }
            false => Look::AreStill(self.faces.clone()),
        }
    }

    /// A frame is looked at whole.
    pub(crate) fn note_whole(&mut self, now: Duration) {
        self.whole = self.whole.saturating_add(1);
        self.last = now;
    }

    /// A frame that was looked at whole has faces there.
    pub(crate) fn note_faces(&mut self, faces: Vec<Rect>) {
        self.faces = faces;
    }
}

/// Whether nothing that the camera may yet show would change what is thought of those whom
/// it sees: each is confirmed or referred for what no picture changes, and nobody is missing
/// who may sit where nobody was seen.
pub(crate) fn is_settled(call: &RollCall, camera: &Camera) -> bool {
    let outcome = |seat| call.seats.iter().find(|s| s.seat == Some(seat));
    let zones = camera.zones.iter();
    let outcomes = zones.map(|zone| outcome(zone.seat).map(|seat| &seat.outcome));
    is_all_said(call.vehicle.occupants, outcomes)
}

/// By how many there are and by the outcome of each seat, where somebody was seen on it.
fn is_all_said<'a>(
    people: OccupantCount,
    mut outcomes: impl Iterator<Item = Option<&'a SeatOutcome>>,
) -> bool {
    let are_all_seen = people
        .declared
        .is_some_and(|n| usize::from(n) <= people.seen + people.opted_out);
    outcomes.all(|outcome| match outcome {
        None => are_all_seen,
        Some(SeatOutcome::Confirmed) => true,
        Some(SeatOutcome::Refer(why)) => matches!(
            why,
            ReferralReason::OptedOut
                | ReferralReason::ManualByPolicy
                | ReferralReason::DocumentNotTrusted
        ),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rowcall_face::Rect;

    use rowcall_rollcall::{OccupantCount, ReferralReason, SeatOutcome};

    use super::{Attention, FIRST, Look, PATIENCE, is_all_said};

    fn somebody() -> Vec<Rect> {
        vec![Rect {
            x: 10.0,
            y: 20.0,
            width: 40.0,
            height: 50.0,
        }]
    }

    fn at(frame: u64) -> Duration {
        Duration::from_millis(200 * frame)
    }

    /// Which of so many frames, 200 ms apart, are looked at whole, if faces stay.
    fn whole(attention: &mut Attention, from: u64, frames: u64, is_settled: bool) -> Vec<u64> {
        let look = |i: &u64| {
            let look = attention.next(at(*i), is_settled);
            attention.note_faces(somebody());
            look == Look::Whole
        };
        (from..from + frames).filter(look).collect()
    }

    #[test]
    fn the_first_frames_are_looked_at_whole_and_then_one_a_second() {
        let mut attention = Attention::default();
        assert_eq!(
            whole(&mut attention, 100, 20, true),
            [100, 101, 102, 103, 104, 109, 114, 119]
        );
        assert_eq!(attention.whole, FIRST + 3);
    }

    #[test]
    fn while_somebody_may_be_seen_better_every_frame_is_up_to_patience() {
        let mut attention = Attention::default();
        let patience = u64::from(PATIENCE);
        let all = whole(&mut attention, 0, patience, false);
        assert_eq!(all.len(), PATIENCE as usize);
        assert_eq!(whole(&mut attention, patience, 10, false), [44, 49]);
        // All is said of them for long, and then somebody comes: patience is new.
        assert_eq!(whole(&mut attention, 50, 400, true).len(), 80);
        assert_eq!(
            whole(&mut attention, 450, patience, false).len(),
            PATIENCE as usize
        );
    }

    #[test]
    fn nobody_to_follow_and_somebody_who_moved_are_looked_at_whole() {
        let mut attention = Attention::default();
        whole(&mut attention, 0, 6, true);
        assert_eq!(attention.next(at(6), true), Look::AreStill(somebody()));
        // Somebody moved: the frame was looked at whole after all, and the beat begins anew.
        attention.note_whole(at(6));
        attention.note_faces(somebody());
        assert_eq!(whole(&mut attention, 7, 5, true), [11]);
        attention.note_faces(Vec::new());
        assert_eq!(attention.next(at(12), true), Look::Whole);
    }

    #[test]
    fn all_is_said_where_no_picture_would_say_more() {
        let confirmed = || Some(SeatOutcome::Confirmed);
        let refer = |why| Some(SeatOutcome::Refer(why));
        for (case, declared, seats, expected) in [
            (
                "both are confirmed",
                Some(2),
                [confirmed(), confirmed()],
                true,
            ),
            (
                "one by hand",
                Some(2),
                [confirmed(), refer(ReferralReason::ManualByPolicy)],
                true,
            ),
            (
                "one opted out",
                Some(2),
                [confirmed(), refer(ReferralReason::OptedOut)],
                true,
            ),
            (
                "one whose document may not confirm",
                Some(2),
                [confirmed(), refer(ReferralReason::DocumentNotTrusted)],
                true,
            ),
            (
                "one like nobody",
                Some(2),
                [confirmed(), refer(ReferralReason::NoMatchingDocument)],
                false,
            ),
            (
                "one whose portrait is of no use, who may be like another's yet",
                Some(2),
                [confirmed(), refer(ReferralReason::PortraitUnusable)],
                false,
            ),
            (
                "one who wasn't seen well",
                Some(2),
                [refer(ReferralReason::PoorQuality(Vec::new())), confirmed()],
                false,
            ),
            (
                "an empty seat and nobody missing",
                Some(1),
                [confirmed(), None],
                true,
            ),
            (
                "an empty seat and somebody missing",
                Some(2),
                [confirmed(), None],
                false,
            ),
            (
                "an empty seat and nobody knows",
                None,
                [confirmed(), None],
                false,
            ),
            (
                "nobody knows, but there is no seat left",
                None,
                [confirmed(), confirmed()],
                true,
            ),
        ] {
            let seen = seats.iter().flatten().count();
            let people = OccupantCount {
                declared,
                seen,
                confirmed: 0,
                opted_out: 0,
            };
            let outcomes = seats.iter().map(Option::as_ref);
            assert_eq!(is_all_said(people, outcomes), expected, "{case}");
        }
    }
}
