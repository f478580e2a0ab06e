//! What goes with the reason of a referral.

use rowcall_face::Component;
use rowcall_rollcall::{ReferralReason, SeatOutcome, SeatResult};
use rowcall_words::outcome::{Ambiguity, PictureCue};
use serde::Serialize;

/// One word of what goes with the reason of a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Detail {
    /// A component of quality that falls short.
    Component(Component),
    /// What makes the case ambiguous.
    Ambiguity(Ambiguity),
    /// What suggests that a picture is held up.
    Cue(PictureCue),
}

impl Detail {
    /// Its name in kebab-case.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Component(component) => component.into(),
            Self::Ambiguity(ambiguity) => ambiguity.as_str(),
            Self::Cue(cue) => cue.as_str(),
        }
    }
}

/// What goes with a seat's reason, in the order in which it is told.
pub(super) fn details(seat: &SeatResult) -> Vec<Detail> {
    let SeatOutcome::Refer(reason) = &seat.outcome else {
        return Vec::new();
    };
    let components = |all: &[Component]| all.iter().map(|c| Detail::Component(*c)).collect();
    match reason {
        ReferralReason::PoorQuality(failing) => components(failing),
        ReferralReason::NoMatchingDocument => components(&seat.shortcomings),
        ReferralReason::Ambiguous(why) => {
            let cues = seat.picture_cues.iter().map(|cue| Detail::Cue(*cue));
            std::iter::once(Detail::Ambiguity(*why))
                .chain(cues)
                .collect()
        }
        _ => Vec::new(),
    }
}
