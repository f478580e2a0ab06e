//! A locked key cannot be read.

use rowcall_custody::LockedKey;

fn key(key: &LockedKey) -> [u8; 32] {
    *key.bytes()
}

fn main() {}
