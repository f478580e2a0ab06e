//! `cargo bench -p rowcall-audit`: appends, verification of a large log, sizes
//! of proofs. `ROWCALL_BENCH_ENTRIES` sets the size of the large log
//! (1,000,000), `ROWCALL_BENCH_FOLDER` the folder to work in, which must be on
//! the disk that is to be measured.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]

#[path = "../tests/it/sample.rs"]
#[expect(dead_code, reason = "made for the tests, of which this uses a part")]
mod sample;

use rowcall_audit::verify::{Options, verify};
use rowcall_audit::{ConsistencyProof, Entry, Event, InclusionProof, Log, LogFolder, receipt_note};
use sample::{key, minute};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::{Duration, Instant};

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
    let number = std::env::var("ROWCALL_BENCH_ENTRIES").ok();
    let entries = number.and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    // `cargo bench -p rowcall-audit -- verify` runs one part.
    let asked = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let wanted = |part: &str| asked.as_ref().is_none_or(|asked| part.contains(asked));
    if wanted("append") {
        for (step, count) in [(1, 200), (16, 1_600), (256, 12_800), (1024, 51_200)] {
            appends(folder.path(), step, count);
        }
    }
    if wanted("verify") {
        large(folder.path(), entries);
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Each append is durable before the next begins.
fn appends(folder: &Path, step: usize, count: usize) {
    let mut rates = Vec::new();
    let mut each = Vec::new();
    for run in 0..5 {
        let path = folder.join(format!("append-{step}-{run}"));
        let mut log = Log::create(&path, key(1), minute(0)).unwrap();
        let mut story = sample::Story::new(1);
        let all: Vec<Entry> = (0..count).map(|_| story.next(&key(1))).collect();
        let begin = Instant::now();
        for part in all.chunks(step) {
            let begin = Instant::now();
            log.append(part).unwrap();
            each.push(begin.elapsed());
        }
        rates.push(begin.elapsed());
    }
    let rate = count as f64 / median(rates).as_secs_f64();
    println!(
        "append, {step:>4} per sync: {rate:>9.0} entries/s, {:?} per append",
        median(each)
    );
}

fn large(folder: &Path, entries: u64) {
    let begin = Instant::now();
    let path = sample::sample(folder, entries, 65_536);
    println!(
        "{entries} entries written, receipts signed, in {:?}",
        begin.elapsed()
    );
    let options = Options {
        key: Some(key(1).verifier().clone()),
        ..Options::default()
    };
    let mut times = Vec::new();
    let mut receipts = 0;
    for _ in 0..5 {
        let begin = Instant::now();
        let report = verify(&path, &options, &mut |_, _| ()).unwrap();
        times.push(begin.elapsed());
        receipts = report.state.counts()["destroyed"];
    }
    let time = median(times);
    println!(
        "verify {entries} entries with {receipts} signed receipts: median {time:?}, {:.0} entries/s, {} threads",
        entries as f64 / time.as_secs_f64(),
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    floors(&path, receipts, time);
    let log = LogFolder::open(&path).unwrap();
    let begin = Instant::now();
    let proof = InclusionProof::new(&log, entries / 3).unwrap();
    println!(
        "inclusion proof: {} hashes, {} bytes as a file, made in {:?}",
        proof.path.len(),
        proof.to_text().len(),
        begin.elapsed()
    );
    let proof = ConsistencyProof::new(&log, entries / 3).unwrap();
    println!(
        "consistency proof: {} hashes, {} bytes as a file",
        proof.path.len(),
        proof.to_text().len()
    );
}

/// What no verifier of this log can do without, in the same run: SHA-256 of its
/// bytes, and its receipts' signatures on all cores.
fn floors(path: &Path, receipts: u64, verification: Duration) {
    let contents: Vec<Vec<u8>> = sample::files(path)
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect();
    let bytes: usize = contents.iter().map(Vec::len).sum();
    let log = LogFolder::open(path).unwrap();
    let entry = (0..log.checkpoint().size)
        .map(|index| log.entry(index).unwrap())
        .find(|entry| matches!(entry.event, Event::Destroyed { .. }))
        .unwrap();
    let key = key(1).verifier().clone();
    let note = receipt_note(&key, &entry).unwrap();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut hashing, mut signatures) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let begin = Instant::now();
        for content in &contents {
            std::hint::black_box(Sha256::digest(content));
        }
        hashing.push(begin.elapsed());
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..receipts as usize / threads {
                        std::hint::black_box(&note).verify(&key).unwrap();
                    }
                });
            }
        });
        signatures.push(begin.elapsed());
    }
    let (hashing, signatures) = (median(hashing), median(signatures));
    println!(
        "floors: SHA-256 of its {bytes} bytes on 1 thread {hashing:?}, {receipts} signatures on \
         {threads} threads {signatures:?}; verification takes {:.2} times their sum",
        verification.as_secs_f64() / (hashing + signatures).as_secs_f64()
    );
}
