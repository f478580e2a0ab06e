//! A picture cannot be moved out of custody.

use rowcall_custody::OpenTransaction;
use rowcall_face::Image;

fn take(open: &mut OpenTransaction) -> Image {
    open.read(|held| *held.portrait(0).unwrap()).unwrap()
}

fn main() {}
