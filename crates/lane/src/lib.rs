//! The lane service: vehicles arrive, cameras look, officers decide.

pub mod view;
