//! What one transaction holds in memory, and nowhere else: the evidence that its
//! roll call reads, and the pictures that its officer looks at.

mod destroy;

use crate::Error;
use crate::cut::Cut;
use rowcall_document::VerifiedDocument;
use rowcall_face::{Calibration, Image, Rect, Registrations, Sketch};
use rowcall_rollcall::{Declaration, Evidence, Frame, Lane, PortraitFace, Presented};
use rowcall_words::seat::Seat;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most frames kept at a time, and documents of one transaction.
pub const MAX_FRAMES: usize = 512;
/// See [`MAX_FRAMES`].
pub const MAX_DOCUMENTS: usize = 64;

/// Whether something that was handed in was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in custody now.
    Kept,
    /// It belongs to somebody who opted out: it was destroyed at once.
    OptedOut,
}

/// What a camera saw, with the faces cut out of its picture. Of the picture itself
/// nothing else is kept.
pub struct Seen {
    /// What the models found.
    pub frame: Frame,
    /// A cut-out for each of its faces, in their order; fewer where a face isn't to
    /// be shown.
    pub cuts: Vec<Cut>,
}

/// The biometrics of one open transaction. There is no `Clone`, no `Debug` and
/// no way to take one out: they can be looked at while the transaction is open,
/// and are zeroized when it ends.
pub struct Biometrics {
    lane: Arc<Lane>,
    declaration: Declaration,
    frames: Vec<Frame>,
    /// Of each frame, beside it.
    cuts: Vec<Vec<Cut>>,
    documents: Vec<Presented>,
    /// What decisions found out about these faces.
    registrations: Registrations,
    /// Of each document, beside it, upright.
    portraits: Vec<Option<Image>>,
    is_vehicle_out: bool,
    images: usize,
    templates: usize,
}

impl Biometrics {
    pub(crate) fn new(lane: Arc<Lane>) -> Self {
        Self {
            lane,
            declaration: Declaration::default(),
            frames: Vec::new(),
            cuts: Vec::new(),
            documents: Vec::new(),
            registrations: Registrations::default(),
            portraits: Vec::new(),
            is_vehicle_out: false,
            images: 0,
            templates: 0,
        }
    }

