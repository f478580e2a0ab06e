//! What one transaction holds in memory, and nowhere else.

use crate::Error;
use rowcall_audit::entry::{Count, Row, Side, Subject};
use rowcall_face::{Image, Probe, Reference};
use std::collections::BTreeMap;

/// The most frames kept at a time, documents and occupants of one transaction.
pub const MAX_FRAMES: usize = 64;
/// See [`MAX_FRAMES`].
pub const MAX_DOCUMENTS: usize = 64;
/// See [`MAX_FRAMES`].
pub const MAX_OCCUPANTS: usize = 64;

/// The seat of an occupant.
pub type Seat = (Row, Side);

/// A document's portrait, and its template once there is one.
pub struct DocumentBiometrics {
    /// The portrait.
    pub portrait: Image,
    /// Its template.
    pub reference: Option<Reference>,
}

/// An occupant's best picture, and the fused template once there is one.
pub struct OccupantBiometrics {
    /// The best picture.
    pub best: Image,
    /// The fused template.
    pub probe: Option<Probe>,
}

/// Whether something that was handed in was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in custody now.
    Kept,
    /// It belongs to somebody who opted out: it was destroyed at once.
    OptedOut,
}

/// The biometrics of one open transaction. There is no `Clone`, no `Debug` and
/// no way to take one out: they can be looked at while the transaction is open,
/// and are zeroized when it ends.
#[derive(Default)]
pub struct Biometrics {
    frames: Vec<Image>,
    documents: BTreeMap<u16, DocumentBiometrics>,
    occupants: BTreeMap<Seat, OccupantBiometrics>,
    opted_out: Vec<Subject>,
    images: usize,
    templates: usize,
}

impl Biometrics {
    /// The frames, oldest first.
    pub fn frames(&self) -> &[Image] {
        &self.frames
    }

    /// The documents by order of presentation.
    pub fn documents(&self) -> impl Iterator<Item = (u16, &DocumentBiometrics)> {
        self.documents.iter().map(|(number, d)| (*number, d))
    }

    /// The occupants by seat.
    pub fn occupants(&self) -> impl Iterator<Item = (Seat, &OccupantBiometrics)> {
        self.occupants.iter().map(|(seat, o)| (*seat, o))
    }

    /// How many pictures were ever taken in.
    pub(crate) fn images(&self) -> usize {
        self.images
    }

    /// How many templates were ever taken in.
    pub(crate) fn templates(&self) -> usize {
        self.templates
    }

    pub(crate) fn pair(&self, seat: Seat, document: u16) -> Option<(&Image, &Image)> {
        let occupant = self.occupants.get(&seat)?;
        Some((&occupant.best, &self.documents.get(&document)?.portrait))
    }

    pub(crate) fn add_frame(&mut self, frame: Image) -> Kept {
        self.images += 1;
        // A frame shows every seat. Until it comes with the zone of who opted out
        // masked, there is none that may be kept.
        let seen = |out: &Subject| matches!(out, Subject::Vehicle | Subject::Seat(..));
        if self.opted_out.iter().any(seen) {
            return Kept::OptedOut;
        }
        // The oldest goes: a vehicle can stand for long.
        if self.frames.len() == MAX_FRAMES {
            drop(self.frames.remove(0));
        }
        self.frames.push(frame);
        Kept::Kept
    }

    pub(crate) fn set_document(
        &mut self,
        number: u16,
        portrait: Image,
        reference: Option<Reference>,
    ) -> Result<Kept, Error> {
        self.images += 1;
        self.templates += usize::from(reference.is_some());
        if self.is_document_out(number) {
            return Ok(Kept::OptedOut);
        }
        if self.documents.len() >= MAX_DOCUMENTS && !self.documents.contains_key(&number) {
            return Err(Error::operator("a transaction has at most 64 documents"));
        }
        let document = DocumentBiometrics {
            portrait,
            reference,
        };
        drop(self.documents.insert(number, document));
        Ok(Kept::Kept)
    }

    pub(crate) fn set_occupant(
        &mut self,
        seat: Seat,
        best: Image,
        probe: Option<Probe>,
    ) -> Result<Kept, Error> {
        self.images += 1;
        self.templates += usize::from(probe.is_some());
        if self.is_seat_out(seat) {
            return Ok(Kept::OptedOut);
        }
        if self.occupants.len() >= MAX_OCCUPANTS && !self.occupants.contains_key(&seat) {
            return Err(Error::operator("a transaction has at most 64 occupants"));
        }
        drop(
            self.occupants
                .insert(seat, OccupantBiometrics { best, probe }),
        );
        Ok(Kept::Kept)
    }

    /// Destroys what belongs to `subject`, with every frame taken so far (the
    /// seat could be seen in them), and refuses what comes of it later.
    pub(crate) fn opt_out(&mut self, subject: Subject) {
        match subject {
            Subject::Seat(row, side) => {
                self.frames.clear();
                drop(self.occupants.remove(&(row, side)));
            }
            Subject::Document(number) => drop(self.documents.remove(&number.get())),
            Subject::Vehicle => {
                self.frames.clear();
                self.documents.clear();
                self.occupants.clear();
            }
        }
        if !self.opted_out.contains(&subject) {
            self.opted_out.push(subject);
        }
    }

    /// Whether whoever sits there opted out.
    pub(crate) fn is_seat_out(&self, (row, side): Seat) -> bool {
        self.is_out(Subject::Seat(row, side))
    }

    /// Whether the holder of that document opted out.
    pub(crate) fn is_document_out(&self, number: u16) -> bool {
        self.is_out(Subject::Document(Count::saturating(usize::from(number))))
    }

    fn is_out(&self, subject: Subject) -> bool {
        self.opted_out.contains(&subject) || self.opted_out.contains(&Subject::Vehicle)
    }
}

#[cfg(test)]
impl Biometrics {
    /// Every field, for the retention table. Matched without `..`, so that a
    /// new one does not compile before it is named here.
    pub(crate) fn field_names(&self) -> Vec<&'static str> {
        let Self {
            frames: _,
            documents,
            occupants,
            opted_out: _,
            images: _,
            templates: _,
        } = self;
        for document in documents.values() {
            let DocumentBiometrics {
                portrait: _,
                reference: _,
            } = document;
        }
        for occupant in occupants.values() {
            let OccupantBiometrics { best: _, probe: _ } = occupant;
        }
        vec![
            "frames",
            "documents.portrait",
            "documents.reference",
            "occupants.best",
            "occupants.probe",
            "opted_out",
            "images",
            "templates",
        ]
    }
}
