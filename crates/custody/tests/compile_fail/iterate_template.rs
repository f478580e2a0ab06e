//! A template's values cannot be gone through.

use rowcall_face::Template;

fn values(template: &Template) {
    let _ = template.iter();
    for _ in template {}
    let _ = template[0];
}

fn main() {}
