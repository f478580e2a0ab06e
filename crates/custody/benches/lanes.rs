//! `cargo bench -p rowcall-custody`: four lanes whose transactions interleave in
//! one custody, each opening, recording and closing one vehicle after another.
//! `ROWCALL_BENCH_FOLDER` is the folder to work in, which must be on the disk that
//! is to be measured.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]

#[path = "../tests/made.rs"]
mod made;

use rowcall_audit::entry::*;
use rowcall_audit::{KeyName, LogFolder, Purpose, SignerKey};
use rowcall_custody::system::{SystemClock, system_random};
use rowcall_custody::{Custody, Fact, Keys, LockedKey, Places, Policy};
use rowcall_face::Image;
use rowcall_words::log::{Approval, DocumentKind, DocumentVerdict};
use rowcall_words::outcome::{SeatOutcome, Stage};
use rowcall_words::seat::Side;
use std::path::Path;
use std::time::{Duration, Instant};

const LANES: usize = 4;
const VEHICLES: usize = 40;

fn main() {
    // `cargo test --benches` runs this too; there is nothing to check in it.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let folder = match std::env::var_os("ROWCALL_BENCH_FOLDER") {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")),
    }
    .unwrap();
    for lanes in [1, LANES] {
        let mut runs: Vec<(Duration, u64)> = (0..5)
            .map(|run| vehicles(&folder.path().join(format!("{lanes}-{run}")), lanes))
            .collect();
        runs.sort();
        let (time, entries) = runs[runs.len() / 2];
        println!(
            "{lanes} lanes: {:.0} entries/s, {:.1} transactions/s, {:.1} ms a transaction",
            entries as f64 / time.as_secs_f64(),
            (lanes * VEHICLES) as f64 / time.as_secs_f64(),
            1e3 * time.as_secs_f64() / VEHICLES as f64
        );
    }
}

fn start(folder: &Path) -> Custody {
    std::fs::create_dir_all(folder).unwrap();
    let minutes = |n| Minutes::new(n).unwrap();
    let policy = Policy {
        configuration: Digest::of(b"configuration"),
        transaction_limit: minutes(15),
        hold_limit: minutes(60),
        order_limit: minutes(60),
        holds_per_day: Count::new(8).unwrap(),
        approval: Approval::OneOfficer,
        live_holds: 8,
        keep_outcomes: minutes(60),
    };
    let name = KeyName::new("lane3.example.org/rowcall").unwrap();
    let keys = Keys {
        log: vec![SignerKey::from_seed(name, Purpose::Note, &[1; 32]).unwrap()],
        site: LockedKey::new([2; 32]),
        former_site: None,
        officers: LockedKey::new([3; 32]),
    };
    let places = Places {
        log: folder.join("log"),
        store: folder.join("custody.sqlite"),
        holds: folder.join("holds"),
        hold_keys: folder.join("hold-keys"),
    };
    let random = Box::new(system_random());
    Custody::start(&places, policy, keys, SystemClock::new(), random)
        .unwrap()
        .0
}

/// How long the lanes take for their vehicles, and how many entries that made.
fn vehicles(folder: &Path, lanes: usize) -> (Duration, u64) {
    let custody = start(folder);
    let size = || {
        LogFolder::open(&folder.join("log"))
            .unwrap()
            .checkpoint()
            .size
    };
    let before = size();
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| (0..VEHICLES).for_each(|_| vehicle(&custody)));
        }
    });
    let time = begin.elapsed();
    let entries = size() - before;
    custody.shutdown().unwrap();
    (time, entries)
}

/// A vehicle of two: ten entries, five of them recorded one by one.
fn vehicle(custody: &Custody) {
    let (mut open, _) = custody
        .open(b"reference", Minutes::new(5).unwrap(), made::lane())
        .unwrap();
    let picture = Image::from_rgb(64, 64, vec![9; 64 * 64 * 3]).unwrap();
    open.add_frame(made::nobody(picture)).unwrap();
    let document = Fact::Document {
        kind: DocumentKind::Passport,
        verdict: DocumentVerdict::Trusted,
        leniencies: Leniencies::new(0).unwrap(),
    };
    for _ in 0..4 {
        open.record(&[document]).unwrap();
    }
    let seat = |side| Fact::Seat {
        row: Row::new(1).unwrap(),
        side,
        outcome: SeatOutcome::Confirmed,
        stage: Stage::Match,
    };
    open.record(&[document, seat(Side::Left), seat(Side::Right), document])
        .unwrap();
    open.close().unwrap();
}
