//! Neither the parts of biometrics nor an open transaction can be printed.

use rowcall_custody::{DocumentBiometrics, OccupantBiometrics, OpenTransaction};

fn print(document: &DocumentBiometrics, occupant: &OccupantBiometrics, open: &OpenTransaction) {
    println!("{document:?} {occupant:?} {open:?}");
}

fn main() {}
