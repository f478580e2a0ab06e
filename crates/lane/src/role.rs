//! Who may do what, by role.

use serde::{Deserialize, Serialize};

/// What somebody is to the lane.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Works the lane.
    Officer,
    /// Answers for the port: aggregates, no one vehicle.
    Supervisor,
    /// Verifies the log.
    Auditor,
    /// Keeps people, cameras and trust.
    Administrator,
    /// A machine: the inspection system, a document reader, a camera.
    Device,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Officer,
        Self::Supervisor,
        Self::Auditor,
        Self::Administrator,
        Self::Device,
    ];

    /// Its name in kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::Device => "device",
        }
    }

    /// The role of this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Where somebody of this role begins.
    pub(crate) fn home(self) -> &'static str {
        match self {
            Self::Officer | Self::Device => "/lanes",
            Self::Auditor => "/auditor",
            Self::Supervisor => "/supervisor",
            Self::Administrator => "/administrator",
        }
    }
}
