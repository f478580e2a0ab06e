//! Cameras from outside.

mod config;
#[cfg(feature = "rtsp")]
mod foreign;
mod mjpeg;
mod multipart;
mod pictures;
mod raw;
mod watch;
