//! Nothing biometric can be serialized.

use rowcall_custody::{Biometrics, HeldPair};
use rowcall_face::{Image, Probe, Reference, Template};

fn write<T: serde::Serialize>() {}

fn main() {
    write::<Template>();
    write::<Probe>();
    write::<Reference>();
    write::<Image>();
    write::<Biometrics>();
    write::<HeldPair>();
}
