//! The vocabulary that the house shares: each word is made here, once, with its name in
//! kebab-case and, where it has them, its clause and its sentence. Whoever reads JSON,
//! the log or a console finds the same spelling, because there is no other.
//!
//! No person, officer or document number has a type here.

#![forbid(unsafe_code)]

pub mod document;
pub mod fault;
pub mod finding;
pub mod log;
pub mod outcome;
pub mod seat;
mod word;
