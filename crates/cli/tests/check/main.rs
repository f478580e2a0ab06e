//! `rowcall check`, driven as a user does.

mod bad_input;
mod folder;
mod outcomes;
mod pages;
mod samples;
