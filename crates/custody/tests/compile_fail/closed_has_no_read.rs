//! What is left after closing cannot be read.

use rowcall_custody::OpenTransaction;

fn after(open: OpenTransaction) {
    let closed = open.close().unwrap();
    let _ = closed.read(|held| held.frames().len());
}

fn main() {}
