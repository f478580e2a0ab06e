//! How an occupant, a seat or a document stands, as a page shows it.

/// How an occupant, a seat or a document stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum State {
    Confirmed,
    Refer,
    NotSeen,
    ByHand,
    Empty,
}

impl State {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Confirmed => "ok",
            Self::Refer => "refer",
            Self::NotSeen => "unseen",
            Self::ByHand => "hand",
            Self::Empty => "empty",
        }
    }

    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Confirmed => "\u{2713}",
            Self::Refer => "!",
            Self::NotSeen => "?",
            Self::ByHand => "\u{270B}\u{FE0E}",
            Self::Empty => "",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refer => "look",
            Self::NotSeen => "not seen",
            Self::ByHand => "by hand",
            Self::Empty => "no face",
        }
    }
}
