//! Nor an occupant with a portrait, or portraits among themselves, but by the decision.

use rowcall_face::{Probe, Reference};

fn like(probe: &Probe, one: &Reference, other: &Reference) {
    let _ = probe.compare(one);
    let _ = probe.compare(probe);
    let _ = one.agreement(other);
}

fn main() {}
