//! What is held up.

use serde::Serialize;

/// What is held up (ISO/IEC 30107-1: presentation attack instrument species).
/// Its face appears as large as the head that it stands for, as if a sheet of
/// that size or held that near, but for those of actual size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instrument {
    /// The document's portrait, printed with a white border.
    Print,
    /// The document's page with the portrait on it.
    Page,
    /// The document's portrait on a telephone.
    Phone,
    /// The page in its actual size, as far away as the head.
    PageActual,
    /// The telephone in its actual size, as far away as the head.
    PhoneActual,
    /// Another photograph of the holder, printed.
    OtherPhoto,
    /// The same, turned by 35 degrees in every other frame.
    OtherTilted,
    /// Another photograph of the holder on a telephone.
    OtherPhone,
    /// Another photograph of the holder, cut out along the face's outline.
    CutOut,
}

impl Instrument {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Print,
        Self::Page,
        Self::Phone,
        Self::PageActual,
        Self::PhoneActual,
        Self::OtherPhoto,
        Self::OtherTilted,
        Self::OtherPhone,
        Self::CutOut,
    ];

    /// Its name in kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::Page => "page",
            Self::Phone => "phone",
            Self::PageActual => "page-actual",
            Self::PhoneActual => "phone-actual",
            Self::OtherPhoto => "other-photo",
            Self::OtherTilted => "other-tilted",
            Self::OtherPhone => "other-phone",
            Self::CutOut => "cut-out",
        }
    }

    /// Whether it shows another photograph than the document's portrait.
    pub fn is_other(self) -> bool {
        matches!(
            self,
            Self::OtherPhoto | Self::OtherTilted | Self::OtherPhone | Self::CutOut
        )
    }

    /// Whether it shines by itself.
    pub fn is_screen(self) -> bool {
        matches!(self, Self::Phone | Self::PhoneActual | Self::OtherPhone)
    }

    /// Whether it is a document's page.
    pub fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::PageActual)
    }

    /// Whether it is held where a head would be in its actual size: somebody
    /// else's picture, since it covers the head behind it only in part.
    pub fn is_actual_size(self) -> bool {
        matches!(self, Self::PageActual | Self::PhoneActual)
    }

    /// The size of its face as a share of a head's. The eyes of adults are 63 mm
    /// apart; those of a portrait of 35 x 45 mm some 16 mm (Doc 9303-3, 3.9: the
    /// face has 70 to 80 % of its height), and those of the same portrait as wide
    /// as a telephone's screen of 65 mm some 30 mm.
    pub fn scale(self) -> f32 {
        match self {
            Self::PageActual => 16.0 / 63.0,
            Self::PhoneActual => 30.0 / 63.0,
            _ => 1.0,
        }
    }

    /// How far it is turned about its height in the frame of this place among
    /// its camera's, in degrees, beyond how the head was.
    pub fn turned(self, place: usize) -> f32 {
        match self {
            Self::OtherTilted if place % 2 == 1 => 35.0,
            _ => 0.0,
        }
    }
}
