//! The service from outside: a request goes in, an answer comes out.

mod access;
mod again;
mod apart;
mod blind;
mod cameras;
mod guide;
mod listen;
mod metrics;
mod openapi;
mod openid;
mod passing;
mod standing;
mod transactions;
mod world;
mod zones;