    /// What the roll call reads, on the day `at`.
    pub fn evidence<'a>(
        &'a self,
        calibration: &'a Calibration,
        at: jiff::civil::Date,
    ) -> Evidence<'a> {
        Evidence {
            lane: &self.lane,
            calibration,
            declaration: &self.declaration,
            frames: &self.frames,
            documents: &self.documents,
            registrations: &self.registrations,
            at,
        }
    }

    /// What is known beside frames and documents.
    pub fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    /// What the cameras saw.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The documents, in the order in which they were presented.
    pub fn documents(&self) -> &[Presented] {
        &self.documents
    }

    /// The portrait of a document, by its place.
    pub fn portrait(&self, document: usize) -> Option<&Image> {
        self.portraits.get(document)?.as_ref()
    }

    /// The cut-out of a face, by the place of its frame.
    pub fn cut(&self, frame: usize, face: Rect) -> Option<&Cut> {
        let i = self.frames.get(frame)?.faces.iter();
        let i = i.map(|f| f.face).position(|f| f == face)?;
        self.cuts.get(frame)?.iter().find(|cut| cut.face() == i)
    }

    /// Whether the whole vehicle opted out.
    pub fn is_vehicle_out(&self) -> bool {
        self.is_vehicle_out
    }

    /// How many pictures were ever taken in.
    pub(crate) fn images(&self) -> usize {
        self.images
    }

    /// How many templates were ever taken in.
    pub(crate) fn templates(&self) -> usize {
        self.templates
    }

    /// The best cut-out of whoever sits there beside a document's portrait.
    pub(crate) fn pair(&self, seat: Seat, document: u16) -> Option<(&Image, &Image)> {
        let portrait = self.portrait(usize::from(document))?;
        let mut best: Option<(f32, &Image)> = None;
        for (frame, cuts) in self.frames.iter().zip(&self.cuts) {
            for cut in cuts {
                let face = &frame.faces[cut.face()];
                let quality = face.quality.confidence * face.quality.inter_eye_distance;
                if self.seat_of(frame, face.face) == Some(seat)
                    && best.is_none_or(|(most, _)| quality > most)
                {
                    best = Some((quality, cut.image()));
                }
            }
        }
        Some((best?.1, portrait))
    }

    pub(crate) fn add_frame(&mut self, seen: Seen) -> Kept {
        self.images += 1;
        self.templates += seen.frame.faces.len();
        if self.is_vehicle_out {
            return Kept::OptedOut;
        }
        let Seen { frame, cuts } = seen;
        self.frames.push(frame);
        self.cuts.push(cuts);
        // The picture may have been taken before somebody opted out.
        let last = self.frames.len() - 1;
        for seat in self.declaration.opted_out_seats.clone() {
            self.hide(last, seat);
        }
        if self.frames.len() > MAX_FRAMES {
            self.thin();
        }
        Kept::Kept
    }

    /// Whether this is the last picture of `camera` once more; also where there is none yet.
    pub fn is_last_picture(&self, camera: &str, sketch: &Sketch) -> bool {
        let mut own = self.frames.iter().rev().filter(|f| f.camera == camera);
        own.next()
            .is_none_or(|last| last.last_sketch().is_same_picture(sketch))
    }

    /// Counts a frame of `camera` in which nothing is new, which isn't kept; `false` if
    /// nothing of the camera is kept yet, or this is its last picture once more.
    pub(crate) fn count_unchanged(&mut self, camera: &str, sketch: Sketch) -> bool {
        if self.is_last_picture(camera, &sketch) {
            return false;
        }
        let Some(last) = destroy::last_of(&mut self.frames, camera) else {
            return false;
        };
        last.count_unkept(sketch);
        self.images += 1;
        true
    }

    /// Gives a document its place before it is read. Until then it is one that
    /// confirms nobody.
    pub(crate) fn announce_document(&mut self, id: String) -> Result<usize, Error> {
        if self.documents.len() >= MAX_DOCUMENTS {
            return Err(Error::operator("a transaction has at most 64 documents"));
        }
        let place = self.documents.len();
        self.documents.push(Presented {
            id,
            document: VerifiedDocument::unopened(),
            portrait: PortraitFace::Absent,
        });
        self.portraits.push(None);
        if self.is_vehicle_out {
            self.forget_document(place);
        }
        Ok(place)
    }

    /// Puts a document that was read into its place.
    pub(crate) fn set_document(
        &mut self,
        place: usize,
        presented: Presented,
        portrait: Option<Image>,
    ) -> Result<Kept, Error> {
        self.check(place)?;
        self.images += usize::from(portrait.is_some());
        self.templates += usize::from(matches!(presented.portrait, PortraitFace::Found { .. }));
        if self.is_vehicle_out || self.declaration.opted_out_documents.contains(&place) {
            return Ok(Kept::OptedOut);
        }
        self.documents[place] = presented;
        self.portraits[place] = portrait;
        Ok(Kept::Kept)
    }

    pub(crate) fn declare(&mut self, occupants: Option<u8>) {
        self.declaration.occupants = occupants;
    }

    pub(crate) fn set_camera_failed(&mut self, camera: &str, failed: bool) {
        let all = &mut self.declaration.failed_cameras;
        match failed {
            true => all.insert(camera.to_owned()),
            false => all.remove(camera),
        };
    }

    pub(crate) fn count_unreadable(&mut self) {
        self.declaration.unreadable_frames += 1;
    }

    /// Takes a document out, or back in.
    pub(crate) fn set_aside(&mut self, place: usize, aside: bool) -> Result<(), Error> {
        self.check(place)?;
        match aside {
            true => self.declaration.set_aside_documents.insert(place),
            false => self.declaration.set_aside_documents.remove(&place),
        };
        Ok(())
    }

    pub(crate) fn join(&mut self, places: BTreeSet<usize>) -> Result<(), Error> {
        places.iter().try_for_each(|place| self.check(*place))?;
        if !self.declaration.joined_documents.contains(&places) {
            self.declaration.joined_documents.push(places);
        }
        Ok(())
    }

    /// Says that the vehicle's seats and cameras are those of `lane`.
    pub(crate) fn set_lane(&mut self, lane: Arc<Lane>) -> Result<(), Error> {
        if !self.frames.is_empty() {
            return Err(Error::operator(
                "what was seen is of another sort of vehicle: say which it is before the first frame",
            ));
        }
        let known = lane.seats();
        let out = &mut self.declaration.opted_out_seats;
        match self.is_vehicle_out {
            true => *out = known,
            false if out.is_subset(&known) => {}
            false => {
                return Err(Error::operator(
                    "somebody opted out on a seat that this sort of vehicle hasn't",
                ));
            }
        }
        self.lane = lane;
        Ok(())
    }

    /// Whether whoever sits there opted out.
    pub(crate) fn is_seat_out(&self, seat: Seat) -> bool {
        self.is_vehicle_out || self.declaration.opted_out_seats.contains(&seat)
    }

    /// Whether the holder of that document opted out.
    pub(crate) fn is_document_out(&self, number: u16) -> bool {
        let out = &self.declaration.opted_out_documents;
        self.is_vehicle_out || out.contains(&usize::from(number))
    }

    fn check(&self, place: usize) -> Result<(), Error> {
        match place < self.documents.len() {
            true => Ok(()),
            false => Err(Error::operator("no such document was presented")),
        }
    }

    fn seat_of(&self, frame: &Frame, face: Rect) -> Option<Seat> {
        let camera = self.lane.camera(&frame.camera)?;
        camera.seat_of(face, frame.width, frame.height)
    }
}

#[cfg(test)]
impl Biometrics {
    /// Every field, for the retention table. Matched without `..`, so that a
    /// new one does not compile before it is named here.
    pub(crate) fn field_names(&self) -> Vec<&'static str> {
        let Self {
            lane: _,
            declaration: _,
            frames: _,
            cuts: _,
            documents: _,
            registrations: _,
            portraits: _,
            is_vehicle_out: _,
            images: _,
            templates: _,
        } = self;
        vec![
            "lane",
            "declaration",
            "frames",
            "cuts",
            "documents",
            "registrations",
            "portraits",
            "is_vehicle_out",
            "images",
            "templates",
        ]
    }
}
