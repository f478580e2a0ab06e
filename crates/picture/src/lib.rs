//! Pictures: bytes in, pixels out that are wiped when they are dropped.
//!
//! The crate is pure: no file, socket, clock, thread or randomness of its own.

mod decode;
mod error;
mod geometry;
mod image;

pub use decode::PictureLimits;
pub use error::{Error, ErrorKind};
pub use geometry::{Point, Rect};
pub use image::Image;
