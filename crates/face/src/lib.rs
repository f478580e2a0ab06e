//! Faces: pixels in; landmarks, quality components and templates out; two
//! templates to a comparison score.
//!
//! The crate is pure: no file, socket, clock, thread pool or randomness of its
//! own. Whatever is biometric is wiped when it is dropped and has no way out
//! but a [`Score`].

mod image;
mod template;

pub use image::Image;
pub use template::{Probe, Reference, Score, Template};
