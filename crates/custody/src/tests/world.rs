//! A machine to run custody on: folder, clock, randomness, keys.

use super::made;
use crate::{
    Clock, Custody, Error, Fact, HoldRequest, Keys, LockedKey, LogIn, Officer, Places, Policy,
    Reading, Seen, Started,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_core::{TryCryptoRng, TryRng};
use rowcall_audit::entry::*;
use rowcall_audit::verify::{Options, Report, verify};
use rowcall_audit::{KeyName, LogFolder, Purpose, SignerKey};
use rowcall_face::Image;
use rowcall_rollcall::Presented;
use rowcall_words::log::{Approval, DocumentKind, DocumentVerdict, HoldReason};
use rowcall_words::seat::Seat;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub(super) struct TestClock(Arc<Mutex<Reading>>, Arc<AtomicBool>);

impl Clock for TestClock {
    fn read(&self) -> Reading {
        if self.1.load(Ordering::SeqCst) {
            std::panic::resume_unwind(Box::new(()));
        }
        *self.0.lock().unwrap()
    }
}

impl TestClock {
    /// Whoever looks at it from here on fails.
    pub(super) fn fail(&self) {
        self.1.store(true, Ordering::SeqCst);
    }

    pub(super) fn mend(&self) {
        self.1.store(false, Ordering::SeqCst);
    }

    /// True time passes.
    pub(super) fn advance(&self, seconds: u32) {
        let mut reading = self.0.lock().unwrap();
        reading.wall += i64::from(seconds);
        reading.since_boot += Duration::from_secs(u64::from(seconds));
    }

    /// Somebody sets the wall clock.
    pub(super) fn jump(&self, seconds: i64) {
        self.0.lock().unwrap().wall += seconds;
    }

    /// The machine is booted anew, in no time.
    pub(super) fn reboot(&self) {
        let mut reading = self.0.lock().unwrap();
        reading.boot[0] += 1;
        reading.since_boot = Duration::from_secs(1);
    }
}

pub(super) struct World {
    folder: tempfile::TempDir,
    pub(super) clock: TestClock,
    policy: Policy,
    /// Seeds of the log's keys so far.
    pub(super) keys: Mutex<Vec<u8>>,
    /// Seed of the site key, and of the one before.
    pub(super) site: Mutex<(u8, Option<u8>)>,
    seed: AtomicU64,
    log_in: Mutex<Option<LogIn>>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(Approval::OneOfficer, 200)
    }

    pub(super) fn with(approval: Approval, holds_per_day: u16) -> Self {
        // In memory where that is possible: what is tested here is order, not
        // what survives a power cut.
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let reading = Reading {
            wall: 1_790_000_000,
            boot: [7; 16],
            since_boot: Duration::from_secs(1000),
        };
        Self {
            folder: folder.unwrap(),
            clock: TestClock(Arc::new(Mutex::new(reading)), Arc::default()),
            policy: Policy {
                configuration: Digest::of(b"configuration"),
                transaction_limit: minutes(3),
                hold_limit: minutes(10),
                order_limit: minutes(20),
                holds_per_day: Count::new(holds_per_day).unwrap(),
                approval,
                live_holds: 6,
                keep_outcomes: minutes(60),
            },
            keys: Mutex::new(vec![1]),
            site: Mutex::new((2, None)),
            seed: AtomicU64::new(1),
            log_in: Mutex::new(None),
        }
    }

    pub(super) fn start(&self) -> Result<Custody, Error> {
        self.started().map(|(custody, _)| custody)
    }

    pub(super) fn started(&self) -> Result<(Custody, Started), Error> {
        let (site, former) = *self.site.lock().unwrap();
        let keys = Keys {
            log: vec![self.signer()],
            site: LockedKey::new([site; 32]),
            former_site: former.map(|seed| LockedKey::new([seed; 32])),
            officers: LockedKey::new([3; 32]),
        };
        self.started_with(keys)
    }

    pub(super) fn started_with(&self, keys: Keys) -> Result<(Custody, Started), Error> {
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        let random = Box::new(ChaCha20Rng::seed_from_u64(seed));
        let clock = self.clock.clone();
        let (custody, log_in, started) =
            Custody::start(&self.places(), self.policy.clone(), keys, clock, random)?;
        *self.log_in.lock().unwrap() = Some(log_in);
        Ok((custody, started))
    }

    /// Starts a process that dies at its `draws`th look for randomness, if it
    /// looks that often while it starts.
    pub(super) fn start_and_die(&self, draws: u64) -> bool {
        let (site, former) = *self.site.lock().unwrap();
        let keys = Keys {
            log: vec![self.signer()],
            site: LockedKey::new([site; 32]),
            former_site: former.map(|seed| LockedKey::new([seed; 32])),
            officers: LockedKey::new([3; 32]),
        };
        let random = Box::new(Dying(ChaCha20Rng::seed_from_u64(draws), draws));
        let (places, policy, clock) = (self.places(), self.policy.clone(), self.clock.clone());
        let begin = || Custody::start(&places, policy, keys, clock, random);
        match catch_unwind(AssertUnwindSafe(begin)) {
            Err(_) => true,
            Ok(started) => {
                started.unwrap().0.crash();
                false
            }
        }
    }

    /// Somebody who has authenticated at the custody that was started last.
    pub(super) fn officer(&self, person: &str) -> Officer {
        let log_in = self.log_in.lock().unwrap();
        log_in.as_ref().unwrap().authenticated(person)
    }

    pub(super) fn signer(&self) -> SignerKey {
        signer(*self.keys.lock().unwrap().last().unwrap())
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn places(&self) -> Places {
        let at = |name| self.folder.path().join(name);
        Places {
            log: at("log"),
            store: at("custody.sqlite"),
            holds: at("holds"),
            hold_keys: at("hold-keys"),
        }
    }

    /// From here on nothing can be written to the log: a file lies where its
    /// temporary files are made.
    pub(super) fn break_log(&self) {
        let temporary = self.places().log.join("tmp");
        std::fs::remove_dir(&temporary).unwrap();
        std::fs::write(&temporary, "").unwrap();
    }

    pub(super) fn mend_log(&self) {
        let temporary = self.places().log.join("tmp");
        std::fs::remove_file(&temporary).unwrap();
        std::fs::create_dir(&temporary).unwrap();
    }

    /// Makes the database refuse one kind of statement on one table.
    pub(super) fn break_store(&self, statement: &str) {
        let sql = format!(
            "CREATE TRIGGER broken BEFORE {statement} BEGIN SELECT RAISE(ABORT, 'full'); END"
        );
        self.store(&sql);
    }

    pub(super) fn mend_store(&self) {
        self.store("DROP TRIGGER broken");
    }

    pub(super) fn store(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.places().store).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// Every number in the database, as `table.column`.
    pub(super) fn numbers(&self) -> Vec<(String, i64)> {
        let connection = rusqlite::Connection::open(self.places().store).unwrap();
        let columns = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND c.type = 'INTEGER'";
        let mut query = connection.prepare(columns).unwrap();
        let columns: Vec<(String, String)> = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut all = Vec::new();
        for (table, column) in columns {
            let sql = format!("SELECT {column} FROM {table}");
            let mut query = connection.prepare(&sql).unwrap();
            let numbers = query.query_map([], |row| row.get(0)).unwrap();
            all.extend(numbers.map(|n| (format!("{table}.{column}"), n.unwrap())));
        }
        all
    }

    pub(super) fn hold_keys(&self) -> Vec<u8> {
        std::fs::read(self.places().hold_keys).unwrap()
    }

    /// The log must hold up to an outsider, who knows its first key.
    pub(super) fn verify(&self) -> Report {
        let first = self.keys.lock().unwrap()[0];
        let options = Options {
            key: Some(signer(first).verifier().clone()),
            ..Options::default()
        };
        match verify(&self.places().log, &options, &mut |_, _| ()) {
            Ok(report) => report,
            Err(finding) => panic!("{finding}\n{}", self.lines().join("\n")),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let log = LogFolder::open(&self.places().log).unwrap();
        let line = |n| log.entry(n).unwrap().to_line();
        (0..log.checkpoint().size).map(line).collect()
    }

    /// One field of every entry of one kind.
    pub(super) fn entries(&self, kind: &str, field: &str) -> Vec<String> {
        let field = format!("{field}=");
        self.lines()
            .iter()
            .filter(|line| line.split(' ').nth(2) == Some(kind))
            .filter_map(|line| line.split(' ').find_map(|word| word.strip_prefix(&field)))
            .map(str::to_owned)
            .collect()
    }

    /// Every file, as a path under the folder.
    pub(super) fn files(&self) -> Vec<String> {
        fn add(top: &Path, folder: &Path, all: &mut Vec<String>) {
            for item in std::fs::read_dir(folder).unwrap() {
                let path = item.unwrap().path();
                match path.is_dir() {
                    true => add(top, &path, all),
                    false => all.push(path.strip_prefix(top).unwrap().display().to_string()),
                }
            }
        }
        let mut all = Vec::new();
        add(self.folder.path(), self.folder.path(), &mut all);
        all
    }

    /// Every byte of every file.
    pub(super) fn everything(&self) -> Vec<u8> {
        fn add(folder: &Path, all: &mut Vec<u8>) {
            for item in std::fs::read_dir(folder).unwrap() {
                let path = item.unwrap().path();
                match path.is_dir() {
                    true => add(&path, all),
                    false => all.extend(std::fs::read(path).unwrap()),
                }
            }
        }
        let mut all = Vec::new();
        add(self.folder.path(), &mut all);
        all
    }
}

/// Randomness that ends the process after so many draws.
struct Dying(ChaCha20Rng, u64);

impl TryRng for Dying {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        if self.1 == 0 {
            std::panic::resume_unwind(Box::new(()));
        }
        self.1 -= 1;
        self.0.try_fill_bytes(bytes)
    }
}

impl TryCryptoRng for Dying {}

pub(super) fn signer(seed: u8) -> SignerKey {
    let name = KeyName::new("lane3.example.org/rowcall").unwrap();
    SignerKey::from_seed(name, Purpose::Note, &[seed; 32]).unwrap()
}

pub(super) fn minutes(n: u32) -> Minutes {
    Minutes::new(n).unwrap()
}

pub(super) fn seat(row: u8) -> Seat {
    Seat {
        row,
        side: rowcall_words::seat::Side::Left,
    }
}

pub(super) fn image(seed: u8) -> Image {
    let rgb = (0..8 * 8 * 3)
        .map(|i: u32| (i as u8).wrapping_mul(31) ^ seed)
        .collect();
    Image::from_rgb(8, 8, rgb).unwrap()
}

/// Somebody in a row.
pub(super) fn occupant(row: u8, seed: u8) -> Seen {
    made::somebody(row, image(seed), made::template(seed))
}

/// A document without a template.
pub(super) fn presented(seed: u8) -> Presented {
    made::document(None, &image(seed))
}

pub(super) fn presented_as(seed: u8, template: u8) -> Presented {
    made::document(Some(made::template(template)), &image(seed))
}

pub(super) fn document_fact() -> Fact<'static> {
    Fact::Document {
        kind: DocumentKind::Passport,
        verdict: DocumentVerdict::Trusted,
        leniencies: Leniencies::new(0).unwrap(),
    }
}

pub(super) fn hold_request() -> HoldRequest {
    HoldRequest {
        seat: seat(1),
        document: 0,
        reason: HoldReason::SuspectedImpostor,
        length: minutes(5),
    }
}

pub(super) fn copy_folder(from: &Path, to: &PathBuf) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let target = to.join(item.file_name());
        match item.file_type().unwrap().is_dir() {
            true => copy_folder(&item.path(), &target),
            false => drop(std::fs::copy(item.path(), target).unwrap()),
        }
    }
}
