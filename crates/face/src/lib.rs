//! Faces: pixels in; landmarks, quality components and templates out.
//!
//! The crate is pure: no file, socket, clock, thread pool or randomness of its
//! own. Whatever is biometric is wiped when it is dropped. A [`Template`] has no way
//! out, and nothing can be done with one here; who compares them has a door of their
//! own (`rowcall-template`).

mod align;
mod analyse;
mod calibration;
mod detect;
mod embed;
mod error;
mod fusion;
mod imprint;
mod landmarks;
mod manifest;
mod portrait;
mod quality;
mod sketch;
mod tone;

pub use analyse::{Analyser, FaceObservation};
pub use calibration::{Calibration, Curve, LogLikelihoodRatio, Threshold};
pub use detect::{Detection, Detector, Search};
pub use embed::Embedder;
pub use error::{Error, ErrorKind};
pub use imprint::{Imprint, Registration, Registrations, border_around};
pub use landmarks::Landmarks;
pub use manifest::{ChannelOrder, DetectorManifest, EmbedderManifest, Manifest};
pub use portrait::{PortraitDefect, PortraitGate, PortraitObservation, PortraitView};
pub use quality::{Component, Gate, Pose, Quality};
pub use rowcall_infer::Worker;
pub use rowcall_picture::{Image, Point, Rect};
pub use rowcall_template::{Probe, Reference, Score, Template};
pub use sketch::Sketch;
pub use tone::Tone;
