//! The five layouts.

use rowcall_words::finding::clause::Clause;
use serde::Serialize;

/// An MRZ's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum MrzFormat {
    /// Three lines of 30: cards (Doc 9303-5).
    #[serde(rename = "TD1")]
    Td1,
    /// Two lines of 36: larger cards (Doc 9303-6).
    #[serde(rename = "TD2")]
    Td2,
    /// Two lines of 44: passports (Doc 9303-4).
    #[serde(rename = "TD3")]
    Td3,
    /// Two lines of 44: full-size visas (Doc 9303-7).
    #[serde(rename = "MRV-A")]
    MrvA,
    /// Two lines of 36: small visas (Doc 9303-7).
    #[serde(rename = "MRV-B")]
    MrvB,
}

impl MrzFormat {
    /// As the standard writes it, such as `TD3`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
        }
    }

    /// The clause that lays it out.
    pub(crate) fn clause(self) -> Clause {
        match self {
            Self::Td1 => Clause::Td1,
            Self::Td2 => Clause::Td2,
            Self::Td3 => Clause::Td3,
            Self::MrvA => Clause::MrvA,
            Self::MrvB => Clause::MrvB,
        }
    }

    /// Number of lines, and characters in each.
    pub fn shape(self) -> (usize, usize) {
        match self {
            Self::Td1 => (3, 30),
            Self::Td2 | Self::MrvB => (2, 36),
            Self::Td3 | Self::MrvA => (2, 44),
        }
    }

    /// The layout of `lines` of one `width`; a visa is known by its first
    /// letter (Doc 9303-7, 4.2.2.1).
    pub(crate) fn of(lines: usize, width: usize, first: u8) -> Option<Self> {
        match (lines, width) {
            (3, 30) => Some(Self::Td1),
            (2, 36) if first == b'V' => Some(Self::MrvB),
            (2, 36) => Some(Self::Td2),
            (2, 44) if first == b'V' => Some(Self::MrvA),
            (2, 44) => Some(Self::Td3),
            _ => None,
        }
    }
}
