//! Reason codes: closed lists, so that no text can slip into the log.

use super::field::Field;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every code of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as the log spells it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl Field for $name {
            fn encode(&self, line: &mut String) {
                line.push_str(self.code());
            }
            fn decode(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

codes! {
    /// What a document is, as far as the log says.
    DocumentKind {
        /// A passport (Doc 9303 part 4).
        Passport = "passport",
        /// An identity card or residence permit (Doc 9303 parts 5 and 6).
        IdentityCard = "identity-card",
        /// A visa (Doc 9303 part 7).
        Visa = "visa",
        /// A paper with a visible digital seal (Doc 9303 part 13).
        Seal = "seal",
        /// A digital travel credential.
        DigitalCredential = "digital-credential",
        /// Anything else that was presented.
        Other = "other",
    }
    /// What was found about a document itself.
    DocumentVerdict {
        /// Passive authentication holds up to a trusted CSCA.
        Trusted = "trusted",
        /// Read, but not trusted.
        NotTrusted = "not-trusted",
        /// Broken, expired or contradicting itself.
        Invalid = "invalid",
        /// Nothing could be read.
        Unreadable = "unreadable",
        /// Trusted, without a portrait to compare.
        NoPortrait = "no-portrait",
        /// Checked by hand at its holder's wish.
        OptedOut = "opted-out",
    }
    /// The outcome of a seat: confirmed, or the reason of its referral.
    SeatOutcome {
        /// The occupant is a document's holder.
        Confirmed = "confirmed",
        /// No usable picture.
        NotCaptured = "not-captured",
        /// Pictures, none good enough.
        PoorQuality = "poor-quality",
        /// No document of this vehicle matches.
        NoMatchingDocument = "no-matching-document",
        /// More than one document matches.
        Ambiguous = "ambiguous",
        /// The matching document is not trusted.
        DocumentNotTrusted = "document-not-trusted",
        /// The document's portrait cannot be compared.
        PortraitUnusable = "portrait-unusable",
        /// The occupant chose to be checked by hand.
        OptedOut = "opted-out",
        /// A small child: checked by hand by policy.
        ManualByPolicy = "manual-by-policy",
    }
    /// The stage that decided an outcome.
    Stage {
        /// Whether anybody was seen.
        Seen = "seen",
        /// Whether the picture was good enough.
        Quality = "quality",
        /// Whether it matched.
        Match = "match",
        /// Whether the document could be relied on.
        Document = "document",
        /// The policy, before anything was looked at: an opt-out, a small child.
        Policy = "policy",
    }
    /// Which side of a row.
    Side {
        /// Left, seen in the direction of travel.
        Left = "left",
        /// Centre.
        Centre = "centre",
        /// Right.
        Right = "right",
    }
    /// Why an officer decided a referral as they did.
    AdjudicationReason {
        /// Compared by eye: the holder.
        ConfirmedByEye = "confirmed-by-eye",
        /// A further document settled it.
        ConfirmedBySecondDocument = "confirmed-by-second-document",
        /// A new capture settled it.
        ConfirmedByRecapture = "confirmed-by-recapture",
        /// Checked by hand after an opt-out or by policy.
        CheckedByHand = "checked-by-hand",
        /// Nobody sat there, or the occupant was counted twice.
        MiscountCorrected = "miscount-corrected",
        /// Sent on to a second inspection.
        SentToSecondary = "sent-to-secondary",
    }
    /// Why an officer keeps an image pair for a while.
    HoldReason {
        /// The occupant seems not to be the holder.
        SuspectedImpostor = "suspected-impostor",
        /// The portrait seems to have been changed.
        SuspectedForgery = "suspected-forgery",
        /// The occupant asked for it or complained.
        OccupantRequest = "occupant-request",
        /// A court or an authority ordered it: under the limit of orders.
        LegalOrder = "legal-order",
        /// Something happened at the lane that will be looked into: under the
        /// limit of orders too.
        Incident = "incident",
    }
    /// Why a hold ended other than by an officer's release.
    HoldExpiryCause {
        /// Its time was over.
        Time = "time",
        /// The clock had gone back while the lane was down: nobody knows how
        /// long the hold had lasted, so it ended.
        ClockUncertain = "clock-uncertain",
        /// The process ended before anything was stored.
        NotStored = "not-stored",
        /// Its key was no longer there or did not open it.
        KeyMissing = "key-missing",
    }
    /// Why a transaction's biometrics were destroyed.
    DestructionCause {
        /// The officer or the lane closed the transaction.
        Closed = "closed",
        /// Its time limit had passed.
        TimeLimit = "time-limit",
        /// The program let go of it without closing it.
        Abandoned = "abandoned",
        /// The program failed while it worked on it.
        Panic = "panic",
        /// The lane was shut down.
        Shutdown = "shutdown",
        /// The process had ended, and its memory with it; written by the next.
        ProcessEnded = "process-ended",
    }
    /// Why a set-up of cameras ended.
    SetUpEndCause {
        /// Whoever began it ended it.
        Closed = "closed",
        /// Its time limit had passed.
        TimeLimit = "time-limit",
        /// A vehicle came: nobody sets up while one is there.
        Vehicle = "vehicle",
        /// The lane was shut down.
        Shutdown = "shutdown",
    }
    /// Why the lane stopped.
    StopCause {
        /// Its operator stopped it.
        Operator = "operator",
        /// It could not go on.
        Failure = "failure",
    }
    /// How many officers a hold needs.
    Approval {
        /// One.
        OneOfficer = "one-officer",
        /// Two different ones.
        TwoOfficers = "two-officers",
    }
}

impl HoldReason {
    /// Whether a hold for this reason keeps to the limit of orders instead of
    /// the limit of an officer's own holds.
    pub fn is_order(self) -> bool {
        matches!(self, Self::LegalOrder | Self::Incident)
    }
}
