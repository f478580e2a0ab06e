//! Cameras from outside.

mod config;
#[cfg(feature = "rtsp")]
mod foreign;
#[cfg(feature = "rtsp")]
mod fuzzed;
#[cfg(feature = "rtsp")]
mod h264;
mod mjpeg;
mod multipart;
mod pictures;
mod raw;
mod transcripts;
mod watch;
