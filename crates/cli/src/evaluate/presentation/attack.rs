//! The attacks that are tried on a vehicle.

use rowcall_rollcall::Presented;
use rowcall_simulate::Instrument;
use rowcall_words::seat::Seat;

use super::OVER_EMPTY;
use crate::evaluate::vehicles::Known;

/// A picture on a seat.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attack {
    pub(super) seat: Seat,
    pub(super) instrument: Instrument,
    /// Whose portrait it shows, by place among the documents.
    pub(super) document: usize,
    /// The document of the person who is there, which isn't presented.
    pub(super) replaced: Option<usize>,
    pub(super) empty_seat: bool,
}

/// The attacks on a vehicle: each holder's picture before their own seat, and
/// an absent person's, the last document, on each empty seat and, in its actual
/// size, before each occupant.
pub(super) fn plan(known: &Known, documents: &[Presented], own: usize) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for seat in &known.truth.seats {
        let truth = known.truth.documents.iter();
        let mut truth = truth.filter(|d| d.identity == seat.identity);
        let document = truth.find_map(|t| documents[..own].iter().position(|d| d.id == t.document));
        attacks.extend(Instrument::ALL.into_iter().filter_map(|instrument| {
            Some(Attack {
                seat: seat.seat,
                instrument,
                // Of actual size, it is before somebody else.
                document: match instrument.is_actual_size() {
                    true => own,
                    false => document?,
                },
                replaced: document.filter(|_| instrument.is_actual_size()),
                empty_seat: false,
            })
        }));
    }
    let is_taken = |seat: &Seat| known.truth.seats.iter().any(|s| s.seat == *seat);
    for seat in known
        .folder
        .lane
        .seats()
        .into_iter()
        .filter(|s| !is_taken(s))
    {
        attacks.extend(OVER_EMPTY.into_iter().map(|instrument| Attack {
            seat,
            instrument,
            document: own,
            replaced: None,
            empty_seat: true,
        }));
    }
    attacks.retain(|a| a.document < documents.len());
    attacks
}

impl Attack {
    /// A number of its own within a vehicle.
    pub(super) fn number(&self) -> u64 {
        let seat = u64::from(self.seat.row) * 4 + self.seat.side as u64;
        seat * 64 + self.instrument as u64 * 4 + u64::from(self.empty_seat)
    }
}
