//! A vehicle that passes the cameras instead of standing before them.

use std::collections::BTreeSet;

use rowcall_camera::capture::Capture;
use rowcall_picture::Limits;
use rowcall_pipeline::pass::{Follower, Offset, Place};
use rowcall_rollcall::{Pass, SeatOutcome};
use rowcall_words::seat::Seat;

use super::Transaction;

impl Transaction {
    /// How vehicles pass a camera, if they don't stand before it.
    pub(crate) fn passes(&self, camera: &str) -> Option<&Pass> {
        self.lane().camera(camera)?.pass.as_ref()
    }

    /// Where the vehicle is in the next frame of a camera that it passes; none where that
    /// isn't known, or no seat is in it. Frames are taken in the order in which they come,
    /// from the empty lane on.
    ///
    /// # Errors
    /// If the frame can't be decoded.
    pub(crate) fn follow(
        &self,
        pass: &Pass,
        name: &str,
        capture: &Capture,
    ) -> Result<Option<Offset>, rowcall_picture::Error> {
        let Some(camera) = self.lane().camera(name) else {
            return Ok(None);
        };
        let image = capture.picture.image(&Limits::FRAME)?.turned(camera.rotate);
        let mut inner = self.lock();
        let followers = &mut inner.followers;
        let follower = followers
            .entry(name.to_owned())
            .or_insert_with(|| Follower::new(pass));
        Ok(match follower.next(&image) {
            Place::At(offset) if offset.shows(camera) => Some(offset),
            _ => None,
        })
    }

    /// Whether vehicles stand before a camera after they passed others.
    pub(crate) fn is_after_pass(&self, camera: &str) -> bool {
        let mut cameras = self.lane().cameras.iter();
        cameras.any(|camera| camera.pass.is_some()) && self.passes(camera).is_none()
    }

    /// Seats that a camera before which the vehicle stands doesn't see any more, since
    /// they are confirmed by what cameras saw that it passed.
    pub(crate) fn filled_seats(&self, camera: &str) -> BTreeSet<Seat> {
        if !self.is_after_pass(camera) {
            return BTreeSet::new();
        }
        let inner = self.lock();
        let seats = inner.call.iter().flat_map(|call| &call.seats);
        let confirmed = seats.filter(|seat| seat.outcome == SeatOutcome::Confirmed);
        confirmed.filter_map(|seat| seat.seat).collect()
    }
}
