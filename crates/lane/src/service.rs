//! The service: lanes, custody, people and analysts together.

mod counts;
mod orders;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use jiff::{Timestamp, civil::Date, tz::Offset};
use rand_core::CryptoRng;
use rowcall_audit::KeyName;
use rowcall_custody::{
    Clock, Custody, KeyFolder, LogIn, Places, Started,
    system::{SystemClock, system_random},
};
use rowcall_pipeline::{models::Models, trust};
use rowcall_words::log::{Approval, SetUpEndCause};
use zeroize::Zeroizing;

use crate::{
    Error,
    analyst::{self, Tasks},
    config::Config,
    desk::Desk,
    lookout::{self, Lookout},
    metrics::{ByLane, Metrics},
    openid::OpenId,
    people::People,
    queue::Queue,
    random_id::random_id,
    role::Role,
    store::Store,
    transaction::Transaction,
};

pub(crate) use orders::Order;

/// A frame of a camera is at most this large.
pub(crate) const MAX_FRAME: usize = 8 << 20;
/// A document's files together are at most this large.
pub(crate) const MAX_DOCUMENT: usize = 32 << 20;

/// A use of a transaction is over within so long, or something is wrong with it.
const LONGEST_USE: Duration = Duration::from_secs(10);

/// A running service.
pub struct Service {
    pub(crate) config: Config,
    pub(crate) desks: BTreeMap<String, Arc<Desk>>,
    pub(crate) people: People,
    pub(crate) store: Store,
    pub(crate) log_in: LogIn,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Metrics,
    pub(crate) openid: Option<Arc<OpenId>>,
    custody: Custody,
    tasks: Arc<Tasks>,
    analysts: Mutex<Vec<JoinHandle<()>>>,
    /// What was found at the start.
    pub started: Started,
}

