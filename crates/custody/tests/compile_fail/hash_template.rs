//! A template cannot be hashed: a hash is a name for it.

use rowcall_face::{Image, Template};
use std::hash::{DefaultHasher, Hash as _};

fn name(template: &Template, image: &Image) {
    let mut hasher = DefaultHasher::new();
    template.hash(&mut hasher);
    image.hash(&mut hasher);
}

fn main() {}
