//! From frames and documents to the evidence that a roll call reads, and from its
//! outcome to what an officer can do.
//!
//! A vehicle's pictures come from somewhere ([`source`]), go through the models
//! ([`models`]) one by one ([`frame`], [`document`]) or all together ([`analyse`]),
//! and become [`rowcall_rollcall::Evidence`]. `check`, `evaluate` and a lane do it
//! with the same code; what differs is the source and who owns the evidence.

pub mod advice;
pub mod analyse;
pub mod defect;
pub mod document;
mod error;
pub mod finding;
pub mod folder;
pub mod frame;
pub mod models;
pub mod page;
pub mod pass;
pub mod source;
pub mod trust;
mod turned;
pub mod workers;
pub mod zones;

pub use error::{Error, ErrorKind};
