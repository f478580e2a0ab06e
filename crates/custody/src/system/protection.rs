//! What the system may grant.

/// Whether a protection is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// It is.
    InForce,
    /// It is not, for this reason.
    Missing(String),
}