impl Service {
    /// Takes everything up. Nothing listens yet.
    ///
    /// # Errors
    /// What the operator has to mend: a folder of trust that can't be read whole,
    /// keys, models, the store; and what custody refuses to start on.
    pub fn start(config: Config, models: &Path) -> Result<Arc<Self>, Error> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        Self::start_with(config, models, clock, Box::new(system_random()))
    }

    pub(crate) fn start_with(
        config: Config,
        models: &Path,
        clock: Arc<dyn Clock>,
        random: Box<dyn CryptoRng + Send>,
    ) -> Result<Arc<Self>, Error> {
        let openid = config.openid.as_ref();
        let openid = openid.map(|openid| OpenId::new(openid, config.address.as_deref()));
        let openid = openid.transpose()?.map(Arc::new);
        make_private(&config.state)?;
        let operations = Store::open(&config.state.join("lane.sqlite"))?;
        let hour = lookout::hour(clock.read().wall);
        let mut loaded: BTreeMap<(String, Option<String>), Arc<Models>> = BTreeMap::new();
        let mut desks = BTreeMap::new();
        for lane in &config.lanes {
            let (store, unreadable) = trust::load_store(&lane.trust, &lane.revocation)?;
            // A list that isn't used must not go unnoticed: nobody would miss what it
            // revokes.
            if let Some(first) = unreadable.first() {
                return Err(Error::operator(format_args!(
                    "lane {:?}: {} can't be used as trust or revocation data ({}), and {} more: mend or remove them",
                    lane.name,
                    first.name,
                    first.why,
                    unreadable.len() - 1
                )));
            }
            let policy = &lane.layouts[0].lane.policy;
            let key = (policy.model.clone(), policy.calibration.clone());
            let models = match loaded.get(&key) {
                Some(models) => models.clone(),
                None => {
                    let new = Models::load(models, &policy.model, policy.calibration.as_deref())?;
                    loaded.entry(key).or_insert(Arc::new(new)).clone()
                }
            };
            let kept = operations.lookout(&lane.name)?;
            let lookout = Lookout::take_up(kept.as_deref(), lane, &models, &config.digest, hour);
            let desk = Desk::new(lane, store, models, clock.clone(), lookout);
            desks.insert(lane.name.clone(), Arc::new(desk));
        }
        let keys = KeyFolder::open(&config.keys)?.read()?;
        let places = Places {
            log: config.state.join("log"),
            store: config.state.join("custody.sqlite"),
            holds: config.state.join("holds"),
            hold_keys: config.state.join("hold-keys"),
        };
        let name = KeyName::new(&config.log).map_err(|e| Error::operator(e.to_string()))?;
        if keys.log.first().map(|key| key.verifier().name()) != Some(&name) {
            return Err(Error::operator(format_args!(
                "service.log: the key in {} isn't that of a log named {}",
                config.keys.display(),
                config.log
            )));
        }
        let (custody, log_in, started) = Custody::start(
            &places,
            config.custody_policy()?,
            keys,
            SharedClock(clock.clone()),
            random,
        )?;
        let people = People::new(operations.clone());
        let tasks = Arc::new(Queue::default());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let analysts = analyst::start(&tasks, &clock, cores)
            .map_err(|e| Error::device(format_args!("the analysts can't be started: {e}")))?;
        Ok(Arc::new(Self {
            config,
            desks,
            people,
            store: operations,
            log_in,
            clock,
            metrics: Metrics::default(),
            openid,
            custody,
            tasks,
            analysts: Mutex::new(analysts),
            started,
        }))
    }

    pub(crate) fn desk(&self, name: &str) -> Result<&Arc<Desk>, Error> {
        self.desks.get(name).ok_or_else(|| Error::gone("lane"))
    }

    /// The lane at which a transaction stays.
    pub(crate) fn desk_of(&self, transaction: &Transaction) -> Result<&Arc<Desk>, Error> {
        self.desk(&transaction.equipment.lane)
    }

    pub(crate) fn find(&self, id: &str) -> Result<Arc<Transaction>, Error> {
        let mut found = self.desks.values().filter_map(|desk| desk.find(id));
        found.next().ok_or_else(|| Error::gone("transaction"))
    }

    /// Ends what is over. Call it every second.
    pub fn tick(&self) {
        for desk in self.desks.values() {
            let never_came = desk.sweep();
            self.metrics
                .count_parties(desk.name(), "never-came", never_came);
            let of = ByLane {
                lane: desk.name().to_owned(),
            };
            let open = i64::try_from(desk.all().len()).unwrap_or(i64::MAX);
            self.metrics.open.get_or_create(&of).set(open);
            let under_way = i64::try_from(desk.under_way()).unwrap_or(i64::MAX);
            self.metrics.under_way.get_or_create(&of).set(under_way);
            for camera in desk.cameras() {
                self.metrics.count_unplaced(desk.name(), &camera.name, 0);
            }
        }
        self.sweep_set_ups();
        if let Err(error) = self.custody.tick() {
            tracing::error!(%error, "custody");
        }
        let now = self.clock.read();
        let kept = i64::from(self.config.retention.outcomes_days);
        let forgotten = self
            .store
            .forget_before(now.wall.div_euclid(24 * 3600) - kept);
        if let Err(error) = forgotten {
            tracing::error!(%error, "counts that are too old couldn't be deleted");
        }
        self.people.sweep(now.since_boot);
    }

    /// Destroys what is open and stops.
    ///
    /// # Errors
    /// What could not be written; what was open is destroyed all the same.
    pub fn stop(&self) -> Result<(), Error> {
        self.tasks.close();
        let analysts =
            std::mem::take(&mut *self.analysts.lock().unwrap_or_else(PoisonError::into_inner));
        for analyst in analysts {
            let _ = analyst.join();
        }
        for desk in self.desks.values() {
            if let Err(error) = self.end_set_up(desk, SetUpEndCause::Shutdown) {
                tracing::error!(%error, lane = desk.name(), "the end of a set-up isn't in the log");
            }
        }
        // A request may be using a transaction at this very moment.
        let stopped = self.custody.stop_within(LONGEST_USE);
        for desk in self.desks.values() {
            for transaction in desk.all() {
                desk.remove(&transaction.id, None);
            }
        }
        Ok(stopped?)
    }

    /// Makes or changes an administrator; a one-time password, which has to be changed.
    ///
    /// # Errors
    /// If the name can't be one, or the store can't be written.
    pub fn add_administrator(&self, name: &str) -> Result<Zeroizing<String>, Error> {
        let password = one_time();
        self.people
            .set_user(name, Role::Administrator, &password, true)?;
        Ok(password)
    }

    /// Makes somebody for a demonstration, with a password that lasts as long as that.
    ///
    /// # Errors
    /// As [`Service::add_administrator`].
    pub fn add_person(
        &self,
        name: &str,
        role: Role,
        password: Option<&str>,
    ) -> Result<Zeroizing<String>, Error> {
        let password = password.map_or_else(one_time, |given| Zeroizing::new(given.to_owned()));
        self.people.set_user(name, role, &password, false)?;
        Ok(password)
    }

    /// Whether browsers reach it by TLS only.
    pub fn is_secure(&self) -> bool {
        self.config.tls.is_some()
    }

    /// How many officers a hold needs.
    pub(crate) fn approval(&self) -> Approval {
        match self.config.retention.two_officers {
            true => Approval::TwoOfficers,
            false => Approval::OneOfficer,
        }
    }

    /// Today in UTC, by the lane's clock.
    pub(crate) fn today(&self) -> Date {
        let wall = Timestamp::from_second(self.clock.read().wall).unwrap_or(Timestamp::UNIX_EPOCH);
        Offset::UTC.to_datetime(wall).date()
    }

    pub(crate) fn custody(&self) -> &Custody {
        &self.custody
    }
}

/// One clock for all rooms.
struct SharedClock(Arc<dyn Clock>);

impl Clock for SharedClock {
    fn read(&self) -> rowcall_custody::Reading {
        self.0.read()
    }
}

/// Four groups of four: read out or typed without a slip.
fn one_time() -> Zeroizing<String> {
    let digits = Zeroizing::new(random_id());
    let groups: Vec<&str> = (0..4).map(|i| &digits[4 * i..4 * i + 4]).collect();
    Zeroizing::new(groups.join("-"))
}

fn make_private(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| Error::operator(format_args!("{}: {e}", folder.display())))
}
