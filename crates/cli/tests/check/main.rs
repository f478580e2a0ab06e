//! `rowcall check` and `rowcall evaluate`, driven as a user does.

mod bad_input;
mod cards;
mod evaluate;
mod folder;
mod lost;
mod outcomes;
mod pages;
mod samples;
