//! The service: lanes, custody, people and analysts together.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use jiff::{Timestamp, civil::Date, tz::Offset};
use rand_core::CryptoRng;
use rowcall_audit::{
    KeyName,
    entry::{Approval, Minutes, SetUpEndCause},
};
use rowcall_camera::{
    Frames,
    capture::{Capture, Encoded, Picture},
};
use rowcall_custody::{
    Clock, Custody, KeyFolder, LogIn, Places, Started,
    system::{SystemClock, system_random},
};
use rowcall_document::NamedFile;
use rowcall_pipeline::{models::Models, trust};
use zeroize::Zeroizing;

use crate::{
    Error,
    analyst::{self, DocumentTask, FrameTask, Tasks},
    config::Config,
    desk::Desk,
    judgements,
    lookout::{self, Lookout},
    metrics::{ByLane, Metrics},
    people::People,
    queue::Queue,
    role::Role,
    settled::Settled,
    store::Store,
    transaction::{Opened, Transaction},
    view::{Direction, Judgement, SeatState, TransactionView},
};

/// A frame of a camera is at most this large.
pub(crate) const MAX_FRAME: usize = 8 << 20;
/// A document's files together are at most this large.
pub(crate) const MAX_DOCUMENT: usize = 32 << 20;

/// A running service.
pub struct Service {
    pub(crate) config: Config,
    pub(crate) desks: BTreeMap<String, Arc<Desk>>,
    pub(crate) people: People,
    pub(crate) store: Store,
    pub(crate) log_in: LogIn,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Metrics,
    custody: Custody,
    tasks: Arc<Tasks>,
    analysts: Mutex<Vec<JoinHandle<()>>>,
    /// What was found at the start.
    pub started: Started,
}

/// What is asked for when a transaction is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub(crate) direction: Option<Direction>,
    /// The sort of vehicle.
    pub(crate) layout: Option<String>,
    /// The calling system's own name for it.
    pub(crate) reference: Zeroizing<String>,
    pub(crate) occupants: Option<u8>,
    pub(crate) documents: Option<u8>,
}

