//! The service from outside: a request goes in, an answer comes out.

mod access;
mod cameras;
mod transactions;
mod world;
