//! What a transaction can say to the audit log.

use crate::custody::command::Recorded;
use crate::custody::shared::Shared;
use crate::{Error, Officer};
use rowcall_audit::entry::{Leniencies, Row, Subject};
use rowcall_words::log::{AdjudicationReason, DocumentKind, DocumentVerdict};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;

/// Something about a transaction that goes to the audit log.
#[derive(Clone, Copy, Debug)]
pub enum Fact<'a> {
    /// Its vehicle came to the cameras, where documents are presented elsewhere.
    Arrived,
    /// A document was read.
    Document {
        /// What it is.
        kind: DocumentKind,
        /// What was found.
        verdict: DocumentVerdict,
        /// Which defects were let pass.
        leniencies: Leniencies,
    },
    /// A seat was decided.
    Seat {
        /// The row.
        row: Row,
        /// The side.
        side: Side,
        /// Confirmed, or why not.
        outcome: SeatOutcome,
        /// The stage that decided.
        stage: Stage,
    },
    /// An officer decided a referral.
    Adjudicated {
        /// What about.
        subject: Subject,
        /// Who: made into the day's pseudonym, never stored.
        officer: &'a Officer,
        /// Why.
        reason: AdjudicationReason,
    },
}

impl Fact<'_> {
    pub(super) fn recorded(&self, shared: &Shared) -> Result<Recorded, Error> {
        Ok(match *self {
            Self::Arrived => Recorded::Arrived,
            Self::Document {
                kind,
                verdict,
                leniencies,
            } => Recorded::Document(kind, verdict, leniencies),
            Self::Seat {
                row,
                side,
                outcome,
                stage,
            } => Recorded::Seat(row, side, outcome, stage),
            Self::Adjudicated {
                subject,
                officer,
                reason,
            } => {
                shared.check(officer)?;
                Recorded::Adjudicated(subject, officer.person().clone(), reason)
            }
        })
    }
}
