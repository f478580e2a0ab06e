//! Reason codes: words of closed lists, so that no text can slip into the log.

use rowcall_words::log::{
    AdjudicationReason, Approval, DestructionCause, DocumentKind, DocumentVerdict, HoldExpiryCause,
    HoldReason, SetUpEndCause, StopCause,
};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;

use super::field::Field;

macro_rules! codes {
    ($($name:ident)+) => {$(
        impl Field for $name {
            fn encode(&self, line: &mut String) {
                line.push_str(self.as_str());
            }
            fn decode(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}

codes! {
    AdjudicationReason
    Approval
    DestructionCause
    DocumentKind
    DocumentVerdict
    HoldExpiryCause
    HoldReason
    SeatOutcome
    SetUpEndCause
    Side
    Stage
    StopCause
}
