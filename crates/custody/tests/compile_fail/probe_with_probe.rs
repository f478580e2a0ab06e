//! Occupants cannot be compared with each other.

use rowcall_face::Probe;

fn same(one: &Probe, other: &Probe) {
    let _ = one.compare(other);
}

fn main() {}
