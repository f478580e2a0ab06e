//! A template cannot be cloned.

use rowcall_face::{Probe, Reference, Template};

fn twice(template: &Template, probe: &Probe, reference: &Reference) {
    let _ = Template::clone(template);
    let _ = Probe::clone(probe);
    let _ = Reference::clone(reference);
}

fn main() {}
