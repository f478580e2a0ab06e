//! One vehicle's stay at a lane, from opening to close.
//!
//! Custody owns whatever is biometric; this holds what an officer decided, what
//! waits, and the view that everybody else sees. Whoever changes something refreshes
//! the view, and all who watch are told.

mod holds;
mod passing;
mod said;
mod seen;
mod shown;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use jiff::civil::Date;
use rowcall_camera::State;
use rowcall_custody::{Fact, OpenTransaction};
use rowcall_pipeline::pass::Follower;
use rowcall_rollcall::{Lane, RollCall};
use rowcall_words::seat::Seat;
use tokio::sync::watch;

use crate::{
    Error,
    attention::Attention,
    equipment::Equipment,
    log_words,
    outlook::Decisions,
    settled::{Settled, SettledDocument},
    view::{Direction, HoldView, SeatState, TransactionView},
};

/// A transaction that is open.
pub(crate) struct Transaction {
    pub(crate) id: String,
    /// Of the lane at which it stays.
    pub(crate) equipment: Arc<Equipment>,
    pub(crate) direction: Direction,
    /// Where the sort of vehicle that was said as it was opened has its seats.
    lane: Arc<Lane>,
    /// Where that which has come has them, if it is another.
    came_as: OnceLock<Arc<Lane>>,
    /// Where it was opened, at a lane whose stations are apart.
    pub(crate) station: Option<String>,
    /// When it was opened, since boot.
    pub(crate) opened: Duration,
    /// How long its vehicle may be at the cameras, and how long it may take there.
    limit: Duration,
    way: Duration,
    arrival: OnceLock<Arrival>,
    at: Date,
    inner: Mutex<Inner>,
    view: watch::Sender<Arc<TransactionView>>,
    looks: Arc<Looks>,
}

/// When a transaction's vehicle came to the cameras: what they showed before shows the
/// vehicle before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Instant,
    pub(crate) since_boot: Duration,
}

/// How many frames and documents of a transaction wait or are being looked at.
#[derive(Default)]
struct Looks {
    count: Mutex<usize>,
    fewer: Condvar,
}

/// Held as long as a frame or a document, or what was made of it, is anywhere outside of
/// custody.
pub(crate) struct Looking(Arc<Looks>);

impl Arrival {
    fn now(since_boot: Duration) -> Self {
        Self {
            at: Instant::now(),
            since_boot,
        }
    }
}

impl Looks {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing is looked at, but no longer than a look can take.
    fn wait(&self) {
        let count = self.count();
        let waited = self
            .fewer
            .wait_timeout_while(count, LONGEST_LOOK, |n| *n > 0);
        let (left, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(left);
        if timeout.timed_out() {
            tracing::error!("an analyst didn't let go of a transaction that is closed");
        }
    }
}

impl Clone for Looking {
    fn clone(&self) -> Self {
        *self.0.count() += 1;
        Self(self.0.clone())
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        *self.0.count() -= 1;
        self.0.fewer.notify_all();
    }
}

/// Looking at the largest frame takes seconds on the slowest machine.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

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
    /// Seats about which an officer was asked.
    asked: BTreeSet<Seat>,
    version: u64,
    last: Option<Instant>,
    frames: u64,
    /// Something that came isn't in the view, or it was worked out while frames waited,
    /// which it says.
    is_stale: bool,
    holds: Vec<HoldView>,
    /// Of cameras before which it stands: what was looked at.
    attention: BTreeMap<String, Attention>,
    /// Of cameras that it passes: where it is in their pictures.
    followers: BTreeMap<String, Follower>,
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
    pub(crate) station: Option<String>,
    pub(crate) direction: Direction,
    pub(crate) lane: Arc<Lane>,
    pub(crate) open: OpenTransaction,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
    pub(crate) at: Date,
    /// How long it may be at the cameras.
    pub(crate) limit: Duration,
    /// How long it may take to them; none where it is there.
    pub(crate) way: Option<Duration>,
}

