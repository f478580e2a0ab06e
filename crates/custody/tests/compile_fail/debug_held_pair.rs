//! A held pair cannot be printed.

use rowcall_custody::HeldPair;

fn print(pair: &HeldPair) {
    println!("{pair:?}");
}

fn main() {}
