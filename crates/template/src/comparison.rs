//! The three comparisons, and no other: an occupant's probe with a reference of the
//! same transaction, the sightings of one seat among themselves, the portraits of one
//! holder among themselves. A probe can't be compared with a probe, nor what was seen
//! on one seat with a portrait before it is fused.

use crate::{Probe, Reference, Score, Template};

pub use crate::parting::Parting;

/// Compares an occupant with one portrait: the only comparison that a decision is made
/// from. `None` if they come from models of different dimension.
pub fn occupant_with_portrait(probe: &Probe, reference: &Reference) -> Option<Score> {
    probe.0.cosine(&reference.0)
}

/// Compares two portraits of what should be one holder: a passport's and a visa's of the
/// same party member. `None` as [`occupant_with_portrait`].
pub fn portraits_of_one_holder(one: &Reference, other: &Reference) -> Option<Score> {
    one.0.cosine(&other.0)
}

/// Fuses the sightings of one seat to the probe of who sits there: their mean, each with
/// its weight, normalised. Weights that are not finite or not above zero count nothing.
/// `None` if nothing is left, the dimensions differ, or the mean has no direction.
pub fn probe_of<'a>(sightings: impl IntoIterator<Item = (&'a Template, f32)>) -> Option<Probe> {
    Template::mean(sightings).map(Probe)
}
