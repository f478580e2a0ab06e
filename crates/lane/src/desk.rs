//! A lane as it runs: its transactions, and who watches.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rowcall_custody::Clock;
use rowcall_pipeline::models::Models;
use rowcall_pki::trust::TrustStore;
use rowcall_rollcall::Lane;
use tokio::sync::broadcast;

use crate::{
    Error,
    cameras::LaneCamera,
    judgements::Judgements,
    lookout::Lookout,
    set_up::SetUps,
    settled::{Results, Settled},
    transaction::Transaction,
    view::Direction,
};

/// Transactions that may be open at a lane at a time: one at the cameras, one whose
/// documents come before it, and one that is being finished.
const MOST_OPEN: usize = 8;

/// A lane as it runs.
pub(crate) struct Desk {
    pub(crate) name: String,
    pub(crate) direction: Direction,
    /// Sorts of vehicles, by name, the usual one first: where each has its seats.
    layouts: Vec<(String, Arc<Lane>)>,
    pub(crate) trust: TrustStore,
    pub(crate) models: Arc<Models>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) lookout: Lookout,
    open: Mutex<Open>,
    /// Its own cameras while they are watched, in the order of the service file.
    cameras: Mutex<Vec<Arc<LaneCamera>>>,
    set_ups: Mutex<SetUps>,
    judgements: Mutex<Judgements>,
    events: broadcast::Sender<LaneEvent>,
}

#[derive(Default)]
struct Open {
    transactions: BTreeMap<String, Arc<Transaction>>,
    /// The one that frames of the lane's own cameras belong to.
    at_cameras: Option<String>,
    results: Results,
}

/// What happens at a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LaneEvent {
    /// A transaction was opened.
    Opened(String),
    /// It has ended: nothing of it is left.
    Gone(String),
}

impl Desk {
    pub(crate) fn new(
        name: String,
        direction: Direction,
        layouts: Vec<(String, Lane)>,
        trust: TrustStore,
        models: Arc<Models>,
        clock: Arc<dyn Clock>,
        lookout: Lookout,
    ) -> Self {
        Self {
            name,
            direction,
            layouts: layouts
                .into_iter()
                .map(|(name, lane)| (name, Arc::new(lane)))
                .collect(),
            trust,
            models,
            clock,
            lookout,
            open: Mutex::default(),
            cameras: Mutex::default(),
            set_ups: Mutex::default(),
            judgements: Mutex::default(),
            events: broadcast::Sender::new(64),
        }
    }

    /// Where a sort of vehicle has its seats; the usual sort where none is named.
    pub(crate) fn layout(&self, name: Option<&str>) -> Result<Arc<Lane>, Error> {
        let found = match name {
            None => self.layouts.first(),
            Some(name) => self.layouts.iter().find(|(own, _)| own == name),
        };
        found.map(|(_, lane)| lane.clone()).ok_or_else(|| {
            let names: Vec<&str> = self.layouts().map(|(name, _)| name).collect();
            Error::request(format_args!("layout: this lane has {}", names.join(", ")))
        })
    }

    /// Its layouts, the usual one first.
    pub(crate) fn layouts(&self) -> impl Iterator<Item = (&str, &Lane)> {
        let layouts = self.layouts.iter();
        layouts.map(|(name, lane)| (name.as_str(), &**lane))
    }

    /// Its own cameras, while they are watched.
    pub(crate) fn cameras(&self) -> Vec<Arc<LaneCamera>> {
        let cameras = self.cameras.lock();
        cameras.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One of its own cameras.
    pub(crate) fn camera(&self, name: &str) -> Option<Arc<LaneCamera>> {
        self.cameras().into_iter().find(|own| own.name == name)
    }

    /// Who sets its cameras up, if anybody does. Held while one begins, so that no vehicle
    /// comes in between.
    pub(crate) fn set_ups(&self) -> MutexGuard<'_, SetUps> {
        self.set_ups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an officer's blind judgement; what may be counted now.
    pub(crate) fn judged(&self, day: i64, officer: &str, what: String) -> Vec<(String, u64)> {
        let judgements = self.judgements.lock();
        let mut judgements = judgements.unwrap_or_else(PoisonError::into_inner);
        judgements.take(day, officer, what)
    }

    pub(crate) fn set_cameras(&self, cameras: Vec<Arc<LaneCamera>>) {
        *self.cameras.lock().unwrap_or_else(PoisonError::into_inner) = cameras;
    }

    /// Whether another transaction may be opened.
    pub(crate) fn check_room(&self) -> Result<(), Error> {
        match self.lock().transactions.len() < MOST_OPEN {
            true => Ok(()),
            false => Err(Error::busy(format_args!(
                "{MOST_OPEN} transactions are open at this lane: close one first"
            ))),
        }
    }

    /// Takes an opened transaction in: the lane's cameras look for it from now on.
    pub(crate) fn add(&self, transaction: Arc<Transaction>) {
        let id = transaction.id.clone();
        let mut open = self.lock();
        open.at_cameras = Some(id.clone());
        open.transactions.insert(id.clone(), transaction);
        drop(open);
        let _ = self.events.send(LaneEvent::Opened(id));
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Transaction>> {
        self.lock().transactions.get(id).cloned()
    }

    /// Those that are open, oldest first.
    pub(crate) fn all(&self) -> Vec<Arc<Transaction>> {
        let mut all: Vec<_> = self.lock().transactions.values().cloned().collect();
        all.sort_by_key(|t| t.opened);
        all
    }

    /// The one that frames of the lane's own cameras belong to.
    pub(crate) fn at_cameras(&self) -> Option<Arc<Transaction>> {
        let open = self.lock();
        open.transactions.get(open.at_cameras.as_ref()?).cloned()
    }

    /// The one that an officer's page shows: at the cameras, or else the oldest.
    pub(crate) fn shown(&self) -> Option<Arc<Transaction>> {
        self.at_cameras().or_else(|| self.all().into_iter().next())
    }

    /// Lets go of a transaction; what is owed of it waits to be fetched.
    pub(crate) fn remove(&self, id: &str, settled: Option<Settled>) -> Option<Arc<Transaction>> {
        let mut open = self.lock();
        let removed = open.transactions.remove(id);
        if open.at_cameras.as_deref() == Some(id) {
            open.at_cameras = None;
        }
        if let Some(settled) = settled {
            open.results.add(settled, self.now());
        }
        drop(open);
        if let Some(removed) = &removed {
            removed.let_go();
            let _ = self.events.send(LaneEvent::Gone(id.to_owned()));
        }
        removed
    }

    /// What is owed of a closed transaction.
    pub(crate) fn result(&self, id: &str) -> Option<Settled> {
        let now = self.now();
        self.lock().results.get(id, now).cloned()
    }

    /// The caller has a result: nothing is kept of it.
    pub(crate) fn acknowledge(&self, id: &str) -> bool {
        self.lock().results.acknowledge(id)
    }

    /// Ends what is over, and forgets results that nobody fetched.
    pub(crate) fn sweep(&self) {
        let now = self.now();
        let over: Vec<String> = {
            let mut open = self.lock();
            open.results.expire(now);
            let over = open.transactions.values().filter(|t| t.due <= now);
            over.map(|t| t.id.clone()).collect()
        };
        for id in over {
            // Custody has ended it, or does as this lets go of it.
            self.remove(&id, None);
        }
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<LaneEvent> {
        self.events.subscribe()
    }

    fn now(&self) -> Duration {
        self.clock.read().since_boot
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
