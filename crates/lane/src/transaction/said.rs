//! What people say of a vehicle: travellers who opt out, officers who judge and decide.

use std::collections::BTreeSet;

use rowcall_audit::entry::Subject;
use rowcall_custody::{Fact, Officer, document_subject, seat_subject};
use rowcall_words::log::AdjudicationReason;
use rowcall_words::seat::Seat;

use super::Transaction;
use crate::{
    Error,
    view::{Adjudication, Judgement},
};

impl Transaction {
    pub(crate) fn declare(
        &self,
        occupants: Option<u8>,
        documents: Option<u8>,
    ) -> Result<(), Error> {
        if occupants.is_some_and(|n| n > 64) {
            return Err(Error::request("occupants: a vehicle has at most 64"));
        }
        let mut inner = self.lock();
        inner.open()?.declare(occupants)?;
        inner.expected = documents.or(inner.expected);
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn opt_out(&self, subject: Subject) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.opt_out(subject)?;
        inner.attention.clear();
        inner.call = None;
        inner.holds.retain(|hold| {
            let of = [
                seat_subject(hold.seat),
                Some(document_subject(hold.document)),
            ];
            let is_its = subject == Subject::Vehicle || of.contains(&Some(subject));
            hold.proposal.is_none() || !is_its
        });
        self.refresh_locked(&mut inner)
    }

    /// Forgets what was seen of a seat: it is captured anew.
    pub(crate) fn recapture(&self, seat: Seat) -> Result<(), Error> {
        self.check_seat(seat)?;
        let mut inner = self.lock();
        inner.open()?.recapture(seat)?;
        inner.decisions.judgements.remove(&seat);
        inner.settled_seats.remove(&seat);
        inner.asked.remove(&seat);
        inner.attention.clear();
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn set_aside(&self, place: usize, aside: bool) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.set_aside(place, aside)?;
        self.refresh_locked(&mut inner)
    }

    pub(crate) fn join(&self, places: BTreeSet<usize>) -> Result<(), Error> {
        let mut inner = self.lock();
        inner.open()?.join(places)?;
        self.refresh_locked(&mut inner)
    }

    /// An officer's judgement of a seat's picture and a portrait, made blind; what
    /// the machine thought of the same pair, for the aggregate.
    pub(crate) fn judge(
        &self,
        seat: Seat,
        document: usize,
        judgement: Judgement,
    ) -> Result<bool, Error> {
        self.check_seat(seat)?;
        let view = self.view();
        let shown = view.seats.iter().find(|s| s.seat == Some(seat));
        if !shown.is_some_and(|s| s.blind) {
            return Err(Error::conflict(
                "this seat isn't waiting for a judgement: another officer gave theirs, or new pictures settled it",
            ));
        }
        if document >= view.documents.len() {
            return Err(Error::request("document: there is none at this place"));
        }
        let mut inner = self.lock();
        inner
            .decisions
            .judgements
            .insert(seat, (document, judgement));
        let inclined = inner.call.as_ref().is_some_and(|call| {
            let of = call.seats.iter().find(|s| s.seat == Some(seat));
            of.is_some_and(|s| {
                s.document == Some(document)
                    && s.score
                        .is_some_and(|score| score.0 >= call.threshold.score.0)
            })
        });
        self.refresh_locked(&mut inner)?;
        Ok(inclined)
    }

    /// Records an officer's decision. One about the same subject corrects the one
    /// before: both are in the log.
    pub(crate) fn adjudicate(
        &self,
        subject: Subject,
        reason: AdjudicationReason,
        officer: &Officer,
    ) -> Result<(), Error> {
        let mut inner = self.lock();
        let seat = match subject {
            Subject::Seat(..) => {
                let seats = self.lane().seats();
                let seat = seats
                    .into_iter()
                    .find(|s| seat_subject(*s) == Some(subject));
                Some(seat.ok_or_else(|| Error::request("subject: the lane has no such seat"))?)
            }
            _ => None,
        };
        if let Some(seat) = seat {
            let blind = self
                .view()
                .seats
                .iter()
                .any(|s| s.seat == Some(seat) && s.blind);
            if blind {
                return Err(Error::conflict(
                    "say first whether the two pictures show one person: the decision comes after",
                ));
            }
        }
        let place = match subject {
            Subject::Document(number) => Some(usize::from(number.get())),
            _ => None,
        };
        if place.is_some_and(|place| place >= inner.reading.len()) {
            return Err(Error::request("subject: there is no such document"));
        }
        inner.open()?.record(&[Fact::Adjudicated {
            subject,
            officer,
            reason,
        }])?;
        let decided = |before: Option<&Adjudication>| Adjudication {
            reason,
            corrects: before.map_or(0, |before| before.corrects + 1),
        };
        let decisions = &mut inner.decisions;
        match (seat, place) {
            (Some(seat), _) => {
                let new = decided(decisions.seats.get(&seat));
                decisions.seats.insert(seat, new);
            }
            (_, Some(place)) => {
                let new = decided(decisions.documents.get(&place));
                decisions.documents.insert(place, new);
            }
            _ => decisions.vehicle = Some(decided(decisions.vehicle.as_ref())),
        }
        self.refresh_locked(&mut inner)
    }

    /// What an officer's word about a document is about.
    pub(crate) fn document_subject(&self, place: usize) -> Result<Subject, Error> {
        match place < self.lock().reading.len() {
            true => Ok(document_subject(place)),
            false => Err(Error::request("document: there is none at this place")),
        }
    }

    fn check_seat(&self, seat: Seat) -> Result<(), Error> {
        match self.lane().seats().contains(&seat) {
            true => Ok(()),
            false => Err(Error::request(format_args!(
                "seat: the lane has no zone for {seat}"
            ))),
        }
    }
}
