//! `rowcall serve` in a process of its own: what it leaves behind, and what it goes
//! through.

mod faults;
mod load;
mod process;
mod traces;
