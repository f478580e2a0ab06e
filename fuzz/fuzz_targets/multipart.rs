//! See `bodies/camera.rs`.
#![no_main]

#[expect(dead_code, reason = "each target runs one of the bodies")]
#[path = "../bodies/camera.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bodies::multipart(data));
