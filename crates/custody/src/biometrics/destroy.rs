//! What is destroyed before its transaction ends: of whoever opts out, of a seat that is
//! captured anew, and of more frames than are kept.

use super::Biometrics;
use crate::subject::seat_of_log;
use rowcall_audit::entry::Subject;
use rowcall_document::VerifiedDocument;
use rowcall_face::{Rect, Registrations};
use rowcall_rollcall::{Frame, Lane, PortraitFace};
use rowcall_words::seat::Seat;
use std::collections::BTreeSet;

impl Biometrics {
    /// Forgets what was seen of a seat so far, so that it is captured anew.
    pub(crate) fn recapture(&mut self, seat: Seat) {
        for i in 0..self.frames.len() {
            self.drop_faces(i, |lane, frame, face| {
                is_on(lane, frame, face, seat).then_some(())
            });
        }
        self.registrations = Registrations::default();
    }

    /// Destroys what belongs to `subject`, earlier and later; `false` if it cannot
    /// be: the lane has no such seat, or no such document was presented.
    pub(crate) fn opt_out(&mut self, subject: Subject) -> bool {
        match subject {
            Subject::Seat(row, side) => {
                let seat = seat_of_log(row, side);
                if !self.lane.seats().contains(&seat) {
                    return false;
                }
                self.declaration.opted_out_seats.insert(seat);
                for i in 0..self.frames.len() {
                    self.hide(i, seat);
                }
            }
            Subject::Document(number) => {
                let place = usize::from(number.get());
                if place >= self.documents.len() {
                    return false;
                }
                self.forget_document(place);
            }
            Subject::Vehicle => {
                self.is_vehicle_out = true;
                self.frames.clear();
                self.cuts.clear();
                self.declaration.opted_out_seats = self.lane.seats();
                (0..self.documents.len()).for_each(|place| self.forget_document(place));
            }
        }
        self.registrations = Registrations::default();
        true
    }

    /// Destroys what the document gave; its place stays.
    pub(super) fn forget_document(&mut self, place: usize) {
        let document = &mut self.documents[place];
        document.portrait = PortraitFace::Absent;
        document.document = VerifiedDocument::unopened();
        self.portraits[place] = None;
        self.declaration.opted_out_documents.insert(place);
    }

    /// Destroys the faces in a seat's zone in the `i`th frame, and blackens the zone
    /// where it shows in another's cut-out.
    pub(super) fn hide(&mut self, i: usize, seat: Seat) {
        self.drop_faces(i, |lane, frame, face| {
            is_in(lane, frame, face, seat).then_some(())
        });
        let frame = &self.frames[i];
        let Some(camera) = self.lane.camera(&frame.camera) else {
            return;
        };
        let zones = camera.polygons(&BTreeSet::from([seat]), frame.width, frame.height);
        for cut in &mut self.cuts[i] {
            cut.mask(&zones);
        }
    }

    fn drop_faces(&mut self, i: usize, goes: impl Fn(&Lane, &Frame, Rect) -> Option<()>) {
        let frame = &self.frames[i];
        let stays: Vec<bool> = frame
            .faces
            .iter()
            .map(|f| goes(&self.lane, frame, f.face).is_none())
            .collect();
        if stays.iter().all(|stays| *stays) {
            return;
        }
        let place = |old: usize| stays[..old].iter().filter(|stays| **stays).count();
        self.cuts[i].retain_mut(|cut| {
            let old = cut.face();
            cut.renumber(place(old));
            stays[old]
        });
        let mut at = 0..stays.len();
        self.frames[i]
            .faces
            .retain(|_| at.next().is_some_and(|i| stays[i]));
    }

    /// Makes room where there are too many frames: of the camera that has most, every
    /// other one goes, that with fewer faces of each two. So what was seen more than
    /// once, early or late, stays to be seen; that the others came stays known.
    pub(super) fn thin(&mut self) {
        let own = |camera: &str| -> Vec<usize> {
            let all = self.frames.iter().enumerate();
            all.filter(|(_, f)| f.camera == camera)
                .map(|(i, _)| i)
                .collect()
        };
        let cameras = self.lane.cameras.iter().map(|c| (&c.name, own(&c.name)));
        let Some((busiest, most)) = cameras.max_by_key(|(_, own)| own.len()) else {
            return;
        };
        let busiest = busiest.clone();
        let goes: BTreeSet<usize> = most
            .chunks_exact(2)
            .map(
                |pair| match self.frames[pair[0]].faces.len() > self.frames[pair[1]].faces.len() {
                    true => pair[1],
                    false => pair[0],
                },
            )
            .collect();
        let before = std::mem::take(&mut self.frames).into_iter();
        let before = before.zip(std::mem::take(&mut self.cuts)).enumerate();
        // Of the camera, before the first of its frames that stays.
        let mut early = 0;
        for (i, (mut frame, cuts)) in before {
            if !goes.contains(&i) {
                if frame.camera == busiest {
                    frame.unkept.count += std::mem::take(&mut early);
                }
                self.frames.push(frame);
                self.cuts.push(cuts);
                continue;
            }
            match last_of(&mut self.frames, &busiest) {
                Some(kept) => kept.absorb(frame),
                None => early += frame.count(),
            }
        }
    }
}

/// The last frame of a camera.
pub(super) fn last_of<'a>(frames: &'a mut [Frame], camera: &str) -> Option<&'a mut Frame> {
    frames.iter_mut().rev().find(|f| f.camera == camera)
}

/// Whether a face counts as the seat's.
fn is_on(lane: &Lane, frame: &Frame, face: Rect, seat: Seat) -> bool {
    let camera = lane.camera(&frame.camera);
    camera.and_then(|c| c.seat_of(face, frame.width, frame.height)) == Some(seat)
}

/// Whether a face is the seat's, or lies in its zone whatever its size.
fn is_in(lane: &Lane, frame: &Frame, face: Rect, seat: Seat) -> bool {
    let zones = lane
        .camera(&frame.camera)
        .map(|camera| camera.polygons(&BTreeSet::from([seat]), frame.width, frame.height));
    let inside = |zones: Vec<_>| {
        zones
            .iter()
            .any(|zone: &Vec<_>| face.centre().is_inside(zone))
    };
    is_on(lane, frame, face, seat) || zones.is_some_and(inside)
}
