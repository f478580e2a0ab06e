//! Faces as a lane's camera would see them: a photometric model of the light in
//! the cabin, the glass before it, the lens, the sensor and the compression.
//!
//! Everything is computed in linear light. The crate is pure: randomness comes
//! from a seed that is an argument, and the same arguments give the same bits,
//! whatever else runs. It is a model: it can show what *breaks* a pipeline and
//! in which order, not how often that happens at a lane.

mod camera;
mod compose;
mod conditions;
mod cover;
mod error;
mod face;
mod glass;
mod linear;
mod noise;
mod optics;
mod pass;
mod sheet;
mod spectrum;
mod veil;

pub use camera::{Camera, Exposure, Sensor};
pub use compose::{Landmarks5, Print, Window, glaze, hide, put_face, put_print};
pub use conditions::{Conditions, Shot, expose, shoot};
pub use cover::{Cover, Glasses, Side};
pub use error::{Error, ErrorKind};
pub use face::Face;
pub use glass::{Pane, Passage};
pub use linear::Linear;
pub use optics::Blur;
pub use pass::{Draws, Passing, empty_lane, pass};
pub use sheet::{Instrument, Photo, Target, hold_up, luminance_within};
pub use veil::{Source, Veil};
