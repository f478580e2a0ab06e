//! Small convolutional networks from ONNX files, pinned by hash.
//!
//! An ONNX file goes in, an executable [`Network`] comes out. Before anything is
//! parsed the file is held against its [`Sha256`]; then weights that are stored as
//! 8-bit integers are expanded, what only matters in training is dropped, and fixed
//! picture sizes are made free. A network of the families that detectors and
//! embedders here are of is compiled to a [`Plan`]: few steps, run row by row so
//! that what lies between them stays in the cache, in an [`Arena`] that the caller
//! owns, that is planned once for a size of picture and wiped after each run. Any
//! other network is left to [rten].
//!
//! Nothing here opens a file or starts a thread (but rten's, for a network without a
//! plan): bytes are arguments, and so is the [`Worker`] that a network runs on. One
//! network may run on many workers at once; each run is sequential, so its result
//! doesn't depend on how many.
//!
//! [rten]: https://docs.rs/rten

mod constant;
mod dequantize;
mod error;
mod expand;
mod general;
mod hash;
mod network;
mod onnx;
mod plan;

pub use error::{Error, ErrorKind};
pub use hash::Sha256;
pub use network::{Network, Values, Worker, expanded};
pub use plan::{Arena, Outputs, Plan, View};
pub use rowcall_kernels::Isa;
