//! Which numbers may be compared with which.

use crate::outcome::{Camera, Row, Stage};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// What a rate depends on besides the world: the SHA-256 of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The networks.
    pub model: [u8; 32],
    /// The calibration of scores.
    pub calibration: [u8; 32],
    /// The lane's configuration: zones, cameras, thresholds.
    pub configuration: [u8; 32],
}

/// The name of a series of numbers that can be compared with each other: those
/// of one model, calibration and configuration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeriesId([u8; 32]);

impl SeriesId {
    /// `SHA-256("rowcall/drift/v1\0" || model || calibration || configuration)`.
    pub fn of(origin: &Origin) -> Self {
        Self(
            Sha256::new()
                .chain_update(b"rowcall/drift/v1\0")
                .chain_update(origin.model)
                .chain_update(origin.calibration)
                .chain_update(origin.configuration)
                .finalize()
                .into(),
        )
    }

    /// The hash.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for SeriesId {
    /// Its first 8 bytes in hex.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0[..8]))
    }
}

impl fmt::Debug for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeriesId({self})")
    }
}

/// One rate that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeriesKey {
    /// The row and camera, or the whole lane.
    pub place: Option<(Row, Camera)>,
    /// Which of the three rates.
    pub stage: Stage,
}
