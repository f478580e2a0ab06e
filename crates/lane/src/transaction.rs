//! One vehicle's stay at a lane, from opening to close.
//!
//! Custody owns whatever is biometric; this holds what an officer decided, what
//! waits, and the view that everybody else sees. Whoever changes something refreshes
//! the view, and all who watch are told.

mod holds;
mod said;
mod seen;
mod shown;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::civil::Date;
use rowcall_camera::State;
use rowcall_custody::{Fact, OpenTransaction};
use rowcall_rollcall::{Lane, RollCall, Seat, SeatOutcome};
use tokio::sync::watch;

use crate::{
    Error,
    desk::Desk,
    log_words,
    outlook::Decisions,
    settled::{Settled, SettledDocument},
    view::{Direction, HoldView, TransactionView},
};

/// A transaction that is open.
pub(crate) struct Transaction {
    pub(crate) id: String,
    pub(crate) desk: Arc<Desk>,
    pub(crate) direction: Direction,
    /// Where this sort of vehicle has its seats.
    pub(crate) lane: Arc<Lane>,
    /// When it was opened and when its time is over, since boot.
    pub(crate) opened: Duration,
    pub(crate) due: Duration,
    /// What came before shows the vehicle before.
    pub(crate) began: Instant,
    at: Date,
    inner: Mutex<Inner>,
    view: watch::Sender<Arc<TransactionView>>,
}

struct Inner {
    /// None once it has been closed.
    open: Option<OpenTransaction>,
    /// By place: whether the document is still being read.
    reading: Vec<bool>,
    expected: Option<u8>,
    waiting_frames: usize,
    dropped: BTreeMap<String, u64>,
    /// How the lane's own cameras do.
    cameras: BTreeMap<String, State>,
    decisions: Decisions,
    call: Option<RollCall>,
    /// Seats on which somebody fit to be compared was seen, or that opted out.
    settled_seats: BTreeSet<Seat>,
    version: u64,
    last: Option<Instant>,
    frames: u64,
    holds: Vec<HoldView>,
}

impl Inner {
    fn open(&mut self) -> Result<&mut OpenTransaction, Error> {
        self.open.as_mut().ok_or_else(|| Error::gone("transaction"))
    }
}

/// How often the view is worked out anew while frames still wait.
const PAUSE: Duration = Duration::from_millis(250);

/// What a transaction is opened with.
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) direction: Direction,
    pub(crate) lane: Arc<Lane>,
    pub(crate) open: OpenTransaction,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
    pub(crate) at: Date,
    pub(crate) limit: Duration,
}

impl Transaction {
    pub(crate) fn new(desk: Arc<Desk>, opened: Opened) -> Result<Arc<Self>, Error> {
        let now = desk.clock.read().since_boot;
        let mut open = opened.open;
        open.declare(opened.occupants)?;
        let view = TransactionView::of_nothing(&opened.id, &desk.name, opened.direction);
        let transaction = Arc::new(Self {
            id: opened.id,
            direction: opened.direction,
            lane: opened.lane,
            opened: now,
            due: now + opened.limit,
            began: Instant::now(),
            at: opened.at,
            inner: Mutex::new(Inner {
                open: Some(open),
                reading: Vec::new(),
                expected: opened.documents,
                waiting_frames: 0,
                dropped: BTreeMap::new(),
                cameras: BTreeMap::new(),
                decisions: Decisions::default(),
                call: None,
                settled_seats: BTreeSet::new(),
                version: 0,
                last: None,
                frames: 0,
                holds: Vec::new(),
            }),
            view: watch::Sender::new(Arc::new(view)),
            desk,
        });
        transaction.refresh()?;
        Ok(transaction)
    }

    /// What it looks like now, and whenever that changes.
    pub(crate) fn watch(&self) -> watch::Receiver<Arc<TransactionView>> {
        self.view.subscribe()
    }

    pub(crate) fn view(&self) -> Arc<TransactionView> {
        self.view.borrow().clone()
    }

    pub(crate) fn at(&self) -> Date {
        self.at
    }

    /// Ends it: outcomes go to the log, biometrics are destroyed, and what the
    /// calling system is owed is given, beside the last view.
    pub(crate) fn close(&self) -> Result<(Arc<TransactionView>, Settled), Error> {
        self.refresh()?;
        let view = self.view();
        let mut inner = self.lock();
        let mut facts: Vec<Fact<'_>> = Vec::new();
        if let Some(call) = &inner.call {
            facts.extend(call.seats.iter().filter_map(log_words::seat));
        }
        inner.open()?.record(&facts)?;
        let confirmed = inner.call.as_ref().map_or(0, |call| {
            let seats = call.seats.iter();
            seats
                .filter(|s| s.outcome == SeatOutcome::Confirmed)
                .count()
        });
        let documents = view.documents.iter();
        let documents = documents.map(SettledDocument::of).collect();
        let open = inner.open.take();
        let open = open.ok_or_else(|| Error::gone("transaction"))?;
        let receipt = open.close()?.receipt().clone();
        drop(inner);
        self.let_go();
        let settled = Settled {
            id: self.id.clone(),
            outcome: view.outcome,
            confirmed,
            documents,
            receipt: receipt.to_string(),
        };
        Ok((view, settled))
    }

    /// Lets go of it without closing it: custody destroys what it holds, and whoever
    /// watches sees nothing of anybody.
    pub(crate) fn let_go(&self) {
        let mut inner = self.lock();
        inner.open = None;
        inner.call = None;
        inner.decisions = Decisions::default();
        drop(inner);
        let nothing = TransactionView::of_nothing(&self.id, &self.desk.name, self.direction);
        self.view.send_replace(Arc::new(nothing));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
