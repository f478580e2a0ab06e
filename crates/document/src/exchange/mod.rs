//! Recorded exchanges with a chip that prove that it is no copy (Doc 9303-11,
//! 6). The exchange itself is the chip reader's.

mod active;
mod chip;

pub use active::ActiveAuthentication;
pub use chip::ChipAuthentication;
