//! The machine readable zone (Doc 9303-3, 4; layouts in Doc 9303-4 TD3, -5
//! TD1, -6 TD2, -7 MRV-A and MRV-B).
//!
//! Typed or scanned MRZs are taken as they stand; only text from optical
//! character recognition may be repaired, and says so ([`repair`]).

mod access;
mod check;
mod compare;
mod date;
mod field;
mod findings;
mod format;
pub(crate) mod grammar;
pub(crate) mod national;
mod parse;
pub(crate) mod places;
pub mod repair;
pub(crate) mod typed;

pub use check::{CheckDigit, Checks, check_digit};
pub use date::MrzDate;
pub use field::Field;
pub(crate) use findings::MrzOrigin;
pub use format::MrzFormat;
pub use parse::{Mrz, MrzDefect, MrzDefectKind, split_lines};
