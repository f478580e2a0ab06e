//! See `bodies/lane.rs`.
#![no_main]

#[path = "../bodies/lane.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| body::lane(data));
