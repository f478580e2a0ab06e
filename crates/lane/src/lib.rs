//! The lane service: vehicles arrive, cameras look, officers decide.
//!
//! A [`Service`] runs the lanes of one machine: it opens transactions, hands what
//! comes to the analysts, and tells whoever watches. Everything biometric is in
//! custody ([`rowcall_custody`]); what this crate keeps is people, tokens and counts.

// Made transactions for tests are written as their other users see this crate.
#[cfg(test)]
extern crate self as rowcall_lane;

mod analyst;
mod attention;
mod cameras;
pub mod check;
pub mod config;
pub mod console;
pub mod demo;
mod desk;
mod equipment;
mod error;
mod http;
mod judgements;
mod lane_camera;
mod listen;
mod log_words;
mod lookout;
mod metrics;
mod openid;
mod outlook;
mod parties;
mod people;
mod queue;
mod random_id;
mod role;
mod serve;
mod service;
mod set_up;
mod settled;
mod store;
mod transaction;
pub mod view;

pub use error::{Error, ErrorKind};
pub use role::Role;
pub use service::Service;

#[cfg(test)]
mod tests;
