//! Seats and documents as the log names them.

use rowcall_audit::entry::{Count, Row, Side as LogSide, Subject};
use rowcall_rollcall::{Seat, Side};

/// The seat that the log's words are for.
pub(crate) fn seat_of_log(row: Row, side: LogSide) -> Seat {
    let side = match side {
        LogSide::Left => Side::Left,
        LogSide::Centre => Side::Centre,
        LogSide::Right => Side::Right,
    };
    Seat {
        row: row.get(),
        side,
    }
}

/// The log's words for a seat.
pub fn log_seat(seat: Seat) -> Option<(Row, LogSide)> {
    let side = match seat.side {
        Side::Left => LogSide::Left,
        Side::Centre => LogSide::Centre,
        Side::Right => LogSide::Right,
    };
    Some((Row::new(seat.row)?, side))
}

/// What an officer's decision about a seat is about, for the log.
pub fn seat_subject(seat: Seat) -> Option<Subject> {
    log_seat(seat).map(|(row, side)| Subject::Seat(row, side))
}

/// What an officer's decision about a document is about, for the log.
pub fn document_subject(place: usize) -> Subject {
    Subject::Document(Count::saturating(place))
}
