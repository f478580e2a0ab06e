//! What the calling system is owed of a closed transaction: the outcome of each
//! document that it presented, under its own name for it, until it has said that it
//! has it or the time is over. Then nothing is kept.

use std::{collections::BTreeMap, time::Duration};

use rowcall_words::{log::AdjudicationReason, outcome::VehicleOutcome};
use serde::Serialize;

use crate::{
    http::words,
    view::{DocumentState, DocumentView, SeatView},
};

/// How long a result waits to be fetched.
const KEPT: Duration = Duration::from_secs(10 * 60);
/// More than wait at any lane: the oldest goes.
const MOST: usize = 256;

/// The result of a closed transaction.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Settled {
    /// The transaction.
    pub id: String,
    /// The vehicle's outcome.
    #[schema(value_type = Option<words::VehicleOutcome>)]
    pub outcome: Option<VehicleOutcome>,
    /// Seats that were confirmed.
    pub confirmed: usize,
    /// The documents, in the order in which they were presented.
    pub documents: Vec<SettledDocument>,
    /// The signed receipt of destruction (a C2SP signed note).
    pub receipt: String,
}

/// What became of a document.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SettledDocument {
    /// The caller's own name for it.
    pub id: String,
    /// What became of it.
    pub outcome: DocumentState,
    /// What an officer decided.
    #[schema(value_type = Option<words::AdjudicationReason>)]
    pub adjudication: Option<AdjudicationReason>,
}

impl SettledDocument {
    /// Of a document: what an officer decided about it, or else about whoever sits with it.
    pub(crate) fn of(document: &DocumentView, seats: &[SeatView]) -> Self {
        let of = seats.iter().find(|s| s.document == Some(document.place));
        let decided = document.adjudication.or(of.and_then(|s| s.adjudication));
        Self {
            id: document.id.clone(),
            outcome: match of.is_some_and(SeatView::is_overruled) {
                true => DocumentState::HolderNotFound,
                false => document.state,
            },
            adjudication: decided.map(|a| a.reason),
        }
    }
}

/// Results that wait to be fetched.
#[derive(Default)]
pub(crate) struct Results(BTreeMap<String, (Duration, Settled)>);

impl Results {
    pub(crate) fn add(&mut self, settled: Settled, now: Duration) {
        self.expire(now);
        if self.0.len() >= MOST
            && let Some(oldest) = self.0.iter().min_by_key(|(_, (at, _))| *at)
        {
            let id = oldest.0.clone();
            self.0.remove(&id);
        }
        self.0.insert(settled.id.clone(), (now, settled));
    }

    pub(crate) fn get(&mut self, id: &str, now: Duration) -> Option<&Settled> {
        self.expire(now);
        self.0.get(id).map(|(_, settled)| settled)
    }

    /// The caller has it.
    pub(crate) fn acknowledge(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }

    pub(crate) fn expire(&mut self, now: Duration) {
        self.0.retain(|_, (at, _)| now.saturating_sub(*at) < KEPT);
    }
}
