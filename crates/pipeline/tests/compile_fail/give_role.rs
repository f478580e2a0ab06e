//! What was seen on a seat isn't a portrait, nor a portrait something seen.

use rowcall_face::{FaceObservation, PortraitObservation, Probe, Reference, Template};

fn swap(seen: FaceObservation, mut portrait: PortraitObservation, template: Template) {
    let _ = Reference::from(seen.template);
    let _ = Probe::from(template);
    portrait.face = seen;
}

fn main() {}
