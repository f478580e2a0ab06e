//! By how much a camera's pictures have to be turned.

use image::metadata::Orientation;

/// Clockwise quarters of a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// As it is.
    #[default]
    None,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees, which is 90 the other way.
    ThreeQuarters,
}

impl Turn {
    /// Every turn, by how much.
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters];

    /// From degrees clockwise: 0, 90, 180 or 270.
    pub fn from_degrees(degrees: i64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|turn| i64::from(turn.degrees()) == degrees)
    }

    /// Degrees clockwise.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }

    /// This turn and then another.
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        let quarters = (self.degrees() + other.degrees()) / 90 % 4;
        Self::ALL[usize::from(quarters)]
    }

    pub(crate) fn orientation(self) -> Orientation {
        match self {
            Self::None => Orientation::NoTransforms,
            Self::Quarter => Orientation::Rotate90,
            Self::Half => Orientation::Rotate180,
            Self::ThreeQuarters => Orientation::Rotate270,
        }
    }
}
