//! What comes of a vehicle: frames, documents, and pictures of them for whoever asks.

use std::{collections::BTreeSet, sync::Arc};

use rowcall_camera::State;
use rowcall_custody::Seen;
use rowcall_face::{Image, Sketch};
use rowcall_rollcall::{Frame, Presented, RollCall, Shot};
use rowcall_words::seat::Seat;

use super::{Inner, PAUSE, Transaction};
use crate::{
    Error,
    attention::{Look, is_settled},
    log_words, outlook,
    view::CameraView,
};

impl Transaction {
    /// Seats whose zones are blackened in whatever is looked at from now on.
    pub(crate) fn opted_out(&self) -> Result<BTreeSet<Seat>, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| match held.is_vehicle_out() {
            true => self.lane().seats(),
            false => held.declaration().opted_out_seats.clone(),
        })?)
    }

    /// Seats that need no second look.
    pub(crate) fn settled_seats(&self) -> BTreeSet<Seat> {
        self.lock().settled_seats.clone()
    }

    pub(crate) fn frame_waits(&self) {
        let mut inner = self.lock();
        inner.waiting_frames += 1;
        self.show_counts(&inner, None);
    }

    /// Whoever asks after a frame was taken sees that it waits, and how many of a camera were
    /// looked at; nobody is told of it, since nothing else changes.
    fn show_counts(&self, inner: &Inner, unchanged: Option<&str>) {
        self.view.send_if_modified(|view| {
            let view = Arc::make_mut(view);
            view.waiting.frames = inner.waiting_frames;
            let camera = |c: &&mut CameraView| Some(c.name.as_str()) == unchanged;
            if let Some(camera) = view.cameras.iter_mut().find(camera) {
                camera.frames += 1;
            }
            false
        });
    }

    /// A frame that waited goes without being looked at.
    pub(crate) fn frame_dropped(&self, camera: &str) {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        *inner.dropped.entry(camera.to_owned()).or_default() += 1;
        // The next look shows it, whatever it sees.
        inner.is_stale = true;
        self.show_counts(&inner, None);
    }

    /// A frame's name in results: nothing of when it was taken.
    pub(crate) fn next_frame(&self, camera: &str) -> String {
        let mut inner = self.lock();
        inner.frames += 1;
        format!("{camera}-{}", inner.frames)
    }

    /// Takes what a camera saw.
    pub(crate) fn add_frame(&self, seen: Seen) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        inner.open()?.add_frame(seen)?;
        inner.is_stale = true;
        self.refresh_unless_soon(&mut inner).map(drop)
    }

    /// Works the view out anew where it is stale, unless it was done a moment ago and more is
    /// to come at once; whether it was done now.
    fn refresh_unless_soon(&self, inner: &mut Inner) -> Result<bool, Error> {
        let soon = inner.waiting_frames > 0;
        let early = inner.last.is_some_and(|last| last.elapsed() < PAUSE);
        if !inner.is_stale || (soon && early) {
            return Ok(false);
        }
        self.refresh_locked(inner).map(|()| true)
    }

    /// How to look at the next frame of a camera.
    ///
    /// # Errors
    /// As all that follow, if the transaction has ended.
    pub(crate) fn next_look(&self, camera: &str) -> Result<Look, Error> {
        let now = self.equipment.clock.read().since_boot;
        let mut inner = self.lock();
        inner.open()?;
        let Inner {
            call, attention, ..
        } = &mut *inner;
        let known = self.lane().camera(camera).zip(call.as_ref());
        let is_settled = known.is_some_and(|(camera, call)| is_settled(call, camera));
        let attention = attention.entry(camera.to_owned()).or_default();
        Ok(attention.next(now, is_settled))
    }

    /// A frame of a camera is looked at whole after all.
    pub(crate) fn note_whole(&self, camera: &str) {
        let now = self.equipment.clock.read().since_boot;
        if let Some(attention) = self.lock().attention.get_mut(camera) {
            attention.note_whole(now);
        }
    }

    /// The faces that a first look at the whole of a frame found.
    pub(crate) fn note_faces(&self, frame: &Frame) {
        let mut inner = self.lock();
        let is_open = inner.open.is_some();
        let attention = inner.attention.get_mut(&frame.camera);
        if let Some(attention) = attention.filter(|_| is_open) {
            attention.note_faces(frame.faces.iter().map(|f| f.face).collect());
        }
    }

    /// Whether a picture is a camera's last once more.
    pub(crate) fn is_last_picture(&self, camera: &str, sketch: &Sketch) -> Result<bool, Error> {
        let mut inner = self.lock();
        Ok(inner
            .open()?
            .read(|held| held.is_last_picture(camera, sketch))?)
    }

    /// Counts a frame of a camera that shows who was seen where they were; `false` if it
    /// has to be looked at whole all the same.
    pub(crate) fn count_unchanged(&self, camera: &str, sketch: Sketch) -> Result<bool, Error> {
        let mut inner = self.lock();
        if !inner.open()?.count_unchanged(camera, sketch)? {
            return Ok(false);
        }
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        if !self.refresh_unless_soon(&mut inner)? {
            self.show_counts(&inner, Some(camera));
        }
        Ok(true)
    }

    /// A frame that was taken and couldn't be read.
    pub(crate) fn add_unreadable(&self) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.waiting_frames = inner.waiting_frames.saturating_sub(1);
        inner.open()?.count_unreadable()?;
        self.refresh_locked(&mut inner)
    }

    /// How one of the lane's own cameras does, and whether what it would show is missing.
    pub(crate) fn set_camera(&self, name: &str, state: State, failed: bool) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.set_camera_failed(name, failed)?;
        inner.cameras.insert(name.to_owned(), state);
        self.refresh_locked(&mut inner)
    }

    /// Gives a document its place.
    pub(crate) fn announce_document(&self, id: String) -> Result<usize, Error> {
        let mut inner = self.lock();
        let place = inner.open()?.announce_document(id)?;
        inner.reading.push(true);
        self.refresh_locked(&mut inner)?;
        Ok(place)
    }

    /// Whether a document's holder opted out before it was read.
    pub(crate) fn is_document_out(&self, place: usize) -> Result<bool, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| {
            held.is_vehicle_out() || held.declaration().opted_out_documents.contains(&place)
        })?)
    }

    /// Takes a document that was read.
    pub(crate) fn set_document(
        &self,
        place: usize,
        presented: Presented,
        portrait: Option<Image>,
    ) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.reading[place] = false;
        let fact = log_words::document(&presented.document);
        inner.open()?.set_document(place, presented, portrait)?;
        let is_out = inner.open()?.read(|held| {
            held.is_vehicle_out() || held.declaration().opted_out_documents.contains(&place)
        })?;
        let fact = match is_out {
            true => log_words::document_opted_out(),
            false => fact,
        };
        inner.open()?.record(&[fact])?;
        self.refresh_locked(&mut inner)
    }

    /// The best picture of a seat, by `show`; nothing borrowed leaves it.
    pub(crate) fn seat_picture<R>(
        &self,
        seat: Seat,
        show: impl FnOnce(&Image) -> R,
    ) -> Result<Option<R>, Error> {
        self.cut_out(show, |call| {
            let of = call.seats.iter().find(|s| s.seat == Some(seat))?;
            of.shots.first()
        })
    }

    /// The picture of a face on no seat, by its place among those that are told.
    pub(crate) fn stranger_picture<R>(
        &self,
        place: usize,
        show: impl FnOnce(&Image) -> R,
    ) -> Result<Option<R>, Error> {
        self.cut_out(show, |call| Some(&outlook::inside(call).nth(place)?.shot))
    }

    fn cut_out<R>(
        &self,
        show: impl FnOnce(&Image) -> R,
        which: impl FnOnce(&RollCall) -> Option<&Shot>,
    ) -> Result<Option<R>, Error> {
        let mut inner = self.lock();
        let Inner { open, call, .. } = &mut *inner;
        let shot = call.as_ref().and_then(which);
        let shot = shot.map(|shot| (shot.frame, shot.face));
        let open = open.as_mut().ok_or_else(|| Error::gone("transaction"))?;
        Ok(open.read(|held| {
            let (frame, face) = shot?;
            held.cut(frame, face).map(|cut| show(cut.image()))
        })?)
    }

    /// The portrait of a document, as [`Transaction::seat_picture`].
    pub(crate) fn portrait<R>(
        &self,
        place: usize,
        show: impl FnOnce(&Image) -> R,
    ) -> Result<Option<R>, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| held.portrait(place).map(show))?)
    }

    /// How many frames custody keeps.
    #[cfg(test)]
    pub(crate) fn kept_frames(&self) -> Result<usize, Error> {
        let mut inner = self.lock();
        Ok(inner.open()?.read(|held| held.frames().len())?)
    }
}
