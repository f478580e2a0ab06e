//! Vehicles composed of photographs: honest ones, and each way in which one must
//! not be cleared. What is drawn here is who sits where with whose documents, and
//! what is measured is what became of it; the pictures are the caller's.

mod draw;
mod outcome;
mod plan;
mod tally;

pub use draw::{GivenVehicle, Pool};
pub use outcome::{Cause, FalseSeat, Outcome, new_rules};
pub use plan::{
    CameraFault, Composition, DocumentPlan, Kind, PortraitPlan, SeatPlan, Second, When,
};
pub use tally::{ComposedReport, HonestBySize, KindLine, PeopleCount, RuleCost};
