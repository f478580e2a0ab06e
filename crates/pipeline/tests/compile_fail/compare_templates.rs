//! What was seen can't be compared with what was seen.

use rowcall_face::{FaceObservation, Template};

fn like(one: &Template, other: &FaceObservation) {
    let _ = one.compare(&other.template);
}

fn main() {}
