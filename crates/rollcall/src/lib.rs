//! The decision: observations and documents in, an outcome per seat and per vehicle out.
