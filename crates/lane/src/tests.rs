//! The service from outside: a request goes in, an answer comes out.

mod access;
mod again;
mod cameras;
mod guide;
mod openapi;
mod transactions;
mod world;
mod zones;
