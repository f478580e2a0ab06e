//! Real processes: killed at any point, and looked at from inside.
#![expect(
    clippy::unwrap_used,
    reason = "a failing helper should say where, as a failing test does"
)]

mod hardened;
mod kill;
mod lane;
#[path = "../made.rs"]
mod made;
mod memory;
mod search;
