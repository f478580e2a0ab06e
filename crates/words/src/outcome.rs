//! What a roll call says of a vehicle, of each seat and of each document, in words. What
//! goes with a word (a seat, a component that falls short) stays with whoever decides.

use crate::word::words;

words! {
    /// The vehicle's outcome.
    VehicleOutcome {
        /// Every holder is confirmed, no face is left over, and as many occupants
        /// are confirmed as were declared.
        AllConfirmed,
        /// An officer looks.
        Refer,
    }

    /// What speaks against `all-confirmed`, or beside it.
    VehicleReason {
        /// Nobody was seen and nobody opted out.
        NobodySeen,
        /// No document was presented.
        NoDocuments,
        /// An occupant isn't confirmed.
        SeatReferred,
        /// A document's holder isn't confirmed.
        DocumentReferred,
        /// Fewer were seen than were declared.
        FewerThanDeclared,
        /// More were seen than were declared.
        MoreThanDeclared,
        /// A frame couldn't be read: what it would have shown is unknown.
        FramesUnreadable,
        /// A face in the cabin is on no seat, and no occupant explains it.
        FaceUnexplained,
        /// A camera that a seat needs showed nothing, or failed while the vehicle was there.
        CameraMissing,
        /// A camera that a seat needs showed the same picture again and again.
        CameraFrozen,
        /// Nobody declared how many are inside. This alone refers nothing: it says
        /// that an unseen person would not have been missed.
        CountNotDeclared,
    }

    /// What became of an occupant in one word of two.
    Decided {
        /// The holder of a document.
        Confirmed,
        /// An officer looks; why, says the [`SeatOutcome`].
        Refer,
    }

    /// What became of an occupant: confirmed, or the reason of the referral.
    SeatOutcome {
        /// The holder of a document.
        Confirmed,
        /// Declared, and no camera shows them.
        NotCaptured,
        /// No shot is good enough to compare.
        PoorQuality,
        /// Like the holder of no document.
        NoMatchingDocument,
        /// The evidence fits more than one explanation.
        Ambiguous,
        /// Like the holder of a document that may not confirm.
        DocumentNotTrusted,
        /// Like nobody, and a document has a portrait that can't be compared.
        PortraitUnusable,
        /// Opted out: checked by hand.
        OptedOut,
        /// Like nobody, and a small child's document is left over: checked by hand.
        ManualByPolicy,
    }

    /// What makes a case ambiguous.
    Ambiguity {
        /// Another occupant or another document fits nearly as well.
        RunnerUpClose,
        /// Too like for a stranger, and not like enough to exclude a close relative.
        LookAlikePossible,
        /// More than one face belongs to the seat.
        SeveralFaces,
        /// The holder's documents show different people.
        PortraitsDiffer,
        /// What was seen may be a page, a print or a screen held up; why, say the
        /// [`PictureCue`]s.
        PictureSuspected,
    }

    /// What suggests that a picture was held up.
    PictureCue {
        /// It is the document's own portrait, by its fine structure.
        SamePicture,
        /// Two views from different sides agree as only a plane's do.
        Flat,
        /// Straight edges around the face close to the border of a sheet.
        Border,
    }

    /// Where in the lane an outcome was decided: errors in such lanes are mostly
    /// capture errors, and nobody can mend what isn't told apart.
    Stage {
        /// Whether a face was seen.
        Seen,
        /// Whether it was good enough.
        Quality,
        /// Whether it was like a portrait.
        Match,
        /// Whether the document was good.
        Document,
        /// What a person or the policy decided beforehand: an opt-out, a small child.
        Policy,
    }

    /// What became of a document.
    DocumentOutcome {
        /// Its holder sits on a seat.
        HolderConfirmed,
        /// Its holder wasn't found among the occupants, or not beyond doubt.
        HolderNotFound,
        /// It may not confirm anybody here: its verdict isn't one that the policy lets
        /// confirm. That says nothing of its being genuine.
        NotAccepted,
        /// It has no portrait, or none that can be compared.
        NoPortrait,
        /// Its portrait can't be compared with.
        PoorPortrait,
        /// An officer took it out: it isn't this vehicle's.
        SetAside,
        /// Opted out: checked by hand.
        OptedOut,
    }

    /// How a camera did.
    CameraState {
        /// It showed one picture after another.
        Delivering,
        /// No frame of it could be read, or none shows anything (a covered lens, the grey of
        /// a decoder without data), or it failed while the vehicle was there.
        Missing,
        /// It showed the same picture again and again, or the same two by turns.
        Frozen,
    }
}