/// The caller's half of an opening.
pub(crate) struct Begun {
    pub(crate) transaction: Arc<Transaction>,
    pub(crate) opening: rowcall_custody::Opening,
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
            let desk = Desk::new(
                lane.name.clone(),
                lane.direction,
                lane.layouts
                    .iter()
                    .map(|l| (l.name.clone(), l.lane.clone()))
                    .collect(),
                store,
                models,
                clock.clone(),
                lookout,
            );
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
        let analysts = analyst::start(&tasks, cores)
            .map_err(|e| Error::device(format_args!("the analysts can't be started: {e}")))?;
        Ok(Arc::new(Self {
            config,
            desks,
            people,
            store: operations,
            log_in,
            clock,
            metrics: Metrics::default(),
            custody,
            tasks,
            analysts: Mutex::new(analysts),
            started,
        }))
    }

    pub(crate) fn desk(&self, name: &str) -> Result<&Arc<Desk>, Error> {
        self.desks.get(name).ok_or_else(|| Error::gone("lane"))
    }

    pub(crate) fn find(&self, id: &str) -> Result<Arc<Transaction>, Error> {
        let mut found = self.desks.values().filter_map(|desk| desk.find(id));
        found.next().ok_or_else(|| Error::gone("transaction"))
    }

    /// Opens a transaction: from here on the lane's cameras look for it.
    pub(crate) fn open(&self, lane: &str, order: &Order) -> Result<Begun, Error> {
        let desk = self.desk(lane)?;
        desk.check_room()?;
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        let minutes = self.config.retention.transaction_minutes;
        let limit = Minutes::new(minutes).ok_or_else(|| Error::us("a checked time"))?;
        let reference = order.reference.as_bytes();
        let layout = desk.layout(order.layout.as_deref())?;
        let (open, opening) = self.custody.open(reference, limit, layout.clone())?;
        let transaction = Transaction::new(
            desk.clone(),
            Opened {
                id: random_id(),
                direction: order.direction.unwrap_or(desk.direction),
                lane: layout,
                open,
                occupants: order.occupants,
                documents: order.documents,
                at: self.today(),
                limit: Duration::from_secs(60 * u64::from(minutes)),
            },
        )?;
        desk.add(transaction.clone());
        // One that began meanwhile.
        self.end_set_up(desk, SetUpEndCause::Vehicle)?;
        Ok(Begun {
            transaction,
            opening,
        })
    }

    /// Hands in a document's files; its place.
    pub(crate) fn add_document(
        &self,
        transaction: &Arc<Transaction>,
        id: Option<String>,
        files: Vec<NamedFile>,
    ) -> Result<usize, Error> {
        if files.is_empty() {
            return Err(Error::request("a document has one file at least"));
        }
        let id = match id {
            Some(id) if id.len() <= 64 && !id.is_empty() => id,
            Some(_) => return Err(Error::request("id: 1 to 64 bytes")),
            None => format!("{:02}", transaction.view().documents.len() + 1),
        };
        let place = transaction.announce_document(id.clone())?;
        let task = DocumentTask {
            transaction: transaction.clone(),
            place,
            id,
            files,
        };
        self.tasks.add_document(task).map_err(|task| {
            // Its place stays taken: it is told as one that was taken out.
            let _ = task.transaction.set_aside(place, true);
            Error::busy("too many documents wait to be read: present it again in a moment")
        })?;
        Ok(place)
    }

    /// Hands in a frame that somebody brought.
    pub(crate) fn add_frame(
        &self,
        transaction: &Arc<Transaction>,
        camera: &str,
        picture: Zeroizing<Vec<u8>>,
    ) -> Result<(), Error> {
        if transaction.lane.camera(camera).is_none() {
            return Err(Error::request(format_args!(
                "camera: the lane has none named {camera:?}"
            )));
        }
        if let Some(own) = transaction.desk.camera(camera) {
            own.push(&picture)?;
        }
        let capture = Arc::new(Capture {
            sequence: 0,
            picture: Picture::Encoded(Encoded::from(picture)),
            arrived: Instant::now().into(),
            taken: None,
        });
        self.add_capture(transaction, camera, capture, Weak::new())
    }

    /// Takes a frame of a camera that the transaction's lane file has.
    pub(crate) fn add_capture(
        &self,
        transaction: &Arc<Transaction>,
        camera: &str,
        capture: Arc<Capture>,
        reader: Weak<Frames>,
    ) -> Result<(), Error> {
        transaction.frame_waits();
        let task = FrameTask {
            transaction: transaction.clone(),
            camera: camera.to_owned(),
            capture,
            reader,
        };
        // Cameras of two transactions at a lane are told apart.
        let lane = format!("{}/{}", transaction.desk.name, transaction.id);
        if let Some(dropped) = self.tasks.add_frame(&lane, camera, task) {
            dropped.transaction.frame_dropped(&dropped.camera);
        }
        Ok(())
    }

    /// Ends a transaction, and keeps what is owed of it.
    pub(crate) fn close(&self, transaction: &Arc<Transaction>) -> Result<Settled, Error> {
        self.tasks
            .drop_frames(|task| Arc::ptr_eq(&task.transaction, transaction));
        let settled = transaction.close();
        if let Ok((view, _)) = &settled {
            let open_for = self
                .clock
                .read()
                .since_boot
                .saturating_sub(transaction.opened);
            self.metrics.count(view, open_for.as_secs());
            self.count_outcome(&transaction.desk, view, open_for.as_secs())?;
            self.look_out(&transaction.desk, view)?;
        }
        let settled = settled.map(|(_, settled)| settled);
        let owed = settled.as_ref().ok().cloned();
        transaction.desk.remove(&transaction.id, owed);
        settled
    }

    /// Ends what is over. Call it every second.
    pub fn tick(&self) {
        for desk in self.desks.values() {
            desk.sweep();
            let of = ByLane {
                lane: desk.name.clone(),
            };
            let open = i64::try_from(desk.all().len()).unwrap_or(i64::MAX);
            self.metrics.open.get_or_create(&of).set(open);
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
                tracing::error!(%error, lane = desk.name, "the end of a set-up isn't in the log");
            }
        }
        let stopped = self.custody.stop_here();
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
    pub(crate) fn is_secure(&self) -> bool {
        false
    }

    /// How many officers a hold needs.
    pub(crate) fn approval(&self) -> Approval {
        match self.config.retention.two_officers {
            true => Approval::TwoOfficers,
            false => Approval::OneOfficer,
        }
    }

    /// Counts an officer's blind judgement beside what the machine was inclined to:
    /// in all, never by officer, and not at all of a day on which too few judged.
    pub(crate) fn count_judgement(
        &self,
        transaction: &Transaction,
        judgement: Judgement,
        inclined: bool,
        officer: &str,
    ) -> Result<(), Error> {
        let said = match judgement {
            Judgement::Same => "same",
            Judgement::Different => "different",
            Judgement::CannotTell => "cannot-tell",
        };
        let machine = if inclined { "like" } else { "unlike" };
        let what = format!("judgement {said} machine-{machine}");
        let day = self.clock.read().wall.div_euclid(24 * 3600);
        let counted = transaction.desk.judged(day, officer, what);
        match counted.is_empty() {
            true => Ok(()),
            false => self.store.count(day, &transaction.desk.name, &counted),
        }
    }

    /// Counts what a transaction came to, without anybody in it.
    fn count_outcome(
        &self,
        desk: &Desk,
        view: &TransactionView,
        seconds: u64,
    ) -> Result<(), Error> {
        let mut all = vec![("vehicles".to_owned(), 1), ("seconds".to_owned(), seconds)];
        let outcome = view.outcome.map_or("none", <&str>::from);
        all.push((format!("vehicle {outcome}"), 1));
        all.push((format!("took {}", judgements::at_most(seconds)), 1));
        for seat in &view.seats {
            if seat.state != SeatState::Empty {
                let row = seat.seat.map_or(0, |s| s.row);
                let side = seat
                    .seat
                    .map_or_else(|| "unknown".into(), |s| s.to_string());
                let state: &str = seat.state.into();
                all.push((format!("row {row} {state}"), 1));
                all.push((format!("seat {side} {state}"), 1));
            }
        }
        for camera in &view.cameras {
            let name = &camera.name;
            all.push((format!("camera {name} frames"), camera.frames as u64));
            all.push((format!("camera {name} dropped"), camera.dropped));
            let state: &str = camera.state.into();
            all.push((format!("camera {name} {state}"), 1));
        }
        self.count(&desk.name, &all)
    }

    /// Holds a vehicle against what the lane usually does.
    fn look_out(&self, desk: &Desk, view: &TransactionView) -> Result<(), Error> {
        let hour = lookout::hour(self.clock.read().wall);
        let observed = desk.lookout.observe(view, hour);
        for alarm in observed.raised {
            tracing::warn!(lane = desk.name, ?alarm.key, expected = alarm.expected, "a rate has changed");
        }
        if let Some(period) = observed.ended {
            let counts = serde_json::to_string(&period).map_err(|e| Error::us(e.to_string()))?;
            // Whatever hours it has, they are over now.
            let day = i64::from(hour.0) / 24;
            self.store.add_period(day, &desk.name, &counts)?;
        }
        self.store.set_lookout(&desk.name, &desk.lookout.state()?)
    }

    fn count(&self, lane: &str, what: &[(String, u64)]) -> Result<(), Error> {
        let day = self.clock.read().wall.div_euclid(24 * 3600);
        self.store.count(day, lane, what)
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

/// 16 random bytes in hexadecimal: nobody guesses another's.
pub(crate) fn random_id() -> String {
    use rand_core::Rng as _;
    let mut bytes = [0; 16];
    system_random().fill_bytes(&mut bytes);
    base16ct::lower::encode_string(&bytes)
}

fn make_private(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| Error::operator(format_args!("{}: {e}", folder.display())))
}
