//! Waiting for oneself.

use rowcall_custody::OpenTransaction;

fn inside(open: &mut OpenTransaction) {
    let _ = open.read(|_| open.read(|_| ()));
}

fn main() {}
