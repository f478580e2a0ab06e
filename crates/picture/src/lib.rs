//! Pictures: bytes in, pixels out that are wiped when they are dropped.
//!
//! [`Image::decode`] takes a JPEG, PNG or JPEG 2000 file and [`Limits`], and gives
//! the picture upright if **all of it is there**: a decoder fills what is missing
//! with grey, and a face half grey is nobody's. A picture with more pixels than are
//! wanted is decoded at a half, a quarter or an eighth of its size, so that what a
//! file costs is bounded by the limits and not by what it declares; a message names
//! the limit that was met.
//!
//! A picture is a biometric sample. JPEG is decoded here, and what is held while it
//! is, coefficients and rows, is wiped with the pixels. The decoders of PNG and
//! JPEG 2000 are others': their working memory (rows; coefficients) is given back
//! unwiped.
//!
//! The crate is pure: no file, socket, clock, thread or randomness of its own.

mod canvas;
mod decode;
mod error;
mod foreign;
mod geometry;
mod image;
mod jpeg;
mod jpeg2000;
mod limits;
mod luma;
mod orient;
mod png;
mod probe;
mod turn;
mod wiped;

pub use canvas::rec_601;
pub use decode::check_whole;
pub use error::{Error, ErrorKind};
pub use foreign::{foreign_format, is_picture};
pub use geometry::{Point, Rect};
pub use image::Image;
pub use limits::{Limit, Limits};
pub use luma::Luma;
pub use probe::{Header, ImageFormat, probe};
pub use turn::Turn;
pub use wiped::Wiped;
