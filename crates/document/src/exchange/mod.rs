//! Recorded exchanges with a chip that prove that it is no copy (Doc 9303-11,
//! 6). The exchange itself is the chip reader's.

mod active;
mod chip;
mod recorded;

pub use active::ActiveAuthentication;
pub use chip::ChipAuthentication;
pub(crate) use recorded::{check, report_without_chip};

use crate::error::Error;

/// Why an exchange doesn't show that the chip is genuine.
pub(crate) enum Failure {
    /// It can't be checked, or shows nothing.
    NotChecked(String),
    /// The chip's answer is wrong: it doesn't know the key.
    Wrong(&'static str),
}

impl Failure {
    fn not_checked(why: impl Into<String>) -> Self {
        Self::NotChecked(why.into())
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotChecked(why) => Self::document(why),
            Failure::Wrong(why) => Self::document(why),
        }
    }
}
