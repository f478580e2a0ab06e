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
use zeroize::Zeroizing;

use crate::{
    Error,
    config::LaneConfig,
    equipment::Equipment,
    judgements::Judgements,
    lane_camera::LaneCamera,
    lookout::Lookout,
    parties::{Parties, Shown},
    set_up::live::SetUps,
    settled::{Results, Settled},
    transaction::Transaction,
    view::Direction,
};

/// Transactions that may be open at a lane at a time: one at the cameras, one whose
/// documents come before it, and one that is being finished.
const MOST_OPEN: usize = 8;

/// A lane as it runs.
pub(crate) struct Desk {
    pub(crate) equipment: Arc<Equipment>,
    pub(crate) direction: Direction,
    /// Sorts of vehicles, by name, the usual one first: where each has its seats.
    layouts: Vec<(String, Arc<Lane>)>,
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
    /// Where its stations are apart: who is on the way, and who has come.
    parties: Option<Parties>,
    /// The one that frames of the lane's own cameras belong to.
    at_cameras: Option<String>,
    results: Results,
}

/// What happens at a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LaneEvent {
    /// A transaction was opened.
    Opened(String),
    /// Its vehicle came to the cameras, where documents are presented elsewhere.
    Arrived(String),
    /// It has ended: nothing of it is left.
    Gone(String),
}

impl Desk {
    pub(crate) fn new(
        lane: &LaneConfig,
        trust: TrustStore,
        models: Arc<Models>,
        clock: Arc<dyn Clock>,
        lookout: Lookout,
    ) -> Self {
        let equipment = Equipment {
            lane: lane.name.clone(),
            apart: lane.apart.clone(),
            trust,
            models,
            clock,
        };
        let layouts = lane.layouts.iter();
        let layouts = layouts.map(|l| (l.name.clone(), Arc::new(l.lane.clone())));
        let open = Open {
            parties: lane.apart.as_ref().map(Parties::new),
            ..Open::default()
        };
        Self {
            equipment: Arc::new(equipment),
            direction: lane.direction,
            layouts: layouts.collect(),
            lookout,
            open: Mutex::new(open),
            cameras: Mutex::default(),
            set_ups: Mutex::default(),
            judgements: Mutex::default(),
            events: broadcast::Sender::new(64),
        }
    }

    /// The lane's name.
    pub(crate) fn name(&self) -> &str {
        &self.equipment.lane
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
        let open = self.lock();
        // Those under way have a limit of their own.
        let there = open.transactions.values().filter(|t| !t.is_under_way());
        match there.count() < MOST_OPEN {
            true => Ok(()),
            false => Err(Error::busy(format_args!(
                "{MOST_OPEN} transactions are open at this lane: close one first"
            ))),
        }
    }

    /// Takes an opened transaction in: the lane's cameras look for it from now on, unless
    /// it is yet to come to them.
    pub(crate) fn add(&self, transaction: Arc<Transaction>) {
        let id = transaction.id.clone();
        let mut open = self.lock();
        if !transaction.is_under_way() {
            open.at_cameras = Some(id.clone());
        }
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

    /// Those whose vehicles came to the cameras, oldest first: an officer sees no other.
    pub(crate) fn there(&self) -> Vec<Arc<Transaction>> {
        let mut all = self.all();
        all.retain(|t| !t.is_under_way());
        all
    }

    /// The one that an officer's page shows: at the cameras, or else the oldest.
    pub(crate) fn shown(&self) -> Option<Arc<Transaction>> {
        self.at_cameras()
            .or_else(|| self.there().into_iter().next())
    }

    /// Gives a transaction that begins with its documents a place among the parties under
    /// way; the code that the party shows.
    pub(crate) fn add_party(&self, id: &str, reference: &str) -> Result<Zeroizing<String>, Error> {
        match &mut self.lock().parties {
            Some(parties) => parties.add(id, reference),
            None => Err(Error::us("a party where stations aren't apart")),
        }
    }

    /// Forgets a party that came to nothing.
    pub(crate) fn forget_party(&self, id: &str) {
        if let Some(parties) = &mut self.lock().parties {
            parties.forget(id);
        }
    }

    /// How many parties are under way to the cameras.
    pub(crate) fn under_way(&self) -> usize {
        self.lock().parties.as_ref().map_or(0, Parties::under_way)
    }

    /// A party's vehicle comes to the cameras: they look for it from now on, and no more
    /// for the vehicle before. None where nobody is under way and nothing was shown.
    ///
    /// # Errors
    /// As [`Parties::claim`]; if stations aren't apart here, or the log can't have it.
    pub(crate) fn arrive(
        &self,
        by: Shown<'_>,
        layout: Option<Arc<Lane>>,
    ) -> Result<Option<Arc<Transaction>>, Error> {
        let claimed = match &mut self.lock().parties {
            Some(parties) => parties.claim(by)?,
            None => {
                return Err(Error::conflict(
                    "documents and cameras are at one station here: POST /v1/transactions opens as the vehicle comes",
                ));
            }
        };
        let Some(id) = claimed else {
            return Ok(None);
        };
        let found = self.find(&id).ok_or_else(|| Error::gone("party"));
        let arrived = found.and_then(|t| t.arrive(layout).map(|()| t));
        let transaction = arrived.inspect_err(|_| {
            if let Some(parties) = &mut self.lock().parties {
                parties.give_back(&id);
            }
        })?;
        self.lock().at_cameras = Some(id.clone());
        let _ = self.events.send(LaneEvent::Arrived(id));
        transaction.refresh()?;
        Ok(Some(transaction))
    }

    /// Lets go of a transaction; what is owed of it waits to be fetched.
    pub(crate) fn remove(&self, id: &str, settled: Option<Settled>) -> Option<Arc<Transaction>> {
        let mut open = self.lock();
        let removed = open.transactions.remove(id);
        if open.at_cameras.as_deref() == Some(id) {
            open.at_cameras = None;
        }
        if let Some(parties) = &mut open.parties {
            parties.forget(id);
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

    /// Ends what is over, and forgets results that nobody fetched; how many parties never
    /// came.
    pub(crate) fn sweep(&self) -> usize {
        let now = self.now();
        let over: Vec<Arc<Transaction>> = {
            let mut open = self.lock();
            open.results.expire(now);
            let over = open.transactions.values().filter(|t| t.due() <= now);
            over.cloned().collect()
        };
        for transaction in &over {
            // Custody has ended it, or does now.
            if let Err(error) = transaction.expire() {
                tracing::error!(%error, lane = self.name(), "the end of a transaction isn't in the log yet");
            }
            self.remove(&transaction.id, None);
        }
        over.iter().filter(|t| t.is_under_way()).count()
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<LaneEvent> {
        self.events.subscribe()
    }

    fn now(&self) -> Duration {
        self.equipment.clock.read().since_boot
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
