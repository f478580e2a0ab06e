//! Small convolutional networks from ONNX files, pinned by hash.
//!
//! An ONNX file goes in, an executable [`Network`] comes out. Before anything
//! is parsed the file is held against its [`Sha256`]; then weights that are
//! stored as blocks of 8-bit integers are expanded to `f32`, what only matters
//! in training is dropped, and fixed picture sizes are made free. The result is
//! handed to [rten], which does the arithmetic.
//!
//! Nothing here opens a file or starts a thread: bytes are arguments, and so is
//! the [`Worker`] that a network runs on. One network may run on many workers at
//! once; each run is sequential, so its result doesn't depend on how many.
//!
//! [rten]: https://docs.rs/rten

mod dequantize;
mod error;
mod expand;
mod hash;
mod network;
mod onnx;

pub use error::{Error, ErrorKind};
pub use hash::Sha256;
pub use network::{Network, Tensor, Worker};
