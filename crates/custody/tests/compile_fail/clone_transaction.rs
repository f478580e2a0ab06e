//! A transaction cannot be cloned.

use rowcall_custody::OpenTransaction;

fn twice(open: &OpenTransaction) -> OpenTransaction {
    OpenTransaction::clone(open)
}

fn main() {}
