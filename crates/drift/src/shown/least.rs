//! Of how many a number has to be to be shown by itself.

/// The fewest vehicles that a shown number stands for.
pub const LEAST_VEHICLES: u32 = 10;

/// The fewest officers that a shown number of officers' doing stands for.
pub const LEAST_OFFICERS: u32 = 3;

/// Whether a number of this many vehicles may be shown by itself. `officers`
/// is how many had part in it, where it tells of what officers did.
pub fn enough(vehicles: u32, officers: Option<u32>) -> bool {
    vehicles >= LEAST_VEHICLES && officers.is_none_or(|officers| officers >= LEAST_OFFICERS)
}
