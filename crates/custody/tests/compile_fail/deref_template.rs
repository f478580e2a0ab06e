//! A template is no pointer to its values.

use rowcall_face::{Reference, Template};

fn values(template: &Template, reference: &Reference) {
    let _ = **template;
    let _ = **reference;
}

fn main() {}
