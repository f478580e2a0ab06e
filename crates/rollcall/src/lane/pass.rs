//! How vehicles pass a camera: which way, and where they are as its zones are drawn.

use serde::Deserialize;

use super::place::{Path, Wrong};

/// How vehicles move through a camera's picture: across it, at one distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Which way.
    pub travel: Travel,
    /// Where the vehicle's leading edge is in the picture for which the zones are
    /// drawn, as a share of its width; -1..=2, since it may lie beyond the picture.
    pub edge: f32,
    /// The part of the picture, from above to below, in which that edge is looked
    /// for: shares of its height.
    pub band: (f32, f32),
}

/// Which way vehicles go in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Travel {
    /// To the left.
    Left,
    /// To the right.
    Right,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PassFile {
    travel: Travel,
    edge: f32,
    band: [f32; 2],
}

/// A lower band is a line, in which a vehicle's edge isn't told from noise.
const LEAST_BAND: f32 = 0.05;

impl PassFile {
    pub(super) fn check(self, path: &Path) -> Result<Pass, Wrong> {
        if !(-1.0..=2.0).contains(&self.edge) {
            let why = format!(
                "{} isn't between -1 and 2, in shares of the picture's width",
                self.edge
            );
            return Err((path.key("edge"), why));
        }
        let [above, below] = self.band;
        let is_band = (0.0..=1.0).contains(&above) && below <= 1.0 && below - above >= LEAST_BAND;
        if !is_band {
            let why = format!(
                "[{above}, {below}] can't be: [upper, lower] are shares of the picture's height, {LEAST_BAND} apart at least"
            );
            return Err((path.key("band"), why));
        }
        Ok(Pass {
            travel: self.travel,
            edge: self.edge,
            band: (above, below),
        })
    }
}
