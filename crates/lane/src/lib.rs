//! The lane service: vehicles arrive, cameras look, officers decide.

// Made transactions for tests are written as their other users see this crate.
#[cfg(test)]
extern crate self as rowcall_lane;

pub mod console;
pub mod view;
