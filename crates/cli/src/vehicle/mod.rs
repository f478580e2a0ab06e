//! A vehicle from a folder: what is in it, and what the models see there. The
//! commands that judge one vehicle and those that measure many share it.

pub(crate) mod analyse;
pub(crate) mod entries;
pub(crate) mod folder;
mod frames;
mod turned;
