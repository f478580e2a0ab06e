//! The service from outside: a request goes in, an answer comes out.

mod access;
mod transactions;
mod world;
