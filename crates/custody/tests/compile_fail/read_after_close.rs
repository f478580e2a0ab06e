//! A closed transaction has nothing to read.

use rowcall_custody::OpenTransaction;

fn after(mut open: OpenTransaction) {
    let closed = open.close().unwrap();
    let _ = open.read(|held| held.frames().len());
    let _ = closed;
}

fn main() {}
