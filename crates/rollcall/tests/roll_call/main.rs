//! Roll calls over made-up people: templates are vectors whose cosines are
//! chosen, documents are real machine readable zones.

mod accounted;
mod documents;
mod evidence;
mod fairness;
mod lane_files;
mod looks;
mod people;
mod person;
mod scene;
mod seats;
mod seen;
mod zone;

use rowcall_rollcall::{ReferralReason, SeatOutcome};
use rowcall_words::seat::Seat;

fn seat(name: &str) -> Seat {
    name.parse().expect("a seat")
}

fn refer(reason: ReferralReason) -> SeatOutcome {
    SeatOutcome::Refer(reason)
}

const NOBODYS: SeatOutcome = SeatOutcome::Refer(ReferralReason::NoMatchingDocument);
