//! A picture cannot be cloned.

use rowcall_face::Image;

fn twice(image: &Image) -> Image {
    Image::clone(image)
}

fn main() {}
