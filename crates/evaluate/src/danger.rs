//! Comparing whomever with whomever, on folders that the user already holds: to choose
//! who is hard to tell apart. No lane depends on this crate.

use rowcall_face::{Reference, Score};

/// How alike two people's portraits are; `None` if they come from models of different
/// dimension.
pub fn likeness(one: &Reference, other: &Reference) -> Option<Score> {
    rowcall_template::comparison::portraits_of_one_holder(one, other)
}
