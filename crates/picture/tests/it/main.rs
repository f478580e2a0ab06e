//! The decoder from outside: whole pictures and damaged ones, its pixels against
//! another decoder's, its limits.

mod damage;
mod encoder;
mod formats;
mod fuzzed;
mod honest;
mod limits;
mod pixels;
