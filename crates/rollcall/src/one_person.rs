//! Whether what was seen on a seat is one person.

use rowcall_face::{Calibration, FaceObservation, Gate, Template};
use rowcall_template::comparison::Parting;

use crate::track::Sighting;

/// Whether sightings of one seat are one person's.
pub(crate) struct OnePerson<'a> {
    pub(crate) gate: &'a Gate,
    pub(crate) calibration: &'a Calibration,
}

impl OnePerson<'_> {
    pub(crate) fn is_fit(&self, sighting: &Sighting<'_>) -> bool {
        self.gate.passes(&sighting.face.quality)
    }

    /// How what is fit to be compared parts in two people, if it does.
    pub(crate) fn parting(&self, fit: &[&FaceObservation]) -> Option<Parting> {
        let weighed: Vec<(&Template, f32)> = fit
            .iter()
            .map(|f| (&f.template, f.quality.weight()))
            .collect();
        Parting::of(&weighed).filter(|p| p.agreement < self.calibration.one_person())
    }
}
