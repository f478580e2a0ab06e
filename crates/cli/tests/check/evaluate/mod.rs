//! `rowcall evaluate`, driven as a user does.

mod same;
mod vehicles;
