//! Neither the parts of biometrics nor an open transaction can be printed.

use rowcall_custody::{Cut, OpenTransaction, Seen};

fn print(cut: &Cut, seen: &Seen, open: &OpenTransaction) {
    println!("{cut:?} {seen:?} {open:?}");
}

fn main() {}