impl Transaction {
    pub(crate) fn new(equipment: Arc<Equipment>, opened: Opened) -> Result<Arc<Self>, Error> {
        let now = equipment.clock.read().since_boot;
        let mut open = opened.open;
        open.declare(opened.occupants)?;
        let view = TransactionView::of_nothing(&opened.id, &equipment.lane, opened.direction);
        let arrival = match opened.way {
            None => OnceLock::from(Arrival::now(now)),
            Some(_) => OnceLock::new(),
        };
        let transaction = Arc::new(Self {
            id: opened.id,
            direction: opened.direction,
            lane: opened.lane,
            came_as: OnceLock::new(),
            station: opened.station,
            opened: now,
            limit: opened.limit,
            way: opened.way.unwrap_or_default(),
            arrival,
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
                asked: BTreeSet::new(),
                version: 0,
                last: None,
                frames: 0,
                is_stale: false,
                holds: Vec::new(),
                attention: BTreeMap::new(),
                followers: BTreeMap::new(),
            }),
            view: watch::Sender::new(Arc::new(view)),
            looks: Arc::default(),
            equipment,
        });
        transaction.refresh()?;
        Ok(transaction)
    }

    /// To be kept with whatever of it is outside of custody.
    pub(crate) fn looking(&self) -> Looking {
        *self.looks.count() += 1;
        Looking(self.looks.clone())
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

    /// Whether its vehicle is yet to come to the cameras.
    pub(crate) fn is_under_way(&self) -> bool {
        self.arrival.get().is_none()
    }

    /// When its vehicle came to the cameras.
    ///
    /// # Errors
    /// If it is yet to come: what they show is another's.
    pub(crate) fn arrival(&self) -> Result<Arrival, Error> {
        self.arrival.get().copied().ok_or_else(|| {
            Error::conflict(
                "its vehicle hasn't come to the cameras yet: POST /v1/lanes/{lane}/arrivals says that it has",
            )
        })
    }

    /// When its time is over, since boot.
    pub(crate) fn due(&self) -> Duration {
        match self.arrival.get() {
            None => self.opened + self.way,
            Some(arrival) => arrival.since_boot + self.limit,
        }
    }

    /// Where this sort of vehicle has its seats.
    pub(crate) fn lane(&self) -> &Arc<Lane> {
        self.came_as.get().unwrap_or(&self.lane)
    }

    /// Its vehicle comes to the cameras, as the sort that was said or as this one: the log
    /// has it before anything of it is seen.
    pub(crate) fn arrive(&self, layout: Option<Arc<Lane>>) -> Result<(), Error> {
        let mut inner = self.lock();
        let now = self.equipment.clock.read().since_boot;
        if self.due() <= now {
            return Err(Error::gone("party"));
        }
        if let Some(layout) = &layout {
            if layout.policy.documents != self.lane.policy.documents {
                return Err(Error::conflict(
                    "layout: its lane file judges documents otherwise than the one under which this party's were read: say the layout as a party begins",
                ));
            }
            inner.open()?.set_lane(layout.clone())?;
        }
        let recorded = inner.open()?.record(&[Fact::Arrived]);
        if recorded.is_err() && layout.is_some() {
            inner.open()?.set_lane(self.lane.clone())?;
        }
        recorded?;
        if let Some(layout) = layout {
            let _ = self.came_as.set(layout);
        }
        let set = self.arrival.set(Arrival::now(now));
        set.map_err(|_| Error::us("one vehicle came twice"))
    }

    /// Ends it because its time is over; the log says so.
    pub(crate) fn expire(&self) -> Result<(), Error> {
        let open = self.lock().open.take();
        let expired = open.map(OpenTransaction::expire).transpose();
        match expired {
            // Custody ended it by itself.
            Err(error) if error.kind() == rowcall_custody::ErrorKind::Ended => Ok(()),
            other => Ok(other.map(drop)?),
        }
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
        let confirmed = view
            .seats
            .iter()
            .filter(|seat| seat.state == SeatState::Confirmed && !seat.is_overruled());
        let confirmed = confirmed.count();
        let documents = view.documents.iter();
        let documents = documents.map(|document| SettledDocument::of(document, &view.seats));
        let documents = documents.collect();
        let open = inner.open.take();
        let open = open.ok_or_else(|| Error::gone("transaction"))?;
        drop(inner);
        // What comes in from here on is turned away; the receipt says that nothing is
        // left when an analyst has nothing left either.
        self.looks.wait();
        let receipt = open.close()?.receipt().clone();
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
        inner.followers.clear();
        inner.attention.clear();
        drop(inner);
        let nothing = TransactionView::of_nothing(&self.id, &self.equipment.lane, self.direction);
        self.view.send_replace(Arc::new(nothing));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
