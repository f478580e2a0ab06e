//! Seats and documents as the log names them.

use rowcall_audit::entry::{Count, Row, Subject};
use rowcall_words::seat::{Seat, Side};

/// The seat that the log's words are for.
pub(crate) fn seat_of_log(row: Row, side: Side) -> Seat {
    Seat {
        row: row.get(),
        side,
    }
}

/// The log's words for a seat.
pub fn log_seat(seat: Seat) -> Option<(Row, Side)> {
    Some((Row::new(seat.row)?, seat.side))
}

/// What an officer's decision about a seat is about, for the log.
pub fn seat_subject(seat: Seat) -> Option<Subject> {
    log_seat(seat).map(|(row, side)| Subject::Seat(row, side))
}

/// What an officer's decision about a document is about, for the log.
pub fn document_subject(place: usize) -> Subject {
    Subject::Document(Count::saturating(place))
}
