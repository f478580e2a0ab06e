//! A machine to run custody on: folder, clock, randomness, keys.

use crate::{
    Clock, Custody, Error, Fact, HoldRequest, Keys, LockedKey, Places, Policy, Reading, Seat,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rowcall_audit::entry::*;
use rowcall_audit::verify::{Options, Report, verify};
use rowcall_audit::{KeyName, LogFolder, Purpose, SignerKey};
use rowcall_face::{Image, Probe, Reference, Template};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub(super) struct TestClock(Arc<Mutex<Reading>>);

impl Clock for TestClock {
    fn read(&self) -> Reading {
        *self.0.lock().unwrap()
    }
}

impl TestClock {
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
    seed: AtomicU64,
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
            clock: TestClock(Arc::new(Mutex::new(reading))),
            policy: Policy {
                configuration: Digest::of(b"configuration"),
                transaction_limit: minutes(3),
                hold_limit: minutes(10),
                holds_per_day: Count::new(holds_per_day).unwrap(),
                approval,
                live_holds: 6,
                keep_outcomes: minutes(60),
            },
            keys: Mutex::new(vec![1]),
            seed: AtomicU64::new(1),
        }
    }

    pub(super) fn start(&self) -> Result<Custody, Error> {
        let keys = Keys {
            log: vec![self.signer()],
            site: LockedKey::new([2; 32]),
            officers: LockedKey::new([3; 32]),
        };
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        let random = Box::new(ChaCha20Rng::seed_from_u64(seed));
        let clock = Box::new(self.clock.clone());
        Custody::start(&self.places(), self.policy.clone(), keys, clock, random)
            .map(|(custody, _)| custody)
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

    fn store(&self, sql: &str) {
        let connection = rusqlite::Connection::open(self.places().store).unwrap();
        connection.execute_batch(sql).unwrap();
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

pub(super) fn signer(seed: u8) -> SignerKey {
    let name = KeyName::new("lane3.example.org/rowcall").unwrap();
    SignerKey::from_seed(name, Purpose::Note, &[seed; 32]).unwrap()
}

pub(super) fn minutes(n: u32) -> Minutes {
    Minutes::new(n).unwrap()
}

pub(super) fn seat(row: u8) -> Seat {
    (Row::new(row).unwrap(), Side::Left)
}

pub(super) fn image(seed: u8) -> Image {
    let rgb = (0..8 * 8 * 3)
        .map(|i: u32| (i as u8).wrapping_mul(31) ^ seed)
        .collect();
    Image::from_rgb(8, 8, rgb).unwrap()
}

fn template(seed: u8) -> Template {
    let values = (0..128).map(|i| ((i * 37 + i32::from(seed) * 11) % 97) as f32 - 48.0);
    Template::from_embedding(values.collect()).unwrap()
}

pub(super) fn reference(seed: u8) -> Reference {
    template(seed).into()
}

pub(super) fn probe(seed: u8) -> Probe {
    template(seed).into()
}

pub(super) fn document_fact() -> Fact<'static> {
    Fact::Document {
        kind: DocumentKind::Passport,
        verdict: DocumentVerdict::Trusted,
        leniencies: Leniencies::new(0).unwrap(),
    }
}

pub(super) fn hold_request() -> HoldRequest<'static> {
    HoldRequest {
        seat: seat(1),
        document: 0,
        reason: HoldReason::SuspectedImpostor,
        length: minutes(5),
        officer: "b. quist",
        second: None,
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
