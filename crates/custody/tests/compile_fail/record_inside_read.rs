//! Asking something of a transaction while its biometrics are looked at.

use rowcall_custody::OpenTransaction;

fn inside(open: &mut OpenTransaction) {
    let _ = open.read(|_| open.record(&[]));
}

fn main() {}
