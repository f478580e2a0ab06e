//! The arithmetic of small convolutional networks: the one crate of the house
//! with `unsafe` in it.
//!
//! Every kernel is a safe function over [`Rows`] that checks the extents of its
//! arguments once and then runs one generic body, instantiated for each
//! instruction set ([`Isa`]): AVX-512, AVX2 with FMA, NEON, and plain Rust. The
//! caller chooses which, so that a test can force each; [`Isa::best`] is the
//! fastest that the machine has.
//!
//! Tensors are blocked by channel: a row of a tensor is, for every block of
//! [`BLOCK`] channels, the row's pixels one after another, each with its 16
//! values ([`Geometry`]).
//!
//! **The order of every sum is fixed** and the same in each body, so that a result
//! depends neither on the width of the registers nor on the number of threads.
//! All instruction sets but [`Isa::portable`] fuse a product with its sum (one
//! rounding) and give the same bits as each other; the portable one rounds twice.
//!
//! # Safety argument
//!
//! A body reads and writes through `simd::load` and its siblings, whose index
//! is asserted to lie inside its slice wherever debug assertions are on, as in
//! every test. That it does follows from the extents that the public function
//! asserted, and is spelled out at each body. An [`Isa`] can only be had from the
//! run-time detection of its features.

mod convolve;
mod dense;
mod depthwise;
mod filter;
mod isa;
mod merge;
mod pointwise;
mod pool;
mod rows;
mod simd;
mod stem;
mod wipe;

pub use convolve::{convolve, pack_convolution};
pub use dense::{Bytes, dense, dense_bytes};
pub use depthwise::{depthwise, pack_depthwise};
pub use filter::{Activation, Filter, Window};
pub use isa::Isa;
pub use merge::{add, add_enlarged};
pub use pointwise::{ByteFilter, LONGEST_RUN, pack_pointwise, pointwise, pointwise_scratch};
pub use pool::max_pool;
pub use rows::{BLOCK, Geometry, Rows, RowsMut};
pub use stem::{Planes, pack_stem, stem};
pub use wipe::{Buffer, wipe};
