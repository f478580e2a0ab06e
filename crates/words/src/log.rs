//! The audit log's codes: closed lists, so that no text can slip into it.

use crate::word::words;

words! {
    /// What a document is, as far as the log says.
    DocumentKind {
        /// A passport (Doc 9303 part 4).
        Passport,
        /// An identity card or residence permit (Doc 9303 parts 5 and 6).
        IdentityCard,
        /// A visa (Doc 9303 part 7).
        Visa,
        /// A paper with a visible digital seal (Doc 9303 part 13).
        Seal,
        /// A digital travel credential.
        DigitalCredential,
        /// Anything else that was presented.
        Other,
    }

    /// What was found about a document itself.
    DocumentVerdict {
        /// Passive authentication holds up to a trusted CSCA.
        Trusted,
        /// Read, but not trusted.
        NotTrusted,
        /// Broken, expired or contradicting itself.
        Invalid,
        /// Nothing could be read.
        Unreadable,
        /// Trusted, without a portrait to compare.
        NoPortrait,
        /// Checked by hand at its holder's wish.
        OptedOut,
    }

    /// Why an officer decided a referral as they did.
    AdjudicationReason {
        /// Compared by eye: the holder.
        ConfirmedByEye,
        /// A further document settled it.
        ConfirmedBySecondDocument,
        /// A new capture settled it.
        ConfirmedByRecapture,
        /// Checked by hand after an opt-out or by policy.
        CheckedByHand,
        /// Nobody sat there, or the occupant was counted twice.
        MiscountCorrected,
        /// Sent on to a second inspection.
        SentToSecondary,
    }

    /// Why an officer keeps an image pair for a while.
    HoldReason {
        /// The occupant seems not to be the holder.
        SuspectedImpostor,
        /// The portrait seems to have been changed.
        SuspectedForgery,
        /// The occupant asked for it or complained.
        OccupantRequest,
        /// A court or an authority ordered it: under the limit of orders.
        LegalOrder,
        /// Something happened at the lane that will be looked into: under the
        /// limit of orders too.
        Incident,
    }

    /// Why a hold ended other than by an officer's release.
    HoldExpiryCause {
        /// Its time was over.
        Time,
        /// The clock had gone back while the lane was down: nobody knows how
        /// long the hold had lasted, so it ended.
        ClockUncertain,
        /// The process ended before anything was stored.
        NotStored,
        /// Its key was no longer there or did not open it.
        KeyMissing,
    }

    /// Why a transaction's biometrics were destroyed.
    DestructionCause {
        /// The officer or the lane closed the transaction.
        Closed,
        /// Its time limit had passed.
        TimeLimit,
        /// The program let go of it without closing it.
        Abandoned,
        /// The program failed while it worked on it.
        Panic,
        /// The lane was shut down.
        Shutdown,
        /// The process had ended, and its memory with it; written by the next.
        ProcessEnded,
    }

    /// Why a set-up of cameras ended.
    SetUpEndCause {
        /// Whoever began it ended it.
        Closed,
        /// Its time limit had passed.
        TimeLimit,
        /// A vehicle came: nobody sets up while one is there.
        Vehicle,
        /// The lane was shut down.
        Shutdown,
    }

    /// Why the lane stopped.
    StopCause {
        /// Its operator stopped it.
        Operator,
        /// It could not go on.
        Failure,
    }

    /// How many officers a hold needs.
    Approval {
        /// One.
        OneOfficer,
        /// Two different ones.
        TwoOfficers,
    }
}

impl HoldReason {
    /// Whether a hold for this reason keeps to the limit of orders instead of
    /// the limit of an officer's own holds.
    pub fn is_order(self) -> bool {
        matches!(self, Self::LegalOrder | Self::Incident)
    }
}
