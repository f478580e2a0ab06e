//! Nobody but custody changes what is in custody.

use rowcall_custody::OpenTransaction;
use rowcall_face::Image;

fn put(open: &mut OpenTransaction, frame: Image) {
    let _ = open.read(|held| held.frames.push(frame));
}

fn main() {}
