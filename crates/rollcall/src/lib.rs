//! The decision: what cameras saw over time, the documents presented and a
//! policy go in; an outcome for each seat, each document and the vehicle comes
//! out.
//!
//! [`call`] is the whole of it. A probe is compared with the portraits of the
//! documents given to the same call, and there is nothing else that it could be
//! compared with: the crate keeps nothing between calls, and has no file,
//! socket, clock, thread or randomness.

mod assign;
mod bystander;
mod camera_state;
mod compare;
mod decide;
mod declaration;
mod document;
mod error;
mod frame;
mod holder;
mod lane;
mod look;
mod occupant;
mod one_person;
mod outcome;
mod picture_cue;
mod policy;
mod presentation;
mod shot;
mod track;

pub use bystander::{Bystander, Guise, Whereabouts};
pub use camera_state::CameraResult;
pub use compare::{Match, match_scores};
pub use decide::{Evidence, call};
pub use declaration::Declaration;
pub use document::{PortraitFace, Presented};
pub use error::{Error, ErrorKind};
pub use frame::{Frame, Unkept};
pub use lane::{Camera, Lane, Pass, Travel, Zone, said_of_toml};
pub use look::SecondLook;
pub use outcome::{
    DocumentCount, DocumentNote, DocumentOutcome, DocumentResult, OccupantCount, ReferralReason,
    RollCall, SeatOutcome, SeatResult, VehicleResult,
};
pub use picture_cue::{CLOSED_BORDER, FLAT_AGREEMENT, FLAT_FORESHORTENING, SAME_PICTURE};
pub use policy::Policy;
pub use shot::Shot;
pub use track::followed;
