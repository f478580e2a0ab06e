//! Counts with vehicles as clusters.
//!
//! People in one vehicle share its glass, its light and its driver: they are
//! not independent. So a vehicle's part in a rate is one number, the mean of its
//! occupants' outcomes, and how many vehicles there were is counted beside how
//! many people.

use serde::{Deserialize, Serialize};

/// A vehicle's mean is kept as a whole number of these parts of one: every
/// fraction with a denominator up to 16 is exact.
pub const UNITS: u32 = 720_720;

/// One vehicle's occupants in one series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// How many came to the stage.
    pub people: u32,
    /// How many passed it; not more.
    pub passed: u32,
}

impl Cluster {
    /// Adds one occupant.
    pub fn add(&mut self, passed: bool) {
        self.people += 1;
        self.passed += u32::from(passed);
    }

    /// The mean in [`UNITS`], rounded; 0 of nobody.
    pub fn mean_units(self) -> u32 {
        let (people, passed) = (u64::from(self.people), u64::from(self.passed));
        match people {
            0 => 0,
            _ => ((passed * u64::from(UNITS) + people / 2) / people) as u32,
        }
    }

    /// The mean, 0..=1.
    pub fn mean(self) -> f64 {
        f64::from(self.mean_units()) / f64::from(UNITS)
    }
}

/// Many vehicles' occupants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Vehicles with at least one occupant who came to the stage.
    pub vehicles: u32,
    /// Occupants who did.
    pub people: u32,
    /// Those who passed it.
    pub passed: u32,
}

impl Counts {
    /// Adds one vehicle; one with nobody is none.
    pub fn add(&mut self, cluster: Cluster) {
        self.vehicles = self.vehicles.saturating_add(u32::from(cluster.people > 0));
        self.people = self.people.saturating_add(cluster.people);
        self.passed = self.passed.saturating_add(cluster.passed);
    }

    /// The rate of people who passed; `None` of nobody.
    pub fn rate(&self) -> Option<f64> {
        (self.people > 0).then(|| f64::from(self.passed) / f64::from(self.people))
    }

    /// Whether it could have been counted.
    pub(crate) fn is_sound(&self) -> bool {
        self.passed <= self.people && self.vehicles <= self.people
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.vehicles = self.vehicles.saturating_add(other.vehicles);
        self.people = self.people.saturating_add(other.people);
        self.passed = self.passed.saturating_add(other.passed);
    }
}
