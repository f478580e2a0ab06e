//! A template's values cannot be reached.

use rowcall_face::{Probe, Template};

fn values(template: &Template, probe: &Probe) {
    let _ = &template.unit;
    let _ = &probe.0;
}

fn main() {}
