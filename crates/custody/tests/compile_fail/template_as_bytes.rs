//! A template cannot be taken as bytes.

use rowcall_face::Template;

fn bytes(template: &Template) -> &[f32] {
    template.as_ref()
}

fn main() {}
