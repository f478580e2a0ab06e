//! What may be noticed about a document: a [`code::Code`], the [`clause::Clause`]s that
//! it is about, and its sentence. `docs/findings.md` is [`table`].

pub mod clause;
mod clauses;
pub mod code;
mod table;

pub use table::table;
