//! The kinds of entry and their fields, stated once: the types, the encoding
//! and the list that the retention table is held against all come from here.

use super::field::Field;
use super::value::{
    Commitment, Count, Digest, Leniencies, Minute, Minutes, OfficerPseudonym, PublicKey, Row,
    SecondOfficer, SignatureBytes, Subject,
};
use rowcall_words::log::{
    AdjudicationReason, Approval, DestructionCause, DocumentKind, DocumentVerdict, HoldExpiryCause,
    HoldReason, SetUpEndCause, StopCause,
};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;
use std::str::Split;

/// A kind of entry: its name, and the names and types of its fields in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindOfEntry {
    /// As the log spells it.
    pub name: &'static str,
    /// Name and type of each field.
    pub fields: &'static [(&'static str, &'static str)],
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $kind:literal {
        $($(#[$fdoc:meta])* $field:ident: $type:ident,)*
    })+) => {
        /// What an entry says. `transaction` and `hold` are numbers of earlier
        /// entries: of the [`Event::Opened`] or [`Event::HoldMade`] that began
        /// it, so that the log needs no other name for them.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $($(#[$doc])* $name { $($(#[$fdoc])* $field: $type,)* },)+
        }

        /// Every kind of entry there is.
        pub const KINDS: &[KindOfEntry] = &[
            $(KindOfEntry {
                name: $kind,
                fields: &[$((stringify!($field), stringify!($type)),)*],
            },)+
        ];

        impl Event {
            /// The name of its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => $kind,)+ }
            }

            pub(super) fn encode(&self, line: &mut String) {
                match self {
                    $(Self::$name { $($field,)* } => {
                        $(
                            line.push(' ');
                            line.push_str(stringify!($field));
                            line.push('=');
                            $field.encode(line);
                        )*
                    })+
                }
            }

            pub(super) fn decode(kind: &str, words: &mut Split<'_, char>) -> Result<Self, String> {
                match kind {
                    $($kind => Ok(Self::$name {
                        $($field: take(words, stringify!($field))?,)*
                    }),)+
                    _ => Err("its kind is none of the known ones".to_owned()),
                }
            }
        }
    };
}

fn take<T: Field>(words: &mut Split<'_, char>, name: &str) -> Result<T, String> {
    words
        .next()
        .and_then(|word| word.strip_prefix(name)?.strip_prefix('='))
        .and_then(T::decode)
        .ok_or_else(|| format!("its field {name:?} is missing, misplaced or out of range"))
}

events! {
    /// The log's first entry and no other: the key that it begins with.
    Created = "created" {
        /// The log's first public key.
        key: PublicKey,
    }
    /// The lane's process started.
    Started = "started" {}
    /// The configuration that holds from here on.
    Configured = "configured" {
        /// SHA-256 of the configuration, the notice's text in it.
        digest: Digest,
        /// The longest that a transaction may stay open.
        transaction_limit: Minutes,
        /// The longest that a hold may last.
        hold_limit: Minutes,
        /// The longest that a hold may last that an order or an incident asks
        /// for ([`HoldReason::is_order`]).
        order_limit: Minutes,
        /// How many holds may be made in 24 hours.
        holds_per_day: Count,
        /// How many officers a hold needs.
        approval: Approval,
    }
    /// The clock was set: this entry's minute by the old clock was `was`.
    ClockStepped = "clock-stepped" {
        /// What the clock would have said had it not been set.
        was: Minute,
    }
    /// A transaction was opened; nothing of it was captured before this entry.
    Opened = "opened" {
        /// Binds the entry to the caller's own name for the transaction.
        commitment: Commitment,
        /// How long it may stay open.
        limit: Minutes,
    }
    /// The vehicle came to the cameras, where its documents were presented elsewhere
    /// before: no camera looked for it before this entry.
    Arrived = "arrived" {
        /// The transaction.
        transaction: u64,
    }
    /// A document was read.
    Document = "document" {
        /// The transaction.
        transaction: u64,
        /// What it is.
        kind: DocumentKind,
        /// What was found.
        verdict: DocumentVerdict,
        /// Which defects were let pass.
        leniencies: Leniencies,
    }
    /// A seat was decided.
    Seat = "seat" {
        /// The transaction.
        transaction: u64,
        /// The row, from the front.
        row: Row,
        /// The side.
        side: Side,
        /// Confirmed, or why not.
        outcome: SeatOutcome,
        /// The stage that decided.
        stage: Stage,
    }
    /// An officer decided a referral.
    Adjudicated = "adjudicated" {
        /// The transaction.
        transaction: u64,
        /// What the decision is about.
        subject: Subject,
        /// The officer, by the day's pseudonym.
        officer: OfficerPseudonym,
        /// Why.
        reason: AdjudicationReason,
    }
    /// An officer made a hold of one image pair.
    HoldMade = "hold-made" {
        /// The transaction.
        transaction: u64,
        /// The officer.
        officer: OfficerPseudonym,
        /// The second officer, where two are needed.
        second: SecondOfficer,
        /// Why.
        reason: HoldReason,
        /// For how long at most.
        length: Minutes,
        /// SHA-256 of the ciphertext.
        ciphertext: Digest,
    }
    /// An officer looked at a hold.
    HoldViewed = "hold-viewed" {
        /// The hold.
        hold: u64,
        /// The officer.
        officer: OfficerPseudonym,
    }
    /// An officer released a hold before its time: its key was destroyed.
    HoldReleased = "hold-released" {
        /// The hold.
        hold: u64,
        /// The officer.
        officer: OfficerPseudonym,
    }
    /// A hold ended by itself: its key was destroyed.
    HoldExpired = "hold-expired" {
        /// The hold.
        hold: u64,
        /// Why.
        cause: HoldExpiryCause,
    }
    /// A transaction ended and its biometrics were destroyed: the receipt.
    Destroyed = "destroyed" {
        /// The transaction.
        transaction: u64,
        /// When it had been opened.
        opened: Minute,
        /// Why it ended.
        cause: DestructionCause,
        /// How many documents had been recorded.
        documents: Count,
        /// How many pictures had been taken in, all destroyed.
        images: Count,
        /// How many templates had been made, all destroyed.
        templates: Count,
        /// How many image pairs had been put on hold, encrypted.
        holds: Count,
        /// The same as the opening's.
        commitment: Commitment,
        /// The log key's signature over the line up to here.
        signature: SignatureBytes,
    }
    /// The log's key changed: from here on the new one signs.
    KeyRotated = "key-rotated" {
        /// The new public key.
        key: PublicKey,
        /// The old key's signature.
        by_old: SignatureBytes,
        /// The new key's signature.
        by_new: SignatureBytes,
    }
    /// An administrator looks at a lane's cameras to set zones up: pictures are
    /// shown, nothing of them is stored, and no transaction is open at the lane.
    SetUpBegan = "set-up-began" {
        /// Who, by the day's pseudonym.
        officer: OfficerPseudonym,
        /// How long it may last.
        limit: Minutes,
    }
    /// Nobody looks any more.
    SetUpEnded = "set-up-ended" {
        /// The set-up: the number of the entry that began it.
        set_up: u64,
        /// Why.
        cause: SetUpEndCause,
    }
    /// A lane file was written with other zones. They hold from the next start,
    /// which states the configuration anew.
    LaneFileWritten = "lane-file-written" {
        /// The set-up.
        set_up: u64,
        /// SHA-256 of the file.
        digest: Digest,
    }
    /// The lane's process stopped in an orderly way.
    Stopped = "stopped" {
        /// Why.
        cause: StopCause,
    }
}
