//! Nothing borrowed from biometrics leaves the look at them.

use rowcall_custody::OpenTransaction;
use rowcall_rollcall::Frame;

fn keep(open: &mut OpenTransaction) -> &[Frame] {
    open.read(|held| held.frames()).unwrap()
}

fn main() {}
