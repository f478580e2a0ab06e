//! Tests of the log as a whole, on disk.

mod foreign;
mod log;
mod sample;
mod tamper;
