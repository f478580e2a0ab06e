//! A picture's memory cannot be taken over, nor that of a held pair's pictures.

use rowcall_custody::HeldPair;
use rowcall_face::Image;

fn memory(image: Image, pair: HeldPair) {
    let _ = image.rgb;
    let _ = pair.occupant;
    let _: Vec<u8> = pair.portrait().rgb();
}

fn main() {}
