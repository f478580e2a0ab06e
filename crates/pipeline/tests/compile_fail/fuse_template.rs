//! A template can't be kept by fusing it with nothing.

use rowcall_face::{Gate, Quality, Template};

fn keep(gate: &Gate, template: &Template, quality: &Quality) {
    let _ = Template::fuse([(template, 1.0)]);
    let _ = gate.fuse([(template, quality)]);
}

fn main() {}
