//! Cameras from outside.

mod config;
mod mjpeg;
mod multipart;
mod pictures;
mod raw;
mod watch;
