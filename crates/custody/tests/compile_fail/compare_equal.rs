//! Templates and pictures cannot be held against each other for sameness.

use rowcall_face::{Image, Probe, Template};

fn same(template: &Template, probe: &Probe, image: &Image) {
    let _ = *template == *template;
    let _ = *probe == *probe;
    let _ = *image == *image;
}

fn main() {}
