//! Biometrics cannot be printed.

use rowcall_custody::Biometrics;

fn print(held: &Biometrics) {
    println!("{held:?}");
}

fn main() {}
