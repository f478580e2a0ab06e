//! Whether a lane still sees, pictures and matches its occupants as it did.
//!
//! Three rates are watched, each by seat row and camera and once for the whole
//! lane: of occupants who were *seen*, of those seen whose pictures were good
//! enough (*quality*), and of those whether one of the vehicle's documents
//! *matched*. [`Monitor::observe`] takes one vehicle's seats at a time and gives
//! an [`Alarm`] where a rate has changed: a Shiryaev-Roberts e-detector over
//! vehicles, against a baseline that it learns itself ([`detector`],
//! [`baseline`]). docs/drift.md gives the reasons, the table of delays and false
//! alarms, and the limits.
//!
//! Nothing here knows a person, a vehicle, a document or an officer: what goes
//! in is where somebody sat and how far the machine got, what is kept are
//! counts. [`shown`] decides which of them may be looked at: none from which a
//! single vehicle could be read or worked out.
//!
//! The crate is pure: hours are numbers that the caller gives, the same events
//! give the same bits.

pub mod baseline;
mod bits;
pub mod counts;
pub mod detector;
mod histogram;
pub mod interval;
mod monitor;
mod outcome;
mod period;
mod series;
pub mod shown;
mod watch;

pub use detector::Direction;
pub use histogram::{Histogram, Histograms, QUALITY_BINS, SCORE_BINS, SCORE_EDGE};
pub use monitor::{Layout, Monitor, Reaction, SeriesChange, StateError};
pub use outcome::{Camera, Hour, Place, Reached, Row, Score, SeatOutcome, Stage};
pub use period::{Cell, Period};
pub use series::{Origin, SeriesId, SeriesKey};
pub use watch::{Alarm, Status};
