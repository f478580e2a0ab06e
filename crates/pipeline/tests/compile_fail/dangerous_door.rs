//! The doors are in a crate that a lane doesn't depend on.

use rowcall_face::danger::Unguarded;
use rowcall_rollcall::comparison::occupant_with_portrait;
use rowcall_template::danger::Role;

fn main() {}
