//! Templates: the one thing in Rowcall that could identify a person elsewhere,
//! and therefore the one thing with no way out.
//!
//! The types here can be held by whoever uses `rowcall-face`, which hands them on, and
//! have no method there: no `Serialize`, no `Clone`, no getter, no `Debug` that shows a
//! value, no constructor, no comparison, no fusing. The vector is zeroized on drop.
//! What can be done with them is in two modules, and only a crate that depends on this
//! one *directly* can name these:
//!
//! - [`comparison`]: the three comparisons that Rowcall makes, each on types of its own.
//!   `rowcall-rollcall`'s.
//! - [`danger`]: making, comparing and fusing without asking whose they are.
//!   `rowcall-face` makes templates by it, and `rowcall-evaluate` measures by it;
//!   nothing of a lane can reach either door.
//!
//! Who may depend on this crate is held by `crates/cli/tests/house.rs`.

pub mod comparison;
pub mod danger;
mod parting;
mod template;

pub use template::{Probe, Reference, Score, Template};
