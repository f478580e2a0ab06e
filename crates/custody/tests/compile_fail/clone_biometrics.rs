//! Biometrics cannot be cloned.

use rowcall_custody::Biometrics;

fn twice(held: &Biometrics) -> Biometrics {
    Biometrics::clone(held)
}

fn main() {}
