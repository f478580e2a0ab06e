//! Tests of the log as a whole, on disk.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

mod browser;
mod failure;
mod foreign;
mod growing;
mod hostile;
mod log;
mod parse;
mod rules;
mod sample;
mod tamper;
