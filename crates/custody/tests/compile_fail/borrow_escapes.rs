//! Nothing borrowed from biometrics leaves the look at them.

use rowcall_custody::OpenTransaction;
use rowcall_face::Image;

fn keep(open: &mut OpenTransaction) -> &[Image] {
    open.read(|held| held.frames()).unwrap()
}

fn main() {}
